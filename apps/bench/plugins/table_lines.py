"""The bare loop, for tables: in comes a JSON line with rows, or with the path of a file whose SHA-256 is wanted; out goes a size."""

import hashlib
import json
import sys

for line in sys.stdin.buffer:
    table = json.loads(line)["table"]
    if isinstance(table, str):
        with open(table, "rb") as file:
            content = file.read()
        hashlib.sha256(content).hexdigest()
        table = content
    sys.stdout.write(json.dumps({"size": len(table)}) + "\n")
    sys.stdout.flush()
