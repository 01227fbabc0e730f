"""Prints, logs, warns and starts children that print: none of it may reach the wire."""

import logging
import os
import subprocess
import sys
import warnings

from synapse_steps import BaseStep, StepResult

print("printed while importing")


class PrintStep(BaseStep):
    name = "print"
    progress_weight = 1.0

    def execute(self, context):
        for number in range(context.step_params["lines"]):
            print("line", number)
        sys.stderr.write("on stderr\n")
        os.write(1, b"on file descriptor 1\n")
        subprocess.run(["sh", "-c", "echo from a child; echo and its stderr >&2; cat"], check=True)
        logging.getLogger("fixture").warning("logged")
        warnings.warn("warned")
        context.lines = context.step_params["lines"]
        return StepResult(data={"printed": context.step_params["lines"]})
