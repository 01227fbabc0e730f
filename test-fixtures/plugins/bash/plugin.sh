#!/bin/bash
# Line 3 keeps what this program runs off the wire: what is printed goes to stderr, and children read nothing.
exec 3>&1 1>&2 4<&0 0</dev/null
jq --raw-input --compact-output --unbuffered '
  def answer($result): {jsonrpc: "2.0", id, result: $result};
  def refuse($code; $message; $data): {jsonrpc: "2.0", id, error: {code: $code, message: $message, data: $data}};
  def double:
    .params.context.full.value as $value
    | if ($value | type) != "number" then answer({success: false, error: "value must be a number"})
      else answer({success: true, patch: [{op: "add", path: "/doubled", value: ($value * 2)}]})
      end;
  fromjson? | objects | select(.id)
  | if .method == "initialize" then
      if .params.protocol_versions | index(1) then answer({protocol_version: 1, plugin: {name: "double", language: "bash"}})
      else refuse(1011; "this plugin speaks version 1"; {kind: "version_mismatch", supported: [1]})
      end
    elif .method == "describe" then answer({steps: [{name: "double"}]})
    elif .method == "execute" then
      if .params.step == "double" then double
      else refuse(1001; "there is no step \(.params.step)"; {kind: "invalid_params"})
      end
    else refuse(-32601; "there is no method \(.method)"; {kind: "method_not_found"})
    end' <&4 >&3
