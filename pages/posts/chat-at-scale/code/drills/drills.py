"""Each kind of process is killed, each machine lost, each link cut, while three people write.

Runs as root inside `tools/netns.sh lab`. Prints one JSON object: for each drill what was
sent, and how long the slowest message took. A broken promise ends it with an error.
"""

import json
import sys
import time
from pathlib import Path

from drills.world import USERS, World, netns, vanish
from lab.go import built
from lab.servers import kill, wait_until

COUNT, EVERY = 60, 100  # messages of each user, and milliseconds between two


# region promises
def hold_promises(world, room):
    """Nothing lost or doubled, one order for all, each sender's own order kept."""
    logs = world.logs(room)
    texts = [text for _, text in logs["alice"]]
    assert [seq for seq, _ in logs["alice"]] == list(range(1, 3 * COUNT + 1))
    assert all(log == logs["alice"] for log in logs.values())
    for user in USERS:
        own = [text for text in texts if text.split()[1] == user]
        assert own == [f"{room} {user} {n}" for n in range(1, COUNT + 1)]
    events = {f"{room}:{seq}" for seq, _ in logs["alice"]}
    wait_until(lambda: events <= set(world.push.counts()), 60)


# endregion promises


def drill(world, room, fail, mend, outage=3.0):
    """Write, fail, mend after the outage, and wait until everyone has everything."""
    for user in USERS:
        world.speaker(user).tell(
            "pace",
            user=user,
            room=room,
            text=f"{room} {user} ",
            every=EVERY,
            count=COUNT,
        )
    time.sleep(1.5)
    fail()
    time.sleep(outage)
    mend()
    mended = time.monotonic()
    world.wait_whole(room, 3 * COUNT)
    back = time.monotonic() - mended
    hold_promises(world, room)
    again = sum(
        count - 1
        for name, count in world.push.counts().items()
        if name.startswith(f"{room}:")
    )
    return {
        "sent": 3 * COUNT,
        "slowest_s": round(max(world.settled(room)) / 1000, 1),
        "whole_s": round(back, 1),
        "pushed_again": again,
    }


# region drills
def drills(world):
    broker, rabbit, town, staff = world.broker, world.rabbit, world.town, world.staff

    def broker_gone():
        vanish("broker")
        kill(broker.process)

    def broker_again():
        netns("up", "broker", f"{broker.host}/24")
        broker.start()

    def services_gone():
        vanish("services")
        world.close_services()

    def services_again():
        netns("up", "services", "10.9.0.4/24")
        world.open_services()

    def rabbit_gone():
        vanish("rabbit")
        kill(rabbit.process)

    def rabbit_again():
        netns("up", "rabbit", f"{rabbit.host}/24")
        rabbit.start()

    def worker_again():
        staff.end("notify")
        staff.notify(world.push)

    return {
        "quiet": (lambda: None, lambda: None),
        "broker-killed": (broker.kill, broker.start),
        "broker-lost": (broker_gone, broker_again),
        "service-killed": (town.stop_service, town.start_service),
        "services-lost": (services_gone, services_again),
        "services-cut": (
            lambda: netns("cut", "services"),
            lambda: netns("join", "services"),
            9.0,
        ),
        "phones-cut": (
            lambda: netns("cut", "phones"),
            lambda: netns("join", "phones"),
            9.0,
        ),
        "relay-killed": (lambda: staff.end("relay"), lambda: staff.relay(town.path)),
        "worker-killed": (worker_again, lambda: None),
        "rabbit-killed": (rabbit.kill, rabbit.start),
        "rabbit-lost": (rabbit_gone, rabbit_again),
    }


# endregion drills


NAMES = (
    "quiet",
    "broker-killed",
    "broker-lost",
    "service-killed",
    "services-lost",
    "services-cut",
    "phones-cut",
    "relay-killed",
    "worker-killed",
    "rabbit-killed",
    "rabbit-lost",
)


def main():
    home, go, root = map(Path, sys.argv[1:4])
    chosen, runs = sys.argv[5:] or NAMES, int(sys.argv[4])
    rooms = [f"{name}-{run}" for name in chosen for run in range(runs)]
    world = World(home, rooms, built(home, root, go)).found()
    plans, outcomes = drills(world), {name: [] for name in chosen}
    for run in range(runs):
        for name in chosen:
            outcomes[name].append(drill(world, f"{name}-{run}", *plans[name]))
            print(name, outcomes[name][-1], file=sys.stderr, flush=True)
    for each in world.actors:
        each.end()
    print(json.dumps(outcomes), flush=True)


if __name__ == "__main__":
    main()
