import subprocess
import sys
import unittest

from synapse_steps._text import JsonTextError, dumps, loads

from .wire_client import SOURCES

CHECKS = """
from synapse_steps._text import JsonTextError, dumps, loads
checked = lambda text: loads(text, checks_numbers=True)
value = {"a": [1, -2.5, True, None, "\\u00e4\\n"], "b": {}}
assert dumps(value) == '{"a":[1,-2.5,true,null,"\\\\u00e4\\\\n"],"b":{}}', dumps(value)
assert loads(dumps(value)) == checked(dumps(value)) == value
for read, text in ((loads, "[NaN]"), (loads, "[1"), (loads, "1 2"), (loads, ""), (checked, "[9007199254740993]"), (checked, "1e400")):
    try:
        read(text)
    except JsonTextError:
        continue
    raise AssertionError(text)
for bad in (float("nan"), float("inf"), object()):
    try:
        dumps([bad])
    except (TypeError, ValueError):
        continue
    raise AssertionError(bad)
"""


class JsonText(unittest.TestCase):
    def test_reading_and_writing(self):
        exec(CHECKS, {})

    def test_the_same_without_the_accelerators_of_cpython(self):
        code = f"import sys; sys.modules['_json'] = None\n{CHECKS}\nassert 'json' in sys.modules"
        run = subprocess.run(
            [sys.executable, "-c", code], env={"PYTHONPATH": str(SOURCES)}, capture_output=True, text=True, timeout=20
        )
        self.assertEqual(run.returncode, 0, run.stderr)

    def test_errors_say_where(self):
        with self.assertRaisesRegex(JsonTextError, r"\(char 4\)"):
            loads('{"a"')
        self.assertEqual(loads(" [1]\t\r\n"), [1])
        self.assertEqual(loads("[9007199254740991]", checks_numbers=True), [9007199254740991])
        self.assertEqual(dumps("\ud800"), '"\\ud800"')


if __name__ == "__main__":
    unittest.main()
