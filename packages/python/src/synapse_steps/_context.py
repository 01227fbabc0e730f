"""What a step gets: the shared state of the run as attributes, and the ways to talk to the host."""

from __future__ import annotations

import os

from ._exchange import BadFile, run_place
from ._numbers import progress_numbers
from ._values import to_json_object

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, BinaryIO

    from ._call import StepCall
    from ._fields import Fields

_LEVELS = ("debug", "info", "warning", "error")


class StepContext:
    """The typed state that the steps of one run share: each JSON field is an attribute, and an item.

    Changes reach the host when the step ends, however deep they are. A field whose name is taken by one of the members
    below is reached as an item: `context["params"]`.
    """

    __slots__ = ("_call",)

    if TYPE_CHECKING:
        _call: StepCall

    def __init__(self, call: StepCall) -> None:
        _set_call(self, call)

    @property
    def _fields(self) -> Fields:
        return self._call.fields

    # --- the request ----------------------------------------------------------------------------------------------

    @property
    def params(self) -> dict[str, Any]:
        """The params of the workflow."""
        return self._call.params

    @property
    def step_params(self) -> dict[str, Any]:
        """The step's own params, from its `with`."""
        return self._call.step_params

    @property
    def run_id(self) -> str:
        """Which run this is."""
        return self._call.run_id

    @property
    def attempt(self) -> int:
        """Which attempt of the step this is, from 1."""
        attempt: int = self._call.request.params.get("attempt", 1)
        return attempt

    @property
    def undo_attempt(self) -> int:
        """Which attempt to undo the step this is, from 1; 0 outside `rollback`."""
        attempt: int = self._call.request.params.get("undo_attempt", 0)
        return attempt

    @property
    def idempotency_key(self) -> str:
        """The same text whenever the same attempt is made again."""
        return str(self._call.request.params.get("idempotency_key", ""))

    @property
    def cancelled(self) -> bool:
        """Whether the host has asked this step to stop. An undo is never asked."""
        return self._call.request.cancelled

    # --- telling the host -----------------------------------------------------------------------------------------

    def set_progress(
        self,
        current: float,
        total: float,
        step: str | None = None,
        category: str | None = None,
        message: str | None = None,
    ) -> None:
        """Say how far the step is. Only its default category moves the run's progress."""
        current, total = progress_numbers(self._call.step_name, current, total)
        said = {"current": current, "total": total, "category": category or step, "message": message}
        self._call.notify("progress", said)

    def set_metrics(self, metrics: dict[str, Any], category: str | None = None, *, step: str | None = None) -> None:
        """Report measured values."""
        self._call.notify("metrics", {"category": category or step, "metrics": to_json_object(metrics, "metrics")})

    def log(self, event: str, data: dict[str, Any] | None = None, level: str = "info") -> None:
        """Log an event with data, for programs."""
        plain = None if data is None else to_json_object(data, "data")
        self._call.notify("log", {"level": _level(level), "event": str(event), "data": plain, "message": None})

    def log_message(self, message: str, level: str = "info") -> None:
        """Log a text, for people."""
        self._call.notify("log", {"level": _level(level), "event": None, "data": None, "message": str(message)})

    def save_undo(self, data: dict[str, Any], durable: bool = True) -> None:
        """Save what `rollback` will need: before the effect, and covering it. Its keys merge over what was saved.

        Returns once the host has it safe; with `durable=False` at once.
        """
        self._call.save_undo(to_json_object(data, "undo"), durable)

    def write_file(
        self, content: Any, media: str = "application/octet-stream", suffix: str = ""
    ) -> dict[str, Any]:
        """Hand a file over to later steps of this run: its description, to be kept in the context as it is.

        `content` is bytes, or the path of a file, which is moved. Whoever has the description reads it by
        `open_file`. The file is kept until the run is over, with its rollback; what is to stay must be copied out by
        a step. A run that another process resumes, or that is undone later, does not find it any more.
        """
        exchange, place = self._call.exchange, run_place(self._call.run_id)
        if isinstance(content, str) or hasattr(content, "__fspath__"):
            written = exchange.adopt(os.fspath(content), media, place, suffix)
        else:
            written = exchange.write(content, media, place, suffix)
        return {"file": written.pop("$file"), **written}

    def open_file(self, file: dict[str, Any]) -> BinaryIO:
        """Open a file that a step handed over by `write_file`, for reading; its `name` is a path that can be mapped.

        Raises FileNotFoundError if it is not there any more.
        """
        exchange = self._call.exchange
        try:
            path = exchange.path_of(file["file"])
            exchange.check(path, file["bytes"])
        except BadFile as error:
            raise FileNotFoundError(f"the file that was handed over cannot be used: {error}") from None
        return open(path, "rb")

    def patch(self, operations: list[dict[str, Any]]) -> None:
        """Change a large field by RFC 6902 operations (add, replace, remove) instead of sending all of it."""
        self._fields.apply(operations)

    # --- the fields -----------------------------------------------------------------------------------------------

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        try:
            return self._call.fields.read(name)
        except KeyError:
            raise AttributeError(_no_field(name, self._fields)) from None

    def __setattr__(self, name: str, value: Any) -> None:
        if hasattr(type(self), name):
            raise AttributeError(f'{name} belongs to the context itself; a field of that name is context["{name}"]')
        self._fields.write(name, value)

    def __delattr__(self, name: str) -> None:
        try:
            self._fields.delete(name)
        except KeyError:
            raise AttributeError(_no_field(name, self._fields)) from None

    def __getitem__(self, name: str) -> Any:
        return self._fields.read(name)

    def __setitem__(self, name: str, value: Any) -> None:
        if not isinstance(name, str):
            raise TypeError(f"a context field has a text as its name, not {name!r}")
        self._fields.write(name, value)

    def __delitem__(self, name: str) -> None:
        self._fields.delete(name)

    def __contains__(self, name: object) -> bool:
        return name in self._fields

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)

    def __bool__(self) -> bool:
        return True

    def __dir__(self) -> list[str]:
        return sorted({*object.__dir__(self), *self._fields})

    def __repr__(self) -> str:
        return f"<context of step {self._call.step_name!r} with fields {', '.join(self._fields) or 'none'}>"


_set_call = vars(StepContext)["_call"].__set__  # the only attribute that is no field


def _level(level: str) -> str:
    if level not in _LEVELS:
        raise ValueError(f"a log level is one of {', '.join(_LEVELS)}, not {level!r}")
    return level


def _no_field(name: str, fields: Fields) -> str:
    from ._slips import closest

    members = [member for member in dir(StepContext) if not member.startswith("_")]
    meant = closest(name, [*fields, *members])
    problem = f"the context has no field '{name}'"
    if meant is None:
        return f"{problem}; it has {', '.join(fields) or 'none'}"
    if meant in fields:
        return f"{problem}; did you mean '{meant}'? It has {', '.join(fields)}"
    return f"{problem}; did you mean {meant}{'()' if callable(getattr(StepContext, meant)) else ''}?"
