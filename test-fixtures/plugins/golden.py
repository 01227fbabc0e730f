"""The steps of the golden transcripts, for the Python runtime."""

import threading

from synapse_steps import BaseStep, StepResult


class TrainStep(BaseStep):
    name = "train"
    progress_weight = 2
    title = "Train the model"

    def execute(self, context):
        context.set_progress(1, 2, message="half")
        context.set_metrics({"loss": 0.25}, category="train")
        context.log("epoch_done", {"epoch": 1})
        context.log_message("slow", level="warning")
        context.save_undo({"path": "model.json"})
        context.model["path"] = "model.json"
        return StepResult(data={"rows": len(context.rows)}, rollback_data={"size": 3})

    def rollback(self, context, result):
        context.undone = dict(result.rollback_data)


class EvaluateStep(BaseStep):
    name = "evaluate"
    progress_weight = 1

    def can_skip(self, context):
        return "the report exists" if context.params.get("skip") else False

    def execute(self, context):
        return StepResult(skipped=True)


class RegisterStep(BaseStep):
    name = "register"
    progress_weight = 1

    def execute(self, context):
        raise ValueError("the registry is full")


class WaitStep(BaseStep):
    name = "wait"
    progress_weight = 1

    def execute(self, context):
        context.set_progress(1, 3)
        threading.Event().wait()
