"""One JSON object per line. Lines end with the byte 0x0A and nothing else; text goes out as ASCII.

Before a line is parsed, its nesting and its numbers are bounded by whole-line operations that run in C:
no frame can make the parser recurse too deep, and the check costs a small part of what parsing costs. Of a large line
mostly all is inside of a few long texts, where there is nothing to check: those are passed over.
"""

from __future__ import annotations

import os

from ._errors import WireError
from ._text import JsonTextError, dumps, loads
from ._values import MAX_DEPTH

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

MAX_FRAME_BYTES = 8 * 1024 * 1024
_CHUNK = 64 * 1024
_LARGE_CHUNK = 256 * 1024  # as much as a socket holds, when a line turns out to be long
_BEGINNING = 256


class FrameTooLarge(Exception):
    """A line beyond the limit; its rest was thrown away."""

    def __init__(self, beginning: bytes, limit: int) -> None:
        super().__init__(f"a frame of more than {limit} bytes")
        self.beginning = beginning


class LineReader:
    """Cuts what comes from a file descriptor into lines, in linear time and bounded memory."""

    def __init__(self, fd: int) -> None:
        self.max_frame_bytes = MAX_FRAME_BYTES
        self._fd = fd
        self._rest = b""
        self._start = 0
        self._chunks: list[bytes] = []
        self._held = 0

    def read_line(self) -> bytes | None:
        """The next line without its end, or None at the end of the input. Raises FrameTooLarge."""
        rest, start = self._rest, self._start
        while True:
            end = rest.find(b"\n", start)
            if end < 0:
                if start < len(rest):
                    self._hold(rest[start:])
                self._rest, self._start = b"", 0
                rest, start = os.read(self._fd, _LARGE_CHUNK if self._held else _CHUNK), 0
                if not rest:
                    return None  # a last line without its end was cut: it is not executed
                continue
            line = rest[start:end]
            self._rest, self._start = rest, end + 1
            start = end + 1
            if self._held or len(line) > self.max_frame_bytes:
                self._hold(line)
                line = self._take()
            elif line[-1:] == b"\r":
                line = line[:-1]
            if line:
                return line

    def _hold(self, chunk: bytes) -> None:
        limit = self.max_frame_bytes + 1  # + 1: a trailing CR does not count
        if chunk and self._held <= limit:
            self._chunks.append(chunk)
            if self._held + len(chunk) > limit:  # too large: from here on only its beginning is of use
                self._chunks = [b"".join(self._chunks)[:_BEGINNING]]
        self._held += len(chunk)

    def _take(self) -> bytes:
        line = self._chunks[0] if len(self._chunks) == 1 else b"".join(self._chunks)
        held = self._held
        self._chunks, self._held = [], 0
        if line.endswith(b"\r"):
            line, held = line[:-1], held - 1
        if held > self.max_frame_bytes:
            raise FrameTooLarge(line[:_BEGINNING], self.max_frame_bytes)
        return line


def decode_frame(line: bytes) -> dict[str, Any]:
    """The JSON object that a line holds. Raises WireError for anything that may not travel."""
    frame = decode_json(line)
    if type(frame) is not dict:
        raise WireError("invalid_request", "a frame must be a JSON object")
    return frame


def decode_json(line: bytes, hook: Callable[[dict[str, Any]], Any] | None = None) -> Any:
    """The JSON value of a text that came from outside; `hook` may put something else in the place of each object in it."""
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError as error:
        raise WireError("parse_error", f"a frame is not UTF-8: {error.reason} at byte {error.start}") from None
    if len(line) >= _LONG_LINE:
        line = _outline(line)
    if line.count(b"{") + (line.count(b"[") if _OPENING_BRACKET in line else 0) > MAX_DEPTH:
        _check_depth_of(line, "invalid_request")
    digits = line.translate(_DIGITS_AS_ZERO, b"+")
    has_long_number = digits.find(_SIXTEEN_DIGITS) >= 0 and _has_long_integer(digits)
    try:
        value = loads(text, hook, has_long_number or digits.find(_LONG_EXPONENT) >= 0)
    except JsonTextError as error:
        raise WireError("parse_error", f"a frame is not readable: {error}") from None
    if _may_hold_proto_key(line) and _holds_proto_key(value):
        raise WireError("invalid_request", "a frame has a key __proto__")
    return value


def encode_frame(message: dict[str, Any]) -> bytes:
    """A frame as bytes, with its line end. The message must hold plain JSON values only."""
    line = dumps(message).encode("ascii")
    check_depth(line, "unserialisable_value")
    return line + b"\n"


