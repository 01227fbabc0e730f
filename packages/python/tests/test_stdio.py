import os
import re
import subprocess
import sys
import unittest

from .wire_client import INITIALIZE, PATIENCE_SECONDS, SOURCES, PluginTestCase, step_call

NOISY = """
    import ctypes, logging, os, subprocess, sys, threading, time, warnings
    from synapse_steps import BaseStep, StepResult

    print("while importing")

    class Noisy(BaseStep):
        name = "noisy"
        progress_weight = 1

        def execute(self, context):
            for number in range(10_000):
                print("line", number)
            sys.stdout.write("no line end")
            os.write(1, b'{"jsonrpc":"2.0","id":2,"result":{"forged":true}}\\n')
            ctypes.CDLL(None).puts(b"from C")
            ctypes.CDLL(None).fflush(None)
            subprocess.run([sys.executable, "-c", "print('from a child')"], check=True)
            os.system("echo from a shell")
            logging.getLogger("train").warning("rows: %d", 3)
            logging.getLogger("train").info("below the level")
            try:
                1 / 0
            except ZeroDivisionError:
                logging.exception("division")
            warnings.warn("old thing", DeprecationWarning, stacklevel=1)
            return StepResult()

    class Logs(BaseStep):
        name = "logs"
        progress_weight = 1

        def execute(self, context):
            logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
            logging.info("now shown")
            threading.Thread(target=self.late).start()
            return StepResult()

        def late(self):
            time.sleep(0.2)
            logging.error("after the answer")
            print("late thread done")

    class Reads(BaseStep):
        name = "reads"
        progress_weight = 1

        def execute(self, context):
            try:
                input()
            except EOFError:
                child = subprocess.run(["cat"], stdout=subprocess.PIPE, check=True)
                return StepResult(data={"child": child.stdout.decode(), "stdin": sys.stdin.read()})
"""


class OutputTestCase(PluginTestCase):
    def run_step(self, step, source=NOISY, env=None, **params):
        """A plugin after one step of it has run, and the result of that step."""
        client = self.start_ready(source, env)
        return client, client.call("execute", step_call(step, params=params))


class Output(OutputTestCase):
    def test_f3_nothing_that_a_step_or_its_children_print_reaches_the_wire(self):
        client, result = self.run_step("noisy")
        self.assertTrue(result["success"])
        self.assertEqual(client.end(), 0)
        stderr = client.stderr()
        self.assertEqual(len(re.findall(r"(?m)^line \d+$", stderr)), 10_000)
        for words in ("while importing", "no line end", "forged", "from C", "from a child", "from a shell"):
            self.assertIn(words, stderr)

    def test_logging_and_warnings_become_log_frames(self):
        client, _result = self.run_step("noisy", env={"PYTHONWARNINGS": "always"})
        logs = client.notifications("log")
        self.assertEqual(
            (logs[0]["level"], logs[0]["message"], logs[0]["data"]), ("warning", "rows: 3", {"logger": "train"})
        )
        self.assertEqual(logs[1]["level"], "error")
        self.assertIn("ZeroDivisionError", logs[1]["message"])
        self.assertIn("DeprecationWarning: old thing", logs[2]["message"])
        self.assertEqual(len(logs), 3)

    def test_basic_config_sets_the_level_as_it_does_elsewhere(self):
        client, _result = self.run_step("logs")
        self.assertEqual([log["message"] for log in client.notifications("log")], ["now shown"])

    def test_what_is_logged_after_the_answer_goes_to_stderr(self):
        client, _result = self.run_step("logs")
        self.assertEqual(client.end(), 0)  # the thread is waited for, as Python does
        self.assertNotIn("method", client.frames[-1])
        self.assertIn("after the answer", client.stderr())

    def test_f5_a_step_and_its_children_read_an_empty_stdin(self):
        client, result = self.run_step("reads")
        self.assertEqual(result["data"], {"child": "", "stdin": ""})
        self.assertEqual(client.call("ping"), {})

    def test_a_closed_stderr_does_not_matter(self):
        path = self.write("plugin.py", NOISY)
        entry = SOURCES / "synapse_steps" / "__main__.py"
        client = self.start_command(["sh", "-c", 'exec "$0" "$@" 2>&-', sys.executable, str(entry), path])
        client.call("initialize", INITIALIZE)
        self.assertTrue(client.call("execute", step_call("noisy"))["success"])
        self.assertEqual(client.end(), 0)

    def test_a_crash_of_the_interpreter_says_where(self):
        source = """
            import ctypes
            from synapse_steps import BaseStep, StepResult
            class Crash(BaseStep):
                name = "crash"
                progress_weight = 1
                def execute(self, context):
                    ctypes.string_at(0)
        """
        client = self.start_ready(source)
        client.request("execute", step_call("crash"))
        self.assertIsNone(client.read())
        self.assertIn("in execute", client.stderr())


CLOSES = """
    import os, sys
    from synapse_steps import BaseStep, StepResult

    class Closes(BaseStep):
        name = "closes"
        progress_weight = 1

        def execute(self, context):
            exec(context.params["code"], {"os": os, "sys": sys})
            return StepResult()

    class Prints(BaseStep):
        name = "prints"
        progress_weight = 1

        def execute(self, context):
            print("to stdout")
            print("to stderr", file=sys.stderr)
            return StepResult()
"""


