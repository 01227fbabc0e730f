"""From the params of a request to the values that a step works with: tags become values, files are read and removed."""

from __future__ import annotations

from ._errors import WireError
from ._exchange import JSON_MEDIA, MAX_FILE_BYTES, BadFile
from ._framing import decode_json
from ._pointer import join_pointer
from ._tags import BadTag, may_hold_tags, untag

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ._exchange import Exchange


def values_of(line: bytes, exchange: Exchange | None) -> dict[str, Any]:
    """The params of the request on a line. Raises WireError that says where a bad tag, or one of a bad file, stands."""
    reader = _Reader(exchange)
    try:
        params: dict[str, Any] = decode_json(line, reader.value_of)["params"]
        return params
    except BadTag as error:
        raise _problem("invalid_message", str(error), error.tag, line) from None
    except _BadReference as error:
        raise _problem("file_unusable", f"a file of the host cannot be taken: {error}", error.tag, line) from None


class _BadReference(Exception):
    def __init__(self, reason: object, tag: dict[str, Any]) -> None:
        super().__init__(str(reason))
        self.tag = tag


class _Reader:
    """Reads the files of one message, which together are bounded."""

    def __init__(self, exchange: Exchange | None) -> None:
        self._exchange = exchange
        self._left = MAX_FILE_BYTES if exchange is None else exchange.max_file_bytes

    def value_of(self, value: dict[str, Any]) -> Any:
        return untag(value, self._json_or_bytes)

    def _json_or_bytes(self, tag: dict[str, Any]) -> Any:
        content = self._bytes(tag)
        if tag.get("media") != JSON_MEDIA:
            return content
        try:
            return decode_json(content, self._bytes_within if may_hold_tags(content) else None)
        except (WireError, BadTag, _BadReference) as error:
            raise _BadReference(f"its JSON cannot be read: {error}", tag) from None

    def _bytes_within(self, value: dict[str, Any]) -> Any:
        return untag(value, self._bytes)

    def _bytes(self, tag: dict[str, Any]) -> bytes:
        if self._exchange is None:
            raise _BadReference("there is no exchange folder", tag)
        try:
            content = self._exchange.take(tag, self._left)
        except BadFile as error:
            raise _BadReference(error, tag) from None
        self._left -= len(content)
        return content


def _problem(kind: str, text: str, tag: dict[str, Any], line: bytes) -> WireError:
    path = _path_to(tag, decode_json(line)["params"])
    return WireError(kind, text, **({} if path is None else {"pointer": join_pointer(path)}))


def _path_to(sought: dict[str, Any], value: Any) -> list[str] | None:
    if value == sought:
        return []
    items = value.items() if type(value) is dict else enumerate(value) if type(value) is list else ()
    for key, item in items:
        path = _path_to(sought, item)
        if path is not None:
            return [str(key), *path]
    return None
