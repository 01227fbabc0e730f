"""Entry point of `python -m synapse_steps …`, and of `python path/to/synapse_steps/__main__.py …` without installing."""

import os
import sys


def _put_own_package_first() -> None:
    """Started by path: import this very package, whatever else the environment has; leave no other trace in sys.path."""
    folder = os.path.dirname(os.path.abspath(__file__))
    if sys.path and os.path.abspath(sys.path[0]) == folder:
        del sys.path[0]
    parent = os.path.dirname(folder)
    if parent not in sys.path:
        sys.path.insert(0, parent)


if __name__ == "__main__":
    _put_own_package_first()
    from synapse_steps._command import main

    sys.exit(main(sys.argv[1:]))
