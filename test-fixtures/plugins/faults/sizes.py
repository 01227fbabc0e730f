"""Measures what arrives and answers with as many bytes as it is asked for."""

from synapse_steps import BaseStep, StepResult


class MeasureStep(BaseStep):
    name = "measure"
    progress_weight = 1.0

    def execute(self, context):
        return StepResult(data={"length": len(context.text)})


class FillStep(BaseStep):
    name = "fill"
    progress_weight = 1.0

    def execute(self, context):
        return StepResult(data={"text": "x" * context.step_params["length"]}, rollback_data={"kept": 1})

    def rollback(self, context, result):
        context.undone = result.rollback_data
