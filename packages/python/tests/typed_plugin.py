"""A plugin as a careful author writes it: `mypy --strict` and `pyright` have nothing to say about it."""

from __future__ import annotations

import json
import os
from typing import Any

from synapse_steps import BaseStep, StepContext, StepResult
from synapse_steps.testing import SkipAnswer, StepRun, StepUndo, can_skip_step, load_step, run_step, undo_step


class Training(StepContext):
    """What the steps of this plugin share."""

    rows: list[list[float]]
    model: dict[str, Any]


class TrainStep(BaseStep[Training]):
    name = "train"
    progress_weight = 0.5
    step_params = {"type": "object"}
    timeout_ms = 60_000

    def execute(self, context: Training) -> StepResult:
        epochs: int = context.params["epochs"]
        for epoch in range(epochs):
            context.set_progress(epoch + 1, epochs, message=f"{len(context.rows)} rows")
            context.set_metrics({"loss": 0.1})
        context.log("trained", {"epochs": epochs})
        context.save_undo({"path": "model.json"})
        with open("model.json", "w") as file:
            json.dump({"weight": 1.0}, file)
        context.model["path"] = "model.json"
        return StepResult(data={"epochs": epochs})

    def can_skip(self, context: Training) -> bool | str:
        return "model exists" if os.path.exists("model.json") else False

    def rollback(self, context: Training, result: StepResult) -> Any:
        path = result.rollback_data.get("path")
        if path and os.path.exists(path):
            os.remove(path)


class FetchStep(BaseStep):
    @property
    def name(self) -> str:
        return "fetch"

    @property
    def progress_weight(self) -> float:
        return 1.0

    async def execute(self, context: StepContext) -> StepResult:
        return StepResult.skip("nothing to fetch")


steps = [TrainStep(), FetchStep()]


def check_the_plugin() -> None:
    run: StepRun = run_step(TrainStep(), context={"rows": [], "model": {}}, params={"epochs": 3})
    assert run.success and run.data == {"epochs": 3} and run.context["model"]["path"] == "model.json"
    answer: SkipAnswer = can_skip_step(TrainStep())
    assert answer.reason == "model exists"
    undone: StepUndo = undo_step(TrainStep(), undo=run.undo)
    assert undone.outcome == "undone" and not os.path.exists("model.json")
    assert run_step(load_step(__file__, "fetch")).skipped
