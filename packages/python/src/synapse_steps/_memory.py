"""Lists and dicts that a step was handed stay the same objects in the run's later steps, as they would in one process.

Each request brings the whole context as text, so without this a change through a reference that was taken in an earlier
step would be made to an object that nobody looks at any more.
"""

from __future__ import annotations

from ._text import loads
from ._values import text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ._fields import Fields


class Memory:
    """What the steps of the latest run were handed. Nothing depends on it: a new process begins without."""

    def __init__(self) -> None:
        self._run_id: str | None = None
        self._handed_out: dict[str, tuple[Any, str]] = {}

    def recall(self, run_id: str, values: dict[str, Any]) -> dict[str, Any]:
        """Put the known objects in the place of equal new ones; their names and texts, to be compared at the end."""
        known: dict[str, Any] = {}
        if run_id != self._run_id:
            self._handed_out = {}
        for name, (value, text) in self._handed_out.items():
            if name in values and _is_same(values[name], text):  # else somebody else has changed it meanwhile
                values[name] = value
                known[name] = text
        return known

    def keep(self, run_id: str, fields: Fields) -> None:
        """Remember what this step was handed."""
        self._run_id = run_id
        self._handed_out = fields.handed_out()


def _is_same(value: Any, text: str) -> bool:
    """Whether a value is what `text` says. Hosts write 1.0 as 1, and some keys in another order."""
    return text_of(value) == text or _equal(value, loads(text))


def _equal(one: Any, other: Any) -> bool:
    if type(one) is dict and type(other) is dict:
        return one.keys() == other.keys() and all(_equal(item, other[key]) for key, item in one.items())
    if type(one) is list and type(other) is list:
        return len(one) == len(other) and all(map(_equal, one, other))
    return bool(one == other) and isinstance(one, bool) == isinstance(other, bool)
