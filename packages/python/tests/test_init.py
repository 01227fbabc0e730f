import pathlib
import subprocess
import sys
import unittest

import synapse_steps

from .wire_client import SOURCES


class PublicNames(unittest.TestCase):
    def test_all_is_sorted_and_complete(self):
        names = [name for name in vars(synapse_steps) if not name.startswith("_")] + ["__version__"]
        names = [name for name in names if name != "testing"]  # a module of its own, once somebody has imported it
        self.assertEqual(synapse_steps.__all__, sorted(synapse_steps.__all__))
        self.assertEqual(sorted(synapse_steps.__all__), sorted(names))

    def test_every_module_but_the_one_for_tests_is_private(self):
        modules = pathlib.Path(synapse_steps.__file__).parent.glob("*.py")
        self.assertEqual([path.name for path in modules if not path.name.startswith("_")], ["testing.py"])

    def test_the_package_says_that_it_is_typed(self):
        self.assertTrue(pathlib.Path(synapse_steps.__file__).with_name("py.typed").is_file())

    def test_importing_it_imports_nothing_slow(self):
        slow = [
            "json",
            "re",
            "logging",
            "traceback",
            "inspect",
            "asyncio",
            "dataclasses",
            "typing",
            "threading",
            "enum",
        ]
        code = (
            "import sys; before = set(sys.modules); import synapse_steps, synapse_steps._command, synapse_steps._server,"
            " synapse_steps._wire, synapse_steps._interrupts, synapse_steps._capture, synapse_steps._loading\n"
            f"print(sorted(set({slow}) & (set(sys.modules) - before)))"
        )
        run = subprocess.run(
            [sys.executable, "-c", code], env={"PYTHONPATH": str(SOURCES)}, capture_output=True, text=True, timeout=20
        )
        self.assertEqual(run.stdout.strip(), "[]", run.stderr)
