"""How the process ends, in time and with all that steps have started: nobody is left to do that when the host is gone."""

from __future__ import annotations

import os
import sys
from _thread import allocate_lock, start_new_thread

from ._stdio import flush_streams, restore_streams

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

_SECOND_LINE_SECONDS = 0.5

_parent_at_start = os.getppid()
_last_words = allocate_lock()  # held while the process is to end


def exit_later(seconds: float) -> None:
    """End the process in any case, with status 1 and all stacks on stderr.

    A thread does that, which takes along what steps have started if the host is gone. Where a C function does not let go
    of the interpreter, no thread comes to run: a little later the process then ends alone.
    """
    import faulthandler

    if not _last_words.acquire(False):
        return  # it is on its way
    faulthandler.dump_traceback_later(seconds + _SECOND_LINE_SECONDS, exit=True, file=2)
    start_new_thread(_exit_after, (seconds,))


def stay() -> None:
    """Take back `exit_later`."""
    import faulthandler

    faulthandler.cancel_dump_traceback_later()
    if _last_words.locked():
        _last_words.release()


def leave(status: int) -> NoReturn:
    """End the process as the interpreter would, but for its last step.

    Threads are joined, exit functions run and output is flushed. What is left out is to take the interpreter apart: with
    threads that still run, that crashes some versions of CPython.
    """
    import atexit

    restore_streams()
    threading = sys.modules.get("threading")
    if threading is not None:
        threading._shutdown()
    atexit._run_exitfuncs()
    flush_streams()
    _exit_with_group(status)


def _exit_after(seconds: float) -> None:
    import faulthandler

    if _last_words.acquire(True, seconds):
        _last_words.release()
        return
    faulthandler.dump_traceback(file=2)
    _exit_with_group(1)


def _exit_with_group(status: int) -> NoReturn:
    end_group_without_host()
    os._exit(status)


def end_group_without_host() -> None:
    """End the own group, this process first, if no host is there to do so: by then another one is the parent.

    A group that somebody else leads is not touched.
    """
    if os.getppid() != _parent_at_start and hasattr(os, "killpg") and os.getpgrp() == os.getpid():
        import _signal  # type: ignore[import-not-found]

        os.killpg(0, _signal.SIGKILL)
