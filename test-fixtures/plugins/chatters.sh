#!/bin/sh
exec yes 'are you there?'
