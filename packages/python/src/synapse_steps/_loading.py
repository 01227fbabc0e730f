"""From a file or module name to the steps in it."""

from __future__ import annotations

import os
import sys

from ._cause import cause_chain_of, error_text, type_name
from ._errors import WireError
from ._finding import find_steps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType

    from ._finding import Plugin


def load_plugin(target: str) -> Plugin:
    """Import `target` (a file, else a dotted module name) and find its steps. Raises WireError that names it."""
    is_file = os.path.sep in target or target.endswith(".py") or os.path.isfile(target)
    try:
        module = _import_file(target) if is_file else _import_module(target)
    except WireError:
        raise
    except BaseException as error:  # also SystemExit and KeyboardInterrupt: a plugin is loaded or it is not
        text = f"the module called sys.exit({error.code!r})" if isinstance(error, SystemExit) else error_text(error)
        name = os.path.abspath(target) if is_file else target
        message = f"{name} cannot be imported: {type_name(error)}: {text}"
        raise WireError("precondition_failed", message, cause=cause_chain_of(error)) from error
    return find_steps(module)


def _import_file(target: str) -> ModuleType:
    path = os.path.abspath(target)
    if not os.path.isfile(path):
        raise WireError("precondition_failed", f"there is no file {path}")
    _add_to_path(os.path.dirname(path))
    return _execute(_free_name(os.path.splitext(os.path.basename(path))[0]), path)


def _execute(name: str, path: str) -> ModuleType:
    # What importlib.util is made of, already in memory; importing that takes 9 ms on CPython 3.9.
    from _frozen_importlib import module_from_spec
    from _frozen_importlib_external import SourceFileLoader, spec_from_file_location

    loader = SourceFileLoader(name, path)
    spec = spec_from_file_location(name, path, loader=loader)
    module = module_from_spec(spec)  # type: ignore[arg-type]
    sys.modules[name] = module
    try:
        loader.exec_module(module)
    except BaseException:
        sys.modules.pop(name, None)
        raise
    return module


def _import_module(name: str) -> ModuleType:
    folder = os.getcwd()
    if "" not in sys.path and folder not in sys.path:
        sys.path.insert(1, folder)
    __import__(name)
    return sys.modules[name]


def _add_to_path(folder: str) -> None:
    """Let the file import its siblings, as a script can; this package itself stays in front."""
    own_folder = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    if folder not in sys.path:
        sys.path.insert(1 if sys.path and sys.path[0] == own_folder else 0, folder)


def _free_name(stem: str) -> str:
    """The file's own name, so that child processes can import it too, unless that is taken."""
    return stem if stem not in sys.modules else f"synapse_steps_plugin_{stem}"
