"""What Mosquitto does with topics, rights, sessions, wills and retained messages: asked, not assumed."""

import os
import subprocess
import sys
import time
from pathlib import Path

from chat import access
from chat.store import Store
from lab.clients import Probe
from lab.servers import CODE, Mosquitto, wait_until
from lab.town import SHARD, Actors

ROOT = Path(os.environ["BROKERS"])
DENIED = "Not authorized"


def probe(town, user, **more):
    return Probe(town.mosquitto.port, user, town.words[user], **more)


def steward(town):
    return access.Steward("127.0.0.1", town.mosquitto.port, town.mosquitto.password)


# region rights
def test_a_user_gets_what_the_roles_say_and_nothing_else(town):
    carol = probe(town, "carol", name="carol.phone")
    asked = {
        "room/lobby": "Granted QoS 1",
        "head/lobby": "Granted QoS 1",
        "inbox/carol/carol.phone": "Granted QoS 1",
        "price/#": "Granted QoS 1",
        "account/carol/#": "Granted QoS 1",
        "presence/alice/#": "Granted QoS 1",
        "room/desk": DENIED,
        "room/#": DENIED,
        "#": DENIED,
        "up/#": DENIED,
        "inbox/carol/carol.laptop": DENIED,
        "inbox/bob/bob.phone": DENIED,
        "account/bob/#": DENIED,
        "account/+/ticks": DENIED,
        "$CONTROL/#": DENIED,
    }
    assert {topic: carol.subscribe(topic) for topic in asked} == asked
    carol.close()


# endregion rights


def test_a_user_cannot_write_as_another_or_to_a_room(town):
    watching = probe(town, "chat", name="watch")
    watching.subscribe("up/#")
    alice, bob = probe(town, "alice"), probe(town, "bob")
    alice.subscribe("room/lobby")
    for topic in (
        "room/lobby",
        f"up/{SHARD}/alice",
        "presence/alice/alice.phone",
        "price/ACME",
    ):
        bob.publish(topic, {"forged": True})
    bob.publish(f"up/{SHARD}/bob", {"own": True})
    wait_until(lambda: {"own": True} in watching.bodies("up/"))
    assert {"forged": True} not in watching.bodies("up/") + alice.bodies("room/")
    for each in (watching, alice, bob):
        each.close()


# region lasthop
def test_who_is_removed_hears_no_more_on_a_subscription_that_still_stands(town):
    order = steward(town)
    order.order([*access.user("dave", "secret"), access.admitted("lobby", "dave")])
    dave = Probe(town.mosquitto.port, "dave", "secret", session=600)
    dave.subscribe("room/lobby")
    chat = probe(town, "chat", name="teller")
    chat.publish("room/lobby", {"text": "one"})
    wait_until(lambda: dave.bodies("room/"))
    order.order([access.removed("lobby", "dave")])
    wait_until(
        lambda: dave.codes[1:] and dave.codes[-1] == "Success"
    )  # it was cut off, and is back
    chat.publish("room/lobby", {"text": "two"})
    time.sleep(0.5)
    assert dave.bodies("room/") == [{"text": "one"}]
    for each in (dave, chat, order):
        each.close()


# endregion lasthop


def test_removal_cuts_the_connection_and_checks_the_session_again(town, scratch):
    """Also where, as by default, receiving is open to all."""
    broker = Mosquitto(ROOT, scratch / "open").start()
    order = access.Steward("127.0.0.1", broker.port, broker.password)
    order.order(
        [
            {"command": "createRole", "rolename": "service", "acls": access.SERVICE},
            access.service("chat", "secret", "service"),
            *access.founded("lobby"),
            {"command": "createClient", "username": "dave", "password": "secret"},
            access.admitted("lobby", "dave"),
        ]
    )
    dave = Probe(broker.port, "dave", "secret", session=600)
    dave.subscribe("room/lobby")
    order.order([access.removed("lobby", "dave")])
    wait_until(lambda: dave.codes[1:] and dave.codes[-1] == "Success")
    assert "Administrative action" in dave.codes
    chat = Probe(broker.port, "chat", "secret")
    chat.publish("room/lobby", {"text": "two"})
    time.sleep(0.5)
    assert dave.bodies("room/") == []
    for each in (dave, chat, order):
        each.close()
    broker.kill()


# region retained
def test_a_price_is_there_at_once_and_only_the_latest(town):
    feed = probe(town, "feed")
    for price in ("1.0831", "1.0832", "1.0833"):
        feed.publish("price/EURUSD", price, qos=0, retain=True)
    feed.publish("price/GONE", "1", qos=1, retain=True)
    feed.publish("price/GONE", "", qos=1, retain=True)  # an empty one takes it away
    late = probe(town, "alice", name="alice.late")
    late.subscribe("price/EURUSD")
    late.subscribe("price/GONE")
    wait_until(lambda: late.received)
    time.sleep(0.3)
    assert late.received == [("price/EURUSD", "1.0833", True)]
    feed.close()
    late.close()


# endregion retained


