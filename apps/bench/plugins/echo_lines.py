"""The bare loop: a JSON line in, a JSON line out, and nothing else. Nobody can be faster in Python."""

import json
import sys

for line in sys.stdin.buffer:
    message = json.loads(line)
    answer = {"id": message["id"], "result": message["params"]}
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()
