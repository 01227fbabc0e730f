"""Sends what the user's code logs and warns about to the host, as log frames of the running request.

`logging` is not imported for that: it costs more than the whole runtime, and many steps never use it. A watcher in the
import system connects it when somebody else imports it.
"""

from __future__ import annotations

import sys

from ._writer import HostGone

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any

    from ._wire import Wire

_STEP_METHODS = ("can_skip", "execute", "rollback")


def capture(wire: Wire) -> None:
    """Connect `logging` and `warnings`, now or as soon as they are imported."""
    for name, connect in (("logging", _connect_logging), ("warnings", _connect_warnings)):
        module = sys.modules.get(name)
        if module is not None:
            connect(module, wire)
        else:
            sys.meta_path.insert(0, _ImportWatcher(name, connect, wire))


def _send(wire: Wire, level: str, message: str, data: dict[str, Any] | None) -> None:
    """Send a log line of the running request; outside of one it goes to stderr."""
    request = wire.current
    said = {"level": level, "event": None, "data": data, "message": message}
    try:
        if (
            request is not None
            and request.method in _STEP_METHODS
            and wire.sender.notify(request, "log", said) is not None
        ):
            return
    except HostGone:
        pass  # the text is then written to stderr, which may still be read
    print(message, file=sys.stderr)


def log_handler(logging: Any, wire: Wire) -> Any:
    """A handler for the root logger that sends each line with its level and the name of its logger."""

    class WireHandler(logging.Handler):  # type: ignore[misc]
        def emit(self, record: Any) -> None:
            try:
                message = record.getMessage()
                if record.exc_info and record.exc_info[1] is not None:
                    message = f"{message}\n{logging.Formatter().formatException(record.exc_info)}"
                _send(wire, _level(record.levelno), message, {"logger": record.name})
            except Exception:
                self.handleError(record)

    return WireHandler()


def _connect_logging(logging: Any, wire: Wire) -> None:
    handler = log_handler(logging, wire)
    root = logging.getLogger()
    root.addHandler(handler)
    original = logging.basicConfig

    def basic_config(**settings: Any) -> None:
        """`logging.basicConfig`, which would do nothing because the root has a handler already."""
        root.removeHandler(handler)
        try:
            if not {"filename", "handlers", "stream"} & settings.keys():
                settings["handlers"] = [handler]
            original(**settings)
        finally:
            root.addHandler(handler)

    logging.basicConfig = basic_config


def _level(number: int) -> str:
    for least, name in ((40, "error"), (30, "warning"), (20, "info")):
        if number >= least:
            return name
    return "debug"


def _connect_warnings(warnings: Any, wire: Wire) -> None:
    original = warnings.showwarning

    def show_warning(
        message: Any, category: type[Warning], filename: str, lineno: int, file: Any = None, line: str | None = None
    ) -> None:
        if file is not None:
            original(message, category, filename, lineno, file, line)
        else:
            _send(wire, "warning", f"{category.__name__}: {message} ({filename}:{lineno})", None)

    warnings.showwarning = show_warning


class _ImportWatcher:
    """A finder that finds one module as usual and connects it once it has been executed."""

    def __init__(self, name: str, connect: Any, wire: Wire) -> None:
        self._name = name
        self._connect = connect
        self._wire = wire

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        if name != self._name:
            return None
        if self in sys.meta_path:
            sys.meta_path.remove(self)
        for finder in sys.meta_path:
            spec = finder.find_spec(name, path, target)
            if spec is not None:
                spec.loader = _ConnectingLoader(spec.loader, self._connect, self._wire)  # type: ignore[assignment]
                return spec
        return None


class _ConnectingLoader:
    """The module's own loader, and one thing more after it."""

    def __init__(self, loader: Any, connect: Any, wire: Wire) -> None:
        self._loader = loader
        self._connect = connect
        self._wire = wire

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)

    def create_module(self, spec: Any) -> Any:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        if module.__spec__ is not None:
            module.__spec__.loader = self._loader
        module.__loader__ = self._loader
        self._loader.exec_module(module)
        self._connect(module, self._wire)
