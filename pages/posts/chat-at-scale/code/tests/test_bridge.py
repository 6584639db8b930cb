"""A bridge carries topics between two brokers. It does not make them one."""

import os
import time
from pathlib import Path

import pytest

from lab.clients import Probe
from lab.servers import Mosquitto, wait_until

ROOT = Path(os.environ["BROKERS"])
OPEN = "allow_anonymous true\nmax_queued_messages 200\n"
BRIDGE = (Path(__file__).parents[1] / "conf/bridge.conf").read_text()


@pytest.fixture
def core_and_edge(scratch):
    core = Mosquitto(ROOT, scratch / "core", settings=OPEN).start()
    settings = OPEN + BRIDGE.replace("CORE", f"127.0.0.1:{core.port}")
    edge = Mosquitto(ROOT, scratch / "edge", settings=settings).start()
    yield core, edge
    edge.kill()
    core.kill()


def test_prices_go_out_and_requests_come_in(core_and_edge):
    core, edge = core_and_edge
    phone, service = Probe(edge.port, "phone", "x"), Probe(core.port, "service", "x")
    phone.subscribe("price/#")
    service.subscribe("up/#")
    wait_until(lambda: (service.publish("price/ACME", "1", retain=True), phone.received)[1], 20, 0.3)
    phone.publish("up/s0/phone", "hello")
    wait_until(lambda: ("up/s0/phone", "hello", False) in service.received)
    for each in (phone, service):
        each.close()


def test_a_session_stays_at_its_broker(core_and_edge):
    core, edge = core_and_edge
    phone = Probe(edge.port, "phone", "x", name="roaming", session=600)
    phone.subscribe("room/lobby")
    phone.close()
    service = Probe(core.port, "service", "x")
    for n in range(5):
        service.publish("room/lobby", {"n": n})
    elsewhere = Probe(core.port, "phone", "x", name="roaming", session=600)
    time.sleep(1)
    assert elsewhere.received == []  # its queue waits at the other broker
    for each in (service, elsewhere):
        each.close()
