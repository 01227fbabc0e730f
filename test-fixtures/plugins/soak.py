"""A step that uses all that a step can: progress, metrics, log, undo data that is waited for, and a change of the context."""

from synapse_steps import BaseStep, StepResult


class SoakStep(BaseStep):
    name = "soak"
    progress_weight = 1

    def execute(self, context):
        context.set_progress(1, 2)
        context.set_metrics({"done": context.done})
        context.save_undo({"done": context.done})
        context.log("done", {"rows": len(context.rows)}, level="debug")
        context.rows[context.done % len(context.rows)] = context.done
        context.done += 1
        return StepResult(data={"text": "soak " * 20})

    def rollback(self, context, result):
        context.done = result.rollback_data["done"]
