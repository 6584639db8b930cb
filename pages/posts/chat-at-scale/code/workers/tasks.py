"""Celery's part: long work that a person waits for, such as the statement of a room."""

from __future__ import annotations

import json
import os
import random
from pathlib import Path

from celery import Celery
from celery.exceptions import Reject
from kombu import Exchange, Queue

from chat.store import Store

# region celery
app = Celery("tasks", broker=os.environ["AMQP_URL"])
app.conf.update(
    task_queues=[
        Queue(
            "statements",
            Exchange("statements", "direct"),
            "statements",
            no_declare=True,
            queue_arguments={"x-queue-type": "quorum"},
        )
    ],
    task_default_queue="statements",
    task_acks_late=True,  # acknowledged when done, so a killed worker loses nothing
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    worker_enable_remote_control=False,  # this user may not declare its queues
    broker_connection_retry_on_startup=True,
    broker_heartbeat=4,
)


@app.task(name="statement", bind=True, max_retries=3)
def statement(self, room: str, upto: int) -> str:
    """Write a room's messages up to a number; the same call writes the same file."""
    if not room or "/" in room:
        raise Reject("no such room", requeue=False)  # poison: to the dead letters
    try:
        return written(Path(os.environ["STATEMENTS"]), room, upto)
    except OSError as error:
        raise self.retry(
            exc=error, countdown=random.uniform(0, 2**self.request.retries)
        ) from error


# endregion celery


def written(folder: Path, room: str, upto: int) -> str:
    store = Store(Path(os.environ["HISTORY"]))
    lines = [
        json.dumps([seq, sender, text], ensure_ascii=False)
        for seq, sender, text in store.connection.execute(
            "SELECT seq, sender, text FROM message WHERE room = ? AND seq <= ? ORDER BY seq",
            (room, upto),
        )
    ]
    store.close()
    place = folder / f"{room}-{upto}.jsonl"
    draft = place.with_suffix(f".{os.getpid()}")
    draft.write_text("\n".join(lines) + "\n", encoding="utf-8")
    draft.rename(place)
    return place.name
