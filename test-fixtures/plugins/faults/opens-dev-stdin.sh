#!/bin/bash
# Opens its stdin by name. Node gives its children sockets, which cannot be opened: only <&0 works.
exec cat /dev/stdin
