"""Entry point of `python -m synapse_steps …`, and of `python path/to/synapse_steps/__main__.py …` without installing."""

import os
import sys

_FOLDER = os.path.dirname(os.path.abspath(__file__))
_prefix_before = sys.pycache_prefix


def _put_own_package_first() -> None:
    """Started by path: import this very package, whatever else the environment has; leave no other trace in sys.path."""
    if sys.path and os.path.abspath(sys.path[0]) == _FOLDER:
        del sys.path[0]
    parent = os.path.dirname(_FOLDER)
    if parent not in sys.path:
        sys.path.insert(0, parent)


def _keep_bytecode() -> None:
    """Where this package lies read-only and without bytecode, keep that in the user's cache.

    Compiling the package takes longer than all the rest of a start. `_stop_keeping_bytecode` comes before any code of the user.
    """
    if sys.dont_write_bytecode or sys.pycache_prefix is not None or not hasattr(os, "geteuid"):
        return
    own = os.path.join(_FOLDER, "__pycache__")
    if os.path.isfile(os.path.join(own, f"_command.{sys.implementation.cache_tag}.pyc")):
        return
    if not os.access(own if os.path.isdir(own) else _FOLDER, os.W_OK):
        sys.pycache_prefix = _private_cache()


def _private_cache() -> "str | None":
    """A folder that nobody else may write to: whoever puts bytecode there has it run as this user. None if there is none."""
    home = os.environ.get("HOME", "")
    folder = os.path.join(os.environ.get("XDG_CACHE_HOME") or os.path.join(home, ".cache"), "synapse-steps", "bytecode")
    if not os.path.isabs(folder):
        return None
    try:
        os.makedirs(folder, 0o700, exist_ok=True)
        status = os.lstat(folder)
    except OSError:
        return None  # a start that compiles is slow, but a start
    is_private = status.st_uid == os.geteuid() and status.st_mode & 0o170022 == 0o040000
    return folder if is_private else None


def _stop_keeping_bytecode() -> None:
    sys.pycache_prefix = _prefix_before


if __name__ == "__main__":
    _put_own_package_first()
    _keep_bytecode()
    from synapse_steps._command import main

    sys.exit(main(sys.argv[1:], before_loading=_stop_keeping_bytecode))