class Closed(OutputTestCase):
    def test_f42_what_a_step_does_to_the_streams_reaches_neither_the_next_step_nor_the_end(self):
        for code in (
            "sys.stdout.close()",
            "sys.stdout = None",
            "sys.stderr.close()",
            "sys.stderr = None",
            "sys.stdout.close(); sys.stderr.close(); sys.__stdout__ = sys.__stderr__ = None",
            "sys.stdout = object()",
        ):
            with self.subTest(code):
                client, result = self.run_step("closes", CLOSES, code=code)
                self.assertTrue(result["success"])
                if "object" not in code:
                    result = client.call("execute", step_call("prints"))
                    self.assertTrue(result["success"], result["error"])
                self.assertEqual(client.end(), 0, client.stderr())
                if "object" not in code:
                    self.assertEqual(client.stderr().splitlines()[-2:], ["to stdout", "to stderr"])

    def test_f42_a_step_that_closed_its_streams_is_the_last(self):
        for code in ("sys.stdout.close()", "sys.stdout = None", "sys.stderr.close()", "sys.stderr = None"):
            with self.subTest(code):
                client, _result = self.run_step("closes", CLOSES, code=code)
                self.assertEqual(client.end(), 0, client.stderr())

    def test_a_fork_child_that_closed_its_streams_ends_as_it_should(self):
        code = "if os.fork() == 0: sys.stdout.close(); sys.stderr = None\nelse: assert os.wait()[1] == 0"
        client, result = self.run_step("closes", CLOSES, code=code)
        self.assertTrue(result["success"], result["error"])
        self.assertEqual(client.end(), 0)


class Forks(OutputTestCase):
    def test_f6_a_fork_child_holds_nothing_of_the_wire(self):
        source = """
            import os, time
            from synapse_steps import BaseStep, StepResult
            class Fork(BaseStep):
                name = "fork"
                progress_weight = 1
                def execute(self, context):
                    pid = os.fork()
                    if pid == 0:
                        os.setsid()
                        time.sleep(60)
                        os._exit(0)
                    return StepResult(data={"pid": pid})
        """
        client, result = self.run_step("fork", source)
        pid = result["data"]["pid"]
        try:
            self.assertEqual(client.end(), 0)  # reads stdout to its end, which a child that held it would delay
            os.kill(pid, 0)
        finally:
            os.kill(pid, 9)

    def test_a_fork_child_that_returns_from_the_step_answers_nothing(self):
        source = """
            import os
            from synapse_steps import BaseStep, StepResult
            class Fork(BaseStep):
                name = "fork"
                progress_weight = 1
                def execute(self, context):
                    pid = os.fork()
                    if pid == 0:
                        try:
                            context.set_progress(1, 2)
                        except Exception as error:
                            print("child:", error)
                        return StepResult(data={"child": True})
                    return StepResult(data={"status": os.waitpid(pid, 0)[1]})
        """
        client, result = self.run_step("fork", source)
        self.assertEqual(result["data"], {"status": 0})
        self.assertEqual(client.notifications("progress"), [])
        self.assertEqual(client.end(), 0)
        self.assertIn("child: the wire belongs to the process", client.stderr())

    def test_f6_multiprocessing_works_with_each_start_method(self):
        source = """
            import multiprocessing
            from synapse_steps import BaseStep, StepResult

            def double(number):
                print("worker", number)
                return number * 2

            class Pool(BaseStep):
                name = "pool"
                progress_weight = 1
                def execute(self, context):
                    methods = multiprocessing.get_context(context.params["method"])
                    with methods.Pool(2) as pool:
                        return StepResult(data={"doubled": pool.map(double, [1, 2, 3])})
        """
        for method in ("fork", "spawn", "forkserver"):
            with self.subTest(method):
                client, result = self.run_step("pool", source, method=method)
                self.assertEqual(result["data"], {"doubled": [2, 4, 6]}, client.stderr())
                self.assertEqual(client.end(), 0)
                self.assertIn("worker 3", client.stderr())


class FromCode(PluginTestCase):
    def test_f42_a_program_can_serve_and_print_afterwards(self):
        source = """
            import sys
            from synapse_steps import BaseStep, StepResult, serve

            class Hello(BaseStep):
                name = "hello"
                progress_weight = 1
                def execute(self, context):
                    return StepResult(data={"hello": context.who})

            if __name__ == "__main__":
                serve(*([[Hello()]] if sys.argv[1:] else []))
                print("after")
        """
        for arguments in ([], ["with steps"]):
            with self.subTest(arguments):
                command = [sys.executable, self.write("program.py", source), *arguments]
                client = self.start_command(command, {"PYTHONPATH": str(SOURCES)})
                self.assertEqual(
                    client.call("initialize", INITIALIZE)["plugin"]["name"],
                    "program" if arguments else "__main__",
                )
                self.assertEqual(client.call("execute", step_call("hello", {"who": "you"}))["data"], {"hello": "you"})
                self.assertEqual(client.end(), 0)
                self.assertIn("after", client.stderr())

    def test_a_program_started_by_hand_says_what_it_is(self):
        path = self.write("program.py", "import synapse_steps\nsynapse_steps.serve([])\n")
        run = subprocess.run(
            [sys.executable, path],
            env={"PYTHONPATH": str(SOURCES)},
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
        )
        self.assertEqual((run.returncode, run.stdout), (64, ""))
        self.assertIn("a synapse-steps host starts it", run.stderr)


if __name__ == "__main__":
    unittest.main()
