"""From what a step returned or raised to the result that the host gets."""

from __future__ import annotations

from ._cause import cause_chain_of, cause_of, error_text
from ._errors import WireError
from ._members import has_can_skip, has_rollback
from ._step import StepCancelled, StepResult
from ._values import UnserialisableValueError, to_json_object

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ._call import StepCall
    from ._context import StepContext
    from ._request import Request
    from ._sender import Sender


_HINT = "Return plain values: dict, list, str, int, float, bool, None."


def can_skip(call: StepCall, context: StepContext) -> dict[str, Any]:
    """Ask a step whether there is nothing to do. Raises WireError if asking fails."""
    if not has_can_skip(call.step):
        return {"skip": False, "reason": None}
    try:
        answer = call.run(call.step.can_skip, context)
    except BaseException as error:
        raise _error_of(call, error) from error
    return {"skip": bool(answer), "reason": answer if isinstance(answer, str) and answer else None}


def execute(call: StepCall, context: StepContext) -> dict[str, Any]:
    """Run a step. A failure is a result as well; only a cancelled step raises WireError."""
    try:
        returned = call.run(call.step.execute, context)
    except BaseException as error:
        if call.was_cancelled_by(error):
            raise _error_of(call, error, patch=call.fields.changes()[0]) from error
        return _failure(call, StepResult.fail(error_text(error)), cause_of(error))
    if type(returned) is not StepResult and not _looks_like_a_result(returned):
        text = f"execute() returned {returned!r:.200}; it must return a StepResult"
        return _failure(call, StepResult.fail(text), None)
    return _success(call, returned) if returned.success else _failure(call, returned, None)


def _looks_like_a_result(value: Any) -> bool:
    return all(hasattr(value, member) for member in ("success", "data", "error", "rollback_data"))


def rollback(call: StepCall, context: StepContext) -> dict[str, Any]:
    """Undo a step."""
    if not has_rollback(call.step):
        return _undo("irreversible" if getattr(call.step, "irreversible", False) else "nothing-to-undo")
    try:
        returned = call.run(call.step.rollback, context, _result_to_undo(call.request.params))
    except BaseException as error:
        patch, _problem = call.fields.changes()
        return {**_undo("failed", patch), "error": error_text(error), "cause": cause_of(error)}
    patch, problem = call.fields.changes()
    if problem is not None:
        return {**_undo("failed", patch), "error": str(problem)}
    if isinstance(returned, StepResult) and not returned.success:
        return {**_undo("failed", patch), "error": str(returned.error)}
    left_behind = returned.get("left_behind") if isinstance(returned, dict) else None
    if left_behind:
        texts = [left_behind] if isinstance(left_behind, str) else [str(text) for text in left_behind]
        return {**_undo("irreversible", patch), "left_behind": texts}
    return _undo("undone", patch)


def unserialisable(error: UnserialisableValueError, step: Any) -> WireError:
    """The answer to a value that has no JSON form."""
    details = {} if ";" in error.reason else {"hint": _HINT}  # some reasons say themselves what to do
    how = "written" if error.pointer.startswith("/context") else "returned"
    message = f"{error} ({how} by execute(){_place_of(step)})"
    return WireError("unserialisable_value", message, pointer=error.pointer, type_name=error.type_name, **details)


def _place_of(step: Any) -> str:
    code = getattr(step.execute, "__code__", None)
    return "" if code is None else f", {code.co_filename}:{code.co_firstlineno}"


def _success(call: StepCall, returned: Any) -> dict[str, Any]:
    undo = _undo_data(returned, call.step) if returned.rollback_data else None
    patch, problem = call.fields.changes()
    try:
        if problem is not None:
            raise problem
        data = to_json_object(returned.data, "data") if returned.data else {}
    except UnserialisableValueError as error:
        keep(call.wire.sender, call.request, Left(call.step, undo, patch))
        raise unserialisable(error, call.step) from error
    return _result(returned, data, undo, patch)


def _failure(call: StepCall, returned: Any, cause: dict[str, Any] | None) -> dict[str, Any]:
    """A step that failed: what cannot be written is left out, and said so, rather than hiding the failure."""
    problems: list[str] = []
    data: dict[str, Any] = {}
    undo: dict[str, Any] | None = None
    try:
        data = to_json_object(returned.data or {}, "data")
    except UnserialisableValueError as error:
        problems.append(str(error))
    try:
        undo = _undo_data(returned, call.step) if returned.rollback_data else None
    except WireError as error:
        problems.append(error.message)
    patch, problem = call.fields.changes()
    if problem is not None:
        problems.append(str(problem))
    result = _result(returned, data, undo, patch)
    text = result.get("error") or "the step failed without saying why"
    if problems:
        text = f"{text} (moreover: {'; '.join(problems)})"
    result.update(success=False, error=text, **({} if cause is None else {"cause": cause}))
    return result


def _result(
    returned: Any, data: dict[str, Any], undo: dict[str, Any] | None, patch: list[dict[str, Any]]
) -> dict[str, Any]:
    """What there is to say; all else has a default, which most steps leave all of it at."""
    result: dict[str, Any] = {"success": True}
    error = returned.error
    reason = getattr(returned, "skip_reason", None)
    if getattr(returned, "skipped", False):
        result["skipped"] = True
    if reason is not None:
        result["skip_reason"] = str(reason)
    if error is not None:
        result["error"] = error_text(error) if isinstance(error, BaseException) else str(error)
    if data:
        result["data"] = data
    if undo is not None:
        result["undo"] = undo
    if patch:
        result["patch"] = patch
    return result


def _undo_data(returned: Any, step: Any) -> dict[str, Any]:
    try:
        return to_json_object(returned.rollback_data, "undo")
    except UnserialisableValueError as error:
        raise unserialisable(error, step) from error


class Left:
    """What a step leaves behind, whatever becomes of its answer."""

    def __init__(self, step: Any, undo: dict[str, Any] | None, patch: list[dict[str, Any]]) -> None:
        self.undo = undo if undo and has_rollback(step) else {}
        self.patch = patch


def keep(sender: Sender, request: Request, left: Left) -> None:
    """Send what a step leaves behind, before an error answer that cannot hold it. Raises WireError if it is too large."""
    if left.undo or left.patch:
        sender.notify(request, "undo", {"data": left.undo, "patch": left.patch})


def _error_of(call: StepCall, error: BaseException, **details: Any) -> WireError:
    if not call.was_cancelled_by(error):
        return WireError("step_failed", error_text(error), cause=cause_chain_of(error), **details)
    # the cancel itself is no fault to be found; another exception that came of it is
    is_plain = type(error) is StepCancelled or type(error).__name__ == "CancelledError"
    text = call.request.cancel_reason or (str(error) if is_plain else "") or "cancelled"
    return WireError("cancelled", text, cause=[] if is_plain else cause_chain_of(error), **details)


def _undo(outcome: str, patch: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    return {"outcome": outcome, "left_behind": [], "error": None, "cause": None, "patch": patch or []}


def _result_to_undo(params: dict[str, Any]) -> StepResult:
    said = params.get("result") or {}
    result = StepResult(
        success=said.get("status") == "completed",
        data=said.get("data"),
        error=said.get("error"),
        rollback_data=params.get("undo"),
        skipped=bool(said.get("skipped", False)),
    )
    result.status = said.get("status")
    return result
