"""From Python values to plain JSON values, by one table of rules; what has no rule is an error that says where."""

from __future__ import annotations

import sys
from _collections_abc import Mapping

from ._tags import LONGEST_INTEGER, HeldBytes, bytes_tag, escape_key, integer_tag, untag
from ._text import MAX_SAFE_INTEGER, dumps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

MAX_DEPTH = 64
MAX_BASE64_BYTES = 16 * 1024
_INFINITE = float("inf")
#: Whether a NaN is written as null: the wish of the step that runs.
nan_is_null = False


class UnserialisableValueError(ValueError):
    """A value cannot cross the process boundary; `pointer` says where it sits, `type_name` what it is."""

    def __init__(self, reason: str, type_name: str, pointer: str = "") -> None:
        super().__init__(reason, type_name, pointer)
        self.reason = reason
        self.type_name = type_name
        self.pointer = pointer

    def __str__(self) -> str:
        return f"{self.pointer or '/'}: {self.reason}"

    def inside(self, segment: object) -> UnserialisableValueError:
        """The same error, seen from the container that holds the value under `segment`."""
        escaped = str(segment).replace("~", "~0").replace("/", "~1")
        self.pointer = f"/{escaped}{self.pointer}"
        return self


def to_json(value: Any, root: str | None = None) -> Any:
    """The JSON form of `value`, a copy: dict, list, str, int, float, bool and None; `root` names it in errors.

    Bytes of more than 16 KiB are held as they are, inside their tag, until they are sent.
    """
    try:
        return _convert(value, MAX_DEPTH)
    except UnserialisableValueError as error:
        raise (error.inside(root) if root else error) from None


def to_json_object(value: Any, root: str) -> dict[str, Any]:
    """The same, for places where the protocol wants an object."""
    if type(value) is dict:
        try:
            return _object(value, MAX_DEPTH)
        except UnserialisableValueError as error:
            raise error.inside(root) from None
    plain = to_json(value, root)
    if not isinstance(plain, dict) or isinstance(value, (int, bytes, bytearray, memoryview)):
        raise _refusal(value, "must be a dict with text keys").inside(root)
    return plain


def _convert(value: Any, depth: int) -> Any:
    kind = type(value)
    if kind is str or kind is bool or value is None:
        return value
    if kind is int:
        return value if -MAX_SAFE_INTEGER <= value <= MAX_SAFE_INTEGER else _integer(value)
    if kind is float:
        return value if -_INFINITE < value < _INFINITE else _float(value)
    if kind is dict:
        return _object(value, depth)
    if kind is list or kind is tuple:
        return _array(value, depth)
    return _convert_other(value, depth)


def text_of(value: Any) -> str:
    """A text that changes with the value, however deep: its JSON, or that of its JSON form. Raises for what has none."""
    try:
        return dumps(value)
    except TypeError:  # bytes and the like, which are no JSON yet
        return dumps(to_json(value))


def from_json(plain: Any) -> Any:
    """The value that a JSON form stands for, a copy."""
    kind = type(plain)
    if kind is list:
        return [from_json(item) for item in plain]
    if kind is not dict:
        return plain
    content = plain.get("$bytes")
    return content.content if type(content) is HeldBytes else untag({key: from_json(item) for key, item in plain.items()})


def _integer(value: int) -> Any:
    if -MAX_SAFE_INTEGER <= value <= MAX_SAFE_INTEGER:
        return value
    tag = integer_tag(value)
    if tag is None:
        raise _refusal(value, f"an integer of more than {LONGEST_INTEGER} digits; write it to a file")
    return tag


def _float(value: float) -> float | None:
    if -_INFINITE < value < _INFINITE:
        return value
    if nan_is_null:
        return None
    raise _refusal(value, f"{value} is not JSON; use None or a text, or give the step nan = 'null'")


def _bytes(value: Any) -> dict[str, Any]:
    content = memoryview(value)
    if content.nbytes <= MAX_BASE64_BYTES:
        return bytes_tag(content.tobytes())
    return {"$bytes": HeldBytes(value if type(value) is bytes else content.tobytes())}  # a file when it is sent


