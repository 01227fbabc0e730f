"""Takes the wire away from stdin and stdout before any code of the user runs.

The wire moves to descriptors of its own that children do not inherit; descriptor 1 becomes a second stderr and
descriptor 0 is empty, so that neither print, nor C code, nor a child process can write into a frame or read one.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO


def claim_wire() -> tuple[int, int]:
    """The descriptors to read from and to write to. Raises OSError if stdin or stdout is closed."""
    flush_streams()
    wire_in, wire_out = _duplicate(0), _duplicate(1)
    os.set_blocking(wire_in, True)
    os.set_blocking(wire_out, True)
    open_stderr()
    _empty_stdin()
    divert_stdout()
    return wire_in, wire_out


def divert_stdout() -> None:
    """Let everything that is written to descriptor 1 arrive at stderr."""
    os.dup2(2, 1)
    restore_streams()
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(line_buffering=True)


def restore_streams() -> None:
    """Open again what somebody closed or took away: the next one who prints has no part in that."""
    if sys.stdout is None or getattr(sys.stdout, "closed", False):
        sys.stdout = _stream_to(1, sys.__stdout__)
    if sys.stderr is None or getattr(sys.stderr, "closed", False):
        sys.stderr = _stream_to(2, sys.__stderr__)


def flush_streams() -> None:
    """Write out what was printed, as far as that can be done."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except Exception:
            continue  # closed, gone, or something else that a step put there: it ends nothing but itself


def open_stderr() -> None:
    """Where stderr is closed, nobody listens; but its number must not go to the next file that is opened."""
    try:
        os.fstat(2)
    except OSError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        if nowhere != 2:
            os.dup2(nowhere, 2)
            os.close(nowhere)


def trace_crashes() -> None:
    """Let a crash of the interpreter say on stderr where it happened."""
    import faulthandler

    faulthandler.enable(file=2, all_threads=True)


def _stream_to(fd: int, original: TextIO | None) -> TextIO:
    """The stream that the interpreter opened for a descriptor, or, where that is closed, one like it."""
    if original is not None and not original.closed:
        return original
    return open(fd, "w", buffering=1, encoding="utf-8", errors="backslashreplace", closefd=False)


def _empty_stdin() -> None:
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    if nothing > 2:
        os.close(nothing)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # input() raises EOFError at once


def _duplicate(fd: int) -> int:
    """A copy at 3 or above, so that a closed standard descriptor cannot swallow it; not inherited by children."""
    try:
        import fcntl
    except ImportError:  # Windows; os.dup makes copies that are not inherited
        return os.dup(fd)
    return fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, 3)
