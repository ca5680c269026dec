#!/bin/sh
# Makes the virtual environment named by $1 with the newest Python of at least 3.11 that is found.
set -eu
target=$1
for python in python3 python3.13 python3.12 python3.11; do
    if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        found=$python
        break
    fi
done
if [ -z "${found:-}" ]; then
    echo "equipoise needs Python 3.11 or newer; none was found on the PATH" >&2
    exit 1
fi
# Debian and Ubuntu ship Python without ensurepip, which a virtual environment needs.
if ! "$found" -c 'import ensurepip, venv' 2>/dev/null; then
    version=$("$found" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    package=python$version-venv
    echo "installing $package, which $found needs to make a virtual environment"
    if [ "$(id -u)" = 0 ]; then run=""; else run=sudo; fi
    $run apt-get update -qq
    $run apt-get install -y -qq "$package"
fi
"$found" -m venv "$target"
