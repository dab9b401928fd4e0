#!/bin/sh
# Fails unless PROGRAM runs with the C library of VERSION: deploy/release/glibc-at-most.sh PROGRAM VERSION
# Wants objdump, of binutils.
set -eu
program=$1
allowed=$2
symbols=$(objdump --dynamic-syms "$program")
wanted=$(printf '%s\n' "$symbols" | sed -n 's/.*GLIBC_\([0-9][0-9.]*\).*/\1/p' | sort -Vu | tail -n 1)
if [ -z "$wanted" ]; then
    echo "$program names no version of the C library" >&2
    exit 1
fi
newest=$(printf '%s\n%s\n' "$wanted" "$allowed" | sort -V | tail -n 1)
if [ "$newest" != "$allowed" ]; then
    echo "$program wants glibc $wanted, which is newer than $allowed" >&2
    exit 1
fi
echo "$program runs with glibc $wanted and newer"
