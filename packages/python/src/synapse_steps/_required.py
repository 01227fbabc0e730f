"""What a request must hold. One without it is refused: a step is never run with values that nobody sent."""

from __future__ import annotations

from ._envelope import integer_of
from ._errors import WireError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_NONE = type(None)
_STEP = (("run_id", str), ("step", str), ("params", dict), ("step_params", dict), ("context", dict))
_ATTEMPT = (*_STEP, ("attempt", int), ("idempotency_key", str))
_SNAPSHOT = (("rev", int), ("full", dict))
_DELTA = (("base", int), ("rev", int), ("patch", list))
_OPERATION = (("op", str), ("path", str))
_WHOLE_OPERATION = {"op", "path", "value"}  # a removal needs no value, and is looked at more closely
_HELLO = (("protocol_versions", list), ("host", dict), ("session", str), ("limits", dict), ("work_dir", str))
_HOST = (("name", str), ("version", str))
_LIMITS = (("max_frame_bytes", int), ("max_depth", int), ("inline_bytes", int))
_UNDO = (*_ATTEMPT, ("result", dict), ("undo", dict), ("cause", (dict, _NONE)), ("undo_attempt", int))
_RESULT = (("status", str), ("data", (dict, _NONE)), ("error", (str, _NONE)))
_CAUSE = (("name", str), ("message", str))
_CALLS = {"can_skip": _STEP, "execute": _ATTEMPT, "rollback": _UNDO}
_WORDS = {dict: "an object", list: "a list", str: "a text", int: "an integer"}


def check_call(method: str, params: dict[str, Any]) -> None:
    """Raises WireError for a call of a step that lacks something, or has something else in its place."""
    _check(params, _CALLS[method])
    context = params["context"]
    if "full" in context or "base" not in context:
        _check(context, _SNAPSHOT, "/context")
    else:
        _check(context, _DELTA, "/context")
        for operation in context["patch"]:
            if type(operation) is not dict or not operation.keys() >= _WHOLE_OPERATION:
                _check_patch(context["patch"])
                break
    if method == "rollback":
        _check(params["result"], _RESULT, "/result")
        if params["cause"] is not None:
            _check(params["cause"], _CAUSE, "/cause")


def check_initialize(params: dict[str, Any]) -> None:
    """Raises WireError for a greeting that lacks something, or has something else in its place."""
    _check(params, _HELLO)
    _check(params["host"], _HOST, "/host")
    _check(params["limits"], _LIMITS, "/limits")


def _check(said: dict[str, Any], required: tuple[tuple[str, Any], ...], place: str = "") -> None:
    for name, kind in required:
        if type(said.get(name)) is not kind and not _fits(said, name, kind):
            raise _problem(said, name, kind, place)


def _fits(said: dict[str, Any], name: str, kind: Any) -> bool:
    """Whether it is right all the same: it may be null, or be an integer that is written as 1.0."""
    if type(kind) is tuple:
        return name in said and type(said[name]) in kind
    return kind is int and integer_of(said.get(name)) is not None


def _check_patch(patch: list[Any]) -> None:
    for index, operation in enumerate(patch):
        place = f"/context/patch/{index}"
        if type(operation) is not dict:
            raise WireError("invalid_message", f"{place[1:]} must be an object", pointer=place)
        _check(operation, _OPERATION, place)
        if "value" not in operation and operation["op"] != "remove":
            raise WireError("invalid_message", f"{place[1:]}/value is missing", pointer=f"{place}/value")


def _problem(said: dict[str, Any], name: str, kind: Any, place: str) -> WireError:
    pointer = f"{place}/{name}"
    if name not in said:
        return WireError("invalid_message", f"{pointer[1:]} is missing", pointer=pointer)
    words = f"{_WORDS[kind[0]]} or null" if type(kind) is tuple else _WORDS[kind]
    return WireError("invalid_message", f"{pointer[1:]} must be {words}", pointer=pointer)
