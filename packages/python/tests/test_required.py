import copy
import json
import unittest

from .test_framing import GOLDEN, golden
from .wire_client import INITIALIZE, PluginTestCase, step_call, undo_call

SOURCE = """
    from synapse_steps import BaseStep, StepResult

    class Train(BaseStep):
        name = "train"
        progress_weight = 1

        def can_skip(self, context):
            print("ran")
            return False

        def execute(self, context):
            print("ran")
            return StepResult()

        def rollback(self, context, result):
            print("ran")

    class Evaluate(Train):
        name = "evaluate"
"""


def without(params, pointer):
    """A copy that lost the member at the pointer."""
    *path, last = pointer[1:].split("/")
    mutated = holder = copy.deepcopy(params)
    for key in path:
        holder = holder[int(key) if isinstance(holder, list) else key]
    del holder[last]
    return mutated


class Required(PluginTestCase):
    def error_of(self, client, method, params):
        return client.answer(client.request(method, params))["error"]

    @unittest.skipUnless(GOLDEN.is_dir(), "the golden frames are part of the repository, not of the sdist")
    def test_a_request_that_lacks_a_member_is_refused_and_no_step_runs(self):
        required = json.loads((GOLDEN / "required-fields.json").read_text(encoding="utf-8"))
        entries = [entry for file, _raw, entry in golden("frames") if file.startswith("host-to-plugin.json")]
        requests = {entry["title"]: entry["value"] for entry in entries}
        client = self.start(SOURCE)
        for title, pointers in required.items():
            for pointer in pointers if title != "shutdown" else ():
                with self.subTest(title, without=pointer):
                    request = requests[title]
                    error = self.error_of(client, request["method"], without(request["params"], pointer))
                    self.assertEqual((error["code"], error["data"]["kind"]), (-32602, "invalid_message"))
        client.call("initialize", INITIALIZE)
        self.assertEqual(client.end(), 0)
        self.assertNotIn("ran", client.stderr())

    def test_it_says_what_is_missing_or_wrong(self):
        client = self.start_ready(SOURCE)
        for method, params, pointer, message in (
            ("execute", {"step": "train"}, "/run_id", "run_id is missing"),
            ("execute", step_call("train", attempt="x"), "/attempt", "attempt must be an integer"),
            ("execute", step_call("train", run_id=None), "/run_id", "run_id must be a text"),
            ("execute", {**step_call("train"), "context": {"rev": "no", "full": {}}}, "/context/rev", None),
            ("execute", {**step_call("train"), "context": {"rev": 1}}, "/context/full", "context/full is missing"),
            ("execute", {**step_call("train"), "context": {"rev": 2, "base": 1, "patch": [1]}}, "/context/patch/0", None),
            ("rollback", undo_call("train", {}, cause="x"), "/cause", "cause must be an object or null"),
            ("can_skip", {**step_call("train"), "params": []}, "/params", "params must be an object"),
        ):
            with self.subTest(pointer, message=message):
                error = self.error_of(client, method, params)
                self.assertEqual((error["code"], error["data"]["pointer"]), (-32602, pointer))
                self.assertIn(message or "must be", error["message"])

    def test_an_integer_may_be_written_with_a_point(self):
        client = self.start_ready(SOURCE)
        answer = client.call("execute", step_call("train", attempt=1.0))
        self.assertTrue(answer["success"])


if __name__ == "__main__":
    unittest.main()
