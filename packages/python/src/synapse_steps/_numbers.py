"""Checks the numbers of a progress report."""

from __future__ import annotations

from ._values import UnserialisableValueError, to_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def progress_numbers(step_name: str, current: Any, total: Any) -> tuple[float, float]:
    """`current` and `total` as plain numbers. Raises ValueError, naming the step, for anything that is no progress."""
    current, total = _number(step_name, "current", current), _number(step_name, "total", total)
    if total <= 0:
        raise ValueError(f"step '{step_name}': set_progress needs a total above 0, not {total}")
    if not 0 <= current <= total:
        raise ValueError(f"step '{step_name}': set_progress needs a current from 0 to {total}, not {current}")
    return current, total


def _number(step_name: str, what: str, value: Any) -> float:
    try:
        plain = to_json(value)
    except UnserialisableValueError as error:
        raise ValueError(f"step '{step_name}': set_progress needs a number as {what}: {error.reason}") from None
    if isinstance(plain, bool) or not isinstance(plain, (int, float)):
        raise ValueError(f"step '{step_name}': set_progress needs a number as {what}, not {value!r}")
    return plain
