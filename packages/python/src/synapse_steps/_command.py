"""The command line: `python -m synapse_steps [--describe] FILE_OR_MODULE`."""

from __future__ import annotations

import os
import sys

from ._serving import SESSION_VARIABLE, WRONG_USE, run_server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import NoReturn

    from ._finding import Plugin

_HELP = """\
Serves the steps of a Python file or module to a synapse-steps host.

  python -m synapse_steps FILE_OR_MODULE              serve; started by the host, not by hand
  python -m synapse_steps --describe FILE_OR_MODULE   print the steps as JSON
  python -m synapse_steps --version

In a workflow file:   plugins: { trainer: { python: plugins/train.py } }
In Node:              await connectPlugin({ python: 'plugins/train.py' })
"""


def main(arguments: list[str], before_loading: Callable[[], None] = lambda: None) -> int:
    """Run the command; the exit status. `before_loading` is called before any code of the user is."""
    if arguments in (["--help"], ["-h"]):
        print(_HELP, end="")
        return 0
    if arguments == ["--version"]:
        from ._version import __version__

        print(f"synapse-steps {__version__}")
        return 0
    if len(arguments) == 2 and arguments[0] == "--describe":
        return _describe(arguments[1], before_loading)
    if len(arguments) != 1 or arguments[0].startswith("-") or not os.environ.get(SESSION_VARIABLE):
        print(_HELP, end="", file=sys.stderr)
        return WRONG_USE
    _serve(arguments[0], before_loading)


def _serve(target: str, before_loading: Callable[[], None]) -> NoReturn:
    from ._loading import load_plugin
    from ._leaving import leave

    def load() -> Plugin:
        before_loading()
        return load_plugin(target)

    try:
        status = run_server(load)
    except SystemExit as stop:  # told to terminate while idle
        status = stop.code if isinstance(stop.code, int) else 1
    leave(status)


def _describe(target: str, before_loading: Callable[[], None]) -> int:
    from json import dumps

    from ._errors import WireError
    from ._loading import load_plugin
    from ._stdio import divert_stdout, open_stderr

    with open(os.dup(1), "w", encoding="utf-8") as output:
        open_stderr()
        divert_stdout()  # what the module prints is not part of the answer
        before_loading()
        try:
            plugin = load_plugin(target)
        except WireError as error:
            lines = [link_line for link in error.details.get("cause", []) for link_line in link["stack"]]
            print("\n".join([*lines, error.message]), file=sys.stderr)
            return 1
        output.write(dumps({"steps": plugin.described, "actions": []}, indent=2) + "\n")
    return 0
