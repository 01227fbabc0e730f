import os
import sys

from synapse_steps import BaseStep, StepResult


class TrainStep(BaseStep):
    name = "train"
    progress_weight = 2

    def execute(self, context):
        print("training starts")
        print("\x1b[31mred on stderr\x1b[0m", file=sys.stderr)
        epochs = context.params["epochs"]
        rate = context.step_params.get("rate", 0.5)
        context.save_undo({"path": "model.txt"})
        with open("model.txt", "w") as file:
            file.write(str(rate))
        for epoch in range(1, epochs + 1):
            context.set_progress(epoch, epochs)
            context.set_metrics({"loss": 1 / epoch})
        context.model["slope"] = sum(context.rows) * rate
        return StepResult(data={"epochs": epochs})

    def rollback(self, context, result):
        path = result.rollback_data.get("path")
        if path and os.path.exists(path):
            os.remove(path)


class EvaluateStep(BaseStep):
    name = "evaluate"
    progress_weight = 1

    def execute(self, context):
        return StepResult(data={"slope": context.model["slope"]})
