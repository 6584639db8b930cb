"""The three qualities of service: how fast, how many packets, and what a broken line costs each."""

import random
import socket
import threading
import time
from statistics import median

from lab.clients import Probe
from lab.servers import free_port, wait_until

BURST = 3000
PACED = 1500
CUTS = 8


class Line:
    """A TCP proxy in front of the broker: it counts packets' bytes, and can be broken."""

    def __init__(self, target):
        self.target, self.port, self.open, self.bytes = target, free_port(), [], 0
        self.server = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                near, _ = self.server.accept()
                far = socket.create_connection(("127.0.0.1", self.target))
            except OSError:
                return
            self.open += [near, far]
            for source, sink in ((near, far), (far, near)):
                threading.Thread(
                    target=self._pump, args=(source, sink), daemon=True
                ).start()

    def _pump(self, source, sink):
        try:
            while chunk := source.recv(4096):
                self.bytes += len(chunk)
                sink.sendall(chunk)
        except OSError:
            pass

    def cut(self):
        """Both ends see a reset; what was on its way is gone."""
        broken, self.open = self.open, []
        for each in broken:
            each.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            each.close()

    def close(self):
        self.server.close()
        self.cut()


def pair(town, qos, port):
    """A publisher behind that port, and a subscriber with a session."""
    reader = Probe(
        town.mosquitto.port,
        "alice",
        town.words["alice"],
        name=f"reader{qos}",
        session=600,
    )
    reader.subscribe("price/#", qos)
    writer = Probe(
        port,
        "feed",
        town.words["feed"],
        name=f"writer{qos}",
        session=600,
        connect=False,
    )
    writer.client.reconnect_delay_set(0.05, 0.1)
    writer.client.max_inflight_messages_set(20)
    return writer.connect(), reader


def arrived(reader):
    return [int(payload) for topic, payload, _ in reader.received if topic == "price/Q"]


# region fast
def fast(town, qos):
    """Messages a second from publisher to subscriber, and bytes on the publisher's line."""
    line = Line(town.mosquitto.port)
    writer, reader = pair(town, qos, line.port)
    before, started = line.bytes, time.monotonic()
    for n in range(BURST):
        writer.client.publish("price/Q", f"{n:08}", qos)
    wait_until(lambda: len(reader.received) >= BURST)
    seconds = time.monotonic() - started
    each = (line.bytes - before) / BURST
    close(writer, reader, line)
    return BURST / seconds, each


# endregion fast


# region broken
def broken(town, qos):
    """How many were lost and how many doubled, by a line that was cut eight times."""
    line = Line(town.mosquitto.port)
    writer, reader = pair(town, qos, line.port)
    cuts = set(random.sample(range(100, PACED - 100), CUTS))
    for n in range(PACED):
        if n in cuts:
            line.cut()
        writer.client.publish("price/Q", f"{n:08}", qos)
        time.sleep(0.0005)
    if qos == 1:
        wait_until(lambda: len(set(arrived(reader))) == PACED, 90)
    wait_until(lambda: writer.client.is_connected() and not writer.client._out_messages)
    time.sleep(2)  # the publisher has nothing left to send, whatever has arrived
    got = arrived(reader)
    close(writer, reader, line)
    return PACED - len(set(got)), len(got) - len(set(got))


# endregion broken


def close(*those):
    for each in those:
        each.close()


def measured(town, runs):
    figures, series = {}, {}
    for qos in (0, 1, 2):
        speeds, sizes = zip(*(fast(town, qos) for _ in range(runs)), strict=True)
        figures[f"qos{qos}_rate"] = speeds
        figures[f"qos{qos}_bytes"] = [median(sizes)]
        lost, doubled = zip(*(broken(town, qos) for _ in range(runs)), strict=True)
        figures[f"qos{qos}_lost"], figures[f"qos{qos}_doubled"] = lost, doubled
        assert qos != 1 or sum(lost) == 0, "QoS 1 lost something"
        assert qos != 2 or sum(doubled) == 0, "QoS 2 doubled something"
    return figures, series
