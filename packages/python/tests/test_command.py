import json
import os
import subprocess
import sys
import unittest

from .wire_client import ENTRY, INITIALIZE, PATIENCE_SECONDS, SOURCES, PluginTestCase, step_call

ONE = """
    from synapse_steps import BaseStep, StepResult
    class One(BaseStep):
        name = "one"
        progress_weight = 1
        def execute(self, context):
            import os, sys, synapse_steps
            return StepResult(data={
                "file": synapse_steps.__file__, "cwd": os.getcwd(), "path": sys.path, "module": type(self).__module__,
            })
"""


class CommandTestCase(PluginTestCase):
    def run_command(self, *arguments, session=None):
        env = {name: value for name, value in os.environ.items() if name != "STEP_PROTOCOL_SESSION"}
        if session:
            env["STEP_PROTOCOL_SESSION"] = session
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=self.folder,
            env={**env, "PYTHONPATH": str(SOURCES)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
        )


class ByHand(CommandTestCase):
    def test_started_by_hand_it_prints_its_help_and_exits_with_64(self):
        path = self.write("plugin.py", ONE)
        for arguments in ([path], [], ["--nonsense", path], [path, path]):
            with self.subTest(arguments):
                run = self.run_command("-m", "synapse_steps", *arguments)
                self.assertEqual((run.returncode, run.stdout), (64, ""))
                self.assertIn("--describe FILE_OR_MODULE", run.stderr)

    def test_help_and_version_go_to_stdout(self):
        self.assertIn("--describe", self.run_command("-m", "synapse_steps", "--help").stdout)
        self.assertEqual(self.run_command("-m", "synapse_steps", "--version").stdout, "synapse-steps 0.1.0\n")

    def test_describe_prints_json_and_nothing_else_on_stdout(self):
        path = self.write("plugin.py", "print('noise')\n" + "\n".join(line[4:] for line in ONE.splitlines()))
        run = self.run_command("-m", "synapse_steps", "--describe", path)
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertEqual([step["name"] for step in json.loads(run.stdout)["steps"]], ["one"])
        self.assertIn("noise", run.stderr)

    def test_describe_of_a_broken_file_shows_the_traceback(self):
        run = self.run_command("-m", "synapse_steps", "--describe", self.write("plugin.py", "\n1 / 0\n"))
        self.assertEqual((run.returncode, run.stdout), (1, ""))
        self.assertIn('plugin.py", line 2', run.stderr)
        self.assertIn("cannot be imported: ZeroDivisionError", run.stderr)


class Starting(CommandTestCase):
    def data_of(self, *arguments, env=None):
        client = self.start_command([sys.executable, *arguments], env)
        client.call("initialize", INITIALIZE)
        data = client.call("execute", step_call("one"))["data"]
        self.assertEqual(client.end(), 0)
        return data

    def test_by_file_by_folder_and_by_module_name(self):
        path = self.write("plugin.py", ONE)
        for arguments in ([str(ENTRY)], [str(ENTRY.parent)], ["-m", "synapse_steps"]):
            with self.subTest(arguments):
                data = self.data_of(*arguments, path, env={"PYTHONPATH": str(SOURCES)} if "-m" in arguments else None)
                self.assertEqual((data["cwd"], data["module"]), (self.folder, "plugin"))
                self.assertEqual(os.path.dirname(data["file"]), str(ENTRY.parent))
                self.assertIn(self.folder, data["path"])
                self.assertNotIn(str(ENTRY.parent), data["path"])

    def test_the_package_that_was_started_wins_over_one_of_the_environment(self):
        self.write("other/synapse_steps/__init__.py", "raise ImportError('the wrong one')")
        self.write("synapse_steps/__init__.py", "raise ImportError('the wrong one')")
        path = self.write("plugin.py", ONE)
        data = self.data_of(str(ENTRY), path, env={"PYTHONPATH": os.path.join(self.folder, "other")})
        self.assertEqual(os.path.dirname(data["file"]), str(ENTRY.parent))
        self.assertEqual(data["path"][0], str(SOURCES))

    def test_a_file_may_import_its_siblings_and_have_any_name(self):
        self.write("deep/sibling.py", "NAME = 'one'")
        path = self.write(
            "deep/json.py", "from sibling import NAME\n" + "\n".join(line[4:] for line in ONE.splitlines())
        )
        self.assertEqual(self.data_of(str(ENTRY), path)["cwd"], self.folder)
        self.assertEqual(self.data_of(str(ENTRY), self.write("os.py", ONE))["module"], "synapse_steps_plugin_os")
        self.assertEqual(self.data_of(str(ENTRY), self.write("my-steps.py", ONE))["module"], "my-steps")
        self.assertEqual(self.data_of(str(ENTRY), self.write("no_suffix", ONE))["module"], "no_suffix")

    def test_a_module_of_a_package_is_served_by_its_dotted_name(self):
        self.write("pack/__init__.py", "")
        self.write("pack/sibling.py", "X = 1")
        self.write(
            "pack/steps_of_mine.py", "from .sibling import X\n" + "\n".join(line[4:] for line in ONE.splitlines())
        )
        self.assertEqual(self.data_of(str(ENTRY), "pack.steps_of_mine")["module"], "pack.steps_of_mine")

    def test_a_wrong_command_line_of_a_host_is_refused(self):
        self.assertEqual(self.run_command("-m", "synapse_steps", session="x").returncode, 64)


if __name__ == "__main__":
    unittest.main()
