#!/bin/bash
# A raw plugin that keeps what it runs off the wire: a child that reads its stdin finds the end of it.
exec 3>&1 1>&2 4<&0 0</dev/null
while read -r line <&4; do
  id=$(jq -r .id <<<"$line")
  case $(jq -r .method <<<"$line") in
    initialize) echo '{"jsonrpc":"2.0","id":'"$id"',"result":{"protocol_version":1}}' >&3 ;;
    describe) echo '{"jsonrpc":"2.0","id":'"$id"',"result":{"steps":[{"name":"read"}]}}' >&3 ;;
    execute)
      echo "the child read $(wc -c) bytes"
      echo '{"jsonrpc":"2.0","id":'"$id"',"result":{"success":true}}' >&3
      ;;
    *) [ "$id" = null ] || echo '{"jsonrpc":"2.0","id":'"$id"',"error":{"code":-32601,"message":"unknown method"}}' >&3 ;;
  esac
done
