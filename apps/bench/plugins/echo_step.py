"""A step that gives back what it was given."""

from synapse_steps import BaseStep, StepResult


class EchoStep(BaseStep):
    name = "echo"
    progress_weight = 1.0

    def execute(self, context):
        return StepResult(data=dict(context.step_params))
