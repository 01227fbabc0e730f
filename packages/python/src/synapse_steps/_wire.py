"""Who reads the wire, and where its frames go.

While idle, the main thread reads: a request is then served without any hand-over between threads. Once a request has
run for some milliseconds a watcher thread takes over, so that a cancel, a ping or the end of the host is seen while the
step works. A thread that waits for the host (for the word that undo data are safe) reads too if nobody else does.
Exactly one thread reads at any time: the one that holds the reader's role.
"""

from __future__ import annotations

import os
from _thread import allocate_lock, get_ident, start_new_thread
from time import sleep

from ._envelope import shape_of
from ._errors import WireError
from ._framing import FrameTooLarge, LineReader, decode_frame, guess_request_id
from ._leaving import exit_later
from ._request import Request
from ._sender import Sender
from ._step import StepCancelled
from ._tags import may_hold_tags
from ._writer import HostGone

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ._interrupts import Interrupts

_TICK_SECONDS = 0.003
_TICKS_UNTIL_PARKED = 80
_GRACE_AFTER_EOF_SECONDS = 2.0
_STOP_SECONDS = 0.1


class Wire:
    """The connection to the host: `sender` is its outgoing half, the rest its incoming one."""

    def __init__(self, fds: tuple[int, int], interrupts: Interrupts, outlives_host: bool = False) -> None:
        self.reader = LineReader(fds[0])
        self.sender = Sender(fds[1], interrupts)
        self.interrupts = interrupts
        self.current: Request | None = None
        self.ended = False
        self._in_fd = fds[0]
        self._outlives_host = outlives_host
        self._lock = allocate_lock()
        self._role: int | None = None
        self._inbox: list[Request] = []
        self._waiting: list[Any] = []
        #: Whether the watcher has not been started yet, or is parked.
        self.needs_watch = True
        self._watching = False
        self._parked = allocate_lock()
        self._watcher_ended = allocate_lock()

    # --- requests ---------------------------------------------------------------------------------------------------

    def next_request(self) -> Request | None:
        """The next request, or None when the host has ended the wire. Main thread only."""
        self.current = None
        interrupts = self.interrupts
        interrupts.idle = True
        try:
            if interrupts.terminated:
                interrupts.exit()
            with self._lock:
                while not self._inbox:
                    if self.ended:
                        return None
                    self._read_or_wait()
                self.current = request = self._inbox.pop(0)
            return request
        finally:
            interrupts.idle = False

    def wait_for_ack(self, request: Request, seq: int) -> None:
        """Wait until the host says that the undo data `seq` are safe. Raises HostGone if it cannot say so any more.

        On the main thread a cancel ends the wait: the host cancels a step whose undo data it cannot save.
        """
        held = self.interrupts.hold(get_ident())
        try:
            with self._lock:
                while seq not in request.acknowledged:
                    if self.ended:
                        raise HostGone("the host ended before the undo data were safe")
                    if held and request.cancelled and not request.interrupted:  # the host may not be able to save them
                        request.interrupted = True
                        raise StepCancelled(request.cancel_reason)
                    self._read_or_wait()
                request.acknowledged.discard(seq)
        finally:
            if held:
                self.interrupts.release()

    def watch(self) -> None:
        """While `needs_watch`: from now on, somebody reads while a request runs long."""
        self.needs_watch = False
        if not self._watching:
            self._watching = True
            self._watcher_ended.acquire()
            start_new_thread(self._watch, ())
        else:
            self._parked.release()

    def stop_watching(self) -> None:
        """Let the watcher end, unless it waits for a host that neither writes nor goes away."""
        self.ended = True
        if not self._watching:
            return
        if self.needs_watch:
            self.needs_watch = False
            self._parked.release()
        self._watcher_ended.acquire(timeout=_STOP_SECONDS)

    def close_in_child(self) -> None:
        """After a fork: let go of both descriptors."""
        self.sender.close_in_child()
        os.close(self._in_fd)

    # --- reading --------------------------------------------------------------------------------------------------

    def _read_or_wait(self) -> None:
        """Read and route one line if nobody else reads, else wait until something was routed. With the lock held."""
        if self._role is not None:
            self._wait()
            return
        self._role = get_ident()
        self._lock.release()
        try:
            self._route_line()
        finally:
            self._lock.acquire()
            self._role = None
            if self._waiting:
                self._wake_all()

    def _wait(self) -> None:
        turn = allocate_lock()
        turn.acquire()
        self._waiting.append(turn)
        self._lock.release()
        try:
            turn.acquire()
        finally:
            self._lock.acquire()

    def _give_up_role(self) -> None:
        with self._lock:
            self._role = None
            self._wake_all()

    def _wake_all(self) -> None:
        while self._waiting:
            self._waiting.pop().release()

    def _route_line(self) -> None:
        try:
            line = self.reader.read_line()
        except FrameTooLarge as error:
            self.sender.refuse(guess_request_id(error.beginning), WireError("invalid_request", str(error)))
            return
        except OSError:  # a reset connection is the end of the host as well
            line = None
        if line is None:
            self._end()
            return
        try:
            frame = decode_frame(line)
            shape = shape_of(frame)
        except WireError as error:
            self.sender.refuse(guess_request_id(line), error)
            return
        params = frame.get("params", {})
        if shape == "request":
            tagged = line if may_hold_tags(line) else None
            request = Request(int(frame["id"]), frame["method"], params, tagged)
            if request.method == "ping":
                self.sender.answer(request, {})
            else:
                self._inbox.append(request)  # only the reader appends; taking one out needs the lock
        elif shape == "notification":
            self._route_notification(frame["method"], params)

    def _route_notification(self, method: str, params: dict[str, Any]) -> None:
        """Unknown notifications, and those for requests that are unknown or answered, are ignored."""
        with self._lock:
            target = next((one for one in (self.current, *self._inbox) if one and one.id == params.get("id")), None)
        if target is None:
            return
        if method == "cancel":
            target.cancel(str(params.get("reason", "")))
        elif method == "undo_saved" and type(params.get("seq")) is int:
            target.acknowledged.add(params["seq"])

    def _end(self) -> None:
        """The host closed the wire, or died: stop what runs, and do not outlive it by more than the grace."""
        with self._lock:
            self.ended = True
            current = self.current
            left = [one for one in (current, *self._inbox) if one is not None]
        for request in left:
            request.cancel("the host is gone")
        if not self._outlives_host:
            exit_later(_GRACE_AFTER_EOF_SECONDS)

    # --- watching -------------------------------------------------------------------------------------------------

    def _watch(self) -> None:
        try:
            self._watch_until_end()
        finally:
            self._watcher_ended.release()

    def _watch_until_end(self) -> None:
        self._parked.acquire()
        seen: Request | None = None
        idle_ticks = 0
        while not self.ended:
            if idle_ticks > _TICKS_UNTIL_PARKED:
                self._park()
                idle_ticks = 0
            sleep(_TICK_SECONDS)
            with self._lock:
                running = self.current
                takes_over = running is not None and running is seen and self._role is None and not self.ended
                if takes_over:
                    self._role = get_ident()
            seen = running
            idle_ticks = 0 if running is not None else idle_ticks + 1
            if takes_over:
                self._read_while_busy()

    def _park(self) -> None:
        with self._lock:
            if self.current is not None or self.ended:
                return
            self.needs_watch = True
        self._parked.acquire()

    def _read_while_busy(self) -> None:
        """Read on until the main thread is idle again: it then reads its next request itself, or has just got it."""
        try:
            while True:
                self._route_line()
                with self._lock:
                    if self.ended or self.current is None:
                        return
                    self._wake_all()
        except HostGone:
            self._end()
        finally:
            self._give_up_role()
