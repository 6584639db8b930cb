"""A client id is a key to a session, and Mosquitto asks nobody whose it is, unless logins are bound."""

import os
from pathlib import Path

import pytest

from chat import access
from lab.clients import Probe
from lab.servers import Mosquitto, wait_until
from lab.town import SHARD

ROOT = Path(os.environ["BROKERS"])


def probe(town, user, **more):
    return Probe(town.mosquitto.port, user, town.words[user], **more)


def test_any_login_may_take_an_id_and_hears_nothing_more_by_it(town):
    alice = probe(town, "alice", name="alice.phone", session=600)
    topics = ("room/desk", "inbox/alice/alice.phone", "room/lobby")
    for topic in topics:
        alice.subscribe(topic)
    carol = probe(town, "carol", name="alice.phone", session=600)
    wait_until(lambda: "Session taken over" in alice.codes)
    alice.close()
    chat = probe(town, "chat", name="teller")
    for topic in topics:
        chat.publish(topic, {"for": "alice"})
    wait_until(lambda: carol.received)
    assert carol.topics() == ["room/lobby"]  # of which carol is a member
    for each in (carol, chat):
        each.close()


def test_who_takes_an_id_takes_the_queue_away(town):
    alice = probe(town, "alice", name="alice.away", session=600)
    alice.subscribe("room/desk")
    alice.close()
    chat = probe(town, "chat", name="teller")
    chat.publish("room/desk", {"n": 1})
    probe(town, "carol", name="alice.away", session=600).close()
    back = probe(town, "alice", name="alice.away", session=600)
    chat.publish("room/desk", {"n": 2})
    wait_until(lambda: back.received)
    assert back.bodies("room/") == [{"n": 2}]  # the history has the first
    for each in (chat, back):
        each.close()


def test_anybody_ends_a_writer_whose_id_is_not_bound(town):
    writer = town.service
    carol = probe(town, "carol", name=f"chat-{SHARD}", session=600)
    wait_until(lambda: writer.poll() is not None)
    carol.close()
    town.start_service()


@pytest.fixture(scope="module")
def bound(scratch):
    """A broker where each login, the administrator's too, is good for one client id."""
    broker = Mosquitto(ROOT, scratch / "bound").start()
    steward = access.Steward("127.0.0.1", broker.port, broker.password)
    steward.order(access.closed())
    steward.order(
        [
            access.person("alice"),
            access.person("bob"),
            *(access.bound(login, "secret", f"person:{login.split('.')[0]}") for login in DEVICES),
            access.bound("chat-s0", "secret", "service"),
            *access.founded("lobby"),
            *(access.admitted("lobby", login) for login in DEVICES),
            {"command": "setClientId", "username": "admin", "clientid": "steward"},
        ]
    )
    yield broker
    steward.close()
    broker.kill()


DEVICES = ("alice.phone", "alice.laptop", "bob.phone")


def login(broker, name, client_id):
    return Probe(broker.port, name, "secret", name=client_id, session=600)


# region bound
def test_a_bound_login_has_its_own_id_and_no_other(bound):
    alice = login(bound, "alice.phone", "alice.phone")
    chat = login(bound, "chat-s0", "chat-s0")
    alice.subscribe("room/lobby")
    for taken in ("alice.phone", "chat-s0", "steward", "bob.laptop"):
        bob = login(bound, "bob.phone", taken)
        assert bob.codes[0] == "Not authorized", taken
        bob.close()
    chat.publish("room/lobby", {"still": "here"})
    wait_until(lambda: alice.bodies("room/") == [{"still": "here"}])
    assert alice.codes == chat.codes == ["Success"]
    for each in (alice, chat):
        each.close()


# endregion bound


def test_a_persons_devices_share_rights_and_not_inboxes(bound):
    phone, laptop = login(bound, "alice.phone", "alice.phone"), login(bound, "alice.laptop", "alice.laptop")
    chat = login(bound, "chat-s0", "chat-s0")
    chat.subscribe("up/s0/+")
    asked = {
        "room/lobby": "Granted QoS 1",
        "account/alice/#": "Granted QoS 1",
        "inbox/alice/alice.laptop": "Granted QoS 1",
        "inbox/alice/alice.phone": "Not authorized",
        "account/bob/#": "Not authorized",
    }
    assert {topic: laptop.subscribe(topic) for topic in asked} == asked
    laptop.publish("up/s0/bob", {"forged": 1})
    for device in (phone, laptop):
        device.publish("up/s0/alice", {"own": 1})
    wait_until(lambda: len(chat.bodies("up/")) == 2)
    assert chat.bodies("up/") == [{"own": 1}] * 2
    for each in (phone, laptop, chat):
        each.close()
