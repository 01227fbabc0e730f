"""Starts serving: from the command line, or from a program that calls `serve`."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from ._finding import Plugin

SESSION_VARIABLE = "STEP_PROTOCOL_SESSION"
WRONG_USE = 64


def serve(steps: Sequence[Any] | None = None, *, name: str | None = None, version: str = "") -> None:
    """Serve steps to the host that started this program, and return when it has ended.

    Without `steps`, those of the running program (its module `__main__`) are served. Must be called on the main thread.
    Afterwards, and meanwhile, stdout goes to stderr. Started by hand, it says so and exits with status 64.
    """
    if not os.environ.get(SESSION_VARIABLE):
        print("This program is a plugin: a synapse-steps host starts it.", file=sys.stderr)
        raise SystemExit(WRONG_USE)
    from ._finding import Plugin, find_steps

    def load() -> Plugin:
        main = sys.modules["__main__"]
        if steps is None:
            return find_steps(main)
        file = getattr(main, "__file__", None) or "plugin"
        return Plugin(name or os.path.splitext(os.path.basename(file))[0], version, steps)

    import atexit

    from ._leaving import end_group_without_host, stay

    atexit.register(end_group_without_host)
    status = run_server(load)
    stay()  # what the program does next is its own affair
    if status:
        raise SystemExit(status)


def run_server(load: Callable[[], Plugin]) -> int:
    """Take the wire and answer requests until the host ends it; the exit status."""
    from ._capture import capture
    from ._interrupts import Interrupts
    from ._server import Server
    from ._stdio import claim_wire, restore_streams, trace_crashes
    from ._wire import Wire

    interrupts = Interrupts()
    wire = Wire(claim_wire(), interrupts)
    trace_crashes()
    interrupts.install()
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=wire.close_in_child)
    interrupts.follow_forks()
    capture(wire)
    try:
        return Server(wire, load).run()
    finally:
        restore_streams()
        wire.stop_watching()
