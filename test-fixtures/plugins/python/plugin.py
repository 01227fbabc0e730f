import json
import os
import sys

wire_in, wire_out = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
os.dup2(2, 1)  # what is printed goes to stderr, so that stdout holds frames only
os.dup2(os.open(os.devnull, os.O_RDONLY), 0)  # and what this program starts reads nothing


def execute(params):
    if params["step"] != "double":
        return refusal(1001, f"there is no step {params['step']}", kind="invalid_params")
    value = params["context"]["full"].get("value")
    if not isinstance(value, (int, float)):
        return {"result": {"success": False, "error": "value must be a number"}}
    return {"result": {"success": True, "patch": [{"op": "add", "path": "/doubled", "value": value * 2}]}}


def answer_to(method, params):
    if method == "initialize" and 1 in params["protocol_versions"]:
        return {"result": {"protocol_version": 1, "plugin": {"name": "double", "language": "python"}}}
    if method == "initialize":
        return refusal(1011, "this plugin speaks version 1", kind="version_mismatch", supported=[1])
    if method == "describe":
        return {"result": {"steps": [{"name": "double"}]}}
    return execute(params) if method == "execute" else refusal(-32601, f"no method {method}", kind="method_not_found")


def refusal(code, message, **data):
    return {"error": {"code": code, "message": message, "data": data}}


for line in wire_in:
    try:
        frame = json.loads(line)
    except ValueError as error:
        print(error, file=sys.stderr)  # a line that cannot be read ends nothing
        continue
    if isinstance(frame, dict) and "id" in frame:
        answer = {"jsonrpc": "2.0", "id": frame["id"], **answer_to(frame["method"], frame.get("params", {}))}
        wire_out.write(json.dumps(answer, allow_nan=False).encode() + b"\n")
        wire_out.flush()
