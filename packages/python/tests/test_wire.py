import unittest

from .served_steps import STEPS, one_step
from .wire_client import PluginTestCase, step_call


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
        client = self.start_ready(one_step("return StepResult(data={'same': context.text})"))
        for size in (65535, 65536, 65537, 1 << 20, (8 << 20) - 1000):
            with self.subTest(size=size):
                result = client.call("execute", step_call("one", {"text": "x" * size}))
                self.assertEqual(len(result["data"]["same"]), size)

    def test_text_survives_both_ways(self):
        text = 'ä€🐧\u2028\u2029\x85\x00\r\n\x0b\x0c\ufeff"\\'
        client = self.start_ready(one_step("return StepResult(data={'same': context.text})"))
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


if __name__ == "__main__":
    unittest.main()
