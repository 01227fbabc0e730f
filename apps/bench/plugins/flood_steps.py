"""A step that says much in little time, and when it was through."""

import time

from synapse_steps import BaseStep, StepResult


class FloodStep(BaseStep):
    name = "flood"
    progress_weight = 1.0

    def execute(self, context):
        lines, way = context.step_params["lines"], context.step_params["way"]
        start = time.time()
        for number in range(lines):
            if way == "print":
                print(f"line {number} of a flood that says nothing new")
            else:
                context.log_message(f"line {number} of a flood that says nothing new")
        end = time.time()
        return StepResult(data={"ended": end * 1000, "seconds": end - start})
