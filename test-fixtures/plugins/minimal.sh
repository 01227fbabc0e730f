#!/bin/bash
# The shortest plugin: bash and jq. Lines 2 and 3 of the program keep what it runs off the wire.
exec 3>&1 1>&2 4<&0 0</dev/null
jq -c --unbuffered '
  def answer($result): {jsonrpc: "2.0", id, result: $result};
  if .id == null then empty
  elif .method == "initialize" then answer({protocol_version: 1})
  elif .method == "describe" then answer({steps: [{name: "double"}]})
  elif .method == "execute" then
    answer({success: true, patch: [{op: "add", path: "/doubled", value: (.params.context.full.value * 2)}]})
  else {jsonrpc: "2.0", id, error: {code: -32601, message: "unknown method: \(.method)"}}
  end' <&4 >&3
