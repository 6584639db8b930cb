"""Who may do what at the MQTT broker: Mosquitto's dynamic security, spoken over MQTT itself."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable

import paho.mqtt.client as mqtt

Command = dict[str, object]
ASK = "$CONTROL/dynamic-security/v1"


BRIDGED = ("price", "head", "account", "room", "inbox", "presence")


def acl(kind: str, topic: str) -> Command:
    return {"acltype": kind, "topic": topic, "priority": 0, "allow": True}


# region roles
def reads(topic: str) -> list[Command]:
    """May subscribe to this, and be sent what comes: the second is the last hop."""
    return [acl("subscribePattern", topic), acl("publishClientReceive", topic)]


USER = [
    acl("publishClientSend", "up/+/%u"),
    acl("publishClientSend", "presence/%u/%c"),
    *reads("inbox/%u/%c"),
    *reads("account/%u/#"),
    *reads("price/#"),
]
SERVICE = [
    *reads("up/#"),
    acl("publishClientSend", "room/#"),
    acl("publishClientSend", "head/#"),
    acl("publishClientSend", "inbox/#"),
]
FEED = [acl("publishClientSend", "price/#"), acl("publishClientSend", "account/#")]
BRIDGE = [
    acl("publishClientSend", "up/#"),
    acl("publishClientSend", "presence/#"),
    *(each for name in BRIDGED for each in reads(f"{name}/#")),
]
# endregion roles


# region room
def founded(room: str) -> list[Command]:
    """A room is a role that reads its two topics, and a group that has the role."""
    name = f"room:{room}"
    return [
        {
            "command": "createRole",
            "rolename": name,
            "acls": [*reads(f"room/{room}"), *reads(f"head/{room}")],
        },
        {"command": "createGroup", "groupname": name, "roles": [{"rolename": name}]},
    ]


def admitted(room: str, user: str) -> Command:
    return {"command": "addGroupClient", "groupname": f"room:{room}", "username": user}


def removed(room: str, user: str) -> Command:
    return {
        "command": "removeGroupClient",
        "groupname": f"room:{room}",
        "username": user,
    }


def shown(room: str, user: str) -> Command:
    """Room-mates see when this user is there: for small rooms only."""
    return {
        "command": "addGroupRole",
        "groupname": f"room:{room}",
        "rolename": f"presence:{user}",
    }


# endregion room


# region closed
def closed() -> list[Command]:
    """Nothing is allowed unless a role allows it; by default all may be sent all."""
    kinds = ("publishClientSend", "publishClientReceive", "subscribe")
    access = [{"acltype": kind, "allow": False} for kind in kinds]
    roles = {"user": USER, "service": SERVICE, "feed": FEED, "bridge": BRIDGE}
    return [
        {"command": "setDefaultACLAccess", "acls": access},
        *(
            {"command": "createRole", "rolename": name, "acls": acls}
            for name, acls in roles.items()
        ),
    ]


# endregion closed


def user(name: str, password: str) -> list[Command]:
    """A user, and the role of those who may see whether this user is there."""
    return [
        service(name, password, "user"),
        {
            "command": "createRole",
            "rolename": f"presence:{name}",
            "acls": reads(f"presence/{name}/#"),
        },
    ]


# region device
def person(name: str) -> Command:
    """What a person may do on each device: a role, since a login is a device's."""
    acls = [
        acl("publishClientSend", f"up/+/{name}"),
        acl("publishClientSend", f"presence/{name}/%c"),
        *reads(f"inbox/{name}/%c"),
        *reads(f"account/{name}/#"),
        *reads("price/#"),
    ]
    return {"command": "createRole", "rolename": f"person:{name}", "acls": acls}


def bound(login: str, password: str, role: str) -> Command:
    """A login that is good for the client id of the same name, and for no other."""
    return service(login, password, role) | {"clientid": login}


# endregion device


def service(name: str, password: str, role: str) -> Command:
    return {
        "command": "createClient",
        "username": name,
        "password": password,
        "roles": [{"rolename": role}],
    }


class Steward:
    """The one client that may change rights. It answers once the broker has."""

    def __init__(self, host: str, port: int, password: str) -> None:
        self.answered = threading.Event()
        self.answer: list[Command] = []
        self.client = mqtt.Client(
            mqtt.CallbackAPIVersion.VERSION2, "steward", protocol=mqtt.MQTTv5
        )
        self.client.username_pw_set("admin", password)
        self.client.on_message = self._on_message
        self.client.on_subscribe = lambda *_: self.answered.set()
        self.client.connect(host, port)
        self.client.loop_start()
        self.client.subscribe(f"{ASK}/response", 1)
        self._wait()

    def _wait(self) -> None:
        if not self.answered.wait(60):
            raise TimeoutError("the broker did not answer its steward")
        self.answered.clear()

    def _on_message(
        self, _client: mqtt.Client, _data: object, message: mqtt.MQTTMessage
    ) -> None:
        self.answer += json.loads(message.payload)["responses"]
        self.answered.set()

    def order(self, commands: Iterable[Command]) -> None:
        """Carry out all of them, or say which one failed."""
        waiting = list(commands)
        for start in range(0, len(waiting), 50):
            self._ask(waiting[start : start + 50])

    def _ask(self, commands: list[Command]) -> None:
        self.answer.clear()
        self.client.publish(ASK, json.dumps({"commands": commands}), 1)
        while len(self.answer) < len(commands):
            self._wait()
        failed = [each for each in self.answer if "error" in each]
        if failed:
            raise ValueError(f"the broker refused: {failed[0]}")

    def close(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()
