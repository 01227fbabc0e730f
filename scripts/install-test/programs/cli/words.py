from synapse_steps import BaseStep, StepResult


class CountStep(BaseStep):
    name = "count"

    def execute(self, context):
        return StepResult(data={"words": len(context.greeting.split())})
