"""A step that computes for ever and never looks up."""

from synapse_steps import BaseStep


class BusyStep(BaseStep):
    name = "busy"
    progress_weight = 1.0

    def execute(self, context):
        while True:
            pass
