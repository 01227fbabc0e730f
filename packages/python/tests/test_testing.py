import logging
import os
import pathlib
import tempfile
import threading
import time
import unittest
import warnings

from synapse_steps import BaseStep, StepResult
from synapse_steps.testing import can_skip_step, load_step, run_step, undo_step

from .wire_client import PluginTestCase, step_call


class Step(BaseStep):
    name = "one"
    progress_weight = 1

    def __init__(self, execute=None, rollback=None):
        self._execute = execute
        self._rollback = rollback

    def execute(self, context):
        return self._execute(context)

    def rollback(self, context, result):
        return self._rollback(context, result)


class RunningOneStep(unittest.TestCase):
    def test_it_tells_all_that_a_host_would_hear(self):
        def execute(context):
            context.save_undo({"a": 1, "b": 1})
            context.set_progress(1, 2, message="half")
            context.set_metrics({"loss": 0.5})
            context.log("saved", {"rows": len(context.rows)})
            context.log_message("soon")
            logging.getLogger("mine").warning("late")
            context.rows.append(context.params["n"])
            context.save_undo({"b": 2})
            context.made = pathlib.PurePosixPath("a/b")
            return StepResult(data={"given": context.step_params["x"]}, rollback_data={"c": 3})

        run = run_step(Step(execute), {"rows": (1, 2), "kept": None}, params={"n": 3}, step_params={"x": {"y": True}})
        self.assertEqual((run.success, run.error, run.kind, run.skipped), (True, None, None, False))
        self.assertEqual(run.data, {"given": {"y": True}})
        self.assertEqual(run.undo, {"a": 1, "b": 2, "c": 3})
        self.assertEqual(run.context, {"rows": [1, 2, 3], "kept": None, "made": "a/b"})
        self.assertEqual([operation["path"] for operation in run.patch], ["/rows", "/made"])
        self.assertEqual(run.progress, [{"current": 1, "total": 2, "category": None, "message": "half"}])
        self.assertEqual(run.metrics, [{"category": None, "metrics": {"loss": 0.5}}])
        self.assertEqual([log["event"] or log["message"] for log in run.logs], ["saved", "soon", "late"])
        self.assertEqual(run.logs[2]["data"], {"logger": "mine"})

    def test_values_cross_both_ways_as_they_do_when_served(self):
        def execute(context):
            self.assertEqual((context.big, context.raw, context.pair), (2**60, b"\x00" * 20_000, [1, 2]))
            return StepResult(data={"big": context.big, "raw": context.raw}, rollback_data={"$int": "no tag"})

        run = run_step(Step(execute), {"big": 2**60, "raw": b"\x00" * 20_000, "pair": (1, 2)})
        self.assertEqual(run.data, {"big": 2**60, "raw": b"\x00" * 20_000}, run.error)
        self.assertEqual(run.undo, {"$int": "no tag"})

    def test_what_a_step_raises_is_in_the_result_with_what_it_had_saved_and_changed(self):
        def execute(context):
            context.save_undo({"path": "x"})
            context.done = 1
            raise KeyError("rows")

        run = run_step(Step(execute))
        self.assertEqual((run.success, run.undo, run.context), (False, {"path": "x"}, {"done": 1}))
        self.assertEqual(run.cause["type"], "KeyError")
        self.assertTrue(any("test_testing.py" in line for line in run.cause["traceback"]))

    def test_an_answer_that_is_no_json_fails_the_step_and_keeps_its_undo_data(self):
        run = run_step(Step(lambda context: StepResult(data={"loss": float("nan")}, rollback_data={"a": 1})))
        self.assertEqual((run.success, run.kind, run.undo), (False, "unserialisable_value", {"a": 1}))
        self.assertIn("/data/loss", run.error)

    def test_an_async_step_and_one_that_runs_long_are_run_to_their_end(self):
        async def later(context):
            import asyncio

            await asyncio.sleep(0.03)
            return StepResult.ok({"a": 1})

        def slow(context):
            time.sleep(0.03)  # long enough for a second thread to take over reading
            context.save_undo({"a": 1})
            return StepResult.skip("enough")

        self.assertEqual(run_step(Step(later)).data, {"a": 1})
        run = run_step(Step(slow))
        self.assertEqual((run.skipped, run.skip_reason, run.undo), (True, "enough", {"a": 1}))

    def test_what_is_no_step_and_a_context_that_is_no_json_are_errors_of_the_test(self):
        with self.assertRaisesRegex(ValueError, "is a class: write One"):
            run_step(type("One", (BaseStep,), {"name": "one", "progress_weight": 1}))
        with self.assertRaisesRegex(ValueError, "/context/a"):
            run_step(Step(lambda context: StepResult()), {"a": object()})

    def test_it_leaves_no_thread_no_descriptor_and_no_handler_behind(self):
        def counts():
            descriptors = len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0
            return threading.active_count(), descriptors, len(logging.getLogger().handlers)

        before = counts()
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            for _ in range(20):
                run_step(Step(lambda context: StepResult()))
        self.assertEqual(counts(), before)


