"""A multilayer perceptron of scikit-learn that reads digits. Runs alone, too: python digits_model.py CLASSES_TXT OUTPUT"""

import io
import json
import sys
from pathlib import Path

import joblib
import numpy
import sklearn
from PIL import Image
from sklearn.metrics import accuracy_score, confusion_matrix, log_loss
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier

SIDE = 8  # what a picture is reduced to
SEED = 42


class DigitsData:
    """An image folder with the splits `train` and `test`, and what its classes are."""

    def __init__(self, classes_file):
        self.folder = Path(classes_file).parent
        self.classes = Path(classes_file).read_text().split()

    def read_split(self, split):
        """The pictures as rows of ink, 0 to 1, and their classes as numbers.

        Their order is by content: what they are called depends on where they were downloaded from, and the same pictures
        shall lead to the same model.
        """
        rows, numbers = [], []
        for number, name in enumerate(self.classes):
            for content in sorted(path.read_bytes() for path in (self.folder / split / name).glob("*.png")):
                with Image.open(io.BytesIO(content)) as picture:
                    small = picture.convert("L").resize((SIDE, SIDE), Image.Resampling.BOX)
                rows.append(1 - numpy.asarray(small, dtype=float).ravel() / 255)
                numbers.append(number)
        if not rows:
            raise ValueError("there is no picture in %s" % (self.folder / split))
        return numpy.array(rows), numpy.array(numbers)


class DigitsModel:
    """What is learned, and how far it is."""

    def __init__(self, model=None):
        self.model = model or MLPClassifier(
            hidden_layer_sizes=(64,), learning_rate_init=0.005, batch_size=32, random_state=SEED
        )

    @classmethod
    def load(cls, folder):
        return cls(joblib.load(Path(folder) / "model.joblib"))

    def save(self, folder, about):
        """Writes the weights, and what they are."""
        folder.mkdir(parents=True, exist_ok=True)
        joblib.dump(self.model, folder / "model.joblib")
        text = json.dumps({"library": "scikit-learn " + sklearn.__version__, **about}, indent=2)
        (folder / "model.json").write_text(text + "\n")

    def epochs(self, data, numbers):
        """Learns from the split `train`, of which a tenth is kept back; after each epoch says how that tenth is taken."""
        rows, classes = data.read_split("train")
        learn, check, learn_classes, check_classes = train_test_split(
            rows, classes, test_size=0.1, random_state=SEED, stratify=classes
        )
        for epoch in numbers:
            self.model.partial_fit(learn, learn_classes, classes=range(len(data.classes)))
            yield epoch, {
                "loss": float(self.model.loss_),
                "validation_loss": float(log_loss(check_classes, self.model.predict_proba(check))),
                "accuracy": float(accuracy_score(check_classes, self.model.predict(check))),
            }

    def evaluate(self, data):
        """How the model does with the split `test`, which it has not seen."""
        rows, classes = data.read_split("test")
        taken = self.model.predict(rows)
        confusion = confusion_matrix(classes, taken, labels=range(len(data.classes)))
        return {
            "accuracy": float(accuracy_score(classes, taken)),
            "confusion": confusion.tolist(),
            "classes": data.classes,
        }


def main(classes_file, output):
    data, model = DigitsData(classes_file), DigitsModel()
    for epoch, metrics in model.epochs(data, range(1, 16)):
        print(epoch, metrics)
    result = model.evaluate(data)
    model.save(Path(output), result)
    print("accuracy", result["accuracy"])


if __name__ == "__main__":
    main(*sys.argv[1:])
