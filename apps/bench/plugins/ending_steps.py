"""Steps that do not end by themselves: one that can be cancelled, and one that hears of nothing."""

import signal
import time

from synapse_steps import BaseStep


class WaitStep(BaseStep):
    name = "wait"
    progress_weight = 1.0

    def execute(self, context):
        context.set_progress(0, 1)
        time.sleep(600)


class StubbornStep(BaseStep):
    name = "stubborn"
    progress_weight = 1.0

    def execute(self, context):
        for number in (signal.SIGTERM, signal.SIGUSR1, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)
        context.set_progress(0, 1)
        while True:
            time.sleep(600)
