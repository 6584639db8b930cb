"""The two places where a message waits for a disk: the history, and RabbitMQ's confirm."""

import time

from chat.store import Sent, Store
from lab.staff import operator


# region commits
def commits(path, count, batch):
    """Messages a second into the history, so many in one transaction."""
    store = Store(path)
    store.join("lobby", "alice")
    started, first = time.monotonic(), store.head("lobby") + 1
    for start in range(first, first + count, batch):
        store.accept([Sent("lobby", "alice", "phone", n, "x" * 80) for n in range(start, start + batch)], 1)
    seconds = time.monotonic() - started
    store.close()
    return count / seconds
# endregion commits


def confirms(rabbit, count):
    """Events a second into two quorum queues, each awaiting its confirm."""
    channel = operator(rabbit)
    started = time.monotonic()
    for _ in range(count):
        channel.basic_publish("events", "message.stored", b"x" * 200)
    seconds = time.monotonic() - started
    for queue in ("notify", "unfurl"):
        channel.queue_purge(queue)
    channel.connection.close()
    return count / seconds


def row_bytes(path, rows):
    """What a message takes on disk, its event in the outbox included."""
    return path.stat().st_size / rows


def measured(home, rabbit, runs):
    figures = {
        "commit_one": [commits(home / f"one{n}.sqlite3", 500, 1) for n in range(runs)],
        "commit_batch": [commits(home / f"many{n}.sqlite3", 20_000, 100) for n in range(runs)],
        "confirm_rate": [confirms(rabbit, 1000) for _ in range(runs)],
    }
    figures["row_bytes"] = [row_bytes(home / f"many{n}.sqlite3", 20_000) for n in range(runs)]
    return figures, {}
