import importlib.util
import json
import pathlib
import unittest

from synapse_steps import UnserialisableValueError
from synapse_steps._text import dumps
from synapse_steps._values import from_json, to_json

FIXTURES = pathlib.Path(__file__).parents[3] / "test-fixtures"


def _plugin():
    spec = importlib.util.spec_from_file_location("values_plugin", FIXTURES / "plugins" / "values.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class TheTableOfValues(unittest.TestCase):
    """The same cases as packages/bridge/test/values/corpus.test.ts."""

    def setUp(self):
        self.cases = json.loads((FIXTURES / "values" / "corpus.json").read_text(encoding="utf-8"))
        self.plugin = _plugin()

    def test_values_are_written_as_it_says_and_read_again(self):
        for case in (case for case in self.cases if "refused" not in case):
            with self.subTest(case["title"]):
                value = self.plugin.make(case["make"])
                written = json.loads(dumps(to_json(value)))
                self.assertEqual(written, case["json"])
                self.assertTrue(self.plugin.is_same(from_json(written), value))

    def test_the_others_are_refused_with_the_place(self):
        for case in (case for case in self.cases if "refused" in case):
            with self.subTest(case["title"]):
                with self.assertRaises(UnserialisableValueError) as caught:
                    to_json(self.plugin.make(case["make"]))
                if case["refused"] == "*":
                    self.assertRegex(caught.exception.pointer, r"^(/0)+$")
                else:
                    self.assertEqual(caught.exception.pointer, case["refused"])
