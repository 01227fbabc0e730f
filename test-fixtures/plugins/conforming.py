"""Steps of the Python runtime for each role of the conformance kit."""

import time

from synapse_steps import BaseStep, StepResult


class WorkStep(BaseStep):
    name = "work"
    progress_weight = 1

    def can_skip(self, context):
        return False

    def execute(self, context):
        context.set_progress(1, 2)
        context.set_metrics({"loss": 0.5})
        context.log("worked", {"n": 1})
        context.worked = True
        return StepResult(data={"a": 1})


class WaitStep(BaseStep):
    name = "conformance-waits"
    progress_weight = 1

    def execute(self, context):
        while True:
            time.sleep(0.05)


class SaveStep(BaseStep):
    name = "conformance-saves-undo"
    progress_weight = 1

    def execute(self, context):
        context.save_undo({"path": "model.json"})
        return StepResult()

    def rollback(self, context, result):
        print("undone with", result.rollback_data)


class PrintStep(BaseStep):
    name = "conformance-prints"
    progress_weight = 1

    def execute(self, context):
        print("this is printed")
        return StepResult()
