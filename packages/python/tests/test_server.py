import os
import sys
import unittest

from .wire_client import ENTRY, INITIALIZE, PluginTestCase, step_call, undo_call

STEPS = '''
    from synapse_steps import BaseStep, StepResult

    class Train(BaseStep):
        """Trains."""
        name = "train"
        progress_weight = 0.5
        title = "Train the model"
        step_params = {"type": "object"}
        timeout_ms = 60000
        env = ("CUDA_VISIBLE_DEVICES",)

        def execute(self, context):
            context.set_progress(1, 4)
            context.set_progress(2, 4, step="epochs", message="two")
            context.set_metrics({"loss": 0.5})
            context.set_metrics({"loss": 0.25}, category="validation")
            context.log("started", {"rows": 3})
            context.log_message("hello", "warning")
            return StepResult(data={"epochs": context.params["epochs"]}, rollback_data={"path": "m"})

        def can_skip(self, context):
            return context.step_params.get("why", False)

        def rollback(self, context, result):
            context.undone = [result.status, result.success, result.data, result.rollback_data, context.undo_attempt]

    class Plain:
        name = "plain"

        @property
        def progress_weight(self):
            return 2

        async def execute(self, context):
            return StepResult.skip("nothing new")
'''


class Handshake(PluginTestCase):
    def test_initialize_tells_who_this_is(self):
        client = self.start(STEPS)
        result = client.call("initialize", INITIALIZE)
        self.assertEqual(result["protocol_version"], 1)
        self.assertEqual(result["plugin"]["name"], "plugin")
        self.assertEqual(result["plugin"]["language"], "python")
        self.assertEqual(result["plugin"]["sdk"], {"name": "synapse-steps", "version": "0.1.0"})
        self.assertEqual(
            result["capabilities"],
            {
                "max_in_flight": 1,
                "cancel": True,
                "ping": True,
                "rollback": True,
                "can_skip": True,
                "undo": True,
                "context_delta": False,
                "files": False,
                "actions": False,
            },
        )
        self.assertEqual(client.raw[:1], b"\n")
        self.assertEqual(client.end(), 0)

    def test_initialize_and_describe_may_be_pipelined(self):
        client = self.start(STEPS)
        first, second = client.request("initialize", INITIALIZE), client.request("describe")
        self.assertIn("result", client.answer(first))
        self.assertIn("steps", client.answer(second)["result"])

    def test_a_host_that_speaks_no_common_version_is_told_so(self):
        client = self.start(STEPS)
        answer = client.answer(client.request("initialize", {**INITIALIZE, "protocol_versions": [2, 3]}))
        self.assertEqual(answer["error"]["code"], 1011)
        self.assertEqual(answer["error"]["data"]["kind"], "version_mismatch")
        self.assertEqual(answer["error"]["data"]["supported"], [1])
        self.assert_exits(client, 0)

    def test_secrets_are_in_the_environment_when_the_plugin_is_imported(self):
        client = self.start(
            "import os\nTOKEN = os.environ['TOKEN']\n" + _one_step("return StepResult(data={'t': TOKEN})")
        )
        client.call("initialize", {**INITIALIZE, "secrets": {"TOKEN": "abc"}})
        self.assertEqual(client.call("execute", step_call("one"))["data"], {"t": "abc"})

    def test_describe_tells_everything_about_each_step(self):
        client = self.start_ready(STEPS)
        train, plain = client.call("describe")["steps"]
        self.assertEqual(
            train,
            {
                "name": "train",
                "weight": 0.5,
                "title": "Train the model",
                "version": None,
                "step_params": {"type": "object"},
                "can_skip": True,
                "rollback": True,
                "irreversible": False,
                "pivot": False,
                "optional": False,
                "rollback_own_failure": True,
                "on_interrupt": "undo-then-retry",
                "timeout_ms": 60000,
                "cancel_grace_ms": None,
                "hang_timeout_ms": None,
                "exclusive": False,
                "env": ["CUDA_VISIBLE_DEVICES"],
            },
        )
        self.assertEqual(
            (plain["name"], plain["weight"], plain["can_skip"], plain["rollback"]), ("plain", 2, False, False)
        )

    def test_a_plugin_that_cannot_be_imported_says_why_and_ends(self):
        client = self.start("import synapse_steps\n\ndef broken():\n    raise RuntimeError('no GPU')\n\nbroken()\n")
        error = client.answer(client.request("initialize", INITIALIZE))["error"]
        self.assertEqual((error["code"], error["data"]["kind"]), (1002, "precondition_failed"))
        self.assertIn(os.path.join(self.folder, "plugin.py"), error["message"])
        self.assertIn("RuntimeError: no GPU", error["message"])
        stack = error["data"]["cause"][0]["stack"]
        self.assertIn("plugin.py", stack[1])
        self.assertIn("broken", "\n".join(stack))
        self.assertNotIn("synapse_steps/_", "\n".join(stack))
        self.assert_exits(client, 1)

    def test_a_plugin_that_exits_or_is_no_python_while_imported_says_so_too(self):
        cases = [
            ("raise SystemExit(3)", "sys.exit(3)"),
            ("raise KeyboardInterrupt", "KeyboardInterrupt"),
            ("def f(:", "SyntaxError"),
            ("import no_such_module_at_all", "no_such_module_at_all"),
            ("x = 1", "has no steps"),
        ]
        for source, words in cases:
            with self.subTest(source):
                client = self.start(source)
                error = client.answer(client.request("initialize", INITIALIZE))["error"]
                self.assertEqual(error["data"]["kind"], "precondition_failed")
                self.assertIn(words, error["message"])
                self.assert_exits(client, 1)

    def test_a_file_that_does_not_exist_is_named(self):
        client = self.start_command([sys.executable, str(ENTRY), "missing/plugin.py"])
        error = client.answer(client.request("initialize", INITIALIZE))["error"]
        self.assertIn(os.path.join(self.folder, "missing/plugin.py"), error["message"])
        self.assert_exits(client, 1)


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
        source = _one_step("return StepResult()", "def can_skip(self, context): return context.missing")
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
        client = self.start_ready(_one_step("return StepResult()", "irreversible = True"))
        self.assertEqual(client.call("rollback", undo_call("one", {}))["outcome"], "irreversible")

    def test_rollback_may_leave_something_behind(self):
        source = _one_step(
            "return StepResult()", "async def rollback(self, context, result): return {'left_behind': ['a mail']}"
        )
        result = self.start_ready(source).call("rollback", undo_call("one", {}))
        self.assertEqual((result["outcome"], result["left_behind"]), ("irreversible", ["a mail"]))

    def test_a_rollback_that_raises_has_failed(self):
        source = _one_step(
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


class Failures(PluginTestCase):
    def execute(self, body, *members, **call):
        client = self.start_ready(_one_step(body, *members))
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
        source = _one_step("return StepResult()", name="other") + (
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
        source = _one_step("return StepResult(data={'d': 'x' * 2000000}, rollback_data={'u': 1})")
        client = self.start(source)
        client.call(
            "initialize", {**INITIALIZE, "limits": {"max_frame_bytes": 1048576, "max_depth": 64, "inline_bytes": 1}}
        )
        answer = client.answer(client.request("execute", step_call("one")))
        self.assertEqual(answer["error"]["data"]["kind"], "unserialisable_value")
        self.assertIn("1048576", answer["error"]["message"])
        self.assertEqual(client.notifications("undo")[0]["data"], {"u": 1})


class Frames(PluginTestCase):
    def test_unknown_methods_notifications_and_fields(self):
        client = self.start_ready(STEPS)
        self.assertEqual(client.answer(client.request("_acme/thing"))["error"]["code"], -32601)
        client.send({"method": "_acme/hello", "params": {"a": 1}})
        client.send({"method": "cancel", "params": {"id": 9999, "reason": "", "grace_ms": 1}})
        client.send({"method": "undo_saved", "params": {"id": 9999, "seq": 1}})
        client.send({"id": 50, "method": "ping", "params": {"new": 1}, "trace": [1]})
        self.assertEqual(client.answer(50)["result"], {})

    def test_what_cannot_be_read_is_answered_and_the_stream_lives(self):
        client = self.start_ready(STEPS)
        for line, request_id in (
            (b'\xff\xfe{"jsonrpc"', None),
            (b"not json", None),
            (b'{"jsonrpc":"2.0","id":70,"method":"execute","params":{"a":NaN}}', 70),
            (b'{"jsonrpc":"2.0","id":71,"method":"execute","params":{"a":9007199254740993}}', 71),
            (b'{"jsonrpc":"2.0","id":72,"method":"execute","params":' + b"[" * 100000, 72),
            (b'{"jsonrpc":"2.0","id":73,"method":"execute","params":[]}', 73),
            (b'{"jsonrpc":"2.0","id":74,"method":"execute","params":{"t":"' + b"x" * 9_000_000 + b'"}}', 74),
        ):
            with self.subTest(line[:60]):
                client.send_bytes(line + b"\n")
                frame = client.read()
                self.assertEqual(frame["id"], request_id)
                self.assertIn(frame["error"]["code"], (-32700, -32600))
        self.assertEqual(client.call("ping"), {})

    def test_params_of_the_wrong_shape_are_an_error(self):
        client = self.start_ready(STEPS)
        error = client.answer(client.request("execute", {**step_call("train"), "context": {"rev": 1, "full": []}}))[
            "error"
        ]
        self.assertEqual((error["code"], error["data"]["kind"]), (-32602, "invalid_message"))

    def test_frames_up_to_the_limit_go_both_ways(self):
        client = self.start_ready(_one_step("return StepResult(data={'same': context.text})"))
        for size in (65535, 65536, 65537, 1 << 20, (8 << 20) - 1000):
            with self.subTest(size=size):
                result = client.call("execute", step_call("one", {"text": "x" * size}))
                self.assertEqual(len(result["data"]["same"]), size)

    def test_text_survives_both_ways(self):
        text = 'ä€🐧\u2028\u2029\x85\x00\r\n\x0b\x0c\ufeff"\\'
        client = self.start_ready(_one_step("return StepResult(data={'same': context.text})"))
        self.assertEqual(client.call("execute", step_call("one", {"text": text}))["data"]["same"], text)

    def test_shutdown_is_answered_and_the_end_of_stdin_ends_the_plugin(self):
        client = self.start_ready(STEPS)
        self.assertEqual(client.call("shutdown", {"deadline_ms": 1000}), {})
        self.assertEqual(client.end(), 0)

    def test_the_end_of_stdin_alone_ends_the_plugin(self):
        self.assertEqual(self.start(STEPS).end(), 0)

    def test_a_request_without_its_line_end_is_not_executed(self):
        client = self.start_ready(STEPS)
        client.send_bytes(b'{"jsonrpc":"2.0","id":90,"method":"ping"}')
        self.assertEqual(client.end(), 0)
        self.assertNotIn(90, [frame.get("id") for frame in client.frames])


def _one_step(body, *members, name="one"):
    """The source of a plugin with one step whose execute has this body."""
    lines = "".join(f"\n    {member}" for member in members)
    return (
        "from synapse_steps import BaseStep, StepResult\n"
        f"class One(BaseStep):\n    name = {name!r}\n    progress_weight = 1{lines}\n"
        f"    def execute(self, context):\n        {body}\n"
    )


if __name__ == "__main__":
    unittest.main()
