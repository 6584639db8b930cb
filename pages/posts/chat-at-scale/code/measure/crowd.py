"""Many clients on loopback: what a connection costs, and how long a message takes to reach a room."""

import threading
import time

from lab.clients import Probe
from lab.servers import Mosquitto, owned
from lab.town import Actors, Town
from measure.frozen import rss

SIZES = (10, 100, 1000)
SAID = 30


def cpu(pid):
    """Seconds of processor time that a process has used."""
    with open(f"/proc/{pid}/stat") as stat:
        parts = stat.read().rsplit(") ", 1)[1].split()
    return (int(parts[11]) + int(parts[12])) / 100


def crowded(root, home, clients):
    """A broker with that many users: rooms of three sizes, everyone in the largest."""
    names = [f"u{n:05}" for n in range(clients)]
    rooms = {f"r{size}": names[:size] for size in SIZES if size <= clients}
    town = Town(Mosquitto(root, home / "broker").start(), home, {**rooms, "all": names}).found()
    town.start_service()
    return town, names


# region crowd
def run(town, home, names):
    """Connect all, measure memory; then speak in each room, at rest and under prices."""
    broker, found = town.mosquitto.pid(), {}
    before = rss(broker)
    started = time.monotonic()
    crowd = Actors(home, town.plan(names, symbols=["S1", "S2", "S3"]), "crowd", script="crowd.js")
    crowd.wait(lambda report: report["online"] == len(names), 120)
    found["connect_rate"] = len(names) / (time.monotonic() - started)
    found["client_kib"] = (rss(broker) - before) / len(names)
    for size in SIZES:
        found |= {f"room{size}_{share}": value for share, value in speak(crowd, f"r{size}", size).items()}
    found |= under_prices(town, crowd, broker, len(names))
    crowd.leave()
    return found
# endregion crowd


def speak(crowd, room, size, every=200):
    """Milliseconds from the sender's clock to each member's, by rank."""
    crowd.tell("reset")
    crowd.tell("say", index=0, room=room, count=SAID, every=every)
    report = crowd.wait(lambda report: report["messages"] >= SAID * size, 60)
    return {"p50": report["chat"]["p50"], "p99": report["chat"]["p99"]}


def under_prices(town, crowd, broker, clients, rate=20, seconds=5):
    """Every client gets three symbols; meanwhile someone speaks in the room of a hundred."""
    feed = Probe(town.mosquitto.port, "feed", town.words["feed"], name="feed.crowd")
    crowd.tell("reset")
    used, started, ended = cpu(broker), time.monotonic(), threading.Event()

    def pour():
        n = 0
        while not ended.wait(max(0, started + n / rate - time.monotonic())):
            feed.client.publish(f"price/S{n % 3 + 1}", f"{time.time_ns() // 10**6} 1.08331 1.08332", 0)
            n += 1

    pouring = threading.Thread(target=pour)
    pouring.start()
    crowd.tell("say", index=0, room="r100", count=SAID, every=seconds * 1000 // SAID)
    time.sleep(seconds)
    ended.set()
    pouring.join()
    took, work = time.monotonic() - started, cpu(broker) - used
    report = crowd.wait(lambda report: report["messages"] >= SAID * 100, 60)
    feed.close()
    return {"deliveries": report["prices"] / took, "delivery_us": work / report["prices"] * 1e6,
            "loaded_p50": report["chat"]["p50"], "loaded_p99": report["chat"]["p99"], "price_p99": report["price"]["p99"]}


def measured(root, home, runs, clients):
    """Each run with a broker and rooms of its own: nothing is left over from the one before."""
    outcomes = []
    for number in range(runs):
        town, names = crowded(root, owned(home / str(number)), clients)
        outcomes.append(run(town, town.home, names))
        town.stop_service()
        town.mosquitto.kill()
    figures = {f"crowd_{name}": [each[name] for each in outcomes] for name in outcomes[0]}
    return {**figures, "crowd_clients": clients}, {}
