"""A multilayer perceptron of scikit-learn that reads digits. Runs alone, too: python digits_model.py CLASSES_TXT OUTPUT"""

import json
import sys
from pathlib import Path

import joblib
import numpy
import sklearn
from PIL import Image
from sklearn.metrics import accuracy_score, confusion_matrix
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier

SIDE = 8  # what a picture is reduced to
SEED = 42


def read_split(folder, classes):
    """The pictures of an image folder as rows of ink, 0 to 1, and their classes as numbers."""
    rows, numbers = [], []
    for number, name in enumerate(classes):
        for path in sorted((folder / name).glob("*.png")):
            with Image.open(path) as picture:
                small = picture.convert("L").resize((SIDE, SIDE), Image.Resampling.BOX)
            rows.append(1 - numpy.asarray(small, dtype=float).ravel() / 255)
            numbers.append(number)
    if not rows:
        raise ValueError("there is no picture in %s" % folder)
    return numpy.array(rows), numpy.array(numbers)


def train(classes_file, epochs, on_epoch):
    """Learns from the split `train`; a tenth of it is kept back to see how it goes. Gives the model and its classes."""
    classes = Path(classes_file).read_text().split("\n")
    classes = [name for name in classes if name]
    rows, numbers = read_split(Path(classes_file).parent / "train", classes)
    learn, check, learn_numbers, check_numbers = train_test_split(
        rows, numbers, test_size=0.1, random_state=SEED, stratify=numbers
    )
    model = MLPClassifier(hidden_layer_sizes=(64,), learning_rate_init=0.005, batch_size=32, random_state=SEED)
    for epoch in range(1, epochs + 1):
        model.partial_fit(learn, learn_numbers, classes=range(len(classes)))
        accuracy = accuracy_score(check_numbers, model.predict(check))
        on_epoch(epoch, {"loss": float(model.loss_), "accuracy": float(accuracy)})
    return model, classes


def evaluate(model, classes_file, classes):
    """How the model does with the split `test`, which it has not seen."""
    rows, numbers = read_split(Path(classes_file).parent / "test", classes)
    predicted = model.predict(rows)
    confusion = confusion_matrix(numbers, predicted, labels=range(len(classes)))
    return {"accuracy": float(accuracy_score(numbers, predicted)), "confusion": confusion.tolist(), "classes": classes}


def save(model, folder, about):
    """Writes the weights, and what they are."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    joblib.dump(model, folder / "model.joblib")
    text = json.dumps({"library": "scikit-learn " + sklearn.__version__, **about}, indent=2)
    (folder / "model.json").write_text(text + "\n")


def main(classes_file, output):
    model, classes = train(classes_file, 15, lambda epoch, metrics: print(epoch, metrics))
    result = evaluate(model, classes_file, classes)
    save(model, output, result)
    print("accuracy", result["accuracy"])


if __name__ == "__main__":
    main(*sys.argv[1:])
