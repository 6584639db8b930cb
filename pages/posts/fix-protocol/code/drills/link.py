#!/usr/bin/env python3
"""Cut the venue's cable, then take its machine away. Run by `netns.sh lab`: link.py NETNS VENUE DICTIONARY QUOTED.

A cut link sends no FIN and no RST: only the session's own silence rule can notice it.
"""

import contextlib
import json
import socket
import subprocess
import sys
import time

HEARTBEAT = 2  # seconds
# A TestRequest after 1.2 intervals without a word, the end after 2.4, a tick of a second; the rest is for busy machines.
NOTICED_WITHIN = 10 * HEARTBEAT
NETNS, VENUE, DICTIONARY, QUOTED = sys.argv[1:]


def netns(*arguments):
    subprocess.run([NETNS, *arguments], check=True)


def start_venue():
    netns("up", "venue", "10.9.0.2/24")
    venue = subprocess.Popen(
        [NETNS, "run", "venue", VENUE, "9878", DICTIONARY], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    venue.stdout.readline()


def subscribe():
    deadline = time.monotonic() + 20
    while True:
        with contextlib.suppress(ConnectionRefusedError):
            connection = socket.create_connection(("127.0.0.1", 9879), timeout=60)
            return connection.makefile()
        if time.monotonic() > deadline:
            sys.exit("quoted does not listen")
        time.sleep(0.05)


def until(lines, stale):
    """Seconds until the quote at the end of the venue's run is stale, or is not."""
    started = time.monotonic()
    for line in lines:
        quote = json.loads(line)
        if (quote.get("bid"), quote["stale"]) == ("1.20", stale):
            return time.monotonic() - started
    sys.exit(f"the subscriber was cut off before a quote with stale={stale}")


def noticed(what, seconds):
    print(f"drill: {what}: stale after {seconds:.1f} s")
    if seconds > NOTICED_WITHIN:
        sys.exit(f"{what} was noticed after {seconds:.1f} s, not within {NOTICED_WITHIN:.1f} s")


def main():
    netns("host", "10.9.0.1/24")
    start_venue()
    options = ["-plain", "-venue=10.9.0.2:9878", "-user=quoted", "-symbols=ACME", f"-heartbeat={HEARTBEAT}s"]
    with subprocess.Popen([QUOTED, *options], stderr=subprocess.DEVNULL) as quoted:
        lines = subscribe()
        until(lines, stale=False)
        netns("cut", "venue")
        noticed("link cut", until(lines, stale=True))
        netns("join", "venue")
        print(f"drill: link back: fresh after {until(lines, stale=False):.1f} s")
        netns("vanish", "venue")
        noticed("machine gone", until(lines, stale=True))
        start_venue()
        print(f"drill: machine back: fresh after {until(lines, stale=False):.1f} s")
        quoted.kill()


if __name__ == "__main__":
    main()
