"""The steps of the workflow that are written in Python: train and evaluate."""

import json
import os

import logistic_regression
from synapse_steps import BaseStep, StepResult


class TrainStep(BaseStep):
    name = "train"
    progress_weight = 0.7

    def execute(self, context):
        epochs = context.params["epochs"]
        model = logistic_regression.new_model(context.training)
        for epoch in range(1, epochs + 1):
            loss = logistic_regression.train_epoch(model, context.training, context.params["learning_rate"])
            context.set_metrics({"loss": loss})
            context.set_progress(epoch, epochs)

        weights = os.path.join(context.params["output"], f"weights-{context.run_id}.json")
        context.save_undo({"file": weights})  # returns once the host has it safe; only then is the file written
        with open(weights, "w", encoding="utf-8") as file:
            json.dump(model, file, indent=2)
        context.model = model
        return StepResult(data={"epochs": epochs, "loss": loss})

    def rollback(self, context, result):
        file = result.rollback_data.get("file")
        if file and os.path.exists(file):
            os.remove(file)


class EvaluateStep(BaseStep):
    name = "evaluate"
    progress_weight = 0.05

    def execute(self, context):
        context.evaluation = logistic_regression.evaluate(context.model, context.testing)
        accuracy = context.evaluation["accuracy"]
        print(f"{accuracy:.1%} of {len(context.testing)} held-out penguins recognised")  # shown as a line of the log
        return StepResult(data={"accuracy": accuracy})
