"""Exceptions as the host shows them: type, text and the part of the traceback that belongs to the user."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType
    from typing import Any

_MAX_LINES = 400
_MAX_TEXT = 32_768
_OWN_FOLDER = os.path.dirname(os.path.abspath(__file__))


def cause_of(error: BaseException) -> dict[str, Any]:
    """The `cause` of a result."""
    return {"type": type_name(error), "message": _text(error), "traceback": traceback_lines(error)}


def cause_chain_of(error: BaseException) -> list[dict[str, Any]]:
    """The `cause` list of an error answer."""
    return [{"name": type_name(error), "message": _text(error), "stack": traceback_lines(error)}]


def error_text(error: BaseException) -> str:
    """What is wrong, in one text: the exception's own words, or its type where it has none of use."""
    text = _text(error)
    if isinstance(error, SystemExit):
        return f"the step called sys.exit({error.code!r})"
    if not text or isinstance(error, KeyError):
        return f"{type_name(error)}: {text}" if text else type_name(error)
    return text


def type_name(error: BaseException) -> str:
    """The exception's type, with its module unless that is builtins."""
    kind = type(error)
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def traceback_lines(error: BaseException) -> list[str]:
    """The traceback from the first line of the user's code to the last, bounded."""
    import traceback

    part = _user_part(error.__traceback__)
    try:
        chunks = traceback.format_exception(type(error), error, part, limit=_shown_frames(error, part))
    except Exception as failure:  # a __str__ or a source file that cannot be read must not hide the error itself
        chunks = [f"{type_name(error)} (its traceback cannot be shown: {type_name(failure)})"]
    lines = [line[:_MAX_TEXT] for line in "".join(chunks).splitlines()]
    if len(lines) > _MAX_LINES:
        cut = len(lines) - _MAX_LINES
        lines = [*lines[:50], f"  … {cut} lines left out …", *lines[50 + cut :]]
    return lines


def _user_part(traceback: TracebackType | None) -> TracebackType | None:
    first = traceback
    while first is not None and _is_machinery(first.tb_frame.f_code.co_filename):
        first = first.tb_next
    return first or traceback


def _shown_frames(error: BaseException, part: TracebackType | None) -> int | None:
    """How many frames reach to the last one outside of this package; None for all, also of a chain of exceptions."""
    if error.__cause__ is not None or (error.__context__ is not None and not error.__suppress_context__):
        return None  # the number would cut the tracebacks of the others
    shown = count = 0
    while part is not None:
        count += 1
        if not part.tb_frame.f_code.co_filename.startswith(_OWN_FOLDER):
            shown = count
        part = part.tb_next
    return shown or None


def _is_machinery(filename: str) -> bool:
    return (
        filename.startswith((_OWN_FOLDER, "<frozen importlib"))
        or os.path.basename(os.path.dirname(filename)) == "asyncio"
    )


def _text(error: BaseException) -> str:
    try:
        return str(error)[:_MAX_TEXT]
    except Exception as failure:
        return f"(its text cannot be shown: {type_name(failure)})"
