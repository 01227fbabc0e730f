"""What a step leaves goes into the frame, or into files of the exchange folder where it is large."""

from __future__ import annotations

from ._exchange import BYTES_MEDIA, JSON_MEDIA, json_bytes, unwritable
from ._tags import HeldBytes
from ._text import dumps, dumps_without_held

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ._exchange import Exchange

_AREAS = ("data", "undo")
_WHOLE_AREA = 4  # times what may be inline: many small values together


class Outgoing:
    """Makes messages that fit into a frame. Without an exchange folder everything stays inline."""

    def __init__(self) -> None:
        self.exchange: Exchange | None = None

    def text_of(self, message: dict[str, Any]) -> str:
        """The JSON text of what a message says (its result, say). Raises WireError when a file cannot be written."""
        exchange = self.exchange
        if exchange is None:
            return dumps(message)
        limit = exchange.inline_bytes
        if not _is_surely_large(message, limit):
            try:
                text = dumps_without_held(message)
            except TypeError:
                text = None
            if text is not None and len(text) <= limit:
                return text
        return dumps(_Lightening(exchange).of(message))


class _Lightening:
    """Puts what is large in one message into files. Where one cannot be written, none of the message is left."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._written: list[str] = []

    def of(self, message: dict[str, Any]) -> dict[str, Any]:
        try:
            return self._lightened(message)
        except BaseException:
            for name in self._written:
                self._exchange.remove(name)
            raise

    def _lightened(self, message: dict[str, Any]) -> dict[str, Any]:
        lighter = {name: value for name, value in message.items() if name not in (*_AREAS, "patch")}
        for name in _AREAS:
            if name in message:
                lighter[name] = self._area(message[name], name)
        if "patch" in message:
            lighter["patch"] = [self._operation(operation) for operation in message["patch"]]
        return lighter

    def _operation(self, operation: dict[str, Any]) -> dict[str, Any]:
        if "value" not in operation:
            return operation
        return {**operation, "value": self._value(operation["value"], f"the context's {operation['path']}")[0]}

    def _area(self, area: dict[str, Any] | None, name: str) -> Any:
        if area is None:
            return None
        lighter, total = {}, 0
        for key, value in area.items():
            lighter[key], size = self._value(value, f"/{name}/{key}")
            total += size
        if total > _WHOLE_AREA * self._exchange.inline_bytes:
            return self._file(json_bytes(lighter), JSON_MEDIA, f"/{name}")
        return lighter

    def _value(self, value: Any, what: str) -> tuple[Any, int]:
        """A value, or the file that it was written to, and how much of the frame that takes."""
        value = self._without_bytes(value, what)
        content = json_bytes(value)
        if len(content) <= self._exchange.inline_bytes:
            return value, len(content)
        return self._file(content, JSON_MEDIA, what), 0

    def _without_bytes(self, value: Any, what: str) -> Any:
        kind = type(value)
        if kind is dict:
            content = value.get("$bytes")
            if type(content) is HeldBytes:
                return self._file(content.content, BYTES_MEDIA, what)
            return {key: self._without_bytes(item, what) for key, item in value.items()}
        return [self._without_bytes(item, what) for item in value] if kind is list else value

    def _file(self, content: bytes, media: str, what: str) -> dict[str, Any]:
        try:
            reference = self._exchange.write(content, media)
        except OSError as error:
            raise unwritable(what, error) from error
        self._written.append(reference["$file"])
        return reference


def _is_surely_large(message: dict[str, Any], limit: int) -> bool:
    """Whether it is plain, without writing all of it once, that something here will be a file."""
    for name in _AREAS:
        if name in message:
            for value in (message[name] or {}).values():  # a plain loop: every message comes through here
                kind = type(value)
                if kind is str:
                    if len(value) > limit:
                        return True
                elif (kind is dict or kind is list) and _exceeds(value, limit):
                    return True
    return "patch" in message and any(_exceeds(operation.get("value"), limit) for operation in message["patch"] or ())


def _exceeds(value: Any, limit: int) -> bool:
    kind = type(value)
    if kind is str:
        return len(value) > limit
    if kind is dict:
        return 6 * len(value) > limit or any(type(item) is str and len(item) > limit for item in value.values())
    if kind is list:
        return 2 * len(value) > limit or sum(2 * len(item) for item in value if type(item) in (list, str)) > limit
    return False
