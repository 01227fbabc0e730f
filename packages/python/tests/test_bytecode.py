import os
import pathlib
import shutil
import stat
import subprocess
import sys
import unittest

from .wire_client import INITIALIZE, PATIENCE_SECONDS, SOURCES, PluginTestCase, step_call

PLUGIN = """
    from synapse_steps import BaseStep, StepResult
    import sys
    class One(BaseStep):
        name = "one"
        progress_weight = 1
        def execute(self, context):
            import neighbour
            return StepResult(data={"prefix": sys.pycache_prefix})
"""
# stands for a file system that is mounted read-only: what root may write to, no test can take away
READ_ONLY = """
import os, runpy, sys
os.access = lambda *_: False
sys.argv = sys.argv[1:]
sys.path[0] = os.path.dirname(sys.argv[0])
runpy.run_path(sys.argv[0], run_name="__main__")
"""


class Bytecode(PluginTestCase):
    def setUp(self):
        super().setUp()
        self.runtime = pathlib.Path(self.folder, "runtime", "synapse_steps")
        shutil.copytree(SOURCES / "synapse_steps", self.runtime, ignore=shutil.ignore_patterns("__pycache__"))
        self.home = pathlib.Path(self.folder, "home")
        self.home.mkdir()
        self.cache = self.home / ".cache" / "synapse-steps" / "bytecode"
        self.plugin = self.write("plugin.py", PLUGIN)
        self.write("neighbour.py", "")

    def serve(self, *command):
        env = {"HOME": str(self.home), "XDG_CACHE_HOME": "", "PYTHONDONTWRITEBYTECODE": "", "PYTHONPATH": ""}
        client = self.start_command([sys.executable, *command, str(self.runtime / "__main__.py"), self.plugin], env)
        client.call("initialize", INITIALIZE)
        data = client.call("execute", step_call("one"))["data"]
        self.assertEqual(client.end(), 0)
        return data

    def kept(self):
        return {path.name.split(".")[0] for path in self.cache.rglob("*.pyc")}

    def test_a_runtime_that_lies_read_only_is_compiled_once_into_a_private_folder_of_the_user(self):
        self.assertEqual(self.serve("-c", READ_ONLY), {"prefix": None})
        self.assertLessEqual({"_command", "_server", "_wire", "_step"}, self.kept())
        self.assertFalse({"plugin", "neighbour"} & self.kept())
        self.assertFalse((self.runtime / "__pycache__").exists())
        self.assertEqual(stat.S_IMODE(self.cache.stat().st_mode), 0o700)
        before = {path: path.stat().st_mtime_ns for path in self.cache.rglob("*.pyc")}
        self.serve("-c", READ_ONLY)
        self.assertEqual({path: path.stat().st_mtime_ns for path in self.cache.rglob("*.pyc")}, before)

    def test_a_folder_that_others_may_write_to_or_that_is_a_link_is_not_used(self):
        self.cache.mkdir(parents=True)
        self.cache.chmod(0o770)
        self.serve("-c", READ_ONLY)
        self.assertEqual(self.kept(), set())
        elsewhere = self.home / "elsewhere"
        elsewhere.mkdir(0o700)
        self.cache.rmdir()
        self.cache.symlink_to(elsewhere)
        self.serve("-c", READ_ONLY)
        self.assertEqual(list(elsewhere.iterdir()), [])

    def test_without_a_home_or_with_one_that_cannot_be_written_to_the_plugin_starts_all_the_same(self):
        self.home.rmdir()
        self.home.write_text("no folder")
        self.assertEqual(self.serve("-c", READ_ONLY), {"prefix": None})

    def test_a_runtime_that_can_be_written_to_keeps_its_own(self):
        self.serve()
        self.assertFalse(self.cache.exists())
        self.assertTrue((self.runtime / "__pycache__").is_dir())

    def test_where_python_is_told_to_keep_none_none_is_kept(self):
        command = [sys.executable, "-B", "-c", READ_ONLY, str(self.runtime / "__main__.py"), "--describe", self.plugin]
        env = {**os.environ, "HOME": str(self.home), "XDG_CACHE_HOME": ""}
        run = subprocess.run(command, env=env, capture_output=True, text=True, timeout=PATIENCE_SECONDS)
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertFalse(self.cache.exists())


if __name__ == "__main__":
    unittest.main()
