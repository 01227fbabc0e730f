"""A step that works for a millisecond."""

import time

from synapse_steps import BaseStep, StepResult


class WorkStep(BaseStep):
    name = "work"
    progress_weight = 1.0

    def execute(self, context):
        work()
        return StepResult()


def work():
    end = time.perf_counter() + 0.001
    while time.perf_counter() < end:
        pass
