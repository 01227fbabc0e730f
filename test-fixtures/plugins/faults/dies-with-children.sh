#!/bin/bash
# Answers the handshake; a step leaves children that have ended and that nobody has waited for, then dies itself.
while read -r line; do
  id=$(jq -r .id <<<"$line")
  case $(jq -r .method <<<"$line") in
    initialize) echo '{"jsonrpc":"2.0","id":'"$id"',"result":{"protocol_version":1}}' ;;
    describe) echo '{"jsonrpc":"2.0","id":'"$id"',"result":{"steps":[{"name":"die"}]}}' ;;
    *) exec sh -c 'true & true & sleep 300 & kill -KILL $$' ;;
  esac
done
