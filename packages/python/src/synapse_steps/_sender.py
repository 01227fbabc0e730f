"""Turns answers and notifications into frames, and sees to it that sending one is never interrupted."""

from __future__ import annotations

from ._errors import WireError
from ._framing import MAX_FRAME_BYTES, check_depth, encode_frame
from ._outgoing import Outgoing
from ._text import dumps
from ._writer import FrameWriter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ._interrupts import Interrupts
    from ._request import Request

_LONGEST_TEXT = 2000


class Sender:
    """The outgoing half of the wire; every method may be called from any thread."""

    def __init__(self, fd: int, interrupts: Interrupts) -> None:
        self.max_frame_bytes = MAX_FRAME_BYTES
        self._writer = FrameWriter(fd, interrupts)
        self.outgoing = Outgoing()

    def answer(self, request: Request, result: dict[str, Any]) -> None:
        """Send a request's result. Raises WireError if it may not travel: then `fail` has to be called."""
        self._write_answer(request, "result", self.outgoing.text_of(result))

    def fail(self, request: Request, error: WireError) -> None:
        """Send a request's error; without its details if they cannot travel, because every request gets its answer."""
        try:
            self._fail(request, error)
        except WireError as problem:
            text = f"{error.message[:_LONGEST_TEXT]} (its details and changes are too large: {problem.message})"
            self._fail(request, WireError(error.kind, text))

    def _fail(self, request: Request, error: WireError) -> None:
        wire = error.to_wire()
        data = self.outgoing.text_of(wire.pop("data"))
        self._write_answer(request, "error", f'{dumps(wire)[:-1]},"data":{data}}}')

    def _write_answer(self, request: Request, name: str, text: str) -> None:
        frame = f'{{"jsonrpc":"2.0","id":{request.id},"{name}":{text}}}\n'.encode("ascii")
        check_depth(frame, "unserialisable_value")
        if len(frame) > self.max_frame_bytes + 1:
            raise self._too_large(len(frame))
        self._writer.write(request, frame)

    def refuse(self, request_id: int | None, error: WireError) -> None:
        """Answer a line that could not be read."""
        self._writer.write(None, encode_frame({"jsonrpc": "2.0", "id": request_id, "error": error.to_wire()}))

    def notify(self, request: Request, method: str, params: dict[str, Any]) -> int | None:
        """Send a notification about a request; its seq, or None if the request was answered already."""
        head = b'{"jsonrpc":"2.0","method":"%s","params":{"id":%d,"seq":' % (method.encode("ascii"), request.id)
        tail = b",%s}\n" % self.outgoing.text_of(params).encode("ascii")[1:]
        check_depth(head + b"0" + tail, "unserialisable_value")
        if len(head) + len(tail) + 15 > self.max_frame_bytes:
            raise self._too_large(len(head) + len(tail) + 16)
        return self._writer.write_notification(request, head, tail)

    def close_in_child(self) -> None:
        """After a fork: the child has no wire."""
        self._writer.close_in_child()

    def _too_large(self, size: int) -> WireError:
        message = f"a message of {size} bytes; the limit is {self.max_frame_bytes}"
        return WireError("unserialisable_value", message, hint="write large data to a file and send its path")
