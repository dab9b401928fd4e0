#!/usr/bin/env bash
# Runs these tests: finds libclang (as root on Debian it installs it) and, where clang's own headers are missing, the C
# compiler's. Arguments go to `cargo test`.
set -euo pipefail
cd "$(dirname "$0")"

find_libclang() {
    find /usr/lib /usr/local/lib -name 'libclang*.so*' -not -name 'libclang-cpp*' 2>/dev/null | sort -V | tail -n 1
}

if [ -z "${LIBCLANG_PATH:-}" ]; then
    if [ -z "$(find_libclang)" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        apt-get update
        DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends libclang-dev
    fi
    found="$(find_libclang)"
    [ -n "$found" ] || { echo "libclang is not there: install it, or set LIBCLANG_PATH to its folder" >&2; exit 1; }
    LIBCLANG_PATH="$(dirname "$found")"
    export LIBCLANG_PATH
fi
export BINDGEN_EXTRA_CLANG_ARGS="${BINDGEN_EXTRA_CLANG_ARGS:-} -idirafter $(cc -print-file-name=include)"
exec cargo test "$@"
