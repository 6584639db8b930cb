#!/usr/bin/env python3
"""Take links and machines away from the pipeline. Run by `netns.sh lab`: lab.py NETNS PIPELINE TANSU FOLDER.

The broker, two servers, ingest and the writer of the store each have a machine of their own; readers
run on the laboratory itself. Prints one line of JSON with what was seen. Every process of the
architecture is killed or cut off once. Times are printed, orders of magnitude are asserted.
"""

import json
import subprocess
import sys
import threading
import time
from pathlib import Path

NETNS, PIPELINE, TANSU, FOLDER = sys.argv[1:]
MACHINES = {"broker": "10.9.0.2", "one": "10.9.0.3", "two": "10.9.0.4", "ingest": "10.9.0.5", "store": "10.9.0.6"}
BROKERS = f"-brokers={MACHINES['broker']}:9092"
COMMON = [BROKERS, "-instruments=20", f"-dir={FOLDER}"]


def netns(*arguments):
    subprocess.run([NETNS, *arguments], check=True)


def on(machine, *command):
    return [NETNS, "run", machine, *command]


class Process:
    """A program whose lines of JSON are collected."""

    def __init__(self, *command):
        self.events = []
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        threading.Thread(target=self.collect, daemon=True).start()

    def collect(self):
        for line in self.process.stdout:
            self.events.append({"seen": time.time(), **json.loads(line)})

    def wait(self, event, seconds, since=0.0, **wanted):
        """The first event of that name after a moment; the drill fails without it."""
        found = self.seek(event, seconds, since, **wanted)
        if found is None:
            sys.exit(f"no {event!r} within {seconds} s, but {self.events[-3:]}")
        return found

    def seek(self, event, seconds, since=0.0, **wanted):
        end = time.time() + seconds
        while True:
            for found in list(self.events):
                if found["event"] == event and found["seen"] > since and wanted.items() <= found.items():
                    return found
            if time.time() > end:
                return None
            time.sleep(0.02)

    def end(self):
        """SIGTERM, and the summary that the program prints then."""
        self.process.terminate()
        return self.wait("end", 60)

    def kill(self):
        self.process.kill()
        self.process.wait()


def start_all():
    netns("host", "10.9.0.1/24")
    for name, address in MACHINES.items():
        netns("up", name, f"{address}/24")
    url = f"tcp://{MACHINES['broker']}:9092"
    subprocess.Popen(
        on("broker", TANSU, f"--listener-url={url}", f"--advertised-listener-url={url}", "--storage-engine=memory://tansu/"),
        stdout=subprocess.DEVNULL,
    )
    deadline = time.time() + 60
    while subprocess.run([PIPELINE, "topic", BROKERS], stderr=subprocess.DEVNULL).returncode:
        if time.time() > deadline:
            sys.exit("the broker does not answer")
        time.sleep(0.2)


def server(name):
    process = Process(*on(name, PIPELINE, "serve", *COMMON, f"-listen={MACHINES[name]}:443"))
    process.wait("ready", 60)
    return process


def reader(*options, addresses=("one", "two")):
    listed = ",".join(f"{MACHINES[name]}:443" for name in addresses)
    process = Process(PIPELINE, "read", *COMMON, f"-addresses={listed}", *options)
    process.wait("quote", 60)
    return process


def ingest(epoch):
    process = Process(*on("ingest", PIPELINE, "ingest", *COMMON, "-rate=500", f"-epochs={FOLDER}/epochs", "-room=1000"))
    process.wait("ready", 60, epoch=epoch)  # claimed by itself
    return process


def store():
    return Process(*on("store", PIPELINE, "store", *COMMON, f"-out={FOLDER}/store.jsonl", "-instance=writer-0"))


