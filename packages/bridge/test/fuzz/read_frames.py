"""Reads streams as the Python runtime does, one after the other, and answers what it made of each.

A line of stdin is `{"limit": n, "stream": base64}`; the answer is a line `{"lines": […], "unstable": n or null}`: for each line
of the stream its shape and value, or why it was refused; and the first place at which cutting the stream in two changes what
comes out.
"""

import base64
import json
import sys
import types

from synapse_steps import _framing
from synapse_steps._envelope import shape_of
from synapse_steps._errors import WireError
from synapse_steps._text import dumps

TOO_LARGE = object()


def lines_of(chunks, limit):
    """The lines of a stream that arrives in these chunks."""
    rest = [chunk for chunk in chunks if chunk]
    _framing.os = types.SimpleNamespace(read=lambda _fd, _size: rest.pop(0) if rest else b"")
    reader = _framing.LineReader(0)
    reader.max_frame_bytes = limit
    lines = []
    while True:
        try:
            line = reader.read_line()
        except _framing.FrameTooLarge:
            lines.append(TOO_LARGE)
            continue
        if line is None:
            return lines
        lines.append(line)


def outcome_of(line):
    """A frame's shape and its value as the runtime writes it, or the reason why the line is none."""
    if line is TOO_LARGE:
        return {"refused": "too large"}
    try:
        frame = _framing.decode_frame(line)
        return {"shape": shape_of(frame), "value": dumps(frame)}
    except WireError as error:
        return {"refused": str(error)}


def first_unstable_cut(stream, limit, whole):
    if lines_of([stream[at : at + 1] for at in range(len(stream))], limit) != whole:
        return 0
    return next((at for at in range(1, len(stream)) if lines_of([stream[:at], stream[at:]], limit) != whole), None)


def main():
    for request in sys.stdin:
        case = json.loads(request)
        stream, limit = base64.b64decode(case["stream"]), case["limit"]
        whole = lines_of([stream], limit)
        answer = {
            "lines": [outcome_of(line) for line in whole],
            "unstable": first_unstable_cut(stream, limit, whole),
        }
        print(json.dumps(answer), flush=True)


main()
