"""The saga: send what is held, look at the rails, book what is final. Each step may be repeated."""

from __future__ import annotations

import os
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from psycopg import Connection

from backend import compliance, events, ledger, pipeline
from backend.money import Money
from backend.payments import Event, Observation, Payment, decide
from backend.rails import NotYet, Order, Rail, Refused, Unanswered

Conn = Connection[Any]
ASSET = {
    "bank": "bank:safeguarding",
    "chain": "chain:wallet",
    "coinbase": "coinbase:clearing",
}
LEASE = os.environ.get("LEASE", "30 seconds")


# region claim
def claim(conn: Conn, rails: Mapping[str, Rail]) -> tuple[str, Order] | None:
    """One order that is due, leased: if we die, it is due again when the lease ends."""
    with conn.transaction():
        row = conn.execute(
            """UPDATE outbox SET attempts = attempts + 1,
              due = clock_timestamp() + %s::interval
            FROM payee WHERE payee.payment = outbox.payment AND outbox.payment = (
              SELECT payment FROM outbox
              WHERE done_at IS NULL AND due <= clock_timestamp() AND rail = ANY(%s)
              ORDER BY due LIMIT 1 FOR UPDATE SKIP LOCKED)
            RETURNING outbox.payment, rail, outbox.body, payee.body""",
            (LEASE, list(rails)),
        ).fetchone()
    if row is None:
        return None
    payment, rail, body, to = row
    return rail, Order(payment, body["minor"], body["currency"], to)


# endregion claim


# region relay
def relay(conn: Conn, rails: Mapping[str, Rail]) -> bool:
    """Carry one order to its rail: prepare, write down its name there, commit."""
    claimed = claim(conn, rails)
    if claimed is None:
        return False
    name, order = claimed
    rail = rails[name]
    try:
        ref = events.load(conn, order.payment).ref or prepared(conn, rail, order)
        committed = commit(rail, order.payment, ref)
        note(conn, order.payment, "prepared", committed)
    except (NotYet, Unanswered):
        return True  # nothing has moved: the lease ends, and we begin again
    except Refused as refused:
        note(conn, order.payment, "held", Event("Sent"))
        advance(conn, order.payment, Observation("rejected", rail.needed, str(refused)))
    conn.execute(
        "UPDATE outbox SET done_at = clock_timestamp() WHERE payment = %s",
        (order.payment,),
    )
    return True


def prepared(conn: Conn, rail: Rail, order: Order) -> str:
    """The name that was written down: ours, or that of a worker who was faster."""
    note(conn, order.payment, "held", Event("Prepared", {"ref": rail.prepare(order)}))
    return events.load(conn, order.payment).ref


# endregion relay


# region commit
def commit(rail: Rail, payment: uuid.UUID, ref: str) -> Event:
    try:
        rail.commit(payment, ref)
    except Unanswered:
        return Event("Unanswered")
    return Event("Sent")


def note(conn: Conn, stream: uuid.UUID, state: str, event: Event) -> None:
    """One more event, if the payment is still where we think it is."""
    with conn.transaction():
        payment = locked(conn, stream)
        if payment.state == state:
            events.append(conn, stream, payment.version, [event])


# endregion commit


# region advance
def advance(conn: Conn, stream: uuid.UUID, saw: Observation) -> Payment:
    """Carry an observation into events and entries, in one transaction."""
    with conn.transaction():
        payment = locked(conn, stream)
        news = decide(payment, saw)
        events.append(conn, stream, payment.version, news)
        for event in news:
            book(conn, payment, event)
    return events.load(conn, stream)


def locked(conn: Conn, stream: uuid.UUID) -> Payment:
    """The payment, with its customer locked: one writer at a time."""
    payment = events.load(conn, stream)
    conn.execute("SELECT lock_customer(%s)", (payment.customer,))
    return events.load(conn, stream)


# endregion advance


