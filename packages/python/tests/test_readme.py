import os
import pathlib
import re
import subprocess
import sys
import unittest

from .wire_client import PATIENCE_SECONDS, SOURCES, PluginTestCase, step_call, undo_call

README = pathlib.Path(__file__).resolve().parents[1] / "README.md"


class QuickStart(PluginTestCase):
    def test_the_quick_start_runs_and_undoes_as_it_says(self):
        source = re.search(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL).group(1)
        client = self.start_ready(source)
        context = {"rows": [[1, 2], [2, 4], [3, 6]], "model": {"path": None}}
        params = {"epochs": 20}
        self.assertEqual(client.call("can_skip", step_call("train", context, params=params))["skip"], False)
        result = client.call("execute", step_call("train", context, params=params))
        self.assertEqual((result["success"], result["data"]), (True, {"epochs": 20}), result["error"])
        self.assertEqual(result["patch"], [{"op": "replace", "path": "/model", "value": {"path": "model.json"}}])
        self.assertEqual(len(client.notifications("progress")), 20)
        losses = [metric["metrics"]["loss"] for metric in client.notifications("metrics")]
        self.assertLess(losses[-1], losses[0] / 10)
        model = os.path.join(self.folder, "model.json")
        self.assertTrue(os.path.exists(model))
        self.assertEqual(client.call("can_skip", step_call("train", context, params=params))["reason"], "model exists")
        undo = client.notifications("undo")[0]["data"]
        for _ in range(2):
            self.assertEqual(client.call("rollback", undo_call("train", undo, context))["outcome"], "undone")
        self.assertFalse(os.path.exists(model))

    def test_the_steps_of_a_file_are_shown_without_installing(self):
        readme = README.read_text(encoding="utf-8")
        folder = re.search(r"dist/python/(\S+) --describe plugins/train.py", readme).group(1)
        source = re.search(r"```python\n(.*?)```", readme, re.DOTALL).group(1)
        env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        command = [sys.executable, "-S", str(SOURCES / folder), "--describe", self.write("train.py", source)]
        run = subprocess.run(command, env=env, capture_output=True, text=True, timeout=PATIENCE_SECONDS)
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertIn('"name": "train"', run.stdout)

    def test_the_test_of_a_step_passes(self):
        quick_start, test = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
        os.mkdir(os.path.join(self.folder, "plugins"))
        self.write("plugins/train.py", quick_start)
        command = [sys.executable, "-W", "error", self.write("test_train.py", test)]
        env = {**os.environ, "PYTHONPATH": str(SOURCES)}
        run = subprocess.run(
            command, cwd=self.folder, env=env, capture_output=True, text=True, timeout=PATIENCE_SECONDS
        )
        self.assertEqual((run.returncode, run.stderr), (0, ""))


if __name__ == "__main__":
    unittest.main()
