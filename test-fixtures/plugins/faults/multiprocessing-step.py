"""Works in child processes of all the kinds that Python knows."""

import multiprocessing
import os

from synapse_steps import BaseStep, StepResult


def double(number):
    print("in a child")
    return number * 2


class PoolStep(BaseStep):
    name = "pool"
    progress_weight = 1.0

    def execute(self, context):
        method = context.step_params["method"]
        with multiprocessing.get_context(method).Pool(2) as pool:
            doubled = pool.map(double, range(4))
        return StepResult(data={"doubled": doubled})


class LeaveStep(BaseStep):
    name = "leave"
    progress_weight = 1.0

    def execute(self, context):
        child = multiprocessing.get_context("fork").Process(target=os.read, args=(os.pipe()[0], 1))
        child.daemon = False
        child.start()
        os._exit(6)  # the child is left behind, in the middle of something that never ends
