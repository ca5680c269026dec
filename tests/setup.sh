#!/bin/sh
# Installs what the tests drive beside Python: a real browser.
set -eu
if [ -x /usr/bin/chromium ]; then
    exit 0
fi
echo "installing chromium, which the browser tests drive"
if [ "$(id -u)" = 0 ]; then run=""; else run=sudo; fi
$run apt-get update -qq
DEBIAN_FRONTEND=noninteractive $run apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core
