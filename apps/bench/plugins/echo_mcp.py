"""The least that an MCP client accepts as a server with one tool, without any SDK."""

import json
import sys

TOOL = {"name": "echo", "inputSchema": {"type": "object"}}


def initialize(params):
    server = {"name": "echo", "version": "1.0.0"}
    return {"protocolVersion": params["protocolVersion"], "capabilities": {"tools": {}}, "serverInfo": server}


def list_tools(params):
    return {"tools": [TOOL]}


def call_tool(params):
    return {"content": [{"type": "text", "text": json.dumps(params["arguments"])}]}


METHODS = {"initialize": initialize, "tools/list": list_tools, "tools/call": call_tool}

for line in sys.stdin.buffer:
    message = json.loads(line)
    if "id" not in message:
        continue
    result = METHODS[message["method"]](message.get("params"))
    sys.stdout.write(json.dumps({"jsonrpc": "2.0", "id": message["id"], "result": result}) + "\n")
    sys.stdout.flush()
