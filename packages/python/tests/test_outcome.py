import unittest

from .served_steps import one_step
from .wire_client import INITIALIZE, PluginTestCase, step_call


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
        client, answer = self.execute("return StepResult(data={'a': [float('nan')]}, rollback_data={'u': 1})")
        self.assertEqual((answer["error"]["code"], answer["error"]["data"]["kind"]), (1010, "unserialisable_value"))
        self.assertEqual(
            (answer["error"]["data"]["pointer"], answer["error"]["data"]["type_name"]), ("/data/a/0", "float")
        )
        self.assertEqual(client.notifications("undo")[0]["data"], {"u": 1})

    def test_a_context_field_without_json_form_is_named(self):
        answer = self.execute("context.model['fn'] = print\n        return StepResult()", context={"model": {}})[1]
        self.assertEqual(answer["error"]["data"]["pointer"], "/context/model/fn")

    def test_a_failure_is_not_hidden_by_data_without_json_form(self):
        result = self.execute("context.x = object()\n        return StepResult.fail('first', data={'d': object()})")[1][
            "result"
        ]
        self.assertTrue(result["error"].startswith("first (moreover: /data/d"), result["error"])
        self.assertIn("/context/x", result["error"])

    def test_a_result_that_is_too_large_keeps_its_undo_data(self):
        source = one_step("return StepResult(data={'d': 'x' * 2000000}, rollback_data={'u': 1})")
        client = self.start(source)
        client.call(
            "initialize", {**INITIALIZE, "limits": {"max_frame_bytes": 1048576, "max_depth": 64, "inline_bytes": 1}}
        )
        answer = client.answer(client.request("execute", step_call("one")))
        self.assertEqual(answer["error"]["data"]["kind"], "unserialisable_value")
        self.assertIn("1048576", answer["error"]["message"])
        self.assertEqual(client.notifications("undo")[0]["data"], {"u": 1})


if __name__ == "__main__":
    unittest.main()
