import os
import random
import signal
import sys
import time
import unittest

from .wire_client import ENTRY, INITIALIZE, PATIENCE_SECONDS, SOURCES, PluginTestCase, step_call, undo_call

WAITING = """
    import asyncio, os, subprocess, sys, threading, time
    from synapse_steps import BaseStep, StepCancelled, StepResult

    class Wait(BaseStep):
        name = "wait"
        progress_weight = 1

        def execute(self, context):
            context.before = [1]
            try:
                context.log_message("ready")
                try:
                    getattr(self, context.params["how"])(context)
                except Exception as error:
                    context.log_message("swallowed " + repr(error))
            finally:
                context.log_message("finally")
            return StepResult(data={"cancelled": context.cancelled})

        def can_skip(self, context):
            context.log_message("ready")
            time.sleep(60)

        def rollback(self, context, result):
            context.log_message("ready")
            time.sleep(0.3)
            return {"left_behind": ["cancelled"]} if context.cancelled else None

        def sleep(self, context): time.sleep(60)
        def child(self, context): subprocess.run(["sleep", "60"])
        def loop(self, context):
            while True: pass
        def lock(self, context):
            lock = threading.Lock()
            lock.acquire()
            lock.acquire()
        def read(self, context): os.read(os.pipe()[0], 1)
        def hungry(self, context):
            while not context.cancelled: pass
        def swallow(self, context):
            try:
                time.sleep(60)
            except StepCancelled:
                pass
        def slow_cleanup(self, context):
            try:
                time.sleep(60)
            finally:
                time.sleep(0.2)
                context.log_message("cleaned up")
        def translate(self, context):
            try:
                time.sleep(60)
            except StepCancelled:
                raise ValueError("in other words")
        def save(self, context):
            context.save_undo({"n": 1})
            context.log_message("saved")
            time.sleep(60)
        def ignore_everything(self, context):
            while True:
                try:
                    time.sleep(60)
                except BaseException:
                    pass

    class Later(BaseStep):
        name = "later"
        progress_weight = 1

        async def execute(self, context):
            try:
                context.log_message("ready")
                await asyncio.sleep(60)
            finally:
                context.log_message("finally")

        async def rollback(self, context, result):
            context.log_message("ready")
            await asyncio.sleep(0.3)
"""


class WaitingTestCase(PluginTestCase):
    def start_waiting(self, step="wait", how="sleep", method="execute", source=WAITING):
        """A plugin whose step is under way, and the request that it is to answer."""
        client = self.start_ready(source)
        params = undo_call(step, {}) if method == "rollback" else step_call(step, params={"how": how})
        request_id = client.request(method, params)
        client.wait_for("undo" if how == "save" else "log")
        return client, request_id


