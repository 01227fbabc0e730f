"""A step that takes a table, as bytes or as rows, and says how large it is."""

from synapse_steps import BaseStep, StepResult


class TakeStep(BaseStep):
    name = "take"
    progress_weight = 1.0

    def execute(self, context):
        return StepResult(data={"size": len(context.step_params["table"])})
