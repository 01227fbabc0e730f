"""The fields of a context, and what became of them: touched fields are compared, the others cost nothing.

A list or dict that was handed out may change anywhere inside, at any time, so its JSON text is kept and compared with
its text at the end. Whatever differs goes to the host as one RFC 6902 operation on the whole field; for large fields
there are explicit operations (`apply`).
"""

from __future__ import annotations

from ._pointer import apply_operation, join_pointer, split_pointer
from ._tags import escape_key
from ._values import UnserialisableValueError, from_json, text_of, to_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

_ABSENT = object()
_FORBIDDEN = frozenset(("__proto__", "constructor", "prototype"))


class Fields:
    """The JSON fields that a step sees, by name."""

    def __init__(self, values: dict[str, Any], known: dict[str, Any] | None = None) -> None:
        self._values = values
        #: Name → the field as the host knows it: its JSON text, or absent. Only for touched fields.
        self._known: dict[str, Any] = known or {}
        self._operations: list[dict[str, Any]] = []

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
        problem: UnserialisableValueError | None = None
        for name, known in self._known.items():
            try:
                patch.extend(self._change_of(name, known))
            except UnserialisableValueError as error:
                problem = problem or error
        return patch, problem

    def handed_out(self) -> dict[str, tuple[Any, str]]:
        """The lists and dicts that user code may hold on to, each with its JSON text as the host knows it now."""
        handed_out = {}
        for name in self._known:
            value = self._values.get(name)
            if type(value) is dict or type(value) is list:
                text = _text_of(value)
                if text is not None:
                    handed_out[name] = (value, text)
        return handed_out

    def _touch(self, name: str) -> None:
        if name not in self._known:
            self._known[name] = text_of(self._values[name]) if name in self._values else _ABSENT

    def _change_of(self, name: str, known: Any) -> list[dict[str, Any]]:
        path = join_pointer([escape_key(name)])
        if name not in self._values:
            return [] if known is _ABSENT else [{"op": "remove", "path": path}]
        value = self._values[name]
        if known is not _ABSENT and _text_of(value) == known:
            return []
        plain = _plain_field(name, value)
        if known is not _ABSENT and _text_of(plain) == known:
            return []
        return [{"op": "add" if known is _ABSENT else "replace", "path": path, "value": plain}]


def _text_of(value: Any) -> str | None:
    """The JSON text of a value that is plain already: the usual case, and ten times faster than converting it."""
    try:
        return text_of(value)
    except (TypeError, ValueError, RecursionError):
        return None


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
