import unittest

from .wire_client import PATIENCE_SECONDS, PluginTestCase, step_call, undo_call

SOURCE = """
    import threading, time
    from synapse_steps import BaseStep, StepResult

    class Probe(BaseStep):
        name = "probe"
        progress_weight = 1

        def execute(self, context):
            results = {}
            exec(context.params["code"], {"context": context, "results": results, "threading": threading, "time": time, "self": self})
            return StepResult(data=results)

        def rollback(self, context, result):
            exec(context.params["code"], {"context": context})

    class NoUndo(BaseStep):
        name = "no_undo"
        progress_weight = 1

        def execute(self, context):
            context.save_undo({"a": 1})
            return StepResult()
"""


class ContextTestCase(PluginTestCase):
    def run_code(self, code, context=None, step="probe"):
        self.client = self.start_ready(SOURCE)
        return self.client.call("execute", step_call(step, context, params={"code": code}, step_params={"rate": 0.1}))

    def data_of(self, code, context=None):
        result = self.run_code(code, context)
        self.assertTrue(result["success"], result["error"])
        return result["data"]

    def error_of(self, code, context=None):
        result = self.run_code(code, context)
        self.assertFalse(result["success"])
        return f"{result['cause']['type']}: {result['error']}"


class Fields(ContextTestCase):
    def test_fields_are_attributes_and_items(self):
        code = (
            "results.update(a=context.a, item=context['params'], has=hasattr(context, 'b'), names=list(context),"
            " inside='a' in context, n=len(context), default=getattr(context, 'b', 7), shown=repr(context))"
        )
        data = self.data_of(code, {"a": 1, "params": "mine"})
        self.assertEqual((data["a"], data["item"], data["has"], data["inside"]), (1, "mine", False, True))
        self.assertEqual((data["names"], data["n"], data["default"]), (["a", "params"], 2, 7))
        self.assertIn("probe", data["shown"])

    def test_every_kind_of_change_reaches_the_host(self):
        code = (
            "context.model['layers'][0]['units'] = 8\ncontext.rows += [4]\ncontext.new = {'k': 1}\ncontext.new['l'] = 2\n"
            "del context.old\ncontext.n = 2\ncontext['params'] = 'other'\ndel context['gone']\ncontext.same = context.same"
        )
        full = {
            "model": {"layers": [{"units": 4}]},
            "rows": [1],
            "old": 1,
            "n": 1,
            "params": "x",
            "gone": [],
            "same": [1],
        }
        patch = {op["path"]: (op["op"], op.get("value")) for op in self.run_code(code, full)["patch"]}
        self.assertEqual(
            patch,
            {
                "/model": ("replace", {"layers": [{"units": 8}]}),
                "/rows": ("replace", [1, 4]),
                "/new": ("add", {"k": 1, "l": 2}),
                "/old": ("remove", None),
                "/n": ("replace", 2),
                "/params": ("replace", "other"),
                "/gone": ("remove", None),
            },
        )

    def test_explicit_operations_are_sent_as_they_are(self):
        operation = {"op": "add", "path": "/rows/-", "value": 2}
        self.assertEqual(self.run_code(f"context.patch([{operation!r}])", {"rows": [1]})["patch"], [operation])

    def test_a_missing_field_names_those_there_are(self):
        fields = {"model": 1, "rows": []}
        self.assertIn("no field 'other'; it has model, rows", self.error_of("context.other", fields))
        self.assertIn("no field 'modle'; did you mean 'model'? It has model, rows", self.error_of("context.modle", fields))
        self.assertIn("did you mean 'model'?", self.error_of("del context.modle", fields))
        self.assertTrue(self.error_of("context.set_progess(1, 2)").endswith("'set_progess'; did you mean set_progress()?"))
        self.assertTrue(self.error_of("context.atempt").endswith("'atempt'; did you mean attempt?"))
        self.assertIn("AttributeError", self.error_of("del context.modle"))

    def test_the_contexts_own_members_cannot_be_overwritten_by_accident(self):
        for name in ("params", "log", "run_id", "save_undo", "_fields"):
            with self.subTest(name):
                self.assertIn(f'context["{name}"]', self.error_of(f"context.{name} = 1"))

    def test_what_the_request_says(self):
        data = self.data_of(
            "results.update(p='code' in context.params, s=context.step_params, r=context.run_id, a=context.attempt,"
            " u=context.undo_attempt, k=context.idempotency_key, c=context.cancelled)"
        )
        self.assertEqual(
            data,
            {"p": True, "s": {"rate": 0.1}, "r": "run-1", "a": 1, "u": 0, "k": "run-1/probe/1/execute", "c": False},
        )

    def test_a_context_can_be_copied_by_nobody_but_breaks_nothing(self):
        self.assertIn("Error", self.error_of("import copy; copy.deepcopy(context)"))


