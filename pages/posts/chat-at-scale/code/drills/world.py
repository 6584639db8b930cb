"""Six machines on one kernel: brokers, services and clients, each with its own network."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from lab.servers import Mosquitto, RabbitMQ, wait_until
from lab.staff import Push, Staff
from lab.town import Actors, Town

NETNS = os.environ.get("NETNS", "")
ROOT = Path(os.environ.get("BROKERS", ""))
USERS = ("alice", "bob", "carol")


def netns(*arguments):
    subprocess.run([NETNS, *arguments], check=True)


def on(name):
    """The beginning of a command that runs on that machine."""
    return (NETNS, "run", name)


def vanish(name):
    """Cut, kill everything there, delete. Once more if a process ended in between."""
    if subprocess.run([NETNS, "vanish", name], stderr=subprocess.DEVNULL).returncode:
        netns("vanish", name)


PLACES = {"broker": "10.9.0.2", "rabbit": "10.9.0.3", "services": "10.9.0.4", "phones": "10.9.0.5", "desk": "10.9.0.6"}


@dataclass
class World:
    """Everything that runs, and on which machine."""

    home: Path
    rooms: list[str]
    go_program: Path

    def found(self):
        netns("host", "10.9.0.1/24")
        for name, address in PLACES.items():
            netns("up", name, f"{address}/24")
        self.broker = Mosquitto(ROOT, self.home / "broker", PLACES["broker"], 1883, on("broker")).start()
        self.rabbit = RabbitMQ(ROOT, self.home / "rabbit", PLACES["rabbit"], 5672, on("rabbit")).start()
        rooms = {room: list(USERS) for room in self.rooms}
        self.town = Town(self.broker, self.home, rooms, machine=on("services")).found()
        self.push = Push("10.9.0.1")
        self.staff = Staff(self.rabbit, self.home, self.go_program, on("services"))
        self.open_services()
        self.actors = [
            Actors(self.home, self.town.plan(["alice", "bob"]), "phones", on("phones")),
            Actors(self.home, self.town.plan(["carol"]), "desk", on("desk"))]
        for each, count in zip(self.actors, (2, 1), strict=True):
            each.wait(lambda report, count=count: len(report["connected"]) == count)
        return self

    def open_services(self):
        self.town.start_service()
        self.staff.relay(self.town.path)
        self.staff.notify(self.push)

    def close_services(self):
        self.town.stop_service()
        self.staff.close()

    def speaker(self, user):
        return self.actors[1] if user == "carol" else self.actors[0]

    def logs(self, room):
        """What each user's client was handed of a room, as (seq, text)."""
        reports = [each.report() for each in self.actors]
        logs = {}
        for report in reports:
            for user, messages in report["messages"].items():
                logs[user] = [(seq, text) for name, seq, text, _ in messages if name == room]
        return logs

    def settled(self, room):
        """How long each message took to be echoed, in milliseconds."""
        times = []
        for report in (each.report() for each in self.actors):
            for outcomes in report["settled"].values():
                times += [took for text, _, refused, took in outcomes if text.startswith(f"{room} ") and not refused]
        return times

    def whole(self, room, count):
        return all(len(log) >= count for log in self.logs(room).values()) and len(self.settled(room)) >= count

    def wait_whole(self, room, count):
        wait_until(lambda: self.whole(room, count), 90, 0.3)
