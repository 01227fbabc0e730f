#!/bin/sh
trap '' TERM
echo 'I will be with you soon' >&2
sleep 300
sleep 300
