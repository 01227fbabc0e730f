"""What a step has and says about itself. A step is whatever has the members; it need not be a `BaseStep`."""

from __future__ import annotations

from ._errors import WireError
from ._slips import slip_of
from ._step import BaseStep
from ._values import UnserialisableValueError, to_json, to_json_object

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_ON_INTERRUPT = ("undo-then-retry", "retry", "hold")


def has_rollback(step: Any) -> bool:
    """Whether the step's class brings a `rollback` of its own."""
    return _overrides(step, "rollback")


def has_can_skip(step: Any) -> bool:
    """Whether the step's class brings a `can_skip` of its own."""
    return _overrides(step, "can_skip")


def describe_step(step: Any) -> dict[str, Any]:
    """The step's entry in the answer to `describe`. Raises WireError for a member that makes no sense."""
    try:
        return {
            "name": step.name,
            "weight": _weight(step),
            **{name: to_json(getattr(step, name, None), name) for name in ("title", "version")},
            "step_params": _optional_object(step, "step_params"),
            "can_skip": has_can_skip(step),
            "rollback": has_rollback(step),
            **{name: bool(getattr(step, name, False)) for name in ("irreversible", "pivot", "optional")},
            "rollback_own_failure": bool(getattr(step, "rollback_own_failure", True)),
            "on_interrupt": _on_interrupt(step),
            **{name: _milliseconds(step, name) for name in ("timeout_ms", "cancel_grace_ms", "hang_timeout_ms")},
            "exclusive": bool(getattr(step, "exclusive", False)),
            "env": [str(name) for name in getattr(step, "env", ())],
        }
    except UnserialisableValueError as error:
        raise _nonsense(step, str(error)) from None


def check_name(step: Any, where: str) -> str:
    """The step's name. Raises WireError if it cannot be one."""
    name = getattr(step, "name", None)
    if not isinstance(name, str) or not name:
        slip = slip_of(type(step), "name", BaseStep) if name is None else ""
        raise WireError("precondition_failed", f'{where} has no name: write name = "…" in its class{slip}')
    if "/" in name:
        raise WireError("precondition_failed", f"{where} is named {name!r}; a name must not contain /")
    return name


def lacks_execute(step: Any) -> bool:
    """Whether an instance or class has only the `execute` of `BaseStep`, or none."""
    execute = getattr(step, "execute", None)
    return execute is None or getattr(execute, "__func__", execute) is BaseStep.execute


def missing_execute(kind: type) -> str:
    """What to say of a class without `execute`."""
    return f"{kind.__name__} has no execute(){slip_of(kind, 'execute', BaseStep)}"


def _overrides(step: Any, member: str) -> bool:
    function = getattr(type(step), member, None)
    return function is not None and function is not getattr(BaseStep, member)


def _weight(step: Any) -> float:
    weight = to_json(getattr(step, "progress_weight", None), "progress_weight")
    if isinstance(weight, bool) or not isinstance(weight, (int, float)) or weight < 0:
        slip = slip_of(type(step), "progress_weight", BaseStep) if weight is None else ""
        raise _nonsense(step, f"progress_weight must be a number of 0 or more, not {weight!r}{slip}")
    return weight


def _optional_object(step: Any, member: str) -> dict[str, Any] | None:
    value = getattr(step, member, None)
    return None if value is None else to_json_object(value, member)


def _on_interrupt(step: Any) -> str:
    value = getattr(step, "on_interrupt", _ON_INTERRUPT[0])
    if value not in _ON_INTERRUPT:
        raise _nonsense(step, f"on_interrupt must be one of {', '.join(_ON_INTERRUPT)}, not {value!r}")
    return str(value)


def _milliseconds(step: Any, member: str) -> float | None:
    value = to_json(getattr(step, member, None), member)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value < 0:
        raise _nonsense(step, f"{member} must be a number of 0 or more, or None, not {value!r}")
    return value


def _nonsense(step: Any, problem: str) -> WireError:
    return WireError("precondition_failed", f"step '{step.name}' ({type(step).__name__}): {problem}")
