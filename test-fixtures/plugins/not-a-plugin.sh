#!/bin/sh
echo 'usage: not-a-plugin FILE'
exit 0
