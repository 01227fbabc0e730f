"""The fields of a context, and what became of them: touched fields are compared, the others cost nothing.

A list or dict that was handed out may change anywhere inside, at any time, so its JSON text is kept and compared with
its text at the end. Whatever differs goes to the host as one RFC 6902 operation on the whole field; for large fields
there are explicit operations (`apply`).
"""

from __future__ import annotations

from ._pointer import apply_operation, join_pointer, split_pointer
from ._tags import escape_key
from ._text import dumps
from ._values import UnserialisableValueError, from_json, text_of, to_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

_ABSENT = object()
_FORBIDDEN = frozenset(("__proto__", "constructor", "prototype"))
_PLAIN = (dict, list, str, int, float, bool, type(None))


class Fields:
    """The JSON fields that a step sees, by name."""

    __slots__ = ("_has_problem", "_known", "_operations", "_told", "_values")

    def __init__(self, values: dict[str, Any], known: dict[str, Any] | None = None) -> None:
        self._values = values
        #: Name → the field as the host knows it: its JSON text, or absent. Only for touched fields.
        self._known: dict[str, Any] = known or {}
        self._operations: list[dict[str, Any]] = []
        #: Name → the field as it was told, and its text. Set once the host has been told.
        self._told: dict[str, tuple[Any, str]] | None = None
        self._has_problem = False

    def __contains__(self, name: object) -> bool:
        return name in self._values

    def __iter__(self) -> Iterator[str]:
        return iter(list(self._values))

    def __len__(self) -> int:
        return len(self._values)

    def read(self, name: str) -> Any:
        """The value itself, not a copy: changes inside it count. Raises KeyError."""
        value = self._values[name]
        if name not in self._known and (type(value) is dict or type(value) is list):
            self._known[name] = text_of(value)
        return value

    def write(self, name: str, value: Any) -> None:
        """Set a field. What cannot be written as JSON is found when the step ends."""
        if name in _FORBIDDEN:
            raise ValueError(f"a context field cannot be named {name}")
        self._touch(name)
        self._values[name] = value

    def delete(self, name: str) -> None:
        """Remove a field. Raises KeyError."""
        if name not in self._values:
            raise KeyError(name)
        self._touch(name)
        del self._values[name]

    def apply(self, operations: list[dict[str, Any]]) -> None:
        """Apply explicit RFC 6902 operations in order, here and at the host. Raises ValueError at the first bad one."""
        checked = [_checked(operation) for operation in operations]
        for operation in checked:
            name, *rest = split_pointer(operation["path"])
            touched = name in self._known
            apply_operation(self._values, {**operation, **_copied_value(operation)})
            if not touched:  # a touched field is compared anyway
                path = join_pointer([escape_key(segment) for segment in (name, *rest)])
                self._operations.append({**operation, "path": path})

    def changes(self) -> tuple[list[dict[str, Any]], UnserialisableValueError | None]:
        """The patch that brings the host's context to this state, and the first field that has no JSON form."""
        patch = list(self._operations)
        self._told = {}
        if not self._known:
            return patch, None
        problem: UnserialisableValueError | None = None
        for name, known in self._known.items():
            try:
                patch.extend(self._change_of(name, known))
            except UnserialisableValueError as error:
                problem = problem or error
        self._has_problem = problem is not None
        return patch, problem

    def leave(self) -> tuple[dict[str, Any], dict[str, tuple[Any, str]], bool]:
        """The fields as the host has been told, and those that user code may hold on to, each with its JSON text.

        Last: whether the host has been told of all changes. Whoever goes on using this object has a copy of its own.
        """
        was_told = self._told is not None or self.changes() == ([], None)
        values, told = self._values, self._told or {}
        self._values = dict(values)
        handed_out = {}
        for name, (plain, text) in told.items():
            if plain is not values.get(name):
                values[name] = plain  # as the host has it: a text where there was a date
            elif type(plain) is dict or type(plain) is list:
                handed_out[name] = (plain, text)
        return values, handed_out, was_told and not self._has_problem

    def _touch(self, name: str) -> None:
        if name not in self._known:
            self._known[name] = text_of(self._values[name]) if name in self._values else _ABSENT

    def _change_of(self, name: str, known: Any) -> list[dict[str, Any]]:
        path = join_pointer([escape_key(name)])
        if name not in self._values:
            return [] if known is _ABSENT else [{"op": "remove", "path": path}]
        value = self._values[name]
        text = _plain_text_of(value)
        plain = value
        if text is None:
            plain = _plain_field(name, value)
            text = text_of(plain)
        self._note_told(name, plain, text)
        if known is not _ABSENT and text == known:
            return []
        return [{"op": "add" if known is _ABSENT else "replace", "path": path, "value": _plain_field(name, value)}]

    def _note_told(self, name: str, plain: Any, text: str) -> None:
        if self._told is None:
            return
        value = self._values[name]
        if plain is not value:
            told = from_json(plain)
            value = value if _is_like(value, told) else told
        self._told[name] = (value, text)


def _plain_text_of(value: Any) -> str | None:
    """The JSON text of a value that is plain already: the usual case, and ten times faster than converting it."""
    if type(value) not in _PLAIN:
        return None
    try:
        return dumps(value)
    except (TypeError, ValueError, RecursionError):
        return None


def _is_like(one: Any, other: Any) -> bool:
    """Whether a value comes back from the host as it is: a list of bytes does, one of dates does not."""
    if type(one) is not type(other):
        return False
    if type(one) is dict:
        return one.keys() == other.keys() and all(_is_like(item, other[key]) for key, item in one.items())
    if type(one) is list:
        return len(one) == len(other) and all(map(_is_like, one, other))
    return bool(one == other)


def _plain_field(name: str, value: Any) -> Any:
    try:
        return to_json(value, name)
    except UnserialisableValueError as error:
        raise error.inside("context") from None


def _checked(operation: dict[str, Any]) -> dict[str, Any]:
    kind, path = operation.get("op"), operation.get("path")
    if kind not in ("add", "replace", "remove") or not isinstance(path, str):
        raise ValueError(f"an operation needs op (add, replace or remove) and path, not {operation!r}")
    forbidden = _FORBIDDEN.intersection(split_pointer(path))
    if forbidden:
        raise ValueError(f"the path {path} names {min(forbidden)}, which is no field")
    if kind == "remove":
        return {"op": kind, "path": path}
    if "value" not in operation:
        raise ValueError(f"the operation {kind} on {path} has no value")
    return {"op": kind, "path": path, "value": to_json(operation["value"], "context")}


def _copied_value(operation: dict[str, Any]) -> dict[str, Any]:
    """A copy for the context: it may change there, while the other one waits to be sent."""
    return {"value": from_json(operation["value"])} if "value" in operation else {}
