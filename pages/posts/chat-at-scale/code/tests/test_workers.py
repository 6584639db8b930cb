"""Three languages, one contract; and what becomes of a message that cannot be handled."""

import json
import os
import subprocess
import time
from pathlib import Path

import jsonschema
import pika
import pytest

from chat.store import Sent, Store
from lab.go import built
from lab.servers import CODE, wait_until
from lab.staff import Push, Staff, operator, waiting

ROOT = Path(os.environ["BROKERS"])
NODE_CODE = os.environ.get("NODE_CODE", CODE)
CONTRACT = json.loads((CODE / "contracts/message.stored.v1.json").read_text())


@pytest.fixture(scope="session")
def go_program(scratch):
    return built(scratch, ROOT, Path(os.environ["GO"]))


@pytest.fixture
def staff(rabbit, scratch, go_program):
    staff = Staff(rabbit, scratch, go_program)
    yield staff
    staff.close()
    channel = operator(rabbit)
    for queue in (
        "notify",
        "unfurl",
        "statements",
        "dead",
        *(f"notify.wait.{n}" for n in range(1, 17)),
    ):
        channel.queue_purge(queue)
    channel.connection.close()


@pytest.fixture
def push():
    push = Push()
    yield push
    push.close()


@pytest.fixture
def store(tmp_path):
    store = Store(tmp_path / "history.sqlite3")
    store.join("lobby", "alice")
    yield store
    store.close()


def said(store, *texts):
    head = store.head("lobby")
    return store.accept(
        [
            Sent("lobby", "alice", "phone", head + n, text)
            for n, text in enumerate(texts, 1)
        ],
        1,
    )


def event(n, text="hello"):
    return {
        "type": "message.stored",
        "version": 1,
        "id": f"lobby:{n}",
        "room": "lobby",
        "seq": n,
        "sender": "alice",
        "text": text,
        "at": 1,
    }


def publish(channel, body, key="message.stored", exchange="events"):
    payload = body if isinstance(body, bytes) else json.dumps(body).encode()
    channel.basic_publish(
        exchange, key, payload, pika.BasicProperties(delivery_mode=2), mandatory=False
    )


def dead(channel, count, seconds=30):
    """The dead letters as (queue, reason, body); exactly so many."""
    wait_until(lambda: waiting(channel, "dead") >= count, seconds)
    letters = []
    for _, properties, body in (
        channel.basic_get("dead", auto_ack=True)
        for _ in range(waiting(channel, "dead"))
    ):
        death = properties.headers["x-death"][0]
        letters.append((death["queue"], death["reason"], body))
    assert len(letters) == count
    return letters


# region verdicts
def python_says(body):
    try:
        jsonschema.validate(json.loads(body), CONTRACT)
        return True
    except (ValueError, jsonschema.ValidationError):
        return False


def says(command, body):
    done = subprocess.run(
        command, input=body, stdout=subprocess.PIPE, cwd=NODE_CODE, check=True
    )
    return done.stdout.strip() == b"true"


def test_three_languages_agree_on_the_contract(go_program):
    for file in sorted((CODE / "contracts/examples").rglob("*.json")):
        wanted, body = file.parent.name == "valid", file.read_bytes()
        verdicts = {
            "python": python_says(body),
            "node": says(["node", "workers/verdict.js"], body),
            "go": says([go_program, "-verdict"], body),
        }
        assert verdicts == dict.fromkeys(verdicts, wanted), file.name


# endregion verdicts


def test_each_event_reaches_each_worker(staff, store, push, rabbit):
    channel = operator(rabbit)
    links = channel.queue_declare("", exclusive=True).method.queue
    channel.queue_bind(links, "events", "message.link")
    staff.notify(push)
    staff.unfurl()
    stored = said(store, *(f"see https://example.org/{n}" for n in range(30)))
    staff.relay(Path(store.connection.execute("PRAGMA database_list").fetchone()[2]))
    wait_until(lambda: len(push.counts()) == 30)
    wait_until(lambda: waiting(channel, links) == 30)
    assert set(push.counts()) == {f"lobby:{each.seq}" for each in stored}
    wait_until(lambda: store.pending() == [])


