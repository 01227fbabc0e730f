import os
import sys
import unittest

from .served_steps import STEPS, one_step
from .wire_client import ENTRY, INITIALIZE, PluginTestCase, step_call


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
                "context_delta": True,
                "files": True,
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
            "import os\nTOKEN = os.environ['TOKEN']\n" + one_step("return StepResult(data={'t': TOKEN})")
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


if __name__ == "__main__":
    unittest.main()
