"""Lists and dicts that a step was handed stay the same objects in the run's later steps, as they would in one process.

Each request brings the whole context as text, so without this a change through a reference that was taken in an earlier
step would be made to an object that nobody looks at any more.
"""

from __future__ import annotations

from ._text import dumps

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
            if name in values and dumps(values[name]) == text:  # else somebody else has changed it meanwhile
                values[name] = value
                known[name] = text
        return known

    def keep(self, run_id: str, fields: Fields) -> None:
        """Remember what this step was handed."""
        self._run_id = run_id
        self._handed_out = fields.handed_out()
