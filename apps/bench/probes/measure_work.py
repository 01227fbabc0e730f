"""What the probes in Python have in common: a greeting, then what some work took for each request."""

import contextlib
import json
import resource
import sys
import time
from pathlib import Path


def peak_bytes():
    """Of this process alone: what the system calls ``ru_maxrss`` begins with that of the parent."""
    if sys.platform != "linux":
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    status = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM:"))


def serve(version, work):
    """Does the work for each line that comes in, and answers what it took; what it prints goes to stderr."""
    print(json.dumps({"ready": True, "version": version}), flush=True)
    for line in sys.stdin:
        print(json.dumps(_measure(work, json.loads(line))), flush=True)


def _measure(work, request):
    before = time.process_time()
    start = time.perf_counter()
    with contextlib.redirect_stdout(sys.stderr):
        work(request)
    seconds = time.perf_counter() - start
    return {"value": seconds, "processorSeconds": time.process_time() - before, "peakBytes": peak_bytes()}