class UndoingAndSkipping(unittest.TestCase):
    def test_an_undo_gets_what_was_saved_and_says_what_became_of_it(self):
        seen = []

        def rollback(context, result):
            seen.append((result.rollback_data, result.status, result.success))
            context.model = None

        undone = undo_step(Step(rollback=rollback), {"path": "x"}, {"model": "x"}, status="unknown")
        self.assertEqual((undone.outcome, undone.context), ("undone", {"model": None}))
        self.assertEqual(seen, [({"path": "x"}, "unknown", False)])

    def test_an_undo_that_fails_or_leaves_something_behind_says_so(self):
        left = undo_step(Step(rollback=lambda context, result: {"left_behind": ["x.bin"]}))
        self.assertEqual((left.outcome, left.left_behind), ("irreversible", ["x.bin"]))
        failed = undo_step(Step(rollback=lambda context, result: 1 / 0))
        self.assertEqual((failed.outcome, failed.cause["type"]), ("failed", "ZeroDivisionError"))

    def test_can_skip_is_asked_and_its_error_raised(self):
        class Skipping(Step):
            def can_skip(self, context):
                return f"{context.params['left']} left" if "left" in context.params else 1 / 0

        answer = can_skip_step(Skipping(), params={"left": 0})
        self.assertEqual((answer.skip, answer.reason), (True, "0 left"))
        self.assertFalse(can_skip_step(Step()).skip)
        with self.assertRaisesRegex(RuntimeError, "division by zero"):
            can_skip_step(Skipping())


class BesideTheServer(PluginTestCase):
    SOURCE = """
        from synapse_steps import BaseStep, StepResult
        class One(BaseStep):
            name = "one"
            progress_weight = 1
            def execute(self, context):
                context.save_undo({"n": 1})
                context.set_progress(1, 3)
                context.rows.append({"a": (1, 2)})
                if context.params["fails"]:
                    raise ValueError("so")
                return StepResult(data={"rows": context.rows})
            def rollback(self, context, result):
                pass
    """

    def test_a_step_of_a_file_does_the_same_here_and_served(self):
        client = self.start_ready(self.SOURCE)
        step = load_step(self.write("again.py", self.SOURCE), "one")
        for fails in (False, True):
            served = client.call("execute", step_call("one", {"rows": []}, params={"fails": fails}))
            run = run_step(step, {"rows": []}, params={"fails": fails})
            self.assertEqual((run.success, run.error, run.patch), (served["success"], served["error"], served["patch"]))
            self.assertEqual(run.data, served["data"] or {})
        with self.assertRaisesRegex(ValueError, "no step 'two'"):
            load_step(self.write("third.py", self.SOURCE), "two")


class ATypedPlugin(unittest.TestCase):
    def test_it_does_what_its_types_say(self):
        from . import typed_plugin

        before = os.getcwd()
        with tempfile.TemporaryDirectory() as folder:
            os.chdir(folder)
            try:
                typed_plugin.check_the_plugin()
            finally:
                os.chdir(before)


if __name__ == "__main__":
    unittest.main()
