from synapse_steps import BaseStep, StepResult


class CountStep(BaseStep):
    name = "count"
    progress_weight = 1

    def execute(self, context):
        print("a line that must not disturb the protocol")
        context.counted = len(context.words)
        return StepResult(data={"counted": context.counted})
