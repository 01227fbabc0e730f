"""Gives back values that are no JSON, are too deep, or are texts that break careless readers."""

from synapse_steps import BaseStep, StepResult


def nested(levels):
    value = 0
    for _level in range(levels):
        value = [value]
    return value


VALUES = {
    "nan": lambda: float("nan"),
    "infinity": lambda: float("inf"),
    "overflow": lambda: float("1e400"),
    "unsafe": lambda: 2**53 + 1,
    "digits": lambda: 10**5000,
    "depth 65": lambda: nested(65),
    "depth 300": lambda: nested(300),
    "depth 100000": lambda: nested(100_000),
}


class GiveStep(BaseStep):
    name = "give"
    progress_weight = 1.0

    def execute(self, context):
        return StepResult(data={"rows": [1, VALUES[context.step_params["kind"]]()]}, rollback_data={"kept": 1})

    def rollback(self, context, result):
        context.undone = result.rollback_data


class EchoStep(BaseStep):
    name = "echo"
    progress_weight = 1.0

    def execute(self, context):
        context.back = context.there
        return StepResult(data={"text": context.there})


class DunderStep(BaseStep):
    name = "dunder"
    progress_weight = 1.0

    def execute(self, context):
        name = context.step_params["name"]
        if context.step_params.get("nested"):
            return StepResult(data={"deep": [{name: 1}]})
        setattr(context, name, 1)
        return StepResult()
