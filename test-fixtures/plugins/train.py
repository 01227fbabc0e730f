"""A step that saves undo data and can wait in the middle; what the host kills and cancels in tests."""

import time
from pathlib import Path

from synapse_steps import BaseStep, StepResult


class TrainStep(BaseStep):
    name = "train"
    progress_weight = 0.5

    def execute(self, context):
        path = Path(context.folder) / "model.json"
        context.save_undo({"path": str(path)})
        path.write_text("{}")
        context.model["path"] = str(path)
        context.set_progress(1, 2)
        context.log("waiting", {})
        while context.step_params.get("wait", False):
            time.sleep(0.01)
        return StepResult(data={"epochs": 200})

    def rollback(self, context, result):
        Path(result.rollback_data["path"]).unlink()
