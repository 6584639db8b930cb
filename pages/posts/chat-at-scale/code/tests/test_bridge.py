"""A bridge carries topics between two brokers. It does not make them one."""

import os
import time
from pathlib import Path

import pytest

from chat import access
from lab.clients import Probe
from lab.servers import CODE, Mosquitto, owned, wait_until
from lab.town import SHARD, Actors, Town

ROOT = Path(os.environ["BROKERS"])
SETTINGS = (CODE / "conf/mosquitto.conf").read_text() + (CODE / "conf/bridge.conf").read_text()
ROOMS = {"lobby": ["alice", "bob"]}
WORD = "of-the-bridge"


@pytest.fixture(scope="module")
def core(scratch):
    """The chat service is here; the edge may log in."""
    town = Town(Mosquitto(ROOT, scratch / "core").start(), owned(scratch / "core-town"), ROOMS).found()
    steward = access.Steward("127.0.0.1", town.mosquitto.port, town.mosquitto.password)
    steward.order([access.service("edge-1", WORD, "bridge")])
    steward.close()
    town.start_service()
    yield town
    town.stop_service()
    town.mosquitto.kill()


@pytest.fixture(scope="module")
def edge(core, scratch):
    """The same users, by a file of rights of its own; no service."""
    address = f"127.0.0.1:{core.mosquitto.port}"
    settings = SETTINGS.replace("CORE", address).replace("PASSWORD", WORD)
    broker = Mosquitto(ROOT, scratch / "edge", settings=settings).start()
    yield Town(broker, owned(scratch / "edge-town"), ROOMS, words=core.words).found()
    broker.kill()


def probe(town, user, **more):
    return Probe(town.mosquitto.port, user, town.words[user], **more)


def test_prices_come_out_to_the_edge_and_requests_go_in(core, edge):
    alice, feed, service = probe(edge, "alice"), probe(core, "feed"), probe(core, "chat", name="watch")
    alice.subscribe("price/#")
    service.subscribe("up/#")
    wait_until(lambda: (feed.publish("price/ACME", "1", retain=True), alice.received)[1], 20, 0.3)
    alice.publish(f"up/{SHARD}/alice", {"hello": 1})
    wait_until(lambda: {"hello": 1} in service.bodies("up/"))
    for each in (alice, feed, service):
        each.close()


# region whole
def test_a_room_is_whole_at_both_brokers(core, edge, scratch):
    bob = Actors(scratch, core.plan(["bob"]), "bob-at-core")
    bob.tell("send", user="bob", room="lobby", texts=[f"b{n}" for n in range(250)])
    bob.wait(lambda report: len(report["settled"]["bob"]) == 250)
    alice = Actors(scratch, edge.plan(["alice"]), "alice-at-edge")  # was not there
    alice.wait(lambda report: len(report["messages"]["alice"]) == 250)
    alice.tell("send", user="alice", room="lobby", texts=[f"a{n}" for n in range(50)])
    alice.wait(lambda report: len(report["settled"]["alice"]) == 50)
    logs = [
        [(seq, text) for _, seq, text, _ in
         each.wait(lambda report: len(report["messages"][user]) == 300)["messages"][user]]
        for each, user in ((bob, "bob"), (alice, "alice"))
    ]
    assert logs[0] == logs[1] and [seq for seq, _ in logs[0]] == list(range(1, 301))
    for each in (alice, bob):
        each.end()


# endregion whole


def test_presence_is_seen_at_the_other_broker_once(core, edge):
    for here, there, user, mate in ((edge, core, "alice", "bob"), (core, edge, "bob", "alice")):
        looking, name = probe(there, mate, name=f"{mate}.looks"), f"{user}.seen"
        looking.subscribe(f"presence/{user}/{name}")
        seen = probe(here, user, name=name)
        seen.publish(f"presence/{user}/{name}", "online", retain=True)
        wait_until(lambda: looking.received)
        time.sleep(1)  # in which a circle would turn
        assert [text for _, text, _ in looking.received] == ["online"]
        for each in (looking, seen):
            each.close()


def test_an_edge_speaks_for_its_users_and_not_for_the_services(core):
    bob, service = probe(core, "bob"), probe(core, "chat", name="watch")
    bob.subscribe("room/lobby")
    bob.subscribe("price/FORGED")
    service.subscribe("up/#")
    edge = Probe(core.mosquitto.port, "edge-1", WORD, name="edge-2")
    for topic in ("room/lobby", "price/FORGED", "head/lobby"):
        edge.publish(topic, {"forged": 1})
    edge.publish(f"up/{SHARD}/carol", {"own": 1})
    wait_until(lambda: {"own": 1} in service.bodies("up/"))
    assert bob.received == []
    for each in (bob, service, edge):
        each.close()


def test_a_session_stays_at_its_broker(core, edge):
    phone = probe(edge, "alice", name="roaming", session=600)
    phone.subscribe("room/lobby")
    phone.close()
    service = probe(core, "chat", name="teller")
    for n in range(5):
        service.publish("room/lobby", {"n": n})
    elsewhere = probe(core, "alice", name="roaming", session=600)
    time.sleep(1)
    assert elsewhere.received == []  # its queue waits at the other broker
    back = probe(edge, "alice", name="roaming", session=600)
    wait_until(lambda: len(back.bodies("room/")) == 5)
    for each in (service, elsewhere, back):
        each.close()
