"""Reports very often, then answers with the time at which it did."""

import time

from synapse_steps import BaseStep, StepResult


class BurstStep(BaseStep):
    name = "burst"
    progress_weight = 1.0

    def execute(self, context):
        count = context.step_params["count"]
        for number in range(1, count + 1):
            if number % 2 == 0:
                context.set_progress(number, count)
            else:
                context.log_message(str(number))
        return StepResult(data={"answered_at": time.time() * 1000})