# region broker
def cut_the_broker(source, steady, found):
    """The broker's cable is pulled for eight seconds while the market goes on."""
    time.sleep(3)
    cut = time.time()
    netns("cut", "broker")
    told = steady.wait("beat", 30, cut)  # the server lives, and says: silence
    time.sleep(8 - (time.time() - cut))
    beats = [event for event in steady.events if event["event"] == "beat"]
    silent = max(beat["silent_ms"] for beat in beats) / 1e3
    netns("join", "broker")
    joined = time.time()
    steady.wait("quote", 40, joined)
    found["broker_told_s"] = told["seen"] - cut
    found["broker_silent_s"] = silent
    found["broker_back_s"] = steady.wait("quote", 40, joined)["seen"] - joined
    time.sleep(5)  # until the queue of the producer is empty
    if silent < 5:
        sys.exit(f"the heartbeats told of {silent} s only")


# endregion broker


# region ingest
def kill_ingest(source, steady):
    """The source dies, and its successor claims the next epoch."""
    source.kill()
    killed = time.time()
    source = ingest(2)
    steady.wait("quote", 60, killed, restarted=True)
    return source


# endregion ingest


# region server
def lose_the_server(readers, found):
    """The machine of four readers vanishes: no FIN, no RST. Who comes back, and when?"""
    gone = time.time()
    netns("vanish", "one")
    time.sleep(30)
    for name, process in readers.items():
        closed = process.seek("closed: context canceled", 0, gone) or process.seek("open", 0, gone)
        back = process.seek("quote", 0, closed["seen"] if closed else gone + 2)
        found[f"back_{name}_s"] = back["seen"] - gone if back else None
    if found["back_default_s"] or found["back_kept_s"]:
        sys.exit(f"readers without a cure came back: {found}")
    if not (found["back_watchdog_s"] and found["back_keepalive_s"]):
        sys.exit(f"readers with a cure did not come back: {found}")


# endregion server


def stored(folder, lost):
    """Every quote that the log has is in the store, however often its writer died."""
    rows = {}
    for line in (Path(folder) / "store.jsonl").read_text().splitlines():
        chunk = json.loads(line)
        rows.setdefault((chunk["Instrument"], chunk["Epoch"]), []).append((chunk["FirstSeq"], chunk["LastSeq"]))
    missing = again = total = 0
    for intervals in rows.values():
        reached = 0
        for first, last in sorted(intervals):
            missing += max(0, first - reached - 1)
            again += max(0, min(last, reached) - first + 1)
            reached = max(reached, last)
        total += reached
    return total, missing, again


def main():
    start_all()
    found = {}
    servers = {name: server(name) for name in ("one", "two")}
    writer = store()
    source = ingest(1)
    readers = {
        "default": reader(),
        "kept": reader("-silence=3s", "-keep"),
        "watchdog": reader("-silence=3s"),
        "keepalive": reader("-ping"),
    }
    steady = reader(addresses=["two"])
    cut_the_broker(source, steady, found)
    source_end = {"refused": 0, "failed": 0}
    source = kill_ingest(source, steady)
    writer.wait("wrote", 60)
    writer.kill()
    again = store()
    lose_the_server(readers, found)
    source_end = source.end()
    again.wait("wrote", 60)
    ends = {name: process.end() for name, process in readers.items()}
    idle(again)
    told = steady.end()
    servers["two"].kill()
    report(found, told, ends, source_end)


def idle(process):
    """Until a writer has written nothing for five seconds."""
    while time.time() - process.events[-1]["seen"] < 5:
        time.sleep(0.2)
    process.process.terminate()


def report(found, told, ends, source_end):
    for name, end in {"steady": told, **ends}.items():
        if "error" in end:
            sys.exit(f"reader {name}: {end['error']}")
    if told["restarts"] != 20:
        sys.exit(f"{told['restarts']} restarts were told, not one for each of 20 instruments")
    if not told["lost"]:
        sys.exit("the broker was cut off, and nobody was told of a loss")
    total, missing, twice = stored(FOLDER, told["lost"])
    found |= {"lost": told["lost"], "delivered": told["delivered"], "stored": total - missing,
              "missing": missing, "stored_again": twice, "acked": source_end["acked"]}
    if missing != told["lost"]:
        sys.exit(f"the store lacks {missing} quotes, and readers were told of {told['lost']}")
    print(json.dumps(found))


if __name__ == "__main__":
    main()
