"""Runs a command in a pseudo-terminal: python3 pseudo-terminal.py COLUMNS COMMAND...

Copies what it prints to stdout and our stdin to it; ends with its exit code.
"""

import fcntl
import os
import pty
import select
import struct
import sys
import termios


def main() -> int:
    columns, command = int(sys.argv[1]), sys.argv[2:]
    ready_read, ready_write = os.pipe()
    pid, terminal = pty.fork()
    if pid == 0:
        os.read(ready_read, 1)  # only once the terminal has its size
        os.execvp(command[0], command)
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    os.write(ready_write, b"x")
    sources = [terminal, sys.stdin.fileno()]
    while terminal in sources:
        for source in select.select(sources, [], [])[0]:
            try:
                data = os.read(source, 65536)
            except OSError:  # Linux reports the end of a pseudo-terminal so
                data = b""
            if not data:
                sources.remove(source)
            elif source == terminal:
                os.write(sys.stdout.fileno(), data)
            else:
                os.write(terminal, data)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


sys.exit(main())
