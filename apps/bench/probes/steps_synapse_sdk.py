"""The Python SDK's own orchestrator running no-op steps, with a logger that writes nothing."""

import gc
import json
import sys
import time
import warnings
from importlib.metadata import version

warnings.simplefilter("ignore")  # the SDK's models warn while they are imported

from synapse_sdk.loggers import NoOpLogger  # noqa: E402
from synapse_sdk.plugins.context import PluginEnvironment, RuntimeContext  # noqa: E402
from synapse_sdk.plugins.steps import BaseStep, BaseStepContext, Orchestrator, StepRegistry, StepResult  # noqa: E402


class NoOpStep(BaseStep):
    def __init__(self, name):
        self._name = name

    @property
    def name(self):
        return self._name

    @property
    def progress_weight(self):
        return 1.0

    def execute(self, context):
        return StepResult(success=True)

    def rollback(self, context, result):
        pass


def run_workflow(steps):
    registry = StepRegistry()
    for step in steps:
        registry.register(step)
    context = BaseStepContext(runtime_ctx=RuntimeContext(logger=NoOpLogger(), env=PluginEnvironment({})))
    report = Orchestrator(registry, context, lambda current, total: None).execute()
    if report["steps_executed"] != len(steps):
        raise RuntimeError("some steps did not run")
    return context, report


def measure(steps, milliseconds):
    end = time.perf_counter() + milliseconds / 1000
    start = time.process_time()  # as the probes in Node do
    runs = 0
    while runs == 0 or time.perf_counter() < end:
        run_workflow(steps)
        runs += 1
    return {"value": (time.process_time() - start) * 1e6 / (runs * len(steps))}


def main():
    print(json.dumps({"ready": True, "version": version("synapse-sdk")}), flush=True)
    steps = []
    for line in sys.stdin:
        request = json.loads(line)
        if len(steps) != request["steps"]:
            steps = [NoOpStep("step-%d" % index) for index in range(request["steps"])]
            gc.collect()
        print(json.dumps(measure(steps, request["milliseconds"])), flush=True)


main()
