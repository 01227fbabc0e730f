"""JSON text, without the `json` package: importing that costs 7 ms on CPython, as much as the whole runtime.

The C functions that `json` is made of are used directly, and `json` itself only where an interpreter lacks them.
"""

from __future__ import annotations

from ._tags import HeldBytes, bytes_tag

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, NoReturn

    Hook = Callable[[dict[str, Any]], Any]

MAX_SAFE_INTEGER = 2**53 - 1


class JsonTextError(ValueError):
    """The text is no JSON, or breaks one of the protocol's value rules."""


def loads(text: str, hook: Hook | None = None, checks_numbers: bool = False) -> Any:
    """Read one JSON value. NaN and infinities are refused. What `hook` makes of an object stands in its place.

    With `checks_numbers`, which is slower, so are numbers that JavaScript would round or turn into infinity.
    """
    if hook is None:
        scan = _scan_checked if checks_numbers else _scan
    else:
        scan = _make_scanner(checks_numbers, hook)
    text = text.strip(" \t\n\r")
    try:
        value, end = scan(text, 0)
    except StopIteration as stop:
        raise JsonTextError(f"not JSON at character {stop.value}") from None
    except JsonTextError:
        raise
    except (ValueError, RecursionError) as error:
        raise JsonTextError(f"not JSON: {error}") from None
    if end != len(text):
        raise JsonTextError(f"not JSON: more text after the value, at character {end}")
    return value


def dumps(value: Any) -> str:
    """Write plain JSON values as ASCII text without spaces. Raises ValueError or TypeError for anything else."""
    return "".join(_encode(value, 0))


def dumps_without_held(value: Any) -> str:
    """The same, and a TypeError as well for held bytes, which had better be sent as a file."""
    return "".join(_encode_without_held(value, 0))


def _refuse_constant(name: str) -> NoReturn:
    raise JsonTextError(f"{name} is not JSON")


def _checked_int(digits: str) -> int:
    value = int(digits) if len(digits) < 20 else MAX_SAFE_INTEGER + 1
    if not -MAX_SAFE_INTEGER <= value <= MAX_SAFE_INTEGER:
        raise JsonTextError(f"the integer {digits[:24]} is beyond ±(2^53−1); send it as a text")
    return value


def _checked_float(digits: str) -> float:
    value = float(digits)
    if value in (float("inf"), float("-inf")):
        raise JsonTextError(f"the number {digits[:24]} is too large for a 64-bit float")
    return value


def _make_scanner(checks_numbers: bool, hook: Hook | None = None) -> Any:
    parse_int: Any = _checked_int if checks_numbers else int
    parse_float: Any = _checked_float if checks_numbers else float

    class Settings:
        strict = True
        object_pairs_hook = None
        parse_constant = staticmethod(_refuse_constant)
        memo: dict[str, str] = {}

    settings = Settings()
    settings.object_hook = hook  # type: ignore[attr-defined]
    settings.parse_int = parse_int  # type: ignore[attr-defined]
    settings.parse_float = parse_float  # type: ignore[attr-defined]
    try:
        from _json import make_scanner
    except ImportError:
        from json import JSONDecoder

        decoder = JSONDecoder(
            parse_int=parse_int, parse_float=parse_float, parse_constant=_refuse_constant, object_hook=hook
        )
        return decoder.scan_once  # type: ignore[attr-defined]
    return make_scanner(settings)  # type: ignore[arg-type]


def _make_encoder(default: Any) -> Any:
    try:
        from _json import encode_basestring_ascii, make_encoder
    except ImportError:
        from json import JSONEncoder

        encoder = JSONEncoder(separators=(",", ":"), allow_nan=False, check_circular=False, default=default)
        return lambda value, _level: encoder.iterencode(value)
    return make_encoder(None, default, encode_basestring_ascii, None, ":", ",", False, False, False)


def _write_held(value: Any) -> str:
    return bytes_tag(value.content)["$bytes"] if type(value) is HeldBytes else _refuse_value(value)


def _refuse_value(value: Any) -> NoReturn:
    raise TypeError(f"a value of type {type(value).__name__} is no JSON")


_scan = _make_scanner(False)
_scan_checked = _make_scanner(True)
_encode = _make_encoder(_write_held)
_encode_without_held = _make_encoder(_refuse_value)
