"""Measure everything on this machine: JSON on standard output, progress on standard error."""

import json
import os
import sys
from pathlib import Path

from lab.servers import CODE, Mosquitto, RabbitMQ, owned
from lab.town import Town
from measure import acknowledged, crowd, frozen, pipes, qos

ROOT = Path(os.environ["BROKERS"])


def main():
    home, runs, clients = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    chosen = sys.argv[4:]
    figures = {}
    roomy = (CODE / "conf/mosquitto.conf").read_text().replace("queued_messages 200", "queued_messages 100000")
    ample = Mosquitto(ROOT, home / "ample", settings=roomy).start()  # no queue of a reader is ever full
    line = Town(ample, owned(home / "line"), {"lobby": ["alice"]}).found()
    broker = Mosquitto(ROOT, home / "mosquitto").start()
    town = Town(broker, home, {"lobby": ["alice"]}).found()
    rabbit = RabbitMQ(ROOT, home / "rabbitmq").start()
    steps = {
        "pipes": lambda: pipes.measured(home, rabbit, runs),
        "qos": lambda: qos.measured(line, runs),
        "frozen": lambda: frozen.measured(town, home, runs),
        "acknowledged": lambda: acknowledged.measured(ROOT, home, runs),
        "crowd": lambda: crowd.measured(ROOT, home / "crowd", runs, clients),
    }
    for name, step in steps.items():
        if chosen and name not in chosen:
            continue
        found, _ = step()
        print(name, json.dumps(found), file=sys.stderr, flush=True)
        figures |= found
    for each in (broker, ample):
        each.kill()
    rabbit.kill()
    print(json.dumps(figures), flush=True)


if __name__ == "__main__":
    main()
