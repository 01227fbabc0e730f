#!/bin/bash
# Answers the handshake; a step starts a child that keeps all pipes open, tells the time in ms, then dies itself.
while read -r line; do
  id=$(jq -r .id <<<"$line")
  case $(jq -r .method <<<"$line") in
    initialize) echo '{"jsonrpc":"2.0","id":'"$id"',"result":{"protocol_version":1}}' ;;
    describe) echo '{"jsonrpc":"2.0","id":'"$id"',"result":{"steps":[{"name":"in-group"},{"name":"own-session"}]}}' ;;
    execute)
      case $(jq -r .params.step <<<"$line") in
        in-group) sh -c 'trap "" TERM; exec sleep 300' & ;;
        own-session) setsid sleep 3 & ;;
      esac
      date +%s%3N >&2
      exit 5
      ;;
    *) echo '{"jsonrpc":"2.0","id":'"$id"',"error":{"code":-32601,"message":"unknown method"}}' ;;
  esac
done
