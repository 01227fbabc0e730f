"""One request of the host, from its arrival to its answer."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


class Request:
    """What was asked, whether it was cancelled, and which of its undo data are known to be safe."""

    __slots__ = (
        "acknowledged",
        "answered",
        "cancel_reason",
        "cancelled",
        "id",
        "interrupt",
        "interrupted",
        "line",
        "method",
        "params",
        "seq",
    )

    def __init__(self, request_id: int, method: str, params: dict[str, Any], line: bytes | None = None) -> None:
        self.id = request_id
        #: The line it came on, if some of its params may be tags.
        self.line = line
        self.method = method
        self.params = params
        self.seq = 0
        self.answered = False
        self.cancelled = False
        self.cancel_reason = ""
        #: Whether the cancel has already been raised in the step.
        self.interrupted = False
        #: How to reach the step while it runs; None while nothing may be interrupted.
        self.interrupt: Callable[[], object] | None = None
        #: seq of undo data that the host has safe.
        self.acknowledged: set[int] = set()

    def cancel(self, reason: str) -> None:
        """Cancel once; a rollback is never cancelled."""
        if self.cancelled or self.answered or self.method not in ("can_skip", "execute"):
            return
        self.cancel_reason = reason
        self.cancelled = True
        interrupt = self.interrupt
        if interrupt is not None:
            interrupt()
