import os
import pathlib
import re
import unittest

from .wire_client import PluginTestCase, step_call, undo_call

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


if __name__ == "__main__":
    unittest.main()