# region will
def test_a_will_is_sent_unless_the_client_is_back_in_time(town):
    bob = probe(town, "bob", name="bob.friend")
    bob.subscribe("presence/alice/#")
    place = "presence/alice/alice.phone"
    phone = probe(
        town, "alice", name="alice.phone", session=60, will=(place, "offline", 3)
    )
    phone.publish(place, "online", retain=True)
    phone.drop()
    again = probe(
        town, "alice", name="alice.phone", session=60, will=(place, "offline", 3)
    )
    time.sleep(4)
    assert [text for topic, text, _ in bob.received if topic == place] == ["online"]
    again.drop()
    wait_until(lambda: (place, "offline", False) in bob.received)
    bob.close()


# endregion will


# region session
def test_a_session_queues_so_many_and_drops_the_rest_silently(town):
    phone = probe(town, "carol", name="carol.away", session=600)
    phone.subscribe("room/lobby")
    phone.subscribe("price/#")
    phone.close()
    chat, feed = probe(town, "chat", name="teller"), probe(town, "feed")
    for n in range(300):
        chat.publish("room/lobby", {"n": n})
        feed.publish("price/ACME", str(n), qos=0)
    feed.publish("account/carol/end", "x")  # acknowledged: the broker has dealt with the prices
    back = probe(town, "carol", name="carol.away", session=600)
    wait_until(lambda: len(back.bodies("room/")) >= 200)
    time.sleep(0.5)
    assert [body["n"] for body in back.bodies("room/")] == list(range(200))
    assert "price/ACME" not in back.topics()
    for each in (chat, feed, back):
        each.close()


# endregion session


def test_what_was_queued_for_a_member_is_not_delivered_after_removal(town):
    order = steward(town)
    order.order([*access.user("erin", "secret"), access.admitted("lobby", "erin")])
    erin = Probe(town.mosquitto.port, "erin", "secret", session=600)
    erin.subscribe("room/lobby")
    erin.close()
    chat = probe(town, "chat", name="teller")
    chat.publish("room/lobby", {"text": "while a member"})
    order.order([access.removed("lobby", "erin")])
    chat.publish("room/lobby", {"text": "after"})
    back = Probe(town.mosquitto.port, "erin", "secret", session=600)
    time.sleep(1)
    assert back.bodies("room/") == []
    for each in (back, chat, order):
        each.close()


# region shared
UP = "up/s1/+"


def test_a_shared_subscription_breaks_a_senders_order(town):
    order = steward(town)  # rights name a shared subscription with its prefix
    acl = access.acl("subscribePattern", f"$share/workers/{UP}")
    order.order([{"command": "addRoleACL", "rolename": "service", **acl}])
    fast, slow = probe(town, "chat", name="w1"), probe(town, "chat", name="w2")
    noted = []
    fast.client.on_message = lambda _c, _d, message: noted.append(int(message.payload))
    slow.client.on_message = lambda _c, _d, message: (
        time.sleep(0.01),
        noted.append(int(message.payload)),
    )
    for each in (fast, slow):
        each.subscribe(f"$share/workers/{UP}")
    bob = probe(town, "bob")
    for n in range(100):
        bob.publish("up/s1/bob", str(n))
    wait_until(lambda: len(noted) == 100)
    assert noted != sorted(noted) and sorted(noted) == list(range(100))
    for each in (fast, slow, bob, order):
        each.close()


# endregion shared


def test_only_one_writer_of_a_shard_lives(town):
    first = town.service
    second = town.start_service("second")
    wait_until(lambda: first.poll() is not None)
    assert second.poll() is None


def test_a_writer_that_fails_takes_its_process_along(town, scratch):
    path = scratch / "broken.sqlite3"
    store = Store(path)
    store.join("lobby", "alice")
    place = [town.mosquitto.host, str(town.mosquitto.port), town.words["chat"]]
    command = [sys.executable, "-m", "chat.service", str(path), "s9", *place]
    process = subprocess.Popen(command, cwd=CODE, stderr=subprocess.DEVNULL)
    alice = probe(town, "alice")
    body = {"kind": "send", "room": "lobby", "device": "alice.probe", "n": 1, "text": "hello"}
    wait_until(lambda: (alice.publish("up/s9/alice", body), store.head("lobby"))[1], every=0.3)
    store.connection.execute("ALTER TABLE message RENAME TO lost")
    alice.publish("up/s9/alice", {**body, "n": 2})
    assert process.wait(30) == 1
    alice.close()
    store.close()


def test_the_lane_for_chat_is_whole_after_more_than_a_session_keeps(town, scratch):
    actors = Actors(scratch, town.plan(["alice"]), "alice")
    actors.wait(lambda report: report["connected"])
    actors.tell("send", user="alice", room="desk", texts=[f"d{n}" for n in range(450)])
    sent = actors.wait(lambda report: len(report["settled"]["alice"]) == 450)
    assert all(refused is None for _, _, refused, _ in sent["settled"]["alice"])
    bob = Actors(scratch, town.plan(["bob"]), "bob")
    seen = bob.wait(lambda report: len(report["messages"]["bob"]) >= 450)
    assert [
        (seq, text) for room, seq, text, _ in seen["messages"]["bob"] if room == "desk"
    ] == [(n + 1, f"d{n}") for n in range(450)]
    for each in (actors, bob):
        each.end()


def test_the_configuration_that_is_shown_is_the_one_that_ran(town):
    shown = (CODE / "conf/mosquitto.conf").read_text()
    assert "max_queued_messages 200" in shown
    assert (
        "max_queued_messages 200"
        in (town.mosquitto.home / "mosquitto.conf").read_text()
    )
