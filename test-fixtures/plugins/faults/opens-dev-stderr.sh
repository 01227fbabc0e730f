#!/bin/sh
# Opens its stderr by name. Node gives its children sockets, which cannot be opened: only >&2 works.
echo 'about to complain' >&2
exec tee /dev/stderr </dev/null
