"""A millisecond of work as often as a line says, without any workflow; the answer to a line is an empty one."""

import sys
import time

for line in sys.stdin:
    for _ in range(int(line)):
        end = time.perf_counter() + 0.001
        while time.perf_counter() < end:
            pass
    print(flush=True)
