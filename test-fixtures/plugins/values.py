"""Makes values from descriptions, as TypeScript does, and tells whether those that arrive are the same."""

import base64

from synapse_steps import BaseStep, StepResult


def make(description):
    kind, *content = description
    if kind in ("null", "bool", "text"):
        return content[0] if content else None
    if kind == "int":
        return int(content[0])
    if kind == "float":
        return float(content[0])
    if kind == "bytes":
        return base64.b64decode(content[0])
    if kind == "list":
        return [make(item) for item in content[0]]
    if kind == "object":
        return {key: make(item) for key, item in content[0]}
    return make_what_is_refused(kind, *content)


def make_what_is_refused(kind, size=0):
    value = []
    if kind == "digits":
        return 10**size
    if kind == "function":
        return make
    if kind == "cycle":
        value.append(value)
    for _level in range(1, size):
        value = [value]
    return value


def is_same(one, other):
    """JavaScript has one type of numbers: an integral float may be an int here."""
    if isinstance(one, dict) and isinstance(other, dict):
        return list(one) == list(other) and all(is_same(item, other[key]) for key, item in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(is_same, one, other))
    numbers = (int, float)
    if type(one) in numbers and type(other) in numbers:
        return one == other
    return type(one) is type(other) and one == other


class CompareStep(BaseStep):
    name = "compare"
    progress_weight = 1

    def execute(self, context):
        made = [make(description) for description in context.step_params["descriptions"]]
        arrived = context.there
        wrong = [at for at, value in enumerate(made) if not is_same(arrived[at], value)]
        context.made = made
        context.back = [*arrived]
        context.save_undo({"made": made})
        return StepResult(data={"made": made, "wrong": wrong})

    def rollback(self, context, result):
        made = [make(description) for description in context.step_params["descriptions"]]
        context.undone = is_same(result.rollback_data, {"made": made}) and is_same(result.data["made"], made)


class FailStep(BaseStep):
    name = "fail"
    progress_weight = 1

    def execute(self, context):
        return StepResult.fail("so that all is undone")
