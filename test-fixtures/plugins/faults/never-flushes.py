"""A plugin without a runtime that forgets to flush: its answers stay in its own buffer."""

import sys

for _line in sys.stdin:
    sys.stdout.write('{"jsonrpc":"2.0","id":1,"result":{"protocol_version":1}}\n')