class Cancel(WaitingTestCase):
    def assert_cancelled(self, answer):
        self.assertIn("error", answer)
        self.assertEqual((answer["error"]["code"], answer["error"]["data"]["kind"]), (1003, "cancelled"))

    def test_a_cancel_interrupts_whatever_waits_and_finally_runs(self):
        for how in ("sleep", "child", "loop", "lock", "read"):
            with self.subTest(how):
                client, request_id = self.start_waiting(how=how)
                begun = time.monotonic()
                client.cancel(request_id, "no longer wanted")
                answer = client.answer(request_id)
                self.assertLess(time.monotonic() - begun, 5)
                self.assert_cancelled(answer)
                self.assertEqual(answer["error"]["message"], "no longer wanted")
                self.assertEqual(answer["error"]["data"]["cause"], [])  # a cancel is no fault of anyone: no traceback
                self.assertEqual(answer["error"]["data"]["patch"], [{"op": "add", "path": "/before", "value": [1]}])
                self.assertEqual([log["message"] for log in client.notifications("log")], ["ready", "finally"])
                self.assertEqual(client.call("ping"), {})

    def test_can_skip_and_async_steps_are_cancelled_too(self):
        for step, method in (("wait", "can_skip"), ("later", "execute")):
            with self.subTest(step=step, method=method):
                client, request_id = self.start_waiting(step, method=method)
                client.cancel(request_id)
                self.assert_cancelled(client.answer(request_id))
                self.assertEqual(client.call("ping"), {})

    def test_a_step_may_look_for_itself_and_return_its_result(self):
        client, request_id = self.start_waiting(how="hungry")
        client.cancel(request_id)
        answer = client.answer(request_id)  # whichever was faster: one answer it is
        if "error" in answer:
            self.assert_cancelled(answer)
        else:
            self.assertEqual(answer["result"]["data"], {"cancelled": True})

    def test_a_step_that_swallows_the_cancel_gives_its_result(self):
        client, request_id = self.start_waiting(how="swallow")
        client.cancel(request_id)
        client.cancel(request_id)
        self.assertEqual(client.answer(request_id)["result"]["data"], {"cancelled": True})

    def test_clean_up_is_not_interrupted_again(self):
        client, request_id = self.start_waiting(how="slow_cleanup")
        for _ in range(3):
            client.cancel(request_id)
        self.assert_cancelled(client.answer(request_id))
        self.assertIn("cleaned up", [log["message"] for log in client.notifications("log")])

    def test_another_exception_that_comes_of_the_cancel_counts_as_cancelled(self):
        source = WAITING.replace("except Exception as error:", "except OSError as error:")
        client, request_id = self.start_waiting(how="translate", source=source)
        client.cancel(request_id)
        answer = client.answer(request_id)
        self.assert_cancelled(answer)
        self.assertEqual(answer["error"]["message"], "stop")
        self.assertNotEqual(answer["error"]["data"]["cause"], [])

    def test_f29_cancels_before_and_after_and_of_unknown_requests(self):
        client, first = self.start_waiting()
        second = client.request("execute", step_call("wait", params={"how": "sleep"}))
        client.cancel(second)
        client.cancel(12345)
        client.cancel(first)
        self.assert_cancelled(client.answer(first))
        self.assert_cancelled(client.answer(second))
        client.cancel(first)
        client.cancel(second)
        self.assertEqual(client.call("ping"), {})
        self.assertEqual([log["id"] for log in client.notifications("log") if log["message"] == "ready"], [first])

    def test_a_cancel_ends_the_wait_for_undo_data_that_the_host_cannot_save(self):
        client, request_id = self.start_waiting(how="save")
        client.cancel(request_id)
        self.assert_cancelled(client.answer(request_id, save_undo=False))
        self.assertIn("finally", [log["message"] for log in client.notifications("log")])
        self.assertNotIn("saved", [log["message"] for log in client.notifications("log")])

    def test_rb9_a_rollback_is_never_cancelled(self):
        for step in ("wait", "later"):
            with self.subTest(step):
                client, request_id = self.start_waiting(step, method="rollback")
                client.cancel(request_id)
                os.kill(client.process.pid, signal.SIGUSR1)
                os.kill(client.process.pid, signal.SIGINT)
                self.assertEqual(client.answer(request_id)["result"]["outcome"], "undone")

    def test_a_ping_is_answered_while_a_step_runs(self):
        for how in ("sleep", "loop"):
            with self.subTest(how):
                client, request_id = self.start_waiting(how=how)
                self.assertEqual(client.call("ping"), {})
                client.cancel(request_id)
                self.assert_cancelled(client.answer(request_id))

    def test_a_storm_of_cancels_never_cuts_a_frame_and_each_request_has_one_answer(self):
        source = """
            from synapse_steps import BaseStep, StepResult
            class Chatty(BaseStep):
                name = "chatty"
                progress_weight = 1
                def execute(self, context):
                    while True:
                        context.log("line", {"text": "x" * 3000})
                        context.rows.append(1)
        """
        client = self.start_ready(source)
        rounds = 150
        chance = random.Random(7)
        for _ in range(rounds):
            request_id = client.request("execute", step_call("chatty", {"rows": []}))
            until = time.monotonic() + chance.uniform(0, 0.012)
            while time.monotonic() < until:
                client.read()
            client.cancel(request_id)
            os.kill(client.process.pid, signal.SIGUSR1)  # and once more than was asked
            self.assert_cancelled(client.answer(request_id))
        self.assertEqual(client.end(), 0)
        answered = [frame["id"] for frame in client.frames if "method" not in frame]
        self.assertEqual(sorted(answered), list(range(1, rounds + 2)))
        for line in client.raw.split(b"\n"):
            self.assertTrue(not line or (line.startswith(b'{"jsonrpc"') and line.endswith(b"}")), line[:100])

    def test_a_result_that_was_returned_is_never_lost_to_a_late_cancel(self):
        source = """
            from synapse_steps import BaseStep, StepResult
            class Short(BaseStep):
                name = "short"
                progress_weight = 1
                def execute(self, context):
                    context.log_message("returning")
                    return StepResult(rollback_data={"n": 1})
        """
        client = self.start_ready(source)
        for _ in range(300):
            request_id = client.request("execute", step_call("short"))
            client.cancel(request_id)
            answer = client.answer(request_id)
            if "result" in answer:
                self.assertEqual(answer["result"]["undo"], {"n": 1})
            else:
                self.assert_cancelled(answer)
        self.assertEqual(client.call("ping"), {})


def is_running(pid):
    """Whether a process lives; one that nobody has waited for does not."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as status:
            return status.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def until(condition):
    """Whether it came true."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not condition() and time.monotonic() < end:
        time.sleep(0.01)
    return condition()


