"""The step that trains with scikit-learn: what digits_model.py does, told to the host."""

import os
import shutil
from pathlib import Path

from digits_model import DigitsData, DigitsModel
from synapse_steps import BaseStep, StepResult


class TrainStep(BaseStep):
    name = "train"
    progress_weight = 1

    def execute(self, context):
        asked = context.step_params
        output = Path(asked["output"])
        context.save_undo({"output": str(output)})  # safe at the host before the folder exists
        start = asked["checkpoint"] or {}
        model = DigitsModel.load(start["path"]) if start else DigitsModel()
        data = DigitsData(asked["data_path"])
        best = None
        for epoch, metrics in model.epochs(data, range(start.get("epoch", 0) + 1, asked["epochs"] + 1)):
            path = output / ("epoch-%02d" % epoch)
            model.save(path, {"epoch": epoch, **metrics})
            context.save_undo({"checkpoint": {"path": str(path), "epoch": epoch, "metrics": metrics}})
            context.set_metrics({"epoch": epoch, **metrics})
            context.set_progress(epoch, asked["epochs"])
            if best is None or metrics["validation_loss"] < best[0]:
                best = metrics["validation_loss"], epoch, path
            if os.path.exists(asked["stop_file"]):
                break
        return StepResult(data=self.result(data, best, start))

    def result(self, data, best, start):
        """Of the best epoch; of the model to start from when no epoch was left."""
        _, epoch, path = best or (None, start.get("epoch", 0), start.get("path"))
        return {"weights_path": str(path), "epoch": epoch, **DigitsModel.load(path).evaluate(data)}

    def rollback(self, context, result):
        output = result.rollback_data.get("output")
        if output:
            shutil.rmtree(output, ignore_errors=True)
