import os
import pathlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
import unittest
import zipfile

from .wire_client import INITIALIZE, PluginTestCase, step_call

PROJECT = pathlib.Path(__file__).resolve().parents[1]
BUILD_SECONDS = 120
UNREACHABLE = ("No matching distribution found for hatchling", "Could not fetch URL", "No module named pip")


class Wheel(PluginTestCase):
    """Builds the wheel as a user's tools would, and uses it from an environment that has nothing else."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.mkdtemp()
        cls.addClassCleanup(shutil.rmtree, folder)
        project = os.path.join(folder, "project")
        shutil.copytree(PROJECT, project, ignore=shutil.ignore_patterns("__pycache__", "dist"))
        cls.scratch, cls.project = folder, project
        cls.wheels = os.path.join(folder, "wheels")
        build = cls.pip("wheel", "--no-deps", "--wheel-dir", cls.wheels, project)
        unreachable = any(words in build.stderr + build.stdout for words in UNREACHABLE)
        if build.returncode and unreachable and "CI" not in os.environ:
            raise unittest.SkipTest("the build backend of the wheel cannot be fetched here")
        if build.returncode:
            raise AssertionError(build.stdout + build.stderr)
        cls.environment = os.path.join(folder, "environment")
        subprocess.run(
            [sys.executable, "-m", "venv", "--without-pip", cls.environment], check=True, timeout=BUILD_SECONDS
        )

    @staticmethod
    def pip(*arguments):
        env = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
        env.pop("PYTHONPATH", None)
        command = [sys.executable, "-m", "pip", *arguments]
        return subprocess.run(command, env=env, capture_output=True, text=True, timeout=BUILD_SECONDS)

    def test_it_installs_into_an_empty_environment_and_serves_a_plugin(self):
        (wheel,) = os.listdir(self.wheels)
        python = os.path.join(self.environment, "bin", "python")
        install = self.pip("--python", python, "install", "--no-index", os.path.join(self.wheels, wheel))
        self.assertEqual(install.returncode, 0, install.stdout + install.stderr)
        source = """
            from synapse_steps import BaseStep, StepResult
            class One(BaseStep):
                name = "one"
                progress_weight = 1
                def execute(self, context):
                    import synapse_steps
                    return StepResult(data={"file": synapse_steps.__file__})
        """
        command = [python, "-m", "synapse_steps", self.write("plugin.py", source)]
        client = self.start_command(command, {"PYTHONPATH": ""})
        client.call("initialize", INITIALIZE)
        file = client.call("execute", step_call("one"))["data"]["file"]
        self.assertTrue(file.startswith(os.path.realpath(self.environment)) or file.startswith(self.environment), file)
        self.assertEqual(client.end(), 0)

    def test_it_holds_the_package_its_types_and_its_licence_and_nothing_else(self):
        (wheel,) = os.listdir(self.wheels)
        with zipfile.ZipFile(os.path.join(self.wheels, wheel)) as archive:
            names = archive.namelist()
            metadata = next(name for name in names if name.endswith("METADATA"))
            text = archive.read(metadata).decode("utf-8")
        sources = (PROJECT / "src" / "synapse_steps").iterdir()
        expected = {f"synapse_steps/{path.name}" for path in sources if path.is_file()}
        self.assertEqual({name for name in names if ".dist-info/" not in name}, expected)
        self.assertIn("synapse_steps/py.typed", names)
        self.assertTrue(any(name.endswith("LICENSE") for name in names))
        self.assertIn("Requires-Python: >=3.9", text)
        self.assertNotIn("Requires-Dist", text)

    def test_the_source_distribution_holds_what_the_wheel_is_built_and_tested_from(self):
        backend = os.path.join(self.scratch, "backend")
        install = self.pip("install", "--target", backend, "hatchling>=1.27")
        self.assertEqual(install.returncode, 0, install.stdout + install.stderr)
        build = [sys.executable, "-c", "from hatchling.build import build_sdist; print(build_sdist('..'))"]
        env = {**os.environ, "PYTHONPATH": backend}
        run = subprocess.run(
            build, cwd=self.project, env=env, capture_output=True, text=True, timeout=BUILD_SECONDS
        )
        self.assertEqual(run.returncode, 0, run.stderr)
        archive = os.path.join(self.scratch, run.stdout.split()[-1])
        with tarfile.open(archive) as sources:
            names = {name.split("/", 1)[1] for name in sources.getnames()}
        expected = {
            str(path.relative_to(PROJECT))
            for folder in ("src", "tests")
            for path in (PROJECT / folder).rglob("*.py")
        }
        self.assertLessEqual({*expected, "src/synapse_steps/py.typed", "README.md", "LICENSE", "PKG-INFO"}, names)
        again = os.path.join(self.scratch, "again")
        wheel = self.pip("wheel", "--no-deps", "--wheel-dir", again, archive)
        self.assertEqual(wheel.returncode, 0, wheel.stdout + wheel.stderr)
        self.assertEqual(os.listdir(again), os.listdir(self.wheels))


if __name__ == "__main__":
    unittest.main()