class Ends(WaitingTestCase):
    def test_the_end_of_stdin_cancels_what_runs(self):
        for step in ("wait", "later"):
            with self.subTest(step):
                client, request_id = self.start_waiting(step)
                self.assertEqual(client.end(), 0)
                answer = next(
                    frame for frame in client.frames if frame.get("id") == request_id and "method" not in frame
                )
                self.assertEqual(answer["error"]["data"]["kind"], "cancelled")

    def test_f26_a_step_that_ignores_everything_does_not_outlive_the_host(self):
        client, _request_id = self.start_waiting(how="ignore_everything")
        begun = time.monotonic()
        self.assertEqual(client.end(), 1)
        self.assertLess(time.monotonic() - begun, 5)
        self.assertIn("in ignore_everything", client.stderr())

    @unittest.skipUnless(os.path.isdir("/proc/self"), "looks up processes in /proc")
    def test_f26_f27_an_orphan_serves_while_stdin_is_open_and_then_takes_along_what_steps_started(self):
        source = """
            import subprocess
            from synapse_steps import BaseStep, StepResult, serve
            class Start(BaseStep):
                name = "start"
                progress_weight = 1
                def execute(self, context):
                    return StepResult(data={"pid": subprocess.Popen(["sleep", "47"]).pid})
            if __name__ == "__main__":
                serve()
        """
        parent = "import subprocess, sys; subprocess.Popen(sys.argv[1:], start_new_session=True, stdin=0).wait()"
        path = self.write("plugin.py", source)
        for entry in ([str(ENTRY)], []):
            with self.subTest(entry):
                command = [sys.executable, "-c", parent, sys.executable, *entry, path]
                client = self.start_command(command, {"PYTHONPATH": str(SOURCES)})
                client.call("initialize", INITIALIZE)
                client.process.kill()  # the parent of the plugin
                client.process.wait(PATIENCE_SECONDS)
                pid = client.call("execute", step_call("start"))["data"]["pid"]
                self.assertTrue(is_running(pid))
                client.process.stdin.close()
                self.assertIsNone(client.read())  # the plugin has ended
                self.assertTrue(until(lambda pid=pid: not is_running(pid)))

    def test_a_thread_that_never_ends_does_not_keep_the_process(self):
        client = self.start_ready(WAITING + "\n    threading.Thread(target=time.sleep, args=(60,)).start()\n")
        self.assertEqual(client.end(), 1)

    def test_exit_functions_run_when_the_host_is_gone(self):
        client = self.start_ready(WAITING + "\n    import atexit; atexit.register(print, 'goodbye')\n")
        self.assertEqual(client.end(), 0)
        self.assertIn("goodbye", client.stderr())

    def test_a_host_that_no_longer_reads_ends_the_plugin(self):
        source = WAITING.replace(
            "def sleep(self, context): time.sleep(60)",
            "def sleep(self, context):\n            while True: context.log_message('x' * 999)",
        )
        client, _request_id = self.start_waiting(source=source)
        client.process.stdout.close()
        client.process.stdin.close()
        self.assertIn(client.process.wait(PATIENCE_SECONDS), (0, 1))

    def test_sigterm_lets_finally_run_and_the_request_be_answered(self):
        for step, how, ends_stdin in (("wait", "loop", False), ("wait", "sleep", True), ("later", "", True)):
            with self.subTest(step=step, how=how):
                client, request_id = self.start_waiting(step, how)
                if ends_stdin:
                    client.process.stdin.close()
                client.process.terminate()
                self.assertEqual(client.answer(request_id)["error"]["data"]["kind"], "cancelled")
                self.assertIn("finally", [log["message"] for log in client.notifications("log")])
                self.assertIn(client.process.wait(PATIENCE_SECONDS), (0, 143))

    def test_sigterm_lets_an_undo_come_to_its_end(self):
        client, request_id = self.start_waiting(method="rollback")
        client.process.terminate()
        self.assertEqual(client.answer(request_id)["result"]["outcome"], "undone")
        self.assert_exits(client, 143)

    def test_sigterm_ends_an_idle_plugin(self):
        client = self.start_ready(WAITING)
        client.process.terminate()
        self.assert_exits(client, 143)

    def test_sigint_does_not_end_an_idle_plugin(self):
        client = self.start_ready(WAITING)
        client.process.send_signal(signal.SIGINT)
        self.assertEqual(client.call("ping"), {})

    def test_a_child_process_has_the_usual_signal_handlers(self):
        source = """
            import multiprocessing, time
            from synapse_steps import BaseStep, StepResult
            class Kill(BaseStep):
                name = "kill"
                progress_weight = 1
                def execute(self, context):
                    child = multiprocessing.get_context("fork").Process(target=time.sleep, args=(60,))
                    child.start()
                    child.terminate()
                    child.join()
                    return StepResult(data={"exit": child.exitcode})
        """
        client = self.start_ready(source)
        self.assertEqual(client.call("execute", step_call("kill"))["data"], {"exit": -signal.SIGTERM})


if __name__ == "__main__":
    unittest.main()