# region poison
def test_poison_goes_aside_at_once_and_holds_nobody_up(staff, push, rabbit):
    channel = operator(rabbit)
    staff.notify(push)
    publish(channel, b'{"type": "message.sto', key="message.stored")
    publish(channel, event(1))
    wait_until(lambda: push.counts() == {"lobby:1": 1})
    wait_until(lambda: waiting(channel, "unfurl") == 2)
    letters = dead(channel, 1)
    assert letters == [("notify", "rejected", b'{"type": "message.sto')]


# endregion poison


# region retries
def test_a_failing_push_is_repeated_with_jitter_and_given_up_after_five(
    staff, push, rabbit
):
    channel = operator(rabbit)
    push.answers = {f"lobby:{n}": [503, 503] for n in range(1, 21)}
    push.answers["lobby:21"] = [503] * 9
    push.answers["lobby:22"] = [400]
    staff.notify(push)
    for n in range(1, 23):
        publish(channel, event(n))
    wait_until(lambda: all(push.counts()[f"lobby:{n}"] >= 3 for n in range(1, 21)))
    letters = dead(channel, 2)
    assert {json.loads(body)["id"] for _, _, body in letters} == {
        "lobby:21",
        "lobby:22",
    }
    assert push.counts()["lobby:21"] == 5 and push.counts()["lobby:22"] == 1
    pauses = {
        round((push.times(f"lobby:{n}")[2] - push.times(f"lobby:{n}")[1]) / 0.25)
        for n in range(1, 21)
    }
    assert (
        len(pauses) >= 3
    )  # four steps are possible; twenty that agree on two are a bug


# endregion retries


# region crash
def test_a_message_that_kills_its_worker_is_put_aside_by_the_broker(rabbit, staff):
    channel, counts = operator(rabbit), []
    publish(channel, event(1, "crash"))
    while not waiting(channel, "dead"):
        victim = pika.BlockingConnection(pika.URLParameters(rabbit.url("notify")))
        got, properties, _ = next(
            victim.channel().consume("notify", inactivity_timeout=3)
        )
        if got:
            counts.append((properties.headers or {}).get("x-delivery-count", 0))
        victim.close()  # as if the process had died: no acknowledgement
    assert counts == [0, 1, 2, 3, 4, 5]  # a limit of 5 means six deliveries
    assert dead(channel, 1)[0][:2] == ("notify", "delivery_limit")


# endregion crash


# region headofline
def test_a_long_delay_at_the_head_holds_up_a_short_one(rabbit):
    channel = operator(rabbit)
    channel.queue_declare(
        "mixed",
        durable=True,
        arguments={
            "x-queue-type": "quorum",
            "x-dead-letter-exchange": "",
            "x-dead-letter-routing-key": "out",
        },
    )
    channel.queue_declare("out", durable=True)
    for text, milliseconds in (("long", "6000"), ("short", "100")):
        channel.basic_publish(
            "", "mixed", text.encode(), pika.BasicProperties(expiration=milliseconds)
        )
    time.sleep(1.5)
    assert waiting(channel, "out") == 0  # the short one should have left long ago
    wait_until(lambda: waiting(channel, "out") == 2)
    channel.queue_delete("mixed")
    channel.queue_delete("out")


# endregion headofline


# region native
def test_the_brokers_own_delay_holds_back_what_is_returned(rabbit):
    channel = operator(rabbit)
    channel.queue_declare(
        "native",
        durable=True,
        arguments={
            "x-queue-type": "quorum",
            "x-delayed-retry-type": "all",
            "x-delayed-retry-min": 300,
            "x-delayed-retry-max": 5000,
        },
    )
    for n in range(5):
        channel.basic_publish("", "native", str(n).encode())
    returned, pauses = {}, []
    for method, _, body in channel.consume("native", inactivity_timeout=60):
        if body in returned:
            pauses.append(time.monotonic() - returned[body])
            channel.basic_ack(method.delivery_tag)
        else:
            channel.basic_nack(method.delivery_tag, requeue=True)
            returned[body] = time.monotonic()
        if len(pauses) == 5:
            break
    channel.queue_delete("native")
    assert min(pauses) > 0.29


