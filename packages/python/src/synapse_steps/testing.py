"""Run one step without a host, in a test: as it would be served, by the same code and the same rules for values.

    from synapse_steps.testing import run_step, undo_step

    run = run_step(TrainStep(), context={"rows": rows}, params={"epochs": 3})
    assert run.success and run.data == {"epochs": 3}
    assert undo_step(TrainStep(), undo=run.undo).outcome == "undone"
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Optional

from ._errors import WireError
from ._loading import load_plugin
from ._pointer import apply_operation
from ._stand_in import Conversation, call_step
from ._values import from_json, to_json_object

__all__ = ["SkipAnswer", "StepRun", "StepUndo", "can_skip_step", "load_step", "run_step", "undo_step"]

_RUN_ID = "test-run"


@dataclass
class _Told:
    """What any call of a step tells, beside its answer."""

    #: What it raised: `type`, `message` and `traceback`, the lines of it.
    cause: Optional[dict[str, Any]]
    #: The operations (RFC 6902) that change the context.
    patch: list[dict[str, Any]]
    #: The fields of the context afterwards.
    context: dict[str, Any]
    #: What `set_progress`, `set_metrics` and the logs said, in their order.
    progress: list[dict[str, Any]]
    metrics: list[dict[str, Any]]
    logs: list[dict[str, Any]]


@dataclass
class StepRun(_Told):
    """What became of `execute`, as a host sees it."""

    success: bool
    #: Why it failed: what it returned or raised, or what about its answer is no JSON.
    error: Optional[str]
    #: The kind of an answer that is an error of the protocol, such as `unserialisable_value`.
    kind: Optional[str]
    skipped: bool
    skip_reason: Optional[str]
    data: dict[str, Any]
    #: All undo data: what was saved while it ran, and the result's `rollback_data` over it.
    undo: dict[str, Any]


@dataclass
class StepUndo(_Told):
    """What became of `rollback`, as a host sees it."""

    #: `undone`, `failed`, `irreversible` or `nothing-to-undo`.
    outcome: str
    left_behind: list[str]
    error: Optional[str]


@dataclass
class SkipAnswer:
    """What `can_skip` said."""

    skip: bool
    reason: Optional[str]


def load_step(file: str, name: str) -> Any:
    """The step of that name in a plugin file, found as a host finds it. Raises ValueError."""
    try:
        return load_plugin(file).get(name)
    except WireError as error:
        raise ValueError(str(error)) from error


def run_step(
    step: Any,
    context: Optional[dict[str, Any]] = None,
    params: Optional[dict[str, Any]] = None,
    step_params: Optional[dict[str, Any]] = None,
    *,
    attempt: int = 1,
) -> StepRun:
    """Run `execute` of a step. What the step raises is in the result. Raises ValueError for what is no step, or no JSON."""
    said = _said(context, params, step_params, attempt)
    told = call_step(step, "execute", {**said, "idempotency_key": "test", "deadline_ms": None})
    result, problem = told.result or {}, told.error or {}
    details = problem.get("data") or {}
    patch = [*_sent_ahead(told), *(result.get("patch") or details.get("patch") or [])]
    undo: dict[str, Any] = {}
    for delta in (*(one["params"]["data"] for one in _notifications(told, "undo")), result.get("undo") or {}):
        undo.update(delta)
    return StepRun(
        success=bool(result.get("success", False)),
        error=result.get("error") if told.error is None else str(problem["message"]),
        cause=result.get("cause"),
        kind=details.get("kind"),
        skipped=bool(result.get("skipped", False)),
        skip_reason=result.get("skip_reason"),
        data=from_json(result.get("data") or {}),
        undo=from_json(undo),
        patch=patch,
        context=_context_after(said, patch),
        **_reports(told),
    )


def undo_step(
    step: Any,
    undo: Optional[dict[str, Any]] = None,
    context: Optional[dict[str, Any]] = None,
    params: Optional[dict[str, Any]] = None,
    step_params: Optional[dict[str, Any]] = None,
    *,
    status: str = "completed",
    data: Optional[dict[str, Any]] = None,
    error: Optional[str] = None,
) -> StepUndo:
    """Run `rollback` of a step, after it ended with `status`: completed, failed or unknown. Raises as `run_step`."""
    said = _said(context, params, step_params, 1)
    ended = {"status": status, "data": to_json_object(data or {}, "data"), "error": error}
    saved = to_json_object(undo or {}, "undo")
    further = {"idempotency_key": "test", "result": ended, "undo": saved, "cause": None, "undo_attempt": 1}
    told = call_step(step, "rollback", {**said, **further})
    result = _result(told)
    patch = [*_sent_ahead(told), *result["patch"]]
    return StepUndo(
        outcome=result["outcome"],
        left_behind=result["left_behind"],
        error=result["error"],
        cause=result["cause"],
        patch=patch,
        context=_context_after(said, patch),
        **_reports(told),
    )


def can_skip_step(
    step: Any,
    context: Optional[dict[str, Any]] = None,
    params: Optional[dict[str, Any]] = None,
    step_params: Optional[dict[str, Any]] = None,
) -> SkipAnswer:
    """Ask `can_skip` of a step. Raises RuntimeError if it raises, as it then fails the step; else as `run_step`."""
    result = _result(call_step(step, "can_skip", _said(context, params, step_params, 1)))
    return SkipAnswer(skip=result["skip"], reason=result["reason"])


def _said(
    context: Optional[dict[str, Any]],
    params: Optional[dict[str, Any]],
    step_params: Optional[dict[str, Any]],
    attempt: int,
) -> dict[str, Any]:
    return {
        "run_id": _RUN_ID,
        "params": to_json_object(params or {}, "params"),
        "step_params": to_json_object(step_params or {}, "step_params"),
        "context": {"rev": 1, "full": to_json_object(context or {}, "context")},
        "attempt": attempt,
    }


def _result(told: Conversation) -> dict[str, Any]:
    if told.result is None:
        raise RuntimeError(str((told.error or {}).get("message", "the step gave no answer")))
    return told.result


def _notifications(told: Conversation, method: str) -> list[dict[str, Any]]:
    return [one for one in told.notifications if one["method"] == method]


def _sent_ahead(told: Conversation) -> list[dict[str, Any]]:
    """Changes of an answer that could not be sent as a whole."""
    return [operation for one in _notifications(told, "undo") for operation in one["params"].get("patch") or ()]


def _context_after(said: dict[str, Any], patch: list[dict[str, Any]]) -> dict[str, Any]:
    fields: dict[str, Any] = said["context"]["full"]
    for operation in patch:
        apply_operation(fields, operation)
    after: dict[str, Any] = from_json(fields)
    return after


def _reports(told: Conversation) -> dict[str, list[dict[str, Any]]]:
    def of(method: str) -> list[dict[str, Any]]:
        hidden = ("id", "seq")
        return [
            {key: from_json(value) for key, value in one["params"].items() if key not in hidden}
            for one in _notifications(told, method)
        ]

    return {"progress": of("progress"), "metrics": of("metrics"), "logs": of("log")}
