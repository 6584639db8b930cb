"""RabbitMQ's users, exchanges, queues and bindings, as one file that the server loads at its start."""

import base64
import hashlib
import json
import secrets
from pathlib import Path

CODE = Path(__file__).resolve().parent.parent

USERS = ("relay", "notify", "unfurl", "celery", "operator")
WORK = ("notify", "unfurl", "statements")
# region waits
STEP = 250  # milliseconds between two waiting queues
WAITS = 16


def waits(queue):
    """Queues that nobody reads: what enters leaves after a fixed time, back to work."""
    return [
        {
            "name": f"{queue}.wait.{n}",
            "vhost": "/",
            "durable": True,
            "auto_delete": False,
            "arguments": {
                "x-queue-type": "quorum",
                "x-message-ttl": n * STEP,
                "x-dead-letter-exchange": "",
                "x-dead-letter-routing-key": queue,
                "x-dead-letter-strategy": "at-least-once",
                "x-overflow": "reject-publish",
            },
        }
        for n in range(1, WAITS + 1)
    ]


# endregion waits


def queue(name):
    return {
        "name": name,
        "vhost": "/",
        "durable": True,
        "auto_delete": False,
        "arguments": {"x-queue-type": "quorum"},
    }


def binding(source, destination, key):
    return {
        "source": source,
        "vhost": "/",
        "destination": destination,
        "destination_type": "queue",
        "routing_key": key,
        "arguments": {},
    }


def definitions(words):
    """The checked-in file, with queues, bindings and these users' passwords."""
    made = json.loads((CODE / "conf/definitions.json").read_text())
    made["queues"] = [*map(queue, WORK), queue("dead"), *waits("notify")]
    made["bindings"] = [
        binding("events", "notify", "message.stored"),
        binding("events", "unfurl", "message.stored"),
        binding("dead", "dead", ""),
        binding("statements", "statements", "statements"),
        *(binding("retry", each["name"], each["name"]) for each in waits("notify")),
    ]
    made["users"] = [
        {
            "name": name,
            "password_hash": hashed(word),
            "tags": [],
            "hashing_algorithm": "rabbit_password_hashing_sha256",
        }
        for name, word in words.items()
    ]
    return made


def hashed(word):
    salt = secrets.token_bytes(4)
    return base64.b64encode(
        salt + hashlib.sha256(salt + word.encode()).digest()
    ).decode()
