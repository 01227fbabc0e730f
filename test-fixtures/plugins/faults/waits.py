"""Waits for a cancel, or answers at once."""

import time

from synapse_steps import BaseStep, StepResult


class WaitStep(BaseStep):
    name = "wait"
    progress_weight = 1.0

    def execute(self, context):
        time.sleep(60)
        return StepResult()


class EchoStep(BaseStep):
    name = "echo"
    progress_weight = 1.0

    def execute(self, context):
        return StepResult(data={"text": context.there})
