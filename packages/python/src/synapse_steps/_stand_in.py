"""A host in the place of a host: speaks the protocol with a server in the same process, and keeps all that it is told.

The step runs on the thread that asks for it, behind the very server that a host talks to; only the process around it, what
protects its stdout and its signals are left out, so that a debugger, a mock or a breakpoint works as in any test.
"""

from __future__ import annotations

import logging
import socket
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ._capture import log_handler
from ._errors import WireError
from ._finding import Plugin
from ._interrupts import Interrupts
from ._outgoing import Outgoing
from ._server import Server
from ._text import dumps, loads
from ._wire import Wire

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

_INITIALIZE = {"protocol_versions": [1], "limits": {}, "secrets": {}, "config": {}}
_PATIENCE_SECONDS = 10.0


class Conversation:
    """What was said in one call: the plugin's notifications in their order, and its answer."""

    def __init__(self) -> None:
        self.notifications: list[dict[str, Any]] = []
        self.result: dict[str, Any] | None = None
        self.error: dict[str, Any] | None = None


def call_step(step: Any, method: str, params: dict[str, Any]) -> Conversation:
    """Make one call of one step. Raises ValueError if the step is none."""
    try:
        plugin = Plugin("the plugin", "", [step])
        (name,) = plugin.steps
    except WireError as error:
        raise ValueError(str(error)) from None
    ours, theirs = socket.socketpair()
    with ours, theirs:
        host = _StandIn(ours)
        talk = threading.Thread(target=host.talk, args=(method, {**params, "step": name}), daemon=True)
        wire = Wire((theirs.fileno(), theirs.fileno()), Interrupts(), outlives_host=True)
        server = Server(wire, lambda: plugin)
        talk.start()
        try:
            with _logging_to(wire):
                server.serve_next()
                server.serve_next()
            talk.join(_PATIENCE_SECONDS)
        finally:
            wire.current = None
            ours.shutdown(socket.SHUT_RDWR)
            wire.stop_watching()
            talk.join(_PATIENCE_SECONDS)
    if host.problem is not None:
        raise host.problem
    return host.conversation


@contextmanager
def _logging_to(wire: Wire) -> Iterator[None]:
    handler = log_handler(logging, wire)
    logging.getLogger().addHandler(handler)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(handler)


class _StandIn:
    """Sends the requests, says at once that undo data are safe, and ends with the answer."""

    def __init__(self, end: socket.socket) -> None:
        self.conversation = Conversation()
        self.problem: BaseException | None = None
        self._end = end

    def talk(self, method: str, params: dict[str, Any]) -> None:
        try:
            self._send('{"jsonrpc":"2.0","id":1,"method":"initialize","params":%s}' % dumps(_INITIALIZE))
            said = Outgoing().text_of(params)
            self._send('{"jsonrpc":"2.0","id":2,"method":"%s","params":%s}' % (method, said))
            with self._end.makefile("rb") as lines:
                for line in lines:
                    if line.strip() and self._take(loads(line.decode("ascii"))):
                        return
        except OSError as error:
            self.problem = error  # the step ended the process's half of the wire, or the call was interrupted

    def _take(self, frame: dict[str, Any]) -> bool:
        if "method" in frame:
            self.conversation.notifications.append(frame)
            if frame["method"] == "undo":
                self._send(
                    '{"jsonrpc":"2.0","method":"undo_saved","params":{"id":2,"seq":%d}}' % frame["params"]["seq"]
                )
            return False
        if frame["id"] != 2:
            return False
        self.conversation.result, self.conversation.error = frame.get("result"), frame.get("error")
        return True

    def _send(self, line: str) -> None:
        self._end.sendall(line.encode("ascii") + b"\n")