def guess_request_id(line: bytes) -> int | None:
    """The id at the beginning of a line that cannot be read as a whole, so that its request gets an answer."""
    compact = line[:_BEGINNING].replace(b" ", b"")
    prefix = b'{"jsonrpc":"2.0","id":'
    digits = compact[len(prefix) :].split(b",", 1)[0].rstrip(b"}")
    return int(digits) if compact.startswith(prefix) and digits.isdigit() and len(digits) <= 16 else None


def check_depth(line: bytes, kind: str = "invalid_request") -> None:
    """Refuse a line that is nested deeper than the protocol allows. Raises WireError of that kind."""
    _check_depth_of(_outline(line) if len(line) >= _LONG_LINE else line, kind)


def _outline(line: bytes) -> bytes:
    """A long line without what is in its long texts, or with some of them, when looking for them does not pay.

    Texts that may be the key of a tag or `__proto__` in disguise stay. Where a line is no JSON, so is its outline, up to
    the place where the parser stops.
    """
    kept: list[bytes] = []
    kept_to, looks = 0, _FIRST_LOOKS
    start = end = line.find(b'"')
    while start >= 0 and looks > 0:
        looks -= 1
        end = line.find(b'"', end + 1)
        if end < 0:
            break
        if line[end - 1] == _BACKSLASH:
            before = line[max(start, end - _LONGEST_ESCAPE) : end]
            escapes = len(before) - len(before.rstrip(b"\\"))
            if escapes == _LONGEST_ESCAPE:
                break  # nobody writes so many
            if escapes % 2:
                continue  # the quote belongs to the text
        if end - start > _LONG_TEXT and line[start + 1] not in _FIRST_OF_SPECIAL_KEYS:
            kept.append(line[kept_to : start + 1])
            kept_to = end
            looks += (end - start) // _LONG_TEXT
        start = end = line.find(b'"', end + 1)
    return b"".join((*kept, line[kept_to:])) if kept else line


def _check_depth_of(line: bytes, kind: str) -> None:
    if line.count(b"[") + line.count(b"{") <= MAX_DEPTH:
        return
    # Escaped characters go first; then every second piece between quotes is inside a text. Mostly all of those are empty.
    plain = line.replace(b"\\\\", b"").replace(b'\\"', b"") if b"\\" in line else line
    brackets = plain.translate(_ONE_KIND_OF_BRACKET, _NOT_BRACKETS).replace(b'""', b"")
    if b'"' in brackets:
        brackets = b"".join(plain.split(b'"')[::2]).translate(_ONE_KIND_OF_BRACKET, _NOT_BRACKETS)
    for _level in range(MAX_DEPTH):  # each pass takes away the innermost level
        fewer = brackets.replace(b"[]", b"")
        if len(fewer) == len(brackets):
            break
        brackets = fewer
    if b"[[" in brackets or b"[]" in brackets:
        raise WireError(kind, f"a frame is nested deeper than {MAX_DEPTH} levels")


def _has_long_integer(digits: bytes) -> bool:
    """Whether sixteen digits stand somewhere else than behind a point, where no reader minds them."""
    return digits.replace(_FRACTION, b"").find(_SIXTEEN_DIGITS) >= 0


def _may_hold_proto_key(line: bytes) -> bool:
    return line.find(b"__proto__") >= 0 or (_BACKSLASH in line and b"\\u005" in line)


def _holds_proto_key(value: Any) -> bool:
    if type(value) is dict:
        return "__proto__" in value or any(_holds_proto_key(item) for item in value.values())
    return type(value) is list and any(_holds_proto_key(item) for item in value)


# (Whether one byte is in a text is best asked by its number, and where several are by `find`: `in` first tries them as one.)
_OPENING_BRACKET = ord("[")
_ONE_KIND_OF_BRACKET = bytes.maketrans(b"{}", b"[]")
_NOT_BRACKETS = bytes(byte for byte in range(256) if byte not in b'[]{}"')
_NO_NUMBER = bytes(byte for byte in range(256) if byte not in b"0123456789.eE")
#: With blanks for what belongs to no number: those are passed over fastest.
_DIGITS_AS_ZERO = bytes.maketrans(b"123456789E" + _NO_NUMBER, b"000000000e" + b" " * len(_NO_NUMBER))
_SIXTEEN_DIGITS = b"0" * 16
_LONG_EXPONENT = b"e000"
_FRACTION = b"." + _SIXTEEN_DIGITS
_LONG_LINE = 16 * 1024
_LONG_TEXT = 128
_FIRST_LOOKS = 128
_LONGEST_ESCAPE = 64
_BACKSLASH = 0x5C
_FIRST_OF_SPECIAL_KEYS = b"$_\\"
