"""JSON-RPC with Content-Length headers, as language servers speak it, by hand."""

import json
import sys

source = sys.stdin.buffer
sink = sys.stdout.buffer

while True:
    header = source.readline()
    if not header:
        break
    length = int(header.split(b":")[1])
    while source.readline().strip():
        pass
    message = json.loads(source.read(length))
    body = json.dumps({"jsonrpc": "2.0", "id": message["id"], "result": message["params"]}).encode()
    sink.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
    sink.flush()
