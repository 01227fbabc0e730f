"""Steps that leave processes behind when their host is killed, unless the plugin takes them along."""

import multiprocessing
import subprocess
import time

from synapse_steps import BaseStep, StepResult

LONG = "47"


def compute():
    while True:
        pass


def loop():
    """Catches what would stop it."""
    while True:
        try:
            compute()
        except BaseException:
            continue


class LoopStep(BaseStep):
    name = "loop"
    progress_weight = 1.0

    def execute(self, context):
        loop()
        return StepResult()


class StubbornStep(BaseStep):
    name = "child of a step that does not stop"
    progress_weight = 1.0

    def execute(self, context):
        subprocess.Popen(["sleep", LONG])
        loop()
        return StepResult()


class StoppingStep(BaseStep):
    name = "child of a step that stops"
    progress_weight = 1.0

    def execute(self, context):
        subprocess.Popen(["sh", "-c", f'trap "" TERM; sleep {LONG}; sleep {LONG}'])
        time.sleep(float(LONG))
        return StepResult()


class WorkersStep(BaseStep):
    name = "workers"
    progress_weight = 1.0

    def execute(self, context):
        forking = multiprocessing.get_context("fork")
        started = [forking.Process(target=compute) for _ in range(2)]
        for process in started:
            process.start()
        for process in started:
            process.join()
        return StepResult()
