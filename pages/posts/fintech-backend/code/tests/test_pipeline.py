from __future__ import annotations

import datetime as dt
import json
import threading
import uuid
from collections.abc import Callable
from dataclasses import replace

import psycopg
import pytest

from backend import compliance, events, ledger, pipeline
from backend.compliance import judge
from backend.database import Database
from backend.ledger import Conn
from backend.pipeline import Conflict, pay, review
from tests.conftest import EUR, HOUSE, TUSD, ask, customer, free, held, key


def at_once(act: Callable[[], None], times: int) -> None:
    threads = [threading.Thread(target=act) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


# region key
def test_a_key_pays_once_also_when_it_comes_eight_times_at_once(
    db: Database, conn: Conn
) -> None:
    who, name, answers = customer(conn, 1_000), key(), []
    gate = threading.Barrier(8)

    def request() -> None:
        with db.connect(autocommit=True) as own:
            gate.wait()
            answers.append(pay(own, HOUSE, "shop", name, ask(who, 400)))

    at_once(request, 8)
    assert len(answers) == 8 and len(set(answers)) == 1
    assert (free(conn, who), held(conn, who)) == (600, 400)


# endregion key


def test_a_key_of_another_request_is_refused(conn: Conn) -> None:
    who, name = customer(conn, 1_000), key()
    pay(conn, HOUSE, "shop", name, ask(who, 400))
    with pytest.raises(Conflict):
        pay(conn, HOUSE, "shop", name, ask(who, 401))
    assert pay(
        conn, HOUSE, "another", name, ask(who, 100)
    )  # keys belong to their clients
    assert held(conn, who) == 500


def test_what_fails_leaves_no_key_behind(conn: Conn) -> None:
    who, name = customer(conn, 100), key()
    with pytest.raises(psycopg.errors.CheckViolation):
        pay(conn, HOUSE, "shop", name, ask(who, 400))
    assert (
        conn.execute("SELECT FROM request WHERE key = %s", (name,)).fetchone() is None
    )
    assert pay(conn, HOUSE, "shop", name, ask(who, 100))


# region limit
def race_for_the_limit(db: Database, conn: Conn) -> int:
    """Two payments of 600 at once, of a customer who may pay 1,000 a day: how many went through."""
    who = customer(conn, 10_000, limit=1_000)
    gate = threading.Barrier(2)

    def request() -> None:
        with db.connect(autocommit=True) as own:
            gate.wait()
            pay(own, HOUSE, "shop", key(), ask(who, 600))

    at_once(request, 2)
    return held(conn, who) // 600


# endregion limit


def test_a_limit_holds_for_two_at_once(db: Database, conn: Conn) -> None:
    assert [race_for_the_limit(db, conn) for _ in range(10)] == [1] * 10


def test_without_the_lock_it_would_not(db: Database, conn: Conn) -> None:
    middle = threading.Barrier(2)

    def paying(
        own: Conn, who: uuid.UUID
    ) -> None:  # the pipeline's steps, but for its lock
        with own.transaction():
            payment, wanted = uuid.uuid4(), ask(who, 600)
            facts = pipeline.gather(own, wanted)
            middle.wait(60)
            decision, verdict = pipeline.decide(
                own, HOUSE, payment, "payment:bank", facts
            )
            if verdict.outcome == "allow":
                pipeline.hold(own, payment, wanted, decision)

    who = customer(conn, 10_000, limit=1_000)

    def run() -> None:
        with db.connect(autocommit=True) as own:
            paying(own, who)

    at_once(run, 2)
    assert held(conn, who) == 1_200


def test_released_money_counts_no_more_against_the_limit(conn: Conn) -> None:
    who = customer(conn, 10_000, limit=1_000)
    payment = pay(conn, HOUSE, "shop", key(), ask(who, 800))
    second = pay(conn, HOUSE, "shop", key(), ask(who, 800))
    assert events.load(conn, second).state == "review"
    with conn.transaction():
        ledger.release(
            conn, pipeline.held_for(conn, payment, who, ask(who, 800).amount)
        )
    third = pay(conn, HOUSE, "shop", key(), ask(who, 800))
    assert events.load(conn, third).state == "held"


def test_a_referred_payment_waits_for_a_person(conn: Conn) -> None:
    who = customer(conn, 200_000 * 10**4, currency=TUSD)
    wanted = ask(who, 1_500 * 10**6, "chain", TUSD, address_proven=False)
    payment = pay(conn, HOUSE, "app", key(), wanted)
    assert events.load(conn, payment).state == "review" and held(conn, who, TUSD) == 0
    review(conn, HOUSE, payment, "vera", allow=True)
    assert (
        events.load(conn, payment).state == "held"
        and held(conn, who, TUSD) == 1_500 * 10**6
    )
    with pytest.raises(Conflict):
        review(conn, HOUSE, payment, "paul", allow=True)


# region blocked
def test_a_match_stops_payments_until_a_person_has_looked(conn: Conn) -> None:
    who = customer(conn, 1_000)

    def state_of_a_payment() -> str:
        return events.load(conn, pay(conn, HOUSE, "shop", key(), ask(who, 100))).state

    with conn.transaction():
        pipeline.decide(conn, HOUSE, who, "daily", {"list_score": 91})
    assert state_of_a_payment() == "review"
    for outcome, person, state in (
        ("refuse", "vera", "refused"),
        ("allow", "paul", "held"),
    ):
        verdict = compliance.Verdict(outcome, ("looked at",))
        with conn.transaction():
            pipeline.record(
                conn, HOUSE, who, "daily", {"list_score": 91}, verdict, person
            )
        assert state_of_a_payment() == state


# endregion blocked


# region replay
def test_every_decision_can_be_repeated_from_what_was_written_down(conn: Conn) -> None:
    who = customer(conn, 100_000, limit=50_000)
    for minor, match in ((100, "match"), (200, "no match"), (60_000, "match")):
        pay(conn, HOUSE, "shop", key(), ask(who, minor, payee_match=match))
    rows = conn.execute(
        "SELECT stage, text, facts, outcome, hits"
        " FROM decision JOIN ruleset ON digest = ruleset WHERE by = 'rules'"
    ).fetchall()
    for stage, text, facts, outcome, hits in rows:
        day = dt.date.fromisoformat(facts.pop("day"))
        again = judge(compliance.read(text), stage, facts, day)
        assert (again.outcome, list(again.hits)) == (outcome, hits)
    assert {row[3] for row in rows} >= {"allow", "review"}


# endregion replay


def test_the_amount_and_the_address_are_what_the_key_stands_for(conn: Conn) -> None:
    who = customer(conn, 1_000)
    one = ask(who, 100)
    assert one.fingerprint != replace(one, to={"to": "elsewhere"}).fingerprint
    assert one.fingerprint == ask(who, 100, payer_insists=True).fingerprint
    assert json.dumps(dict(one.to)) and EUR.scale == 2
