"""Runs a command in a terminal of its own and prints what it sends there: one JSON array [seconds, text] a line.

Usage: run-in-terminal.py COLUMNS ROWS COMMAND…  It ends with the command's exit code.
"""

import codecs
import fcntl
import json
import os
import pty
import struct
import sys
import termios
import time

columns, rows, *command = sys.argv[1:]
process, terminal = pty.fork()
if process == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", int(rows), int(columns), 0, 0))
    os.execvp(command[0], command)

decoder = codecs.getincrementaldecoder("utf-8")()
started = time.monotonic()
while True:
    try:
        data = os.read(terminal, 65536)
    except OSError:  # how Linux says that nobody has the terminal open any more
        break
    if not data:
        break
    text = decoder.decode(data)
    if text:
        print(json.dumps([round(time.monotonic() - started, 3), text]), flush=True)

_, status = os.waitpid(process, 0)
sys.exit(os.waitstatus_to_exitcode(status))
