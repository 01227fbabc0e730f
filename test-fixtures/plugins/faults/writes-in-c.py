"""Writes to descriptor 1 from C, holding the interpreter's lock, as numerical libraries do."""

import ctypes

from synapse_steps import BaseStep, StepResult

LINE = b"x" * 99 + b"\n"


class WriteStep(BaseStep):
    name = "write"
    progress_weight = 1.0

    def execute(self, context):
        libc = ctypes.PyDLL(None)  # a PyDLL does not release the lock
        rest = LINE * (context.step_params["bytes"] // len(LINE))
        while rest:
            rest = rest[libc.write(1, rest, len(rest)) :]
        return StepResult(data={"written": True})
