"""Does what `python -m unittest discover -s tests -t .` does, and writes what became of each test into the file that is its argument."""

import json
import sys
import unittest


class Recorder(unittest.TextTestResult):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.outcomes = []

    def note(self, test, state, reason=None):
        self.outcomes.append({"id": test.id(), "state": state, "reason": reason})

    def addSuccess(self, test):
        super().addSuccess(test)
        self.note(test, "passed")

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self.note(test, "failed")

    def addError(self, test, err):
        super().addError(test, err)
        self.note(test, "failed")

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self.note(test, "skipped", reason)

    def addUnexpectedSuccess(self, test):
        super().addUnexpectedSuccess(test)
        self.note(test, "failed")

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            self.note(test, "failed")


class Runner(unittest.TextTestRunner):
    resultclass = Recorder


def main(file):
    argv = ["unittest", "discover", "-s", "tests", "-t", "."]
    program = unittest.main(module=None, argv=argv, testRunner=Runner, exit=False)
    with open(file, "w", encoding="utf-8") as out:
        json.dump(program.result.outcomes, out)
    return 0 if program.result.wasSuccessful() else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
