#!/bin/sh
# Installs what the tests drive beside Python: a real browser, and curl for the README's calls.
set -eu
missing=""
[ -x /usr/bin/chromium ] || missing="chromium fonts-dejavu-core"
command -v curl >/dev/null || missing="$missing curl"
if [ -z "$missing" ]; then
    exit 0
fi
echo "installing $missing"
if [ "$(id -u)" = 0 ]; then run=""; else run=sudo; fi
$run apt-get update -qq
DEBIAN_FRONTEND=noninteractive $run apt-get install -y -qq --no-install-recommends $missing
