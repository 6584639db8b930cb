#!/bin/sh
# A laboratory of network namespaces, for drills that take a machine or its link away.
#
#   tools/netns.sh lab COMMAND...       run COMMAND in a laboratory of its own; all of it is gone when COMMAND ends
#
# Inside the laboratory, from COMMAND:
#
#   netns.sh host 10.9.0.1/24           give the laboratory itself an address, so that a test can reach the machines
#   netns.sh up NAME 10.9.0.2/24        a machine: a namespace with loopback, a veth pair to the common bridge, an address
#   netns.sh run NAME COMMAND...        run COMMAND on that machine (replaces this process, so its pid is COMMAND's)
#   netns.sh cut NAME                   pull the cable: nothing passes, no FIN and no RST, and nobody is told
#   netns.sh join NAME                  plug the cable in again
#   netns.sh vanish NAME                cut, kill everything on the machine, delete it; `up` puts it back at the same address
#   netns.sh impair NAME 50ms [1%]      delay, and loss if given, of all that the machine sends (needs tc with netem)
#   netns.sh clear NAME                 take the delay and the loss away
#
# Needs root, or a kernel that lets a user make namespaces; and the Debian package iproute2.
# Exit status 3, with one sentence on standard error: this machine does not allow it. A check then leaves the drill out and says so.
# The laboratory has process ids of its own: SIGKILL to `netns.sh lab` ends everything in it. Nothing outside of it is changed.
set -eu

me=$(readlink -f "$0")
names=/run/netns

impossible() { echo "netns.sh: $1" >&2; exit 3; }
wrong() { echo "netns.sh: $1" >&2; exit 2; }

# The same hardware address after each `up`, as from a machine whose address moved with it: no stale ARP entry decides a drill.
hardware_address() { echo "${1%/*}" | { IFS=. read -r a b c d; printf '02:00:%02x:%02x:%02x:%02x' "$a" "$b" "$c" "$d"; }; }

enter() {  # Replaces this process by the laboratory, whose first process is `netns.sh inside COMMAND...`.
    command -v unshare >/dev/null && command -v ip >/dev/null || impossible "unshare or ip is missing (Debian: util-linux, iproute2)."
    as_root=; test "$(id -u)" = 0 || as_root="--user --map-root-user"
    new="unshare $as_root --mount --net --pid --fork --kill-child --mount-proc"
    $new "$me" inside true 2>/dev/null || impossible "network namespaces or bridges are not allowed here (container, or kernel setting)."
    exec $new "$me" inside "$@"
}

inside() {
    mkdir -p $names 2>/dev/null || { mount -t tmpfs tmpfs /run && mkdir -p $names; }
    mount -t tmpfs tmpfs $names
    ip link set lo up
    ip link add bridge type bridge
    ip link set bridge up
    trap 'exit 143' INT TERM
    NETNS_LAB=1 "$@" <&0 &
    status=0; wait $! || status=$?
    exit $status
}

up() {
    test ! -e "$names/$1" || wrong "there is a machine $1 already; \`vanish $1\` first."
    ip netns add "$1"
    ip link add "$1" type veth peer name eth0 address "$(hardware_address "$2")" netns "$1"
    ip -n "$1" link set lo up
    ip -n "$1" address add "$2" dev eth0
    ip -n "$1" link set eth0 up
    ip link set "$1" master bridge up
}

vanish() {
    ip link set "$1" down
    ip netns pids "$1" | xargs -r kill -9 2>/dev/null || true  # One may have ended by itself meanwhile.
    ip netns delete "$1"
    ip link delete "$1" 2>/dev/null || true  # its other end may have gone with the namespace
}

impair() {
    tc -n "$1" qdisc replace dev eth0 root netem delay "$2" ${3:+loss "$3"} 2>/dev/null \
        || impossible "tc cannot delay or lose packets here (the kernel lacks netem)."
}

command=${1:-}; test $# = 0 || shift
case $command in
    lab | inside) test $# -ge 1 || wrong "lab needs the command to run." ;;
    up | run) test $# -ge 2 || wrong "$command needs a name and an argument (see the top of $me)." ;;
    host | cut | join | vanish | clear) test $# = 1 || wrong "$command needs one argument (see the top of $me)." ;;
    impair) test $# = 2 || test $# = 3 || wrong "impair needs a name, a delay and perhaps a loss." ;;
    *) sed -n '2,/^set/s/^# \{0,1\}//p' "$me" >&2; exit 2 ;;
esac
case $command in
    lab | inside) ;;
    *) test "${NETNS_LAB:-}" = 1 || wrong "$command works in a laboratory only: netns.sh lab COMMAND..." ;;
esac
case $command in
    lab) enter "$@" ;;
    inside) inside "$@" ;;
    host) ip address add "$1" dev bridge ;;
    up) up "$@" ;;
    run) name=$1; shift; exec nsenter --net="$names/$name" -- "$@" ;;
    cut) ip link set "$1" down ;;
    join) ip link set "$1" up ;;
    vanish) vanish "$@" ;;
    impair) impair "$@" ;;
    clear) tc -n "$1" qdisc delete dev eth0 root 2>/dev/null || true ;;
esac
