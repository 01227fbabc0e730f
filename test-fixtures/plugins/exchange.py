"""Steps that take and leave large values, hand files over, and leave files lying about."""

import mmap
import os
import shutil
import tempfile

from synapse_steps import BaseStep, StepResult


class EchoStep(BaseStep):
    name = "echo"
    progress_weight = 1

    def execute(self, context):
        there = context.there
        context.back = there
        context.save_undo({"there": there})
        return StepResult(data={"there": there, "type": type(there).__name__})

    def rollback(self, context, result):
        context.undone = [type(result.rollback_data["there"]).__name__, result.rollback_data == {"there": context.there}]


class KeepStep(BaseStep):
    name = "keep"
    progress_weight = 1

    def execute(self, context):
        context.table = context.write_file(b"table" * 1000, "text/x-table", suffix=".table")
        handle, path = tempfile.mkstemp()
        os.write(handle, b"moved")
        os.close(handle)
        context.moved = context.write_file(path)
        return StepResult(data={"is_gone": not os.path.exists(path)})


class UseStep(BaseStep):
    name = "use"
    progress_weight = 1

    def execute(self, context):
        with context.open_file(context.table) as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as table:
            moved = context.open_file(context.moved).read().decode() if "moved" in context else None
            return StepResult(data={"begins": table[:5].decode(), "size": len(table), "moved": moved, "name": file.name})


class LitterStep(BaseStep):
    name = "litter"
    progress_weight = 1

    def execute(self, context):
        folder = context._call.exchange.folder
        for name in ("litter", "runs/litter"):
            os.makedirs(os.path.join(folder, name), exist_ok=True)
            with open(os.path.join(folder, name, "file"), "w") as file:
                file.write("left behind")
        return StepResult(data={"folder": folder})


class FullStep(BaseStep):
    """Finds no room for its large result."""

    name = "full"
    progress_weight = 1

    def execute(self, context):
        exchange = context._call.exchange
        own = os.path.join(exchange.folder, exchange._session)
        shutil.rmtree(own)
        with open(own, "w") as file:
            file.write("in the way")
        context.save_undo({"kept": 1})
        return StepResult(data={"text": "x" * 1_000_000})

    def rollback(self, context, result):
        context.undone = result.rollback_data


class LargeStep(BaseStep):
    name = "large"
    progress_weight = 1

    def execute(self, context):
        context.save_undo({"kept": 1})
        return StepResult(data={"small": "x" * 300_000, "text": "x" * context.size})

    def rollback(self, context, result):
        context.undone = result.rollback_data


class NanStep(BaseStep):
    name = "nan"
    progress_weight = 1
    nan = "null"

    def execute(self, context):
        context.loss = [1.5, float("nan"), float("-inf")]
        return StepResult(data={"loss": float("inf")})
