"""A small host for tests: starts a plugin process, speaks the protocol with it, and waits for nothing without a bound."""

from __future__ import annotations

import json
import os
import pathlib
import select
import signal
import subprocess
import sys
import tempfile
import textwrap
import time
import unittest

SOURCES = pathlib.Path(__file__).resolve().parents[1] / "src"
ENTRY = SOURCES / "synapse_steps" / "__main__.py"
PATIENCE_SECONDS = 20.0


class WireClient:
    """One plugin process and the host's end of its wire. Every line of its stdout must be a frame."""

    def __init__(self, command: list[str], folder: str, env: dict[str, str] | None = None) -> None:
        self._stderr = tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, "STEP_PROTOCOL_SESSION": "test", **(env or {})},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._stderr,
            start_new_session=True,
        )
        self._buffer = b""
        self._last_id = 0
        self.frames: list[dict] = []
        self.raw = b""

    # --- host to plugin ---

    def send_bytes(self, data: bytes) -> None:
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def send(self, message: dict) -> None:
        self.send_bytes(json.dumps({"jsonrpc": "2.0", **message}).encode() + b"\n")

    def request(self, method: str, params: dict | None = None) -> int:
        self._last_id += 1
        self.send({"id": self._last_id, "method": method, "params": params or {}})
        return self._last_id

    def cancel(self, request_id: int, reason: str = "stop") -> None:
        self.send({"method": "cancel", "params": {"id": request_id, "reason": reason, "grace_ms": 5000}})

    def undo_saved(self, notification: dict) -> None:
        params = notification["params"]
        self.send({"method": "undo_saved", "params": {"id": params["id"], "seq": params["seq"]}})

    # --- plugin to host ---

    def read(self) -> dict | None:
        """The next frame; None at the end of stdout."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while b"\n" not in self._buffer:
            ready, _, _ = select.select([self.process.stdout], [], [], max(0.0, deadline - time.monotonic()))
            if not ready:
                raise AssertionError(f"no frame within {PATIENCE_SECONDS} s; stderr: {self.stderr()}")
            chunk = os.read(self.process.stdout.fileno(), 65536)
            self.raw += chunk
            if not chunk:
                if self._buffer:
                    raise AssertionError(f"a frame was cut: {self._buffer[:200]!r}")
                return None
            self._buffer += chunk
        line, self._buffer = self._buffer.split(b"\n", 1)
        if not line:
            return self.read()
        line.decode("ascii")
        frame = json.loads(line)
        self.frames.append(frame)
        return frame

    def wait_for(self, method: str) -> dict:
        """The next notification of this name."""
        while True:
            frame = self.read()
            if frame is None:
                raise AssertionError(f"the plugin ended before {method}; stderr: {self.stderr()}")
            if frame.get("method") == method:
                return frame

    def answer(self, request_id: int, save_undo: bool = True) -> dict:
        """The answer to a request, with what was left out of it; undo data are acknowledged on the way."""
        while True:
            frame = self.read()
            if frame is None:
                raise AssertionError(f"the plugin ended without an answer; stderr: {self.stderr()}")
            if frame.get("method") == "undo" and save_undo:
                self.undo_saved(frame)
            if frame.get("id") == request_id and "method" not in frame:
                return {**frame, "result": _whole(frame["result"])} if "result" in frame else frame

    def call(self, method: str, params: dict | None = None) -> dict:
        """A request's result; an error answer fails the test."""
        answer = self.answer(self.request(method, params))
        if "result" not in answer:
            raise AssertionError(f"{method} failed: {answer['error']}")
        return answer["result"]

    def notifications(self, method: str) -> list[dict]:
        return [frame["params"] for frame in self.frames if frame.get("method") == method]

    # --- the process ---

    def stderr(self) -> str:
        self._stderr.seek(0)
        return self._stderr.read().decode("utf-8", "backslashreplace")

    def end(self) -> int:
        """Close the plugin's stdin, read what is left, and wait for its exit."""
        self.process.stdin.close()
        while self.read() is not None:
            pass
        return self.process.wait(PATIENCE_SECONDS)

    def close(self) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(PATIENCE_SECONDS)
        if not self.process.stdin.closed:
            try:
                self.process.stdin.close()
            except BrokenPipeError:
                self.process.stdin = None  # what was not sent is of no interest any more
        self.process.stdout.close()
        self._stderr.close()


class PluginTestCase(unittest.TestCase):
    """A test that writes a plugin into a folder of its own and starts it."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = os.path.realpath(folder.name)

    def write(self, name: str, source: str) -> str:
        path = os.path.join(self.folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(textwrap.dedent(source))
        return path

    def start(self, source: str, env: dict[str, str] | None = None, options: tuple[str, ...] = ()) -> WireClient:
        """A plugin made of this source, before the handshake."""
        return self.start_command([sys.executable, *options, str(ENTRY), self.write("plugin.py", source)], env)

    def start_command(self, command: list[str], env: dict[str, str] | None = None) -> WireClient:
        client = WireClient(command, self.folder, env)
        self.addCleanup(client.close)
        return client

    def start_ready(self, source: str, env: dict[str, str] | None = None) -> WireClient:
        """The same, after the handshake."""
        client = self.start(source, env)
        client.call("initialize", INITIALIZE)
        return client

    def assert_exits(self, client: WireClient, status: int) -> None:
        self.assertEqual(client.process.wait(PATIENCE_SECONDS), status, client.stderr())


INITIALIZE = {
    "protocol_versions": [1],
    "host": {"name": "test", "version": "0"},
    "session": "test",
    "limits": {"max_frame_bytes": 8388608, "max_depth": 64, "inline_bytes": 262144},
    "work_dir": "/",
    "exchange_dir": None,
    "config": {},
    "secrets": {},
}


def step_call(step: str, context: dict | None = None, **more: object) -> dict:
    """The params of can_skip, execute or rollback."""
    return {
        "run_id": "run-1",
        "step": step,
        "params": {},
        "step_params": {},
        "context": {"rev": 1, "full": context or {}},
        "attempt": 1,
        "idempotency_key": f"run-1/{step}/1/execute",
        "deadline_ms": None,
        **more,
    }


def undo_call(step: str, undo: dict, context: dict | None = None, status: str = "completed", **more: object) -> dict:
    """The params of rollback."""
    result = {"status": status, "data": {}, "error": None, "skipped": False}
    return step_call(step, context, **{"result": result, "undo": undo, "cause": None, "undo_attempt": 1, **more})


def _whole(result: dict) -> dict:
    """The result of a call, with the defaults of the protocol; other results have none."""
    return {**_DEFAULTS, **result} if "success" in result else result


_DEFAULTS = {"skipped": False, "skip_reason": None, "error": None, "cause": None, "data": None, "undo": None, "patch": []}
