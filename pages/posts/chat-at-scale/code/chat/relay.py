"""From the outbox to RabbitMQ: an event is forgotten here once the broker has confirmed it."""

from __future__ import annotations

import random
import sys
import time
from pathlib import Path

import pika

from chat.store import Store


# region relay
def relay(
    store: Store, channel: pika.adapters.blocking_connection.BlockingChannel
) -> int:
    """Publish what is pending, in order; each publish waits for its confirm."""
    pending = store.pending()
    for number, event in pending:
        channel.basic_publish(
            "events",
            "message.stored",
            event.encode(),
            mandatory=True,
            properties=pika.BasicProperties(
                content_type="application/json",
                delivery_mode=2,
                type="message.stored.v1",
                message_id=f"outbox-{number}",
            ),
        )
        store.forget(number)
    return len(pending)


# endregion relay


def connected(url: str) -> pika.adapters.blocking_connection.BlockingChannel:
    parameters = pika.URLParameters(url)
    parameters.heartbeat = 4
    parameters.blocked_connection_timeout = 10
    parameters.socket_timeout = 5
    parameters.tcp_options = {"TCP_KEEPIDLE": 5}
    channel = pika.BlockingConnection(parameters).channel()
    channel.confirm_delivery()
    return channel


# region forever
def forever(store: Store, url: str) -> None:
    """Whatever goes wrong with the broker, what is pending stays pending."""
    failures = 0
    while True:
        try:
            channel = connected(url)
            failures = 0
            while True:
                if not relay(store, channel):
                    channel.connection.process_data_events(0.1)
        except (pika.exceptions.AMQPError, OSError) as error:
            print(f"relay: {type(error).__name__}: {error}", flush=True)
            time.sleep(random.uniform(0, min(10, 0.5 * 2**failures)))
            failures += 1


# endregion forever


if __name__ == "__main__":
    forever(Store(Path(sys.argv[1])), sys.argv[2])