# endregion native


@pytest.mark.parametrize(
    ("user", "queue"),
    [
        ("relay", "notify"),
        ("unfurl", "notify"),
        ("notify", "dead"),
        ("notify", "unfurl"),
    ],
)
def test_a_worker_reads_its_own_queue_alone(rabbit, user, queue):
    channel = pika.BlockingConnection(pika.URLParameters(rabbit.url(user))).channel()
    with pytest.raises(pika.exceptions.ChannelClosedByBroker, match="403"):
        channel.basic_get(queue)


@pytest.mark.parametrize(
    ("user", "exchange"),
    [("relay", "retry"), ("notify", "events"), ("celery", "events")],
)
def test_a_worker_writes_to_its_own_exchange_alone(rabbit, user, exchange):
    channel = pika.BlockingConnection(pika.URLParameters(rabbit.url(user))).channel()
    channel.confirm_delivery()
    with pytest.raises(pika.exceptions.ChannelClosedByBroker, match="403"):
        channel.basic_publish(exchange, "message.stored", b"{}")


# region statement
def test_node_asks_and_celery_does(staff, store, rabbit, tmp_path):
    said(store, "one", "two", "/statement")
    staff.celery(tmp_path / "history.sqlite3", tmp_path)
    staff.unfurl()
    staff.relay(tmp_path / "history.sqlite3")
    place = tmp_path / "lobby-3.jsonl"
    wait_until(place.exists)
    lines = [json.loads(line) for line in place.read_text().splitlines()]
    assert lines == [
        [1, "alice", "one"],
        [2, "alice", "two"],
        [3, "alice", "/statement"],
    ]


# endregion statement


def test_a_killed_celery_worker_loses_no_task(staff, store, rabbit, tmp_path):
    said(store, *(str(n) for n in range(5)))
    channel = operator(rabbit)
    send_tasks(channel, [["lobby", n] for n in range(1, 21)])
    staff.celery(tmp_path / "history.sqlite3", tmp_path)
    wait_until(lambda: list(tmp_path.glob("*.jsonl")))
    staff.end("celery")
    staff.celery(tmp_path / "history.sqlite3", tmp_path)
    wait_until(lambda: len(list(tmp_path.glob("*.jsonl"))) == 20)
    wait_until(lambda: waiting(channel, "statements") == 0)


def test_celery_puts_a_poisonous_task_aside(staff, store, rabbit, tmp_path):
    channel = operator(rabbit)
    staff.celery(tmp_path / "history.sqlite3", tmp_path)
    send_tasks(channel, [["../etc", 1]])
    [(queue, reason, _)] = dead(channel, 1)
    assert (queue, reason) == ("statements", "rejected")


def send_tasks(channel, calls):
    """Celery tasks in the form that Node.js gives them."""
    script = (
        "import { celeryTask } from './workers/unfurl.js';"
        "const tasks = JSON.parse(process.argv[1]).map((call) => celeryTask('statement', call));"
        "console.log(JSON.stringify(tasks.map(({ body, options }) => [body.toString(), options])));"
    )
    command = ["node", "--input-type=module", "-e", script, json.dumps(calls)]
    printed = subprocess.run(command, cwd=NODE_CODE, stdout=subprocess.PIPE, text=True, check=True).stdout
    for body, options in json.loads(printed):
        properties = pika.BasicProperties(
            headers=options["headers"],
            correlation_id=options["correlationId"],
            content_type="application/json",
            content_encoding="utf-8",
            delivery_mode=2,
        )
        channel.basic_publish("statements", "statements", body.encode(), properties)
