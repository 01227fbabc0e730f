"""Runs curl, several transfers at once, and adds up what it takes."""

import resource
import subprocess
import threading
import time
from pathlib import Path

AT_ONCE = 10  # as all that is measured beside it


class Curl:
    def __init__(self, work):
        self.work = work
        self.seconds = 0.0
        self.peak = 0
        self.before = processor_seconds()

    def run(self, *arguments):
        command = ["curl", "--silent", "--show-error", "--fail", "--header", "Expect:", *arguments]
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.PIPE)
        watcher = threading.Thread(target=self._watch, args=(process.pid,))
        watcher.start()
        output, _ = process.communicate()
        self.seconds += time.perf_counter() - start
        watcher.join()
        if process.returncode != 0:
            raise RuntimeError("curl ended with %d" % process.returncode)
        return output.decode()

    def many(self, lines):
        """A config file; it says what is transferred, all of it at once."""
        config = self.work / "config"
        config.write_text("\n".join(lines))
        at_once = ["--parallel", "--parallel-immediate", "--parallel-max", str(AT_ONCE)]
        return self.run(*at_once, "--config", str(config))

    def taken(self):
        """What all of it took."""
        used = processor_seconds() - self.before
        return {"value": self.seconds, "processorSeconds": used, "peakBytes": self.peak}

    def _watch(self, pid):
        """The peak of its memory, read while it runs; a process that has ended has no such line any more."""
        while True:
            try:
                status = Path("/proc/%d/status" % pid).read_text()
            except OSError:
                return
            peak = [line for line in status.splitlines() if line.startswith("VmHWM:")]
            if not peak:
                return
            self.peak = max(self.peak, int(peak[0].split()[1]) * 1024)
            time.sleep(0.01)


def processor_seconds():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def version():
    return subprocess.run(["curl", "--version"], stdout=subprocess.PIPE, check=True).stdout.decode().split()[1]
