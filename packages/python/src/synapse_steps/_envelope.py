"""The four shapes that a frame can have. Whatever has none of them is refused, also when it is good JSON."""

from __future__ import annotations

from ._errors import WireError
from ._text import MAX_SAFE_INTEGER

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Literal


def shape_of(frame: dict[str, Any]) -> Literal["request", "notification", "result", "error"]:
    """What kind of frame this is. Raises WireError if it is none."""
    if frame.get("jsonrpc") != "2.0":
        raise WireError("invalid_request", 'a frame must say "jsonrpc": "2.0"')
    if "method" in frame:
        method = frame["method"]
        if "result" in frame or "error" in frame or type(method) is not str or not method:
            raise WireError("invalid_request", "a frame with a method must name it, and hold no result or error")
        if type(frame.get("params", {})) is not dict:
            raise WireError("invalid_request", "params must be an object")
        if "id" not in frame:
            return "notification"
        request_id = frame["id"]
        if (type(request_id) is not int or not 1 <= request_id <= MAX_SAFE_INTEGER) and request_id_of(frame) is None:
            raise WireError("invalid_request", "the id of a request must be an integer from 1 to 2^53−1")
        return "request"
    if "result" in frame and "error" not in frame:
        if request_id_of(frame) is not None and type(frame["result"]) is dict:
            return "result"
    elif "error" in frame and "result" not in frame and _is_error(frame):
        return "error"
    raise WireError("invalid_request", "a frame must be a request, a notification or an answer")


def request_id_of(frame: dict[str, Any]) -> int | None:
    """The id, if it is a valid one."""
    value = frame.get("id")
    if type(value) is not int:
        value = integer_of(value)
    return value if value is not None and 1 <= value <= MAX_SAFE_INTEGER else None


def integer_of(value: Any) -> int | None:
    """JSON has one sort of numbers: `1.0` and `1e0` are the integer 1, for some writers even its usual form."""
    if type(value) is float and value.is_integer():
        value = int(value)
    return value if type(value) is int and abs(value) <= MAX_SAFE_INTEGER else None


def _is_error(frame: dict[str, Any]) -> bool:
    error = frame["error"]
    if type(error) is not dict or ("id" not in frame) or (frame["id"] is not None and request_id_of(frame) is None):
        return False
    return integer_of(error.get("code")) is not None and type(error.get("message")) is str
