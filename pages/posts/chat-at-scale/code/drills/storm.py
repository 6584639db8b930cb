"""Everyone is cut off and comes back at once: with a fixed pause, and with jitter.

Runs as root inside `tools/netns.sh lab`. Prints one JSON object.
"""

import json
import sys
import time
from pathlib import Path

from drills.world import ROOT, netns, on
from lab.servers import Mosquitto, kill
from lab.town import Actors, Town
from measure.crowd import cpu

SAID = 300


def found(home, clients):
    netns("host", "10.9.0.1/24")
    for name, address in (
        ("broker", "10.9.0.2"),
        ("services", "10.9.0.4"),
        ("phones", "10.9.0.5"),
        ("desk", "10.9.0.6"),
    ):
        netns("up", name, f"{address}/24")
    names = [f"u{n:05}" for n in range(clients)]
    broker = Mosquitto(ROOT, home / "broker", "10.9.0.2", 1883, on("broker")).start()
    town = Town(
        broker, home, {"all": names, "desk": ["carol", "dave"]}, machine=on("services")
    ).found()
    town.start_service()
    return town, names


# region storm
HABITS = {
    "fixed": {
        "fixed": 1000,
        "eager": True,
    },  # back after a second, asking for all history
    "jitter": {"eager": True},  # back after a random time, asking for it
    "heads": {},  # and asking only where a room's head is ahead
}


def storm(town, home, names, habits):
    """Cut all phones for some ten seconds; two people at a desk talk on."""
    desk = Actors(home, town.plan(["carol", "dave"]), "desk", on("desk"))
    desk.wait(lambda report: len(report["connected"]) == 2)
    plan = town.plan(names, spread=2, **habits)
    crowd = Actors(home, plan, "crowd", on("phones"), script="crowd.js")
    crowd.wait(lambda report: report["online"] == len(names), 120)
    netns("cut", "phones")
    crowd.wait(lambda report: report["online"] == 0, 60)
    time.sleep(3)
    desk.tell("pace", user="carol", room="desk", text="talk ", every=50, count=SAID)
    netns("join", "phones")
    curve = watch(town, crowd, len(names))
    report = desk.wait(lambda report: len(report["settled"]["carol"]) >= SAID, 120)
    took = sorted(each[3] for each in report["settled"]["carol"])
    desk.leave("end")
    crowd.leave()
    return curve, took


# endregion storm


def watch(town, crowd, clients, limit=120):
    """How many are back after so many seconds, and how busy the broker was."""
    pid = town.mosquitto.pid()
    started, used, curve = time.monotonic(), cpu(pid), []
    while True:
        online = crowd.report()["online"]
        now = time.monotonic() - started
        curve.append((round(now, 1), online, round(cpu(pid) - used, 2)))
        if online == clients or now > limit:
            return curve
        time.sleep(0.25)


def main():
    home, clients, runs = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    town, names = found(home, clients)
    outcomes = {name: [] for name in HABITS}
    for _ in range(runs):
        for name, habits in HABITS.items():
            curve, took = storm(town, home, names, habits)
            assert curve[-1][1] == clients, "somebody did not come back"
            outcomes[name].append(
                {"curve": curve, "p99": took[int(len(took) * 0.99)], "max": took[-1]}
            )
            print(name, curve[-1], took[-1], file=sys.stderr, flush=True)
            time.sleep(1)
    print(json.dumps({"clients": clients, "outcomes": outcomes}), flush=True)
    kill(town.service)


if __name__ == "__main__":
    main()
