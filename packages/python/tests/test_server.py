import unittest

from .served_steps import STEPS, one_step
from .wire_client import PluginTestCase, step_call, undo_call


class Calls(PluginTestCase):
    def test_a_step_is_executed_and_tells_meanwhile(self):
        client = self.start_ready(STEPS)
        result = client.call("execute", step_call("train", params={"epochs": 7}))
        self.assertEqual(
            result,
            {
                "success": True,
                "skipped": False,
                "skip_reason": None,
                "error": None,
                "cause": None,
                "data": {"epochs": 7},
                "undo": {"path": "m"},
                "patch": [],
            },
        )
        short = {"success": True, "data": {"epochs": 7}, "undo": {"path": "m"}}
        self.assertEqual(client.frames[-1]["result"], short)  # what has its default is left out
        said = [frame for frame in client.frames if "method" in frame]
        self.assertEqual([frame["params"]["seq"] for frame in said], list(range(1, 7)))
        self.assertEqual({frame["params"]["id"] for frame in said}, {2})
        progress = client.notifications("progress")
        self.assertEqual((progress[0]["current"], progress[0]["total"], progress[0]["category"]), (1, 4, None))
        self.assertEqual((progress[1]["category"], progress[1]["message"]), ("epochs", "two"))
        metrics = client.notifications("metrics")
        self.assertEqual(
            [(one["category"], one["metrics"]) for one in metrics],
            [(None, {"loss": 0.5}), ("validation", {"loss": 0.25})],
        )
        event, message = client.notifications("log")
        self.assertEqual((event["level"], event["event"], event["data"]), ("info", "started", {"rows": 3}))
        self.assertEqual((message["level"], message["message"]), ("warning", "hello"))

    def test_an_async_step_and_a_skipped_result(self):
        client = self.start_ready(STEPS)
        result = client.call("execute", step_call("plain"))
        self.assertEqual((result["success"], result["skipped"], result["skip_reason"]), (True, True, "nothing new"))

    def test_can_skip_may_give_a_reason(self):
        client = self.start_ready(STEPS)
        self.assertEqual(client.call("can_skip", step_call("train")), {"skip": False, "reason": None})
        self.assertEqual(
            client.call("can_skip", step_call("train", step_params={"why": True})), {"skip": True, "reason": None}
        )
        self.assertEqual(
            client.call("can_skip", step_call("train", step_params={"why": "done before"})),
            {"skip": True, "reason": "done before"},
        )
        self.assertEqual(client.call("can_skip", step_call("plain")), {"skip": False, "reason": None})

    def test_can_skip_that_raises_is_an_error(self):
        source = one_step("return StepResult()", "def can_skip(self, context): return context.missing")
        client = self.start_ready(source)
        error = client.answer(client.request("can_skip", step_call("one")))["error"]
        self.assertEqual((error["code"], error["data"]["kind"]), (1000, "step_failed"))
        self.assertIn("no field 'missing'", error["message"])

    def test_rollback_gets_the_result_and_the_fold(self):
        client = self.start_ready(STEPS)
        result = client.call("rollback", undo_call("train", {"path": "m", "n": 1}, status="unknown", undo_attempt=2))
        self.assertEqual(
            (result["outcome"], result["left_behind"], result["error"], result["cause"]), ("undone", [], None, None)
        )
        self.assertEqual(result["patch"][0]["value"], ["unknown", False, {}, {"path": "m", "n": 1}, 2])

    def test_a_step_without_rollback_has_nothing_to_undo(self):
        client = self.start_ready(STEPS)
        self.assertEqual(client.call("rollback", undo_call("plain", {}))["outcome"], "nothing-to-undo")

    def test_an_irreversible_step_without_rollback_says_so(self):
        client = self.start_ready(one_step("return StepResult()", "irreversible = True"))
        self.assertEqual(client.call("rollback", undo_call("one", {}))["outcome"], "irreversible")

    def test_rollback_may_leave_something_behind(self):
        source = one_step(
            "return StepResult()", "async def rollback(self, context, result): return {'left_behind': ['a mail']}"
        )
        result = self.start_ready(source).call("rollback", undo_call("one", {}))
        self.assertEqual((result["outcome"], result["left_behind"]), ("irreversible", ["a mail"]))

    def test_a_rollback_that_raises_has_failed(self):
        source = one_step(
            "return StepResult()",
            "def rollback(self, context, result):\n        context.seen = 1\n        raise OSError('locked')",
        )
        result = self.start_ready(source).call("rollback", undo_call("one", {}))
        self.assertEqual((result["outcome"], result["error"], result["cause"]["type"]), ("failed", "locked", "OSError"))
        self.assertEqual(result["patch"], [{"op": "add", "path": "/seen", "value": 1}])

    def test_an_unknown_step_is_an_error_that_lists_those_there_are(self):
        client = self.start_ready(STEPS)
        error = client.answer(client.request("execute", step_call("tarin")))["error"]
        self.assertEqual(error["data"]["kind"], "invalid_params")
        self.assertIn("train, plain", error["message"])


if __name__ == "__main__":
    unittest.main()
