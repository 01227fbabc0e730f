"""Does not let itself be cancelled: swallows the exception, or sits in one call of C."""

import time

from synapse_steps import BaseStep, StepResult


class SwallowStep(BaseStep):
    name = "swallow"
    progress_weight = 1.0

    def execute(self, context):
        context.log_message("begun")
        while True:
            try:
                time.sleep(0.01)
            except BaseException:  # noqa: S110
                context.log_message("swallowed")


class LongCallStep(BaseStep):
    name = "long-call"
    progress_weight = 1.0

    def execute(self, context):
        context.log_message("begun")
        sum(range(10**12))
        return StepResult()
