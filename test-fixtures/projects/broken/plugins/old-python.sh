#!/bin/sh
# Answers as a Python 3.8 does when it is asked for its version.
printf '3.8.20\n/usr/bin/python3.8\n'
