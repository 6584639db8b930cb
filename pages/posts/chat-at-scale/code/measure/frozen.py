"""A phone freezes while prices pour in: what its chat messages pay for that, by design."""

import os
import signal
import threading
import time
from statistics import median

from lab.clients import Probe
from lab.town import Actors

SYMBOLS = 20
RATE = 2_000  # price messages a second
FROZEN = 6
CHAT = 10  # chat messages a second
PADDING = "x" * 180


# region pour
def pour(feed, qos, ended):
    """Prices at a steady rate, each with the time at which it was made."""
    n, started = 0, time.monotonic()
    while not ended.is_set():
        n += 1
        feed.client.publish(f"price/S{n % SYMBOLS}", f"{time.time_ns() // 10**6} {PADDING}", qos, True)
        time.sleep(max(0, started + n / RATE - time.monotonic()))
    return n
# endregion pour


def once(town, home, qos):
    """One phone, frozen for a while; prices published and subscribed with this QoS."""
    feed = Probe(town.mosquitto.port, "feed", town.words["feed"], name="feed.pour")
    chat = Probe(town.mosquitto.port, "chat", town.words["chat"], name="chat.pour")
    phone = Actors(home, {**town.plan(["alice"]), "qos": qos, "symbols": [f"S{n}" for n in range(SYMBOLS)]},
                   "frozen", script="plain.js")
    phone.wait(lambda report: report["ready"])
    ended = threading.Event()
    pouring = threading.Thread(target=pour, args=(feed, qos, ended))
    pouring.start()
    before = rss(town.mosquitto.pid())
    said = freeze(phone, chat)
    grown = rss(town.mosquitto.pid()) - before
    ended.set()
    pouring.join()
    time.sleep(2)
    report = phone.report()
    for each in (feed, chat):
        each.close()
    phone.end()
    return {"said": said, "heard": len(set(report["chat"])), "oldest": report["oldest"], "grown": max(0, grown) / 1024}


def freeze(phone, chat):
    """Stop the process as a phone's system does, talk on, wake it; how much was said."""
    time.sleep(0.5)
    os.killpg(phone.process.pid, signal.SIGSTOP)
    said = 0
    for said in range(1, FROZEN * CHAT + 1):
        chat.publish("room/lobby", {"n": said})
        time.sleep(1 / CHAT)
    os.killpg(phone.process.pid, signal.SIGCONT)
    return said


def rss(pid):
    """Kibibytes of a process."""
    with open(f"/proc/{pid}/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))


def measured(town, home, runs):
    figures = {}
    for qos in (0, 1):
        outcomes = [once(town, home, qos) for _ in range(runs)]
        figures[f"frozen{qos}_lost"] = [each["said"] - each["heard"] for each in outcomes]
        figures[f"frozen{qos}_oldest_s"] = [each["oldest"] / 1000 for each in outcomes]
        figures[f"frozen{qos}_grown_mib"] = [median(each["grown"] for each in outcomes)]
    assert max(figures["frozen0_lost"]) == 0, "chat paid for prices at QoS 0"
    return {**figures, "frozen_said": FROZEN * CHAT, "frozen_s": FROZEN, "frozen_rate": RATE}, {}
