"""The one way in: idempotency, lock, facts, decision, hold, event and outbox in one transaction."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from psycopg import Connection
from psycopg.types.json import Jsonb

from backend import compliance, events, ledger
from backend.money import Currency, Money
from backend.payments import Event, Payment
from backend.rows import one

Conn = Connection[Any]


class Conflict(Exception):
    """The key was used for another request."""


@dataclass(frozen=True, slots=True)
class Ask:
    """What a client wants paid."""

    customer: uuid.UUID
    rail: str
    amount: Money
    eur_cents: int  # its worth by the quote that the client accepted
    to: Mapping[str, Any]
    facts: Mapping[str, Any]  # what adapters found out: payee check, kind of address

    @property
    def fingerprint(self) -> bytes:
        whole = [
            str(self.customer),
            self.rail,
            str(self.amount),
            self.eur_cents,
            dict(self.to),
        ]
        return hashlib.sha256(json.dumps(whole, sort_keys=True).encode()).digest()


@dataclass(frozen=True, slots=True)
class House:
    """What the pipeline needs to know besides the request."""

    ruleset: compliance.Ruleset
    needed: Mapping[str, int]  # by rail
    day: dt.date


# region pay
def pay(conn: Conn, house: House, client: str, key: str, ask: Ask) -> uuid.UUID:
    """The payment of this request: new, or the one that the same key made before."""
    with conn.transaction():
        payment = uuid.uuid4()
        claimed = conn.execute(
            "INSERT INTO request (client, key, fingerprint, payment)"
            " VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING RETURNING payment",
            (client, key, ask.fingerprint, payment),
        ).fetchone()
        if claimed is None:
            return first_answer(conn, client, key, ask)
        conn.execute("SELECT lock_customer(%s)", (ask.customer,))
        facts = gather(conn, ask)
        note_payee(conn, payment, ask)
        decision, verdict = decide(conn, house, payment, f"payment:{ask.rail}", facts)
        story = [Event("Requested", requested(house, ask))]
        if verdict.outcome == "allow":
            hold(conn, payment, ask, decision)
            story.append(Event("Held"))
        else:
            kind = "Referred" if verdict.outcome == "review" else "Refused"
            story.append(Event(kind, {"hits": list(verdict.hits)}))
        events.append(conn, payment, 0, story)
    return payment


# endregion pay


def first_answer(conn: Conn, client: str, key: str, ask: Ask) -> uuid.UUID:
    fingerprint, payment = one(
        conn,
        "SELECT fingerprint, payment FROM request WHERE client = %s AND key = %s",
        (client, key),
    )
    if bytes(fingerprint) != ask.fingerprint:
        raise Conflict(f"key {key} belongs to another request")
    return uuid.UUID(str(payment))


def note_payee(conn: Conn, payment: uuid.UUID, ask: Ask) -> None:
    """Who is paid, in a table that may forget; events and outbox never say it."""
    conn.execute(
        "INSERT INTO payee (payment, customer, body) VALUES (%s, %s, %s)",
        (payment, ask.customer, Jsonb(dict(ask.to))),
    )


def requested(house: House, ask: Ask) -> dict[str, Any]:
    return {
        "customer": str(ask.customer),
        "way": "out",
        "rail": ask.rail,
        "minor": ask.amount.minor,
        "currency": ask.amount.currency.code,
        "needed": house.needed[ask.rail],
        "eur_cents": ask.eur_cents,
    }


# region gather
def gather(conn: Conn, ask: Ask) -> dict[str, Any]:
    """The facts, read under the customer's lock: two requests cannot share them."""
    [limit, closed, listed, spent] = one(
        conn,
        """SELECT day_limit, closed,
          (SELECT outcome FROM decision WHERE subject = customer.id AND stage = 'daily'
            ORDER BY at DESC LIMIT 1),
          (SELECT coalesce(sum(eur_cents), 0) FROM hold
            WHERE hold.customer = customer.id
              AND at > clock_timestamp() - interval '1 day'
              AND NOT EXISTS (SELECT FROM hold_end
                WHERE hold_end.hold = hold.id AND how = 'released'))
        FROM customer WHERE id = %s""",
        (ask.customer,),
    )
    return {
        **ask.facts,
        "eur_cents": ask.eur_cents,
        "customer_blocked": listed == "refuse",
        "customer_in_question": listed == "review",
        "customer_closed": closed is not None,
        "over_day_limit": int(spent) + ask.eur_cents > int(limit),
    }


# endregion gather


