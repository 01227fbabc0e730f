"""What a plugin author writes and returns: a step, its result, and the exception that a cancel becomes."""

from __future__ import annotations

import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable
    from datetime import datetime
    from typing import Any, Literal

    from ._context import StepContext


class StepCancelled(BaseException):
    """Raised inside a running step when the host cancels it.

    It is no `Exception`, so that `except Exception` does not swallow it; `finally` blocks run as usual.
    """


class StepResult:
    """What `execute` returns: whether it went well, what it yields, and what is needed to undo it."""

    __slots__ = ("_timestamp", "data", "error", "rollback_data", "skip_reason", "skipped", "status", "success")

    def __init__(
        self,
        success: bool = True,
        data: dict[str, Any] | None = None,
        error: str | None = None,
        rollback_data: dict[str, Any] | None = None,
        skipped: bool = False,
        timestamp: datetime | None = None,
    ) -> None:
        self.success = success
        self.data: dict[str, Any] = {} if data is None else data
        self.error = error
        self.rollback_data: dict[str, Any] = {} if rollback_data is None else rollback_data
        self.skipped = skipped
        self.skip_reason: str | None = None
        #: Set by the host when the result is handed to `rollback`: completed, failed or unknown.
        self.status: Literal["completed", "failed", "unknown"] | None = None
        self._timestamp: datetime | float = time.time() if timestamp is None else timestamp

    @classmethod
    def ok(cls, data: dict[str, Any] | None = None, rollback_data: dict[str, Any] | None = None) -> StepResult:
        """A success."""
        return cls(data=data, rollback_data=rollback_data)

    @classmethod
    def fail(
        cls, error: str, data: dict[str, Any] | None = None, rollback_data: dict[str, Any] | None = None
    ) -> StepResult:
        """A failure: the run stops here and is rolled back."""
        return cls(success=False, error=error, data=data, rollback_data=rollback_data)

    @classmethod
    def skip(cls, reason: str | None = None) -> StepResult:
        """A success of a step that found nothing to do."""
        result = cls(skipped=True)
        result.skip_reason = reason
        return result

    @property
    def timestamp(self) -> datetime:
        """When the result was made, in UTC."""
        if isinstance(self._timestamp, float):
            from datetime import datetime, timezone

            self._timestamp = datetime.fromtimestamp(self._timestamp, timezone.utc)
        return self._timestamp

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, StepResult):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in _COMPARED)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"StepResult({', '.join(f'{name}={getattr(self, name)!r}' for name in _COMPARED)})"


_COMPARED = ("success", "data", "error", "rollback_data", "skipped")


if TYPE_CHECKING:
    from typing import Generic

    from typing_extensions import TypeVar  # checkers bring it along

    _Context = TypeVar("_Context", default=StepContext, contravariant=True)

    class _Checked(Generic[_Context]):
        pass

else:
    _Context = None

    class _Checked:
        """At run time nothing of `BaseStep[MyContext]` is checked."""

        def __class_getitem__(cls, context_type):
            return cls


class BaseStep(_Checked[_Context]):
    """One unit of a workflow: set `name` and `progress_weight`, write `execute`; override the rest as needed.

    `BaseStep[MyContext]` says to a type checker what the context holds, where `class MyContext(StepContext)` lists its fields.
    """

    if TYPE_CHECKING:
        #: The name by which the workflow knows this step: a text, or a property that gives one.
        name: Any
        #: The share of the whole run's progress; weights need not sum to 1. A number, or a property.
        progress_weight: Any

    #: A longer name for people.
    title: str | None = None
    #: The version of this step, for the journal.
    version: str | None = None
    #: JSON Schema of `context.step_params`.
    step_params: dict[str, Any] | None = None
    #: The effect cannot be undone.
    irreversible: bool = False
    #: Once completed, this step and all before it are kept when a later one fails.
    pivot: bool = False
    #: A failure of this step is undone at once and does not fail the run.
    optional: bool = False
    #: Whether `rollback` is called when this very step failed.
    rollback_own_failure: bool = True
    #: What a resumed run does with a step that was interrupted: undo-then-retry, retry or hold.
    on_interrupt: Literal["undo-then-retry", "retry", "hold"] = "undo-then-retry"
    #: The step's own time limit.
    timeout_ms: int | None = None
    #: How long a cancelled step may take to come to an end.
    cancel_grace_ms: int | None = None
    #: How long the step may be silent before it counts as hung.
    hang_timeout_ms: int | None = None
    #: What becomes of a NaN or an infinity in what the step leaves: an error, or null.
    nan: Literal["error", "null"] = "error"
    #: The step wants a process of its own.
    exclusive: bool = False
    #: Names of environment variables that the step needs.
    env: tuple[str, ...] = ()

    def execute(self, context: _Context) -> StepResult | Awaitable[StepResult]:
        """Do the work. May be `async`."""
        raise NotImplementedError(f"{type(self).__name__} has no execute()")

    def can_skip(self, context: _Context) -> bool | str | Awaitable[bool | str]:
        """Say whether there is nothing to do; a text is the reason. Must change nothing."""
        return False

    def rollback(self, context: _Context, result: StepResult) -> Any:
        """Undo what `execute` did, from `result.rollback_data`. May be called again after a crash.

        Return `{"left_behind": ["…"]}` to name what could not be removed.
        """
        return None
