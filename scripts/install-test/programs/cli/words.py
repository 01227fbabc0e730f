from synapse_steps import BaseStep, StepResult


class CountStep(BaseStep):
    name = "count"
    progress_weight = 1

    def execute(self, context):
        return StepResult(data={"words": len(context.greeting.split())})
