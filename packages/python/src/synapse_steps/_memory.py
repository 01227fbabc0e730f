"""The context of a run as its last call left it. The host builds on it: it need not send again what is here.

Lists and dicts that a step was handed stay the same objects in the run's later steps, as they would in one process. So a
change through a reference that was taken in an earlier step is made to an object that somebody looks at.
"""

from __future__ import annotations

from ._errors import WireError
from ._fields import Fields
from ._pointer import apply_operation, join_pointer, split_pointer
from ._tags import unescape_key
from ._text import loads
from ._values import text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Memory:
    """What the latest run left here. Nothing depends on it: a new process begins without."""

    def __init__(self) -> None:
        self._run_id: str | None = None
        self._rev: int | None = None
        self._values: dict[str, Any] = {}
        self._handed_out: dict[str, tuple[Any, str]] = {}

    def fields_of(self, run_id: str, context: dict[str, Any]) -> Fields:
        """The fields as a request says: all of them, or what changed since a revision. Raises WireError without that one."""
        if run_id != self._run_id:
            self._forget()
        rev, self._rev = self._rev, None
        if "full" in context:
            values: dict[str, Any] = context["full"]
            return Fields(values, self._recall(values) if self._handed_out else None)
        base = context.get("base")
        if rev is None or rev != base:
            raise _base_missing(base)
        values, self._values = self._values, {}
        known: dict[str, Any] = {name: text for name, (_value, text) in self._handed_out.items()}
        try:
            for operation in context.get("patch") or ():
                _apply(values, known, operation)
        except (ValueError, KeyError, TypeError) as error:
            self._forget()
            raise _base_missing(base, error) from None
        return Fields(values, known)

    def keep(self, run_id: str, rev: Any, fields: Fields) -> None:
        """Remember what a call left, and that it is revision `rev` with what the host has been told since."""
        self._values, self._handed_out, was_told = fields.leave()
        self._run_id = run_id
        self._rev = rev if was_told and type(rev) is int else None

    def _forget(self) -> None:
        self._run_id = self._rev = None
        self._values, self._handed_out = {}, {}

    def _recall(self, values: dict[str, Any]) -> dict[str, Any]:
        """Put the known objects in the place of equal new ones; their names and texts, to be compared at the end."""
        known: dict[str, Any] = {}
        for name, (value, text) in self._handed_out.items():
            if name in values and _is_same(values[name], text):  # else somebody else has changed it meanwhile
                values[name] = value
                known[name] = text
        return known


def _base_missing(base: Any, error: Exception | None = None) -> WireError:
    why = "" if error is None else f": {error}"
    return WireError("context_base_missing", f"this process holds no revision {base} of the context{why}")


def _apply(values: dict[str, Any], known: dict[str, Any], operation: dict[str, Any]) -> None:
    """Apply an operation of the host. What a step changed in the same field meanwhile, through a reference, stays untold."""
    name, *inside = map(unescape_key, split_pointer(operation["path"]))
    path = join_pointer([name, *inside])
    is_known = name in known
    is_told = is_known and bool(inside) and _has_text(values[name], known[name])
    apply_operation(values, {**operation, "path": path})
    if not is_known:
        return
    if not inside:
        del known[name]  # another value; nobody holds on to that one
    else:
        known[name] = text_of(values[name]) if is_told else _UNKNOWN


_UNKNOWN = "?"  # the text of no value, so that the whole field is told


def _has_text(value: Any, text: str) -> bool:
    try:
        return text_of(value) == text
    except (TypeError, ValueError, RecursionError):
        return False


def _is_same(value: Any, text: str) -> bool:
    """Whether a value is what `text` says. Hosts write 1.0 as 1, and some keys in another order."""
    return text_of(value) == text or _equal(value, loads(text))


def _equal(one: Any, other: Any) -> bool:
    if type(one) is dict and type(other) is dict:
        return one.keys() == other.keys() and all(_equal(item, other[key]) for key, item in one.items())
    if type(one) is list and type(other) is list:
        return len(one) == len(other) and all(map(_equal, one, other))
    return bool(one == other) and isinstance(one, bool) == isinstance(other, bool)
