#!/bin/sh
# packages.sh WHAT PACKAGE...: installs Debian packages as root, or by a sudo that asks for no password. Elsewhere it says
# in one sentence which packages an administrator must install for WHAT, and ends with 2.
set -eu
what=$1
shift
case $# in 1) these="the Debian package $*" ;; *) these="the Debian packages $*" ;; esac

if ! command -v apt-get >/dev/null; then
    echo "$what: missing. Please install what corresponds to $these." >&2
    exit 2
elif [ "$(id -u)" = 0 ]; then
    sudo=
elif ! command -v sudo >/dev/null; then
    echo "$what: missing. An administrator must install $these: apt-get install $*" >&2
    exit 2
elif sudo -n env true 2>/dev/null; then
    sudo='sudo -n'
else
    echo "$what: missing, and sudo wants a password. Please install $these: sudo apt-get install $*" >&2
    exit 2
fi

echo "Installing $these …"
apt="$sudo env DEBIAN_FRONTEND=noninteractive apt-get"
if ! { $apt update -qq && $apt install -qq -y --no-install-recommends "$@" >/dev/null; }; then
    echo "$what: missing. apt-get could not install $these." >&2
    exit 2
fi
