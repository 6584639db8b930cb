"""A whole system in one folder: broker, rights, rooms, chat service, clients."""

import json
import os
import secrets
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path

from chat import access
from chat.store import Store
from lab.servers import CODE, Mosquitto, kill, wait_until

SHARD = "s0"
SMALL = 50


@dataclass
class Town:
    """Users in rooms, at one broker, served by one chat service."""

    mosquitto: Mosquitto
    home: Path
    rooms: dict[str, list[str]]
    words: dict[str, str] = field(default_factory=dict)
    machine: tuple[str, ...] = ()
    service: subprocess.Popen | None = None

    @property
    def path(self):
        return self.home / "history.sqlite3"

    def found(self):
        """Users, rights and rooms: at the broker and in the store."""
        users = sorted({user for members in self.rooms.values() for user in members})
        self.words = self.words or {name: secrets.token_urlsafe(6) for name in [*users, "chat", "feed"]}
        steward = access.Steward(self.mosquitto.host, self.mosquitto.port, self.mosquitto.password)
        steward.order(access.closed())
        steward.order(order for name in users for order in self.account(name, len(users)))
        steward.order([access.service("chat", self.words["chat"], "service"),
                       access.service("feed", self.words["feed"], "feed")])
        store = Store(self.path)
        for room, members in self.rooms.items():
            steward.order(access.founded(room))
            steward.order(access.admitted(room, name) for name in members)
            if len(users) <= SMALL:
                steward.order(access.shown(room, name) for name in members)
            for name in members:
                store.join(room, name)
        store.close()
        steward.close()
        return self

    def account(self, name, users):
        """In a crowd nobody sees who is there: a user, without the role for presence."""
        account = access.user(name, self.words[name])
        return account if users <= SMALL else account[:1]

    def start_service(self, name="service"):
        command = [*self.machine, sys.executable, "-m", "chat.service", str(self.path), SHARD,
                   self.mosquitto.host, str(self.mosquitto.port), self.words["chat"]]
        errors = (self.home / f"{name}.log").open("a")
        process = subprocess.Popen(command, cwd=CODE, start_new_session=True, stdout=errors, stderr=errors,
                                   env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"})
        self.service = process
        return process

    def stop_service(self):
        if self.service:
            kill(self.service)

    def plan(self, users, **more):
        """What client/actor.js needs to be these users."""
        clients = [{"user": name, "password": self.words[name], "symbols": more.get("symbols", []),
                    "rooms": {room: {"shard": SHARD} for room, members in self.rooms.items() if name in members}}
                   for name in users]
        url = f"mqtt://{self.mosquitto.host}:{self.mosquitto.port}"
        return {"url": url, "clients": clients, "device": secrets.token_hex(3),
                "spread": more.get("spread", 0), "fixed": more.get("fixed", 0), "eager": more.get("eager", False)}


class Actors:
    """Real clients in one Node.js process, which does what it is told."""

    def __init__(self, folder, plan, name="actors", machine=(), script="actor.js"):
        file = folder / f"{name}.json"
        file.write_text(json.dumps(plan))
        self.process = subprocess.Popen(
            [*machine, "node", f"client/{script}", str(file)], cwd=os.environ.get("NODE_CODE", CODE), text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True)
        self.reports = []
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self):
        for line in self.process.stdout:
            self.reports.append(json.loads(line))

    def tell(self, order, **more):
        self.process.stdin.write(json.dumps({"do": order, **more}) + "\n")
        self.process.stdin.flush()

    def report(self):
        known = len(self.reports)
        self.tell("report")
        wait_until(lambda: len(self.reports) > known or self.process.poll() is not None, 60)
        return self.reports[-1]

    def wait(self, question, seconds=60):
        """Ask for reports until the question about one is answered with yes."""
        def answered():
            report = self.report()
            return report if question(report) else None

        return wait_until(answered, seconds, 0.2)

    def leave(self, order="leave"):
        """Disconnect all of them for good."""
        self.tell(order)
        self.process.wait(60)

    def end(self):
        kill(self.process)
