"""A trainer that trains nothing, and does at a given epoch what is asked of it: `step_params["at"]` and `["does"]`."""

import os
import resource
import signal
import subprocess
import sys

from synapse_steps import BaseStep, StepResult


class TrainStep(BaseStep):
    name = "train"
    progress_weight = 1

    def execute(self, context):
        asked = context.step_params
        checkpoint = asked.get("checkpoint") or {}
        losses = asked.get("losses", [0.5, 0.25])
        epoch = checkpoint.get("epoch", 0)
        while epoch < len(losses) and not os.path.exists(asked.get("stop_file", "")):
            epoch += 1
            self.train_epoch(context, epoch, losses)
            if epoch == asked.get("at"):
                DEEDS[asked["does"]](context, asked)
        weights = asked.get("weights", "model.txt")
        if asked.get("writes", True):
            os.makedirs(os.path.dirname(weights) or ".", exist_ok=True)
            write(os.path.join(weights, "best.txt") if weights.endswith("/") else weights, "weights")
        return StepResult(data={"weights_path": weights, "epochs": epoch, "from": checkpoint.get("path")})

    def train_epoch(self, context, epoch, losses):
        metrics = {"loss": losses[epoch - 1]}
        context.set_progress(epoch, len(losses))
        context.set_metrics({"epoch": epoch, **metrics})
        context.save_undo({f"made:{epoch}": f"{epoch}.txt"})
        write(f"{epoch}.txt", "by-product")
        write(f"{epoch}.ckpt", "state")
        context.save_undo({"checkpoint": {"path": f"{epoch}.ckpt", "epoch": epoch, "metrics": metrics}})

    def rollback(self, context, result):
        made = [name for key, name in result.rollback_data.items() if key.startswith("made:")]
        for name in [*made, "model.txt"]:
            if os.path.exists(name):
                os.remove(name)
        if is_alive(result.rollback_data.get("pid")):
            raise RuntimeError("undone beside the training itself")
        told = {"made": made, "status": result.status, "asked": context.step_params.get("does")}
        context.log("undone", {**told, "who": os.environ["WHO"]} if "WHO" in os.environ else told)


class FitStep(BaseStep):
    """Undoes nothing."""

    name = "fit"
    progress_weight = 1

    def execute(self, context):
        context.log("visualization", {"category": "fit", "group": "confusion", "index": 0, "image": "matrix.png"})
        context.fitted = context.step_params["rows"]
        return StepResult(data={"seen": context.params, "dataPath": context.dataPath})


class TellStep(BaseStep):
    """What it does cannot be taken back."""

    name = "tell"
    progress_weight = 1
    irreversible = True

    def can_skip(self, context):
        return context.step_params.get("skip", False)

    def execute(self, context):
        return StepResult(data={"told": True})


def prints(context, asked):
    print("from Python")
    os.write(1, b'{"jsonrpc":"2.0","id":1,"result":{}}\n')
    subprocess.run([sys.executable, "-c", "print('from a child')"], check=True)


def forks(context, asked):
    child = os.fork()
    if child == 0:
        raise RuntimeError("the child comes back into the step")
    os.waitpid(child, 0)
    sleeper = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    write("sleeper.pid", str(sleeper.pid))


def dies(context, asked):
    os.kill(os.getpid(), signal.SIGKILL)


def exhausts_memory(context, asked):
    resource.setrlimit(resource.RLIMIT_AS, (512 << 20, resource.RLIM_INFINITY))
    bytearray(4 << 30)


def diverges(context, asked):
    context.set_metrics({"epoch": asked["at"], "loss": float(asked["value"])})


def raises(context, asked):
    raise ValueError("no such optimiser: adamm")


def waits(context, asked):
    context.log("waiting", {})
    signal.pause()


def ignores_cancel(context, asked):
    context.save_undo({"pid": os.getpid()})
    is_told = False
    while True:
        try:  # the cancel comes once the host has been told
            if not is_told:
                is_told = True
                context.log("waiting", {})
            signal.pause()
        except BaseException:
            continue


def fails_once(context, asked):
    if not os.path.exists(asked["mark"]):
        write(asked["mark"], "")
        raise ConnectionError("try again")


def names_no_checkpoint(context, asked):
    context.save_undo({"checkpoint": {"path": "nowhere.ckpt"}})


DEEDS = {
    "prints": prints,
    "forks": forks,
    "dies": dies,
    "exhausts memory": exhausts_memory,
    "diverges": diverges,
    "raises": raises,
    "waits": waits,
    "ignores a cancel": ignores_cancel,
    "fails once": fails_once,
    "names no checkpoint": names_no_checkpoint,
}


def is_alive(pid):
    try:
        return pid is not None and os.kill(pid, 0) is None
    except ProcessLookupError:
        return False


def write(path, text):
    with open(path, "w") as file:
        file.write(text)


steps = [TrainStep(), FitStep(), TellStep()]
