"""What JSON has no words for, large integers and bytes, is written as an object with one key: `$int`, `$bytes`, `$file`.

A key of a user that looks like one of these gets one more `$` when it is written, and loses it when it is read.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

LONGEST_INTEGER = 4300  # characters; CPython reads no longer ones
_MOST_BITS = 14_281  # what is shorter has at most 4300 digits
_NAMES = ("int", "bytes", "file")
_DIGITS = frozenset("0123456789")
_DOLLAR, _BACKSLASH = b"$\\"  # as numbers: so they are found ten times faster


class BadTag(Exception):
    """A tag holds what it may not; `tag` is the object."""

    def __init__(self, reason: str, tag: dict[str, Any]) -> None:
        super().__init__(reason)
        self.tag = tag


class HeldBytes:
    """Many bytes in the JSON form of a value: written as base64 only where somebody wants the text of it."""

    __slots__ = ("content",)

    def __init__(self, content: bytes) -> None:
        self.content = content


def may_hold_tags(text: bytes) -> bool:
    """Whether some key in a JSON text may begin with `$`."""
    return (_DOLLAR in text and b'"$' in text) or (_BACKSLASH in text and b"\\u0024" in text)


def integer_tag(value: int) -> dict[str, str] | None:
    """A large integer as JSON, or None for one that is too long to be read anywhere."""
    if value.bit_length() > _MOST_BITS:  # older CPythons would take very long to write it, newer ones refuse to
        return None
    text = str(value)
    return {"$int": text} if len(text) <= LONGEST_INTEGER else None


def bytes_tag(value: Any) -> dict[str, str]:
    """Bytes as JSON."""
    from binascii import b2a_base64

    return {"$bytes": b2a_base64(value, newline=False).decode("ascii")}


def escape_key(key: str) -> str:
    """A key as it is written."""
    return f"${key}" if key[:1] == "$" and key.lstrip("$") in _NAMES else key


def untag(value: dict[str, Any], take_file: Callable[[dict[str, Any]], Any] | None = None) -> Any:
    """What a parsed object stands for: itself with its keys as they were, or the value of a tag. Raises BadTag."""
    if len(value) == 1:
        if "$int" in value:
            return _integer_of(value)
        if "$bytes" in value:
            return _bytes_of(value)
    if "$file" in value and take_file is not None:
        return take_file(value)
    for key in value:
        if key[:2] == "$$":
            return {unescape_key(name): item for name, item in value.items()}
    return value


def unescape_key(key: str) -> str:
    """A key as it was before it was written."""
    return key[1:] if key[:2] == "$$" and key.lstrip("$") in _NAMES else key


def _integer_of(tag: dict[str, Any]) -> int:
    text = tag["$int"]
    digits = text[1:] if type(text) is str and text[:1] == "-" else text
    if type(text) is not str or len(text) > LONGEST_INTEGER or not digits or not _DIGITS.issuperset(digits):
        raise BadTag(f"an $int that is no text of an integer of at most {LONGEST_INTEGER} characters", tag)
    if digits[0] == "0" and text != "0":
        raise BadTag("an $int with a 0 before it", tag)
    return int(text)


def _bytes_of(tag: dict[str, Any]) -> bytes:
    from binascii import a2b_base64

    try:
        content = a2b_base64(tag["$bytes"])
    except (TypeError, ValueError):
        content = None
    if content is None or bytes_tag(content) != tag:  # a reader of base64 passes over what it does not know
        raise BadTag("a $bytes that is no base64", tag)
    return content
