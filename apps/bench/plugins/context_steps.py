"""Two steps that change little in a context that holds much."""

from synapse_steps import BaseStep, StepResult


class CountStep(BaseStep):
    name = "count"
    progress_weight = 1.0

    def execute(self, context):
        context.count += 1
        return StepResult()


class AppendStep(BaseStep):
    name = "append"
    progress_weight = 1.0

    def execute(self, context):
        context.patch([{"op": "replace", "path": "/big/0", "value": context.count}])
        return StepResult()
