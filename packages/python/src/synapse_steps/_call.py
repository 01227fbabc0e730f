"""One call of one step: what the request says, the context that the step gets, and what the step sends meanwhile."""

from __future__ import annotations

import os
import sys
from _thread import get_ident

from ._members import has_rollback
from ._stdio import flush_streams
from ._step import StepCancelled, StepResult

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from ._exchange import Exchange
    from ._memory import Memory
    from ._request import Request
    from ._wire import Wire


class StepCall:
    """Lives as long as its request."""

    __slots__ = ("fields", "params", "request", "rev", "run_id", "step", "step_params", "wire")

    def __init__(self, wire: Wire, request: Request, step: Any, memory: Memory) -> None:
        said = request.params
        self.wire = wire
        self.request = request
        self.step = step
        self.params: dict[str, Any] = said["params"]
        self.step_params: dict[str, Any] = said["step_params"]
        self.run_id: str = said["run_id"]
        context = said["context"]
        self.rev = context["rev"]
        self.fields = memory.fields_of(self.run_id, context)

    @property
    def step_name(self) -> str:
        """The step's name."""
        name: str = self.request.params["step"]
        return name

    @property
    def exchange(self) -> Exchange:
        """The exchange folder. Raises RuntimeError when the host has none."""
        exchange = self.wire.sender.outgoing.exchange
        if exchange is None:
            raise RuntimeError("this host has no exchange folder; write the file where you like, and pass its path on")
        return exchange

    def run(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Call one of the step's functions, sync or async; a cancel of the request interrupts it, unless it undoes."""
        interrupts = self.wire.interrupts
        try:
            if self.request.method == "rollback":
                value = function(*arguments)
            else:
                value = interrupts.run(self.request, function, arguments)
            if type(value) is not StepResult and hasattr(value, "__await__"):
                value = interrupts.run_async(self.request, value)
        except BaseException as error:
            if interrupts.forked:
                _leave_child(error)
            raise
        if interrupts.forked:
            _leave_child(None)
        return value

    def was_cancelled_by(self, error: BaseException) -> bool:
        """Whether the step ended because it was cancelled, and not of itself."""
        asyncio = sys.modules.get("asyncio")
        if self.request.cancelled and asyncio is not None and isinstance(error, asyncio.CancelledError):
            return True
        link: BaseException | None = error
        seen: set[int] = set()
        while link is not None and id(link) not in seen:
            if isinstance(link, StepCancelled):
                return True
            seen.add(id(link))
            link = link.__cause__ or link.__context__
        return False

    def notify(self, method: str, params: dict[str, Any]) -> int:
        """Send something about this call. Raises RuntimeError once the step has ended."""
        seq = self.wire.sender.notify(self.request, method, params)
        if seq is None:
            raise RuntimeError(f"step '{self.step_name}' has ended; its context can no longer be used")
        return seq

    def save_undo(self, data: dict[str, Any], durable: bool) -> None:
        """Send undo data and, if durable, wait until the host has them safe."""
        if self.request.method != "execute":
            raise RuntimeError(
                f"step '{self.step_name}': save_undo belongs into execute(), not {self.request.method}()"
            )
        if not has_rollback(self.step):
            raise RuntimeError(f"step '{self.step_name}' saves undo data but has no rollback(): write one")
        held = self.wire.interrupts.hold(get_ident())  # a cancel comes before it is sent, or ends the wait
        try:
            seq = self.notify("undo", {"data": data, "patch": []})
            if durable:
                self.wire.wait_for_ack(self.request, seq)
        finally:
            if held:
                self.wire.interrupts.release()


def _leave_child(error: BaseException | None) -> None:
    """A step forked and its child came back here: it is not the plugin, and ends as a child should."""
    status = 0
    if isinstance(error, SystemExit):
        status = error.code if isinstance(error.code, int) else int(error.code is not None)
    elif error is not None:
        sys.excepthook(type(error), error, error.__traceback__)
        status = 1
    flush_streams()
    os._exit(status)
