"""Decides when a signal may become an exception in the main thread, where steps run.

A cancel arrives as a signal at any bytecode. It becomes `StepCancelled` only inside the user's code: while the main
thread writes a frame, waits for the host, or has already got the step's result, it stays pending or comes too late.
So no frame is ever cut, and no result that a step returned is lost. (A SIGTERM from elsewhere that hits the instant before
a blocking call is noticed after that call; hosts end stdin first, which the watcher thread sees in any case.)
"""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]
import os
from _thread import get_ident, start_new_thread
from time import monotonic, sleep

from ._step import StepCancelled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType
    from typing import Any, NoReturn

    from ._request import Request

_FIRST_PAUSE_SECONDS = 0.005
_LONGEST_PAUSE_SECONDS = 0.25
_CLEAN_UP_SECONDS = 1.0


class Interrupts:
    """The signal handlers of a plugin process, and the regions in which they may raise."""

    def __init__(self) -> None:
        self.main_thread = get_ident()
        self.terminated = False
        self.forked = False
        self._request: Request | None = None  # set while the user's code may be interrupted
        self._async_request: Request | None = None  # the same, for a coroutine
        #: While no request is in progress: SIGTERM ends the process at once.
        self.idle = False
        self._shield = 0
        self._noticed_at = 0.0
        self._masks: dict[int, Any] = {}
        self._pending: BaseException | None = None

    def install(self) -> None:
        """Take over SIGUSR1 (cancel), SIGTERM (cancel, then exit) and SIGINT. Main thread only."""
        for number in _numbers():
            _signal.signal(number, self._on_signal)

    def follow_forks(self) -> None:
        """Let forked children die of signals as usual, also of those that come while they are being made."""
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(
                before=self._before_fork, after_in_parent=self._after_fork, after_in_child=self._after_fork_in_child
            )

    def _before_fork(self) -> None:
        self._masks[get_ident()] = _signal.pthread_sigmask(_signal.SIG_BLOCK, _numbers())

    def _after_fork(self) -> None:
        _signal.pthread_sigmask(_signal.SIG_SETMASK, self._masks.pop(get_ident(), set()))

    def _after_fork_in_child(self) -> None:
        self.forked = True
        self._request, self._async_request, self._pending, self.idle = None, None, None, False
        for number in _numbers():
            _signal.signal(number, _signal.default_int_handler if number == _signal.SIGINT else _signal.SIG_DFL)
        self._after_fork()

    def run(self, request: Request, function: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
        """Call the user's function so that a cancel of `request` interrupts it."""
        self._pending = None
        request.interrupt = self._interrupt_main_thread
        self._request = request
        try:
            if request.cancelled:
                raise self._noticed(request, StepCancelled(request.cancel_reason))
            return function(*arguments)
        finally:
            self._request = None
            request.interrupt = None

    def run_async(self, request: Request, coroutine: Any) -> Any:
        """Await what the user's `async` function returned; a cancel reaches it through its event loop."""
        import asyncio

        async def main() -> Any:
            task = asyncio.ensure_future(coroutine)
            loop = asyncio.get_running_loop()

            def interrupt() -> None:
                try:
                    loop.call_soon_threadsafe(task.cancel)
                except RuntimeError:
                    return  # the loop has been closed just now: the step has ended, which no cancel changes

            request.interrupt = interrupt
            if request.cancelled:
                task.cancel()
            try:
                return await task
            finally:
                request.interrupt = None

        self._async_request = request
        try:
            return asyncio.run(main())
        finally:
            self._async_request = None

    def hold(self, thread: int) -> bool:
        """Until `release`, keep signals pending. True if this thread is the main one, where it matters."""
        if thread != self.main_thread:
            return False
        self._shield += 1
        return True

    def release(self) -> None:
        """End `hold`; raises what became pending meanwhile."""
        self._shield -= 1
        if self.idle and self.terminated and not self._shield:
            self.exit()
        pending = self._pending
        request = self._request
        if self._shield or request is None:
            return
        if pending is None and request.cancelled and not request.interrupted:
            pending = StepCancelled(request.cancel_reason)
        if pending is not None:
            self._pending = None
            raise self._noticed(request, pending)

    def exit(self) -> NoReturn:
        """End the process, which was told to terminate, now that no request is in progress."""
        raise SystemExit(_TERMINATED)

    def _interrupt_main_thread(self) -> None:
        request = self._request
        if request is None or get_ident() == self.main_thread:
            return  # the main thread reads the wire itself, held: release() raises
        self._signal_main_thread()
        start_new_thread(self._insist, (request,))

    def _insist(self, request: Request) -> None:
        """Signal again until the step has noticed: a signal just before a blocking call would be noticed after it."""
        pause = _FIRST_PAUSE_SECONDS
        sleep(pause)
        while self._request is request and not request.interrupted:
            self._signal_main_thread()
            sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)

    def _signal_main_thread(self) -> None:
        if hasattr(_signal, "SIGUSR1"):
            _signal.pthread_kill(self.main_thread, _signal.SIGUSR1)
        else:
            import _thread

            _thread.interrupt_main()

    def _on_signal(self, signum: int, frame: FrameType | None) -> None:
        if signum == _signal.SIGTERM:
            self._on_terminate()
        request = self._request
        if request is None:
            return  # between two steps, or in an undo: those are never interrupted
        if request.cancelled and self._may_raise_now(signum, request):
            error: BaseException = StepCancelled(request.cancel_reason)
        elif signum == _signal.SIGINT:
            error = KeyboardInterrupt()
        else:
            return
        if self._shield:
            self._pending = error
        elif frame is not None and frame.f_code is _RUN_CODE:
            start_new_thread(self._insist, (request,))  # not in the user's code yet, or no longer
        else:
            raise self._noticed(request, error)

    def _may_raise_now(self, signum: int, request: Request) -> bool:
        """Once for a cancel; again for SIGTERM, but not into the clean-up that has just begun."""
        if not request.interrupted:
            return True
        return signum == _signal.SIGTERM and monotonic() - self._noticed_at > _CLEAN_UP_SECONDS

    def _noticed(self, request: Request, error: BaseException) -> BaseException:
        request.interrupted = True
        self._noticed_at = monotonic()
        return error

    def _on_terminate(self) -> None:
        self.terminated = True
        if self.idle and not self._shield:
            self.exit()
        if self._request is not None and not self._request.cancelled:
            self._request.cancelled = True
            self._request.cancel_reason = _TERMINATED_REASON
        if self._async_request is not None:
            self._async_request.cancel(_TERMINATED_REASON)


def _numbers() -> list[int]:
    return [getattr(_signal, name) for name in ("SIGUSR1", "SIGTERM", "SIGINT") if hasattr(_signal, name)]


_TERMINATED = 143
_TERMINATED_REASON = "the process was told to terminate"
_RUN_CODE = Interrupts.run.__code__
