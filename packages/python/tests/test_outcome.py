import unittest

from .served_steps import one_step
from .wire_client import INITIALIZE, PluginTestCase, step_call

UNDO = "def rollback(self, context, result): pass"


class Failures(PluginTestCase):
    def execute(self, body, *members, **call):
        client = self.start_ready(one_step(body, *members))
        return client, client.answer(client.request("execute", step_call("one", **call)))

    def test_a_failed_result_keeps_its_data_undo_and_patch(self):
        body = "context.n = 1\n        return StepResult(success=False, error='bad rows', data={'rows': 3}, rollback_data={'u': 1})"
        result = self.execute(body)[1]["result"]
        self.assertEqual((result["success"], result["error"], result["cause"]), (False, "bad rows", None))
        self.assertEqual((result["data"], result["undo"]), ({"rows": 3}, {"u": 1}))
        self.assertEqual(result["patch"], [{"op": "add", "path": "/n", "value": 1}])

    def test_an_exception_is_a_failed_result_with_its_traceback(self):
        body = "context.n = 1\n        return self.fit()"
        result = self.execute(body, "def fit(self): raise ValueError('too few rows')")[1]["result"]
        self.assertEqual((result["success"], result["error"]), (False, "too few rows"))
        self.assertEqual((result["cause"]["type"], result["cause"]["message"]), ("ValueError", "too few rows"))
        self.assertIn("plugin.py", result["cause"]["traceback"][1])
        self.assertEqual(result["cause"]["traceback"][-1], "ValueError: too few rows")
        self.assertEqual(result["patch"], [{"op": "add", "path": "/n", "value": 1}])

    def test_an_async_exception_shows_only_the_users_lines(self):
        source = one_step("return StepResult()", name="other") + (
            "\nclass Later(BaseStep):\n    name = 'later'\n    progress_weight = 1\n"
            "    async def execute(self, context):\n        raise ValueError('async')\n"
        )
        result = self.start_ready(source).call("execute", step_call("later"))
        self.assertEqual(result["error"], "async")
        self.assertEqual(len([line for line in result["cause"]["traceback"] if line.startswith("  File")]), 1)

    def test_exits_and_interrupts_of_a_step_are_failures_and_the_plugin_lives(self):
        for body, words in (
            ("raise SystemExit(3)", "sys.exit(3)"),
            ("raise KeyboardInterrupt", "KeyboardInterrupt"),
            ("raise KeyError('epochs')", "KeyError: 'epochs'"),
            ("def f(): f()\n        f()", "recursion"),
            (
                "class Odd(Exception):\n            def __str__(self): raise TypeError\n        raise Odd",
                "cannot be shown",
            ),
        ):
            with self.subTest(body):
                client, answer = self.execute(body)
                self.assertIs(answer["result"]["success"], False)
                self.assertIn(words, answer["result"]["error"])
                self.assertEqual(client.call("ping"), {})

    def test_what_is_no_result_is_a_failure(self):
        for value in ("None", "True", "{'success': True}"):
            with self.subTest(value):
                result = self.execute(f"return {value}")[1]["result"]
                self.assertIs(result["success"], False)
                self.assertIn("must return a StepResult", result["error"])

    def test_data_without_json_form_are_an_error_that_says_where(self):
        client, answer = self.execute("return StepResult(data={'a': [float('nan')]}, rollback_data={'u': 1})", UNDO)
        self.assertEqual((answer["error"]["code"], answer["error"]["data"]["kind"]), (1010, "unserialisable_value"))
        self.assertEqual(
            (answer["error"]["data"]["pointer"], answer["error"]["data"]["type_name"]), ("/data/a/0", "float")
        )
        self.assertEqual(client.notifications("undo")[0]["data"], {"u": 1})
        words = r"^/data/a/0: nan is not JSON; use None or a text, or give the step nan = 'null' \(returned by execute\(\), .*plugin\.py:\d+\)$"
        self.assertRegex(answer["error"]["message"], words)
        self.assertNotIn("hint", answer["error"]["data"])  # the message says what to do

    def test_a_context_field_without_json_form_is_named(self):
        answer = self.execute("context.model['fn'] = print\n        return StepResult()", context={"model": {}})[1]
        self.assertEqual(answer["error"]["data"]["pointer"], "/context/model/fn")
        self.assertRegex(answer["error"]["message"], r" \(written by execute\(\), .*plugin\.py:\d+\)$")
        self.assertIn("Return plain values", answer["error"]["data"]["hint"])

    def test_a_traceback_ends_in_the_users_line_that_called_the_context(self):
        result = self.execute("context.set_metrics({'loss': float('nan')})")[1]["result"]
        self.assertEqual(len([line for line in result["cause"]["traceback"] if line.startswith("  File")]), 1)
        self.assertIn("plugin.py", result["cause"]["traceback"][1])
        self.assertIn("/metrics/loss: nan is not JSON", result["cause"]["traceback"][-1])

    def test_a_chain_of_exceptions_is_shown_as_a_whole(self):
        body = "try: self.deep()\n        except ValueError as e: context.set_progress(5, 3)"
        result = self.execute(body, "def deep(self): self.deeper()", "def deeper(self): raise ValueError('first')")[1]
        lines = "\n".join(result["result"]["cause"]["traceback"])
        self.assertIn("in deeper", lines)
        self.assertIn("set_progress", lines)

    def test_a_failure_is_not_hidden_by_data_without_json_form(self):
        result = self.execute("context.x = object()\n        return StepResult.fail('first', data={'d': object()})")[1][
            "result"
        ]
        self.assertTrue(result["error"].startswith("first (moreover: /data/d"), result["error"])
        self.assertIn("/context/x", result["error"])

    def execute_limited(self, body, *members):
        """The same, where a frame may take 1 MiB."""
        client = self.start(one_step(body, *members))
        limits = {"max_frame_bytes": 1048576, "max_depth": 64, "inline_bytes": 1}
        client.call("initialize", {**INITIALIZE, "limits": limits})
        return client, client.answer(client.request("execute", step_call("one")))

    def test_a_result_that_is_too_large_keeps_its_undo_data_and_its_changes(self):
        client, answer = self.execute_limited(
            "context.n = 1\n        return StepResult(data={'d': 'x' * 2000000}, rollback_data={'u': 1})", UNDO
        )
        self.assertEqual(answer["error"]["data"]["kind"], "unserialisable_value")
        self.assertIn("1048576", answer["error"]["message"])
        undo = client.notifications("undo")[0]
        self.assertEqual((undo["data"], undo["patch"]), ({"u": 1}, [{"op": "add", "path": "/n", "value": 1}]))

    def test_changes_that_are_too_large_do_not_take_the_undo_data_with_them(self):
        client, answer = self.execute_limited(
            "context.n = 'x' * 2000000\n        return StepResult(rollback_data={'u': 1})", UNDO
        )
        self.assertEqual(answer["error"]["data"]["kind"], "unserialisable_value")
        self.assertEqual([undo["data"] for undo in client.notifications("undo")], [{"u": 1}])

    def test_a_failure_that_is_too_large_still_says_what_failed(self):
        answer = self.execute_limited("return StepResult.fail('bad rows', data={'d': 'x' * 2000000})")[1]
        self.assertIn("bad rows", answer["error"]["message"])

    def test_a_cancelled_step_whose_changes_are_too_large_is_answered(self):
        client, answer = self.execute_limited(
            "from synapse_steps import StepCancelled\n        context.n = 'x' * 2000000\n        raise StepCancelled('stop')"
        )
        self.assertEqual(answer["error"]["data"]["kind"], "cancelled")
        self.assertIn("too large", answer["error"]["message"])
        self.assertEqual(client.call("ping"), {})

    def test_data_that_are_nested_too_deep_for_a_frame_are_an_error_of_their_own(self):
        body = "d = {}\n        for _ in range(62): d = {'d': d}\n        return StepResult(data=d)"
        client, answer = self.execute(body)
        self.assertEqual(answer["error"]["data"]["kind"], "unserialisable_value")
        self.assertIn("nested", answer["error"]["message"])

    def test_a_step_without_rollback_sends_its_changes_but_no_undo_data(self):
        client, _ = self.execute("context.n = 1\n        return StepResult(data={'a': {1}.pop}, rollback_data={'u': 1})")
        undo = client.notifications("undo")[0]
        self.assertEqual((undo["data"], undo["patch"][0]["path"]), ({}, "/n"))


if __name__ == "__main__":
    unittest.main()
