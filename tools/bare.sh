#!/usr/bin/env bash
# bare.sh [bookworm|trixie|user...]: runs the README's two commands on bare Debian machines, in trees that debootstrap makes
# below BARE (/var/tmp/bare): git, make, ca-certificates and python3, and nothing else. On Debian 12 and 13 `make run` twice
# and `make test` twice, as root; `user`: on Debian 12, by a user without sudo. It needs root, takes half an hour, and uses
# this machine's mirror, certificates and settings of apt and pip. What is tried is every file that git does not ignore.
set -euo pipefail
cd "$(dirname "$0")/.."
program=$PWD/tools/bare.sh
bare=${BARE:-/var/tmp/bare}
project=$PWD
path=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
mounted=()
failed=()

leave() { for each in "${mounted[@]}"; do umount -l "$each"; done; mounted=(); }
trap leave EXIT

on() { # on FOLDER OPTIONS...: mounts, until the end
  mkdir -p "$1"
  mountpoint -q "$1" && return
  mount "${@:2}" "$1"
  mounted=("$1" "${mounted[@]}")
}

mirror() { # of Debian itself, as this machine's apt has it
  local found
  found=$(cat /etc/apt/sources.list.d/debian.sources /etc/apt/sources.list 2>/dev/null | grep -oE 'https?://[^ ]+/debian/?( |$)' || true)
  set -- $found
  echo "${1:-http://deb.debian.org/debian}"
}

folders_of_pip() { # below which pip's settings find packages on a disk
  python3 -m pip config list 2>/dev/null | grep -oE "(file://|[ '=])/[A-Za-z0-9/_-]+" | sed -E "s#^(file://|[ '=])##" | grep -v '^/etc' |
    grep -oE '^/[^/]+/[^/]+' | sort -u | while read -r each; do [ ! -d "$each" ] || echo "$each"; done
}

grow() { # grow SUITE TREE: makes the tree
  local from
  from=$(mirror)
  debootstrap --variant=minbase --include=git,make,ca-certificates,python3 "$1" "$2" "$from" >"$2.log" 2>&1 || { tail -3 "$2.log"; exit 1; }
  printf 'deb %s %s main\n' "$from" "$1" "$from" "$1-updates" "${from%/debian*}/debian-security" "$1-security" >"$2/etc/apt/sources.list"
  cp -a /etc/apt/apt.conf.d/99* "$2/etc/apt/apt.conf.d/" 2>/dev/null || true
  cp -L /etc/pip.conf /etc/resolv.conf /etc/hosts "$2/etc/" 2>/dev/null || true
  cp -L /etc/ssl/certs/ca-certificates.crt "$2/etc/ssl/certs/"
  mkdir -p "$2/etc/xdg/pip"
  cp -L /etc/xdg/pip/* "$2/etc/xdg/pip/" 2>/dev/null || true
  cp -L ~/.config/pip/pip.conf "$2/etc/xdg/pip/pip.conf" 2>/dev/null || true
  chroot "$2" useradd --create-home ann
  touch "$2/.grown"
}

enter() { # enter SUITE TREE: a tree that is there and mounted
  [ -e "$2/.grown" ] || { rm -rf --one-file-system "$2"; mkdir -p "$2"; grow "$1" "$2"; }
  on "$2/proc" -t proc proc
  on "$2/sys" --bind -o ro /sys
  on "$2/dev" --bind /dev
  on "$2/dev/pts" --bind /dev/pts
  on "$2/dev/shm" -t tmpfs tmpfs
  for each in $(folders_of_pip); do on "$2$each" --bind -o ro "$each"; done
}

inside() { # inside TREE USER COMMAND: in an environment that is empty
  local home=/root
  [ "$2" = root ] || home=/home/$2
  chroot --userspec "$2:$2" "$1" /usr/bin/env -i "HOME=$home" "PATH=$path" TERM=dumb /bin/sh -c "$3"
}

give() { # give TREE USER: a clone of the repository, with what was changed in it
  local home=root
  [ "$2" = root ] || home=home/$2
  rm -rf "$1/$home/project"
  git clone -q "$project" "$1/$home/project"
  git ls-files -z --cached --others --exclude-standard | while IFS= read -r -d '' each; do [ ! -e "$each" ] || printf '%s\0' "$each"; done |
    tar --null -T - -c | tar -x -C "$1/$home/project"
  chroot "$1" chown -R "$2:$2" "/$home/project"
}

served() { # served TREE USER: `make run` until the first page is there
  local began=$SECONDS port group status=1
  port=$(python3 -c "import socket; s = socket.socket(); s.bind(('127.0.0.1', 0)); print(s.getsockname()[1])")
  setsid "$program" --inside "$1" "$2" "cd ~/project && make run PORT=$port" &
  group=$!
  until [ $((SECONDS - began)) -gt 300 ] || ! kill -0 "$group" 2>/dev/null; do
    python3 -c "import urllib.request as u; assert u.urlopen('http://127.0.0.1:$port/').status == 200" 2>/dev/null && status=0 && break
    sleep 0.1
  done
  [ $status != 0 ] || echo "== the first page after $((SECONDS - began)) s"
  kill -TERM -- "-$group" 2>/dev/null || true
  wait "$group" 2>/dev/null || true
  return $status
}

try() { # try NAME COMMAND...: goes on after a failure, and remembers it
  local began=$SECONDS
  echo "== $1"
  "${@:2}" && echo "== $1: passed, $((SECONDS - began)) s" || { echo "== $1: FAILED with $?, $((SECONDS - began)) s"; failed+=("$1"); }
}

as_root() { # as_root SUITE
  local tree=$bare/$1
  enter "$1" "$tree"
  give "$tree" root
  try "$1: make run" served "$tree" root
  try "$1: make run, again" served "$tree" root
  try "$1: make test" inside "$tree" root 'cd ~/project && make test'
  try "$1: make test, again" inside "$tree" root 'cd ~/project && make test'
}

without_sudo() { # what is missing is named; once it is there, all works that needs no browser
  local tree=$bare/user
  enter bookworm "$tree"
  give "$tree" ann
  try "without sudo and venv: make run fails" refused "$tree"
  inside "$tree" root 'apt-get update -qq && apt-get install -y -qq python3-venv >/dev/null' 2>/dev/null
  try "without sudo: make run" served "$tree" ann
  try "without sudo or Chromium: make test" inside "$tree" ann 'cd ~/project && make test'
}

refused() { ! inside "$1" ann 'cd ~/project && make run'; }

if [ "${1:-}" = --inside ]; then
  inside "${@:2}"
  exit
fi

command -v debootstrap >/dev/null || tools/packages.sh debootstrap debootstrap
[ $# -gt 0 ] || set -- bookworm trixie user
for each in "$@"; do
  if [ "$each" = user ]; then without_sudo; else as_root "$each"; fi
  leave
done
[ ${#failed[@]} = 0 ] || { printf 'FAILED: %s\n' "${failed[@]}"; exit 1; }
