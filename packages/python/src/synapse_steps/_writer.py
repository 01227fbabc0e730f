"""The only writer of frames in a process: whole frames, one at a time, and none for a request that was answered."""

from __future__ import annotations

import os
from _thread import allocate_lock, get_ident

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._interrupts import Interrupts
    from ._request import Request


class HostGone(Exception):
    """Nobody reads the wire any more."""


class FrameWriter:
    """Writes frames from any thread of this process, and from this process only. No signal interrupts it."""

    def __init__(self, fd: int, interrupts: Interrupts) -> None:
        self._fd = fd
        self._interrupts = interrupts
        self._lock = allocate_lock()
        self._owner: int | None = None
        self._lead = b"\n"  # ends whatever else was written to the same descriptor before

    def write(self, request: Request | None, frame: bytes) -> bool:
        """Write a request's only answer, or a frame that belongs to no request; False if the request has its answer."""
        me = get_ident()
        if self._owner == me:
            return False
        held = self._interrupts.hold(me)
        try:
            with self._lock:
                if request is not None and request.answered:
                    return False
                self._put(frame, me)
                if request is not None:
                    request.answered = True
        finally:
            if held:
                self._interrupts.release()
        return True

    def write_notification(self, request: Request, head: bytes, tail: bytes) -> int | None:
        """Write a frame with the request's next seq between `head` and `tail`; None if the request was answered."""
        me = get_ident()
        if self._owner == me:
            return None
        held = self._interrupts.hold(me)
        try:
            with self._lock:
                if request.answered:
                    return None
                request.seq = seq = request.seq + 1
                self._put(b"%s%d%s" % (head, seq, tail), me)
        finally:
            if held:
                self._interrupts.release()
        return seq

    def _put(self, frame: bytes, me: int) -> None:
        """Write a whole frame, with the lock held. What runs meanwhile in this very thread (a destructor that logs, say)
        finds itself as the owner and writes nothing."""
        if self._fd < 0:
            raise HostGone("the wire belongs to the process that started this one")
        self._owner = me
        try:
            if self._lead:
                frame, self._lead = self._lead + frame, b""
            written = os.write(self._fd, frame)
            if written < len(frame):
                rest = memoryview(frame)
                while written < len(frame):
                    written += os.write(self._fd, rest[written:])
        except OSError as error:
            raise HostGone(f"the host no longer reads: {error}") from error
        finally:
            self._owner = None

    def close_in_child(self) -> None:
        """After a fork: the child must neither write nor keep the wire open."""
        fd, self._fd = self._fd, -1
        self._lock = allocate_lock()  # the old one may be held by a thread that does not exist here
        self._owner = None
        if fd >= 0:
            os.close(fd)
