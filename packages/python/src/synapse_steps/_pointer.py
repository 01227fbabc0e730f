"""JSON pointers (RFC 6901) and the three operations of RFC 6902 that the protocol knows."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def split_pointer(path: str) -> list[str]:
    """The segments of a pointer, at least one. Raises ValueError."""
    if not path.startswith("/"):
        raise ValueError(f"a path must be a JSON pointer such as /field/0, not {path!r}")
    if path.count("~") != path.count("~0") + path.count("~1"):
        raise ValueError(f"in a path, ~ is written ~0 and / in a name ~1; this one is {path!r}")
    return [segment.replace("~1", "/").replace("~0", "~") for segment in path[1:].split("/")]


def join_pointer(path: list[str]) -> str:
    """The pointer of a path."""
    return "".join("/" + segment.replace("~", "~0").replace("/", "~1") for segment in path)


def apply_operation(root: dict[str, Any], operation: dict[str, Any]) -> None:
    """Apply one checked operation in place. Raises ValueError if its place does not exist."""
    path = operation["path"]
    *parents, last = split_pointer(path)
    target: Any = root
    for segment in parents:
        target = _child(target, segment, path)
    if isinstance(target, dict):
        _apply_to_object(target, last, operation)
    elif isinstance(target, list):
        _apply_to_array(target, last, operation)
    else:
        raise _no_place(path)


def _apply_to_object(target: dict[str, Any], key: str, operation: dict[str, Any]) -> None:
    if operation["op"] != "add" and key not in target:
        raise _no_place(operation["path"])
    if operation["op"] == "remove":
        del target[key]
    else:
        target[key] = operation["value"]


def _apply_to_array(target: list[Any], segment: str, operation: dict[str, Any]) -> None:
    is_add = operation["op"] == "add"
    if is_add and segment == "-":
        target.append(operation["value"])
        return
    index = _index(segment, len(target) + is_add, operation["path"])
    if is_add:
        target.insert(index, operation["value"])
    elif operation["op"] == "remove":
        del target[index]
    else:
        target[index] = operation["value"]


def _child(target: Any, segment: str, path: str) -> Any:
    if isinstance(target, dict) and segment in target:
        return target[segment]
    if isinstance(target, list):
        return target[_index(segment, len(target), path)]
    raise _no_place(path)


def _index(segment: str, length: int, path: str) -> int:
    is_index = segment.isascii() and segment.isdigit() and (segment == "0" or segment[0] != "0")
    if not is_index or len(segment) > 15 or int(segment) >= length:
        raise _no_place(path)
    return int(segment)


def _no_place(path: str) -> ValueError:
    return ValueError(f"the context has no place {path}")