def _object(value: Any, depth: int) -> dict[str, Any]:
    if depth <= 0:
        raise _refusal(value, f"nested deeper than {MAX_DEPTH} levels, or contains itself")
    plain = {}
    for key, item in value.items():
        if type(key) is str and key[:1] not in "$_":  # as nearly always
            kind = type(item)
            if kind is str or item is None or kind is bool:
                plain[key] = item
                continue
        elif type(key) is not str:
            key = _key(key)
        if key == "__proto__":
            raise _refusal(value, "a key must not be __proto__: it would reach into the host's objects").inside(key)
        try:
            plain[escape_key(key) if key[:1] == "$" else key] = _convert(item, depth - 1)
        except UnserialisableValueError as error:
            raise error.inside(key) from None
    return plain


def _key(key: Any) -> str:
    key = _convert_enum(key)
    if isinstance(key, str):
        return str(key)
    raise _refusal(key, f"the key {key!r} is of type {type(key).__name__}; keys must be texts").inside(key)


def _array(values: Any, depth: int) -> list[Any]:
    if depth <= 0:
        raise _refusal(values, f"nested deeper than {MAX_DEPTH} levels, or contains itself")
    plain: list[Any] = []
    try:
        for item in values:
            plain.append(_convert(item, depth - 1))
    except UnserialisableValueError as error:
        raise error.inside(len(plain)) from None
    return plain


def _convert_other(value: Any, depth: int) -> Any:
    """Everything that is not exactly one of JSON's own types."""
    plain = _convert_enum(value)
    if plain is not value:
        return _convert(plain, depth)
    if isinstance(value, (str, int, float, list, tuple, Mapping)):
        return _convert_subclass(value, depth)
    if isinstance(value, (bytes, bytearray, memoryview)):
        return _bytes(value)
    if isinstance(value, (set, frozenset)):
        return _sorted_array(value, depth)
    if hasattr(type(value), "__dataclass_fields__"):
        fields = type(value).__dataclass_fields__
        return _object({name: getattr(value, name) for name in fields if hasattr(value, name)}, depth)
    text = _convert_to_text(value)
    if text is not None:
        return text
    if getattr(value, "shape", None) == () and callable(getattr(value, "item", None)):
        return _convert(value.item(), depth)
    raise _refusal(value, f"a value of type {type(value).__name__} has no JSON form{_hint(value)}")


def _convert_enum(value: Any) -> Any:
    enum = sys.modules.get("enum")
    return value.value if enum is not None and isinstance(value, enum.Enum) else value


def _convert_subclass(value: Any, depth: int) -> Any:
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, int):
        return _integer(int(value))
    if isinstance(value, float):
        return _float(float(value))
    return _object(value, depth) if isinstance(value, Mapping) else _array(value, depth)


def _sorted_array(value: Any, depth: int) -> list[Any]:
    plain = _array(value, depth)
    try:
        return sorted(plain)
    except TypeError:  # mixed types have no order of their own: their JSON text has one
        return sorted(plain, key=text_of)


def _convert_to_text(value: Any) -> str | None:
    """Path, datetime, date, time and Decimal, without importing the modules that define them."""
    datetime = sys.modules.get("datetime")
    if datetime is not None and isinstance(value, (datetime.date, datetime.time)):
        if isinstance(value, datetime.datetime) and value.tzinfo is None:
            value = value.astimezone()
        return str(value.isoformat())
    decimal = sys.modules.get("decimal")
    if decimal is not None and isinstance(value, decimal.Decimal):
        return str(value)
    if hasattr(type(value), "__fspath__"):
        path = value.__fspath__()
        return path if isinstance(path, str) else None
    return None


def _hint(value: Any) -> str:
    if callable(getattr(value, "tolist", None)):
        return "; call .tolist() on it, or write it to a file"
    if callable(getattr(value, "item", None)):
        return "; call .item() on it"
    if hasattr(type(value), "__float__"):
        return "; give float() of it"
    return ""


def _refusal(value: Any, reason: str) -> UnserialisableValueError:
    return UnserialisableValueError(reason, type(value).__name__)
