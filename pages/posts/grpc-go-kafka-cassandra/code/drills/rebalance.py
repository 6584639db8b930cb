#!/usr/bin/env python3
"""A third writer joins the group at the market's open: what must the others give up? rebalance.py PROTOCOL.

The brokers are librdkafka's mock cluster, the members real clients of it (confluent-kafka). A mock says
nothing about times; what is counted here is which partitions were taken from members that stayed.
Prints one line of JSON.
"""

import json
import subprocess
import sys
import threading
import time

from confluent_kafka import Consumer, Producer

PROTOCOLS = {
    "eager": {"partition.assignment.strategy": "range"},
    "cooperative": {"partition.assignment.strategy": "cooperative-sticky"},
    "consumer": {"group.protocol": "consumer"},  # KIP-848
}
CLASSIC = {"session.timeout.ms": 6000, "heartbeat.interval.ms": 300}
EVERYTHING = {0, 1, 2, 3}  # the mock makes topics of four partitions


# region member
def member(brokers, protocol):
    """Consume, and say what is given and taken; a record is named once it was polled."""
    say = lambda event, partitions: print(json.dumps([event, partitions]), flush=True)  # noqa: E731
    settings = {"bootstrap.servers": brokers, "group.id": "store", "auto.offset.reset": "earliest"}
    if protocol != "consumer":
        settings |= CLASSIC
    consumer = Consumer(settings | PROTOCOLS[protocol])
    consumer.subscribe(
        ["quotes"],
        on_assign=lambda _, given: say("given", [each.partition for each in given]),
        on_revoke=lambda _, taken: say("taken", [each.partition for each in taken]),
    )
    while True:
        record = consumer.poll(0.2)
        if record is not None and not record.error():
            say("record", [record.partition(), record.offset()])


# endregion member


class Member:
    def __init__(self, brokers, protocol):
        self.owned, self.taken, self.records = set(), [], []
        command = [sys.executable, __file__, "--member", brokers, protocol]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        for line in self.process.stdout:
            event, about = json.loads(line)
            if event == "given":
                self.owned |= set(about)
            elif event == "taken":
                self.owned -= set(about)
                self.taken += about
            else:
                self.records.append(tuple(about))


def until(condition, seconds, what):
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            sys.exit(f"{what} did not happen within {seconds} s")
        time.sleep(0.05)


def settled(members):
    """Every partition has exactly one owner, and every member something."""
    owned = [partition for each in members for partition in each.owned]
    return sorted(owned) == sorted(EVERYTHING) and all(each.owned for each in members)


def drill(protocol):
    market = Producer({"test.mock.num.brokers": 3, "linger.ms": 1})
    brokers = ",".join(f"{each.host}:{each.port}" for each in market.list_topics(timeout=10).brokers.values())
    sent = 0
    members = []
    try:
        quote(market, 200)
        sent += 200
        market.flush(60)
        members = [Member(brokers, protocol) for _ in range(2)]
        until(lambda: settled(members), 60, "the first assignment")
        for each in members:
            each.taken.clear()
        members.append(Member(brokers, protocol))
        while not settled(members):  # the market is open: quotes do not wait for the group
            quote(market, 50)
            sent += 50
            time.sleep(0.1)
            if sent > 30_000:
                sys.exit("the third member got nothing")
        market.flush(60)
        until(lambda: len({r for each in members for r in each.records}) == sent, 60, "reading all")
        taken = len({partition for each in members[:2] for partition in each.taken})
        read = sum(len(each.records) for each in members)
    finally:
        for each in members:
            each.process.kill()
    print(json.dumps({"taken": taken, "read_again": read - sent}))


def quote(market, count):
    for number in range(count):
        market.produce("quotes", key=str(number % 40), value=b"a quote")
    market.poll(0)


if __name__ == "__main__":
    if sys.argv[1] == "--member":
        member(sys.argv[2], sys.argv[3])
    else:
        drill(sys.argv[1])