class Reports(ContextTestCase):
    def test_pr5_progress_out_of_range_is_an_error_that_names_the_step(self):
        for arguments in (
            "1, 0",
            "1, -1",
            "-1, 2",
            "3, 2",
            "float('nan'), 1",
            "1, float('inf')",
            "'1', 2",
            "True, 2",
            "None, 2",
        ):
            with self.subTest(arguments):
                self.assertIn(
                    "ValueError: step 'probe': set_progress", self.error_of(f"context.set_progress({arguments})")
                )

    def test_progress_takes_scalars_of_other_libraries(self):
        code = "Scalar = type('Scalar', (), {'shape': (), 'item': lambda self: 3})\ncontext.set_progress(Scalar(), 4)"
        self.data_of(code)
        self.assertEqual(self.client.notifications("progress")[0]["current"], 3)

    def test_metrics_and_logs_must_be_json(self):
        self.assertIn("/metrics/loss", self.error_of("context.set_metrics({'loss': float('nan')})"))
        self.assertIn("/data/x", self.error_of("context.log('event', {'x': object()})"))
        self.assertIn("a log level is one of", self.error_of("context.log_message('x', 'loud')"))

    def test_a_context_cannot_be_used_after_its_step(self):
        self.run_code("self.kept = context")
        answer = self.client.call("execute", step_call("probe", params={"code": "self.kept.set_progress(1, 2)"}))
        self.assertIn("has ended", answer["error"])

    def test_notifications_from_many_threads_are_whole_and_counted(self):
        code = (
            "def talk():\n    for n in range(200): context.log('n', {'n': n, 'pad': 'x' * 500})\n"
            "threads = [threading.Thread(target=talk) for _ in range(8)]\n"
            "[thread.start() for thread in threads]\n[thread.join() for thread in threads]"
        )
        self.data_of(code)
        seqs = [log["seq"] for log in self.client.notifications("log")]
        self.assertEqual(sorted(seqs), list(range(1, 1601)))
        self.assertEqual(seqs, sorted(seqs))


class SaveUndo(ContextTestCase):
    def test_rb4_it_returns_only_when_the_host_has_the_data(self):
        client = self.start_ready(SOURCE)
        code = "context.save_undo({'path': 'm'})\ncontext.log_message('after')\ntime.sleep(0.05)\ncontext.save_undo({'n': (1, 2)})"
        request_id = client.request("execute", step_call("probe", params={"code": code}))
        undo = client.wait_for("undo")
        self.assertEqual((undo["params"]["data"], undo["params"]["id"]), ({"path": "m"}, request_id))
        client.call("ping")
        self.assertEqual(client.notifications("log"), [])
        client.undo_saved(undo)
        client.wait_for("log")
        second = client.wait_for("undo")  # this time the watcher reads
        self.assertEqual(second["params"]["data"], {"n": [1, 2]})
        client.undo_saved(second)
        self.assertTrue(client.answer(request_id)["result"]["success"])

    def test_without_durable_it_does_not_wait(self):
        client = self.start_ready(SOURCE)
        code = "context.save_undo({'n': 1}, durable=False)"
        request_id = client.request("execute", step_call("probe", params={"code": code}))
        self.assertTrue(client.answer(request_id, save_undo=False)["result"]["success"])
        self.assertEqual(client.notifications("undo")[0]["data"], {"n": 1})

    def test_many_threads_may_save_at_once(self):
        code = (
            "def save(n):\n    for i in range(20): context.save_undo({f'{n}-{i}': i})\n"
            "threads = [threading.Thread(target=save, args=(n,)) for n in range(6)]\n"
            "[thread.start() for thread in threads]\nsave('main')\n[thread.join() for thread in threads]"
        )
        self.data_of(code)
        self.assertEqual(len({key for undo in self.client.notifications("undo") for key in undo["data"]}), 140)

    def test_rb1_a_step_without_rollback_may_not_save(self):
        self.client = self.start_ready(SOURCE)
        result = self.client.call("execute", step_call("no_undo"))
        self.assertIn("no rollback()", result["error"])
        self.assertEqual(self.client.notifications("undo"), [])

    def test_it_belongs_into_execute(self):
        client = self.start_ready(SOURCE)
        result = client.call("rollback", undo_call("probe", {}, params={"code": "context.save_undo({'a': 1})"}))
        self.assertEqual(result["outcome"], "failed")
        self.assertIn("belongs into execute()", result["error"])

    def test_f17_what_is_no_json_fails_there_and_then(self):
        self.assertIn("/undo/a", self.error_of("context.save_undo({'a': {1}.__class__})"))

    def test_the_end_of_the_host_while_waiting_does_not_hang(self):
        client = self.start_ready(SOURCE)
        client.request("execute", step_call("probe", params={"code": "context.save_undo({'n': 1})"}))
        client.wait_for("undo")
        self.assertIn(client.end(), (0, 1))
        self.assertIsNotNone(client.process.wait(PATIENCE_SECONDS))


if __name__ == "__main__":
    unittest.main()
