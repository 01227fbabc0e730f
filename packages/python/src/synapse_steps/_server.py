"""Answers the host's requests, one after the other, on the main thread."""

from __future__ import annotations

import os
import sys

from . import _outcome, _values
from ._call import StepCall
from ._context import StepContext
from ._cause import cause_chain_of, error_text
from ._errors import WireError
from ._exchange import Exchange
from ._incoming import values_of
from ._memory import Memory
from ._required import check_call, check_initialize
from ._stdio import restore_streams
from ._version import __version__
from ._writer import HostGone

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from ._finding import Plugin
    from ._request import Request
    from ._wire import Wire

_PROTOCOL_VERSIONS = (1,)
_CAPABILITIES = {
    "max_in_flight": 1,
    "cancel": True,
    "ping": True,
    "rollback": True,
    "can_skip": True,
    "undo": True,
    "context_delta": True,
    "files": True,
    "actions": False,
}
_CALLS = {"execute": _outcome.execute, "can_skip": _outcome.can_skip, "rollback": _outcome.rollback}
_FAILED_TO_LOAD = 1


class Server:
    """A plugin process: `load` finds the steps when the host has said hello."""

    def __init__(self, wire: Wire, load: Callable[[], Plugin]) -> None:
        self._wire = wire
        self._load = load
        self._memory = Memory()
        self._exchange: Exchange | None = None
        self._plugin: Plugin | None = None
        self._exit_status: int | None = None

    def run(self) -> int:
        """Serve until the host ends the wire; the process's exit status."""
        try:
            while self._exit_status is None and self.serve_next():
                pass
        except HostGone:
            return 0
        finally:
            self._wire.current = None
        return self._exit_status or 0

    def serve_next(self) -> bool:
        """Wait for a request and answer it; False when the host has ended the wire."""
        request = self._wire.next_request()
        if request is None:
            return False
        result: dict[str, Any] | None = None
        try:
            perform = _CALLS.get(request.method)
            result = self._result_of(request) if perform is None else self._call(request, perform)
            self._wire.sender.answer(request, result)
        except WireError as error:
            if result is not None:
                self._explain(error, request, result)
            self._wire.sender.fail(request, error)
        except HostGone:
            raise
        except Exception as error:  # a fault of this runtime: the request gets its answer all the same
            message = f"the plugin runtime failed: {error_text(error)}"
            self._wire.sender.fail(request, WireError("internal_error", message, cause=cause_chain_of(error)))
        return True

    def _explain(self, error: WireError, request: Request, result: dict[str, Any]) -> None:
        """A result could not be sent: what is left of it, and of what it said."""
        restore_streams()
        if request.method == "execute":
            self._keep(request, result)
        if result.get("error"):
            error.message = f"{result['error']} (moreover, its answer could not be sent: {error.message})"

    def _keep(self, request: Request, result: dict[str, Any]) -> None:
        """A result that cannot travel as a whole must not take its undo data and changes with it."""
        step = self._loaded().get(request.params.get("step"))
        undo = result.get("undo")
        try:
            try:
                _outcome.keep(self._wire.sender, request, _outcome.Left(step, undo, result.get("patch", [])))
            except WireError:
                _outcome.keep(self._wire.sender, request, _outcome.Left(step, undo, []))
                print(f"The context changes of request {request.id} are lost: they are too large.", file=sys.stderr)
        except WireError as error:
            print(f"The undo data of request {request.id} are lost: {error}", file=sys.stderr)

    def _result_of(self, request: Request) -> dict[str, Any]:
        method = request.method
        if method == "describe":
            return {"steps": self._loaded().described, "actions": []}
        if method == "initialize":
            return self._initialize(request.params)
        if method == "shutdown":
            return {}
        raise WireError("method_not_found", f"there is no method {method}")

    def _call(
        self, request: Request, perform: Callable[[StepCall, StepContext], dict[str, Any]]
    ) -> dict[str, Any]:
        plugin = self._plugin or self._loaded()
        if request.line is not None:
            request.params, request.line = values_of(request.line, self._exchange), None
        check_call(request.method, request.params)
        step = plugin.get(request.params["step"])
        call = StepCall(self._wire, request, step, self._memory)
        if self._wire.needs_watch:
            self._wire.watch()
        restore_streams()
        _values.nan_is_null = getattr(step, "nan", None) == "null"
        try:
            return perform(call, StepContext(call))
        finally:
            _values.nan_is_null = False
            self._memory.keep(call.run_id, call.rev, call.fields)

    def _initialize(self, params: dict[str, Any]) -> dict[str, Any]:
        check_initialize(params)
        offered = params["protocol_versions"]
        common = [version for version in _PROTOCOL_VERSIONS if version in offered]
        if not common:
            self._exit_status = 0
            message = f"the host speaks protocol {offered}, this plugin {list(_PROTOCOL_VERSIONS)}"
            raise WireError("version_mismatch", message, supported=list(_PROTOCOL_VERSIONS))
        limit = params["limits"]["max_frame_bytes"]
        if type(limit) is int and limit > 0:
            self._wire.reader.max_frame_bytes = self._wire.sender.max_frame_bytes = limit
        self._exchange = _exchange_of(params)
        self._wire.sender.outgoing.exchange = self._exchange
        for name, value in (params.get("secrets") or {}).items():
            os.environ[name] = str(value)  # the user's code looks for them there
        plugin = self._loaded()
        sdk = {"name": "synapse-steps", "version": __version__}
        return {
            "protocol_version": max(common),
            "plugin": {"name": plugin.name, "version": plugin.version, "language": "python", "sdk": sdk},
            "capabilities": _CAPABILITIES,
        }

    def _loaded(self) -> Plugin:
        if self._plugin is None:
            try:
                self._plugin = self._interruptibly_loaded()
            except WireError:
                self._exit_status = _FAILED_TO_LOAD  # nothing half-alive: say why, then end
                raise
        return self._plugin

    def _interruptibly_loaded(self) -> Plugin:
        interrupts = self._wire.interrupts
        interrupts.idle = True  # no step is under way: SIGTERM ends the process
        try:
            if interrupts.terminated:
                interrupts.exit()
            return self._load()
        finally:
            interrupts.idle = False


def _exchange_of(params: dict[str, Any]) -> Exchange | None:
    folder = params.get("exchange_dir")
    return Exchange(folder, params["session"], params["limits"]) if type(folder) is str and folder else None