# region book
def book(conn: Conn, payment: Payment, event: Event) -> None:
    """What an event means in the ledger. Only what is final moves money."""
    amount = Money(payment.minor, ledger.currency(conn, payment.currency))
    hold = pipeline.held_for(conn, payment.id, payment.customer, amount)
    asset = ledger.account(conn, f"{ASSET[payment.rail]}:{payment.currency}")
    match payment.way, event.kind:
        case "out", "Settled":
            ledger.capture(conn, hold, asset)
        case "out", "Released":
            ledger.release(conn, hold)
        case "in", "Settled":
            owner = hold.free if accepted(conn, payment) else suspense(conn, payment)
            ledger.post(
                conn,
                f"settle:{payment.id}",
                {asset: amount.minor, owner: -amount.minor},
            )
        case "in", "Broken":  # credited, and then the chain took it back: our loss
            loss = ledger.account(conn, f"loss:finality:{payment.currency}")
            owner = loss if accepted(conn, payment) else suspense(conn, payment)
            ledger.post(
                conn,
                f"broken:{payment.id}",
                {owner: amount.minor, asset: -amount.minor},
            )


# endregion book


class Source(Protocol):
    """A rail that money comes in by."""

    @property
    def name(self) -> str: ...

    @property
    def needed(self) -> int: ...


# region receipt
def accepted(conn: Conn, payment: Payment) -> bool:
    """Whether the last decision lets it in; where the rules want one, none is no."""
    last = conn.execute(
        "SELECT outcome FROM decision WHERE subject = %s ORDER BY at DESC LIMIT 1",
        (payment.id,),
    ).fetchone()
    return last[0] == "allow" if last else not pipeline.is_judged_on_receipt(payment)


def let_in(conn: Conn, house: pipeline.House, stream: uuid.UUID, person: str) -> None:
    """A person's word on money that came in and is nobody's yet."""
    with conn.transaction():
        payment = locked(conn, stream)
        if payment.state != "settled" or accepted(conn, payment):
            raise pipeline.Conflict(f"payment {stream} waits for nobody")
        allow = compliance.Verdict("allow", ())
        stage = f"receipt:{payment.rail}"
        pipeline.record(conn, house, stream, stage, {}, allow, person)
        free = f"customer:{payment.customer}:{payment.currency}"
        moves = {
            suspense(conn, payment): payment.minor,
            ledger.account(conn, free): -payment.minor,
        }
        ledger.post(conn, f"accept:{stream}", moves)


def suspense(conn: Conn, payment: Payment) -> ledger.Account:
    return ledger.account(conn, f"suspense:{payment.currency}")


# endregion receipt


# region expect
def expect(
    conn: Conn, customer: uuid.UUID, rail: Source, amount: Money, ref: str
) -> uuid.UUID:
    """A payment that should come in. The same reference is the same payment, however often seen."""
    stream = uuid.uuid5(customer, f"{rail.name}:{ref}")
    body = {
        "customer": str(customer),
        "way": "in",
        "rail": rail.name,
        "minor": amount.minor,
        "currency": amount.currency.code,
        "needed": rail.needed,
    }
    with conn.transaction():
        conn.execute("SELECT lock_customer(%s)", (customer,))
        known = conn.execute(
            "SELECT FROM event WHERE stream = %s", (stream,)
        ).fetchone()
        if known is None:
            events.append(
                conn, stream, 0, [Event("Requested", body), Event("Expected")]
            )
    return stream


# endregion expect


# region watch
def watch(conn: Conn, rails: Mapping[str, Rail]) -> None:
    """Ask each rail about each payment that it has, until all are final."""
    on_rail = conn.execute(
        "SELECT payment FROM payment_view WHERE rail = ANY(%s)"
        " AND state IN ('sent', 'unanswered', 'expected', 'seen', 'receded')",
        (list(rails),),
    ).fetchall()
    for (stream,) in on_rail:
        payment = events.load(conn, stream)
        rail = rails[payment.rail]
        saw = rail.observe(stream, payment.ref)
        advance(conn, stream, saw)
        if payment.way == "out" and saw.kind in ("waiting", "absent"):
            commit(rail, stream, payment.ref)  # it got lost on the way: the same again


# endregion watch


@dataclass(frozen=True, slots=True)
class Chart:
    """The house's own accounts: no floor, and so no balance row that everybody would wait for."""

    assets = ("bank:safeguarding", "chain:wallet", "coinbase:clearing", "loss:finality")
    others = ("fx", "fees", "suspense")


def open_house(conn: Conn, codes: tuple[str, ...]) -> None:
    for code in codes:
        currency = ledger.currency(conn, code)
        for name in Chart.assets:
            ledger.open_account(conn, f"{name}:{code}", currency, side=1, floored=False)
        for name in Chart.others:
            ledger.open_account(
                conn, f"{name}:{code}", currency, side=-1, floored=False
            )
