"""The plugins that several tests serve."""

STEPS = '''
    from synapse_steps import BaseStep, StepResult

    class Train(BaseStep):
        """Trains."""
        name = "train"
        progress_weight = 0.5
        title = "Train the model"
        step_params = {"type": "object"}
        timeout_ms = 60000
        env = ("CUDA_VISIBLE_DEVICES",)

        def execute(self, context):
            context.set_progress(1, 4)
            context.set_progress(2, 4, step="epochs", message="two")
            context.set_metrics({"loss": 0.5})
            context.set_metrics({"loss": 0.25}, category="validation")
            context.log("started", {"rows": 3})
            context.log_message("hello", "warning")
            return StepResult(data={"epochs": context.params["epochs"]}, rollback_data={"path": "m"})

        def can_skip(self, context):
            return context.step_params.get("why", False)

        def rollback(self, context, result):
            context.undone = [result.status, result.success, result.data, result.rollback_data, context.undo_attempt]

    class Plain:
        name = "plain"

        @property
        def progress_weight(self):
            return 2

        async def execute(self, context):
            return StepResult.skip("nothing new")
'''


def one_step(body, *members, name="one"):
    """The source of a plugin with one step whose execute has this body."""
    lines = "".join(f"\n    {member}" for member in members)
    return (
        "from synapse_steps import BaseStep, StepResult\n"
        f"class One(BaseStep):\n    name = {name!r}\n    progress_weight = 1{lines}\n"
        f"    def execute(self, context):\n        {body}\n"
    )
