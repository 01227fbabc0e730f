"""Starts children that read the stdin that they inherit, and reads its own."""

import subprocess

from synapse_steps import BaseStep, StepResult


class ReadStep(BaseStep):
    name = "read"
    progress_weight = 1.0

    def execute(self, context):
        read = subprocess.run(["cat"], stdout=subprocess.PIPE, check=True, timeout=10).stdout
        try:
            asked = input()
        except EOFError:
            asked = None
        return StepResult(data={"read": len(read), "asked": asked})
