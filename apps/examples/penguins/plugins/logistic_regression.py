"""Multinomial logistic regression with the standard library alone.

The same arithmetic, in the same order, as classifier/logistic-regression.ts: what is changed here is changed there.
A model is the JSON object that classifier/model.ts describes.
"""

import math


def new_model(examples):
    """A model that knows nothing yet: all weights are 0. The features' means and scales are those of the examples."""
    classes = sorted({example["label"] for example in examples})
    columns = list(zip(*(example["features"] for example in examples)))
    mean = [_sum(column) / len(column) for column in columns]
    scale = [_deviation(column, mean[index]) for index, column in enumerate(columns)]
    weights = [[0.0] * len(columns) for _ in classes]
    return {"classes": classes, "mean": mean, "scale": scale, "weights": weights, "bias": [0.0] * len(classes)}


def train_epoch(model, examples, rate):
    """One step of gradient descent over all examples. Changes the model; returns the mean loss before the change."""
    gradient = [[0.0] * len(row) for row in model["weights"]]
    bias_gradient = [0.0] * len(model["bias"])
    loss = 0.0
    for example in examples:
        inputs = _standardise(model, example["features"])
        chances = _chances(model, inputs)
        truth = model["classes"].index(example["label"])
        loss -= math.log(chances[truth])
        for index, chance in enumerate(chances):
            error = chance - (1 if index == truth else 0)
            bias_gradient[index] += error
            _add_scaled(gradient[index], error, inputs)
    step = -rate / len(examples)
    for weights, row in zip(model["weights"], gradient):
        _add_scaled(weights, step, row)
    _add_scaled(model["bias"], step, bias_gradient)
    return loss / len(examples)


def evaluate(model, examples):
    """Compares what the model says with what is true."""
    classes = model["classes"]
    confusion = [[0] * len(classes) for _ in classes]
    for example in examples:
        predicted = _predict(model, example["features"])
        confusion[classes.index(example["label"])][classes.index(predicted)] += 1
    right = sum(confusion[index][index] for index in range(len(classes)))
    return {"accuracy": right / len(examples), "classes": classes, "confusion": confusion}


def _predict(model, features):
    """The class that the model thinks likeliest."""
    chances = _chances(model, _standardise(model, features))
    return model["classes"][chances.index(max(chances))]


def _standardise(model, features):
    return [(value - mean) / scale for value, mean, scale in zip(features, model["mean"], model["scale"])]


def _chances(model, inputs):
    scores = [
        bias + _sum(weight * value for weight, value in zip(row, inputs))
        for row, bias in zip(model["weights"], model["bias"])
    ]
    highest = max(scores)  # taken off, so that exp() cannot overflow
    powers = [math.exp(score - highest) for score in scores]
    total = _sum(powers)
    return [power / total for power in powers]


def _deviation(column, mean):
    return math.sqrt(_sum((value - mean) * (value - mean) for value in column) / len(column)) or 1.0


def _add_scaled(target, factor, values):
    for index, value in enumerate(values):
        target[index] += factor * value


def _sum(values):
    """Plain addition from left to right; since Python 3.12 the built-in sum() rounds floats differently."""
    total = 0.0
    for value in values:
        total += value
    return total