# region decision
def decide(
    conn: Conn, house: House, subject: uuid.UUID, stage: str, facts: Mapping[str, Any]
) -> tuple[uuid.UUID, compliance.Verdict]:
    """Judge, and write down what was judged by which rules: the decision can be repeated."""
    verdict = compliance.judge(house.ruleset, stage, facts, house.day)
    return record(conn, house, subject, stage, facts, verdict, "rules"), verdict


def record(
    conn: Conn,
    house: House,
    subject: uuid.UUID,
    stage: str,
    facts: Mapping[str, Any],
    verdict: compliance.Verdict,
    by: str,
) -> uuid.UUID:
    conn.execute(
        "INSERT INTO ruleset (digest, text) VALUES (%s, %s) ON CONFLICT DO NOTHING",
        (house.ruleset.digest, house.ruleset.text),
    )
    decision = uuid.uuid4()
    conn.execute(
        "INSERT INTO decision (id, subject, stage, ruleset, facts, outcome, hits, by)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
        (
            decision,
            subject,
            stage,
            house.ruleset.digest,
            Jsonb({**facts, "day": house.day.isoformat()}),
            verdict.outcome,
            Jsonb(list(verdict.hits)),
            by,
        ),
    )
    return decision


# endregion decision


def hold(conn: Conn, payment: uuid.UUID, ask: Ask, decision: uuid.UUID) -> None:
    held = held_for(conn, payment, ask.customer, ask.amount)
    ledger.place(conn, held, ask.eur_cents, decision)
    conn.execute(
        "INSERT INTO outbox (payment, rail, body) VALUES (%s, %s, %s)",
        (
            payment,
            ask.rail,
            Jsonb({"minor": ask.amount.minor, "currency": ask.amount.currency.code}),
        ),
    )


def held_for(
    conn: Conn, payment: uuid.UUID, customer: uuid.UUID, amount: Money
) -> ledger.Hold:
    code = f"customer:{customer}:{amount.currency.code}"
    return ledger.Hold(
        payment,
        customer,
        ledger.account(conn, code),
        ledger.account(conn, f"{code}:held"),
        amount,
    )


# region receive
def is_judged_on_receipt(payment: Payment) -> bool:
    return f"receipt:{payment.rail}" in compliance.VOCABULARY


def receive(
    conn: Conn, house: House, stream: uuid.UUID, facts: Mapping[str, Any]
) -> None:
    """Judge money that is on its way in, once, before it is anybody's."""
    with conn.transaction():
        payment = events.load(conn, stream)
        conn.execute("SELECT lock_customer(%s)", (payment.customer,))
        known = conn.execute(
            "SELECT FROM decision WHERE subject = %s", (stream,)
        ).fetchone()
        if known or not is_judged_on_receipt(payment):
            return
        amount = Money(payment.minor, ledger.currency(conn, payment.currency))
        ask = Ask(payment.customer, payment.rail, amount, facts["eur_cents"], {}, facts)
        whole = {**gather(conn, ask), "over_day_limit": False}  # a limit on what leaves
        decide(conn, house, stream, f"receipt:{payment.rail}", whole)


# endregion receive


# region review
def review(
    conn: Conn, house: House, payment: uuid.UUID, person: str, allow: bool
) -> None:
    """A person's word on a referred payment, written down as a decision of its own."""
    with conn.transaction():
        found = events.load(conn, payment)
        if found.state != "review":
            raise Conflict(f"payment {payment} waits for nobody")
        [body] = one(
            conn, "SELECT body FROM event WHERE stream = %s AND version = 1", (payment,)
        )
        verdict = compliance.Verdict("allow" if allow else "refuse", ())
        decision = record(conn, house, payment, "review", {}, verdict, person)
        if allow:
            amount = Money(found.minor, ledger.currency(conn, found.currency))
            ask = Ask(found.customer, found.rail, amount, body["eur_cents"], {}, {})
            hold(conn, payment, ask, decision)
        events.append(
            conn,
            payment,
            found.version,
            [Event("Held" if allow else "Refused", {"by": person})],
        )


# endregion review


def new_customer(
    conn: Conn,
    customer: uuid.UUID,
    currencies: tuple[Currency, ...],
    day_limit: int,
    sealed: tuple[bytes, bytes, str] = (b"", b"", ""),
) -> None:
    """The customer's row, and for each currency an account and its held twin."""
    conn.execute(
        "INSERT INTO customer (id, name, key, kek, day_limit) VALUES (%s, %s, %s, %s, %s)",
        (customer, *sealed, day_limit),
    )
    for currency in currencies:
        code = f"customer:{customer}:{currency.code}"
        ledger.open_account(conn, code, currency, side=-1, floored=True)
        ledger.open_account(
            conn, f"{code}:held", currency, side=-1, floored=True, holds=True
        )
