"""Serves by itself, after it has printed to the very descriptor that becomes the wire, without a line end."""

import os
import sys

os.write(1, b"a banner of C code\n")
print("loading", end=" ")

from synapse_steps import BaseStep, StepResult, serve  # noqa: E402


class HelloStep(BaseStep):
    name = "hello"
    progress_weight = 1.0

    def execute(self, context):
        return StepResult(data={"hello": "you"})


if __name__ == "__main__":
    serve([HelloStep()])
    print("still printing", file=sys.stdout)
    with open(1, "w", closefd=False) as wrapper:
        wrapper.write("and through a wrapper\n")
    print("and after it", flush=True)
