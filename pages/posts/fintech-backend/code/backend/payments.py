"""A payment's life, as a fold over its events. Pure: no clock, no database, no rail."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class Event:
    kind: str
    body: Mapping[str, Any] = field(default_factory=dict)
    schema: int = 2


# region observation
@dataclass(frozen=True, slots=True)
class Observation:
    """What a rail says of a payment now. `depth` counts towards finality."""

    kind: str  # unknown, waiting, absent, seen, rejected
    depth: int = 0
    ref: str = ""


@dataclass(frozen=True, slots=True)
class Payment:
    id: uuid.UUID
    customer: uuid.UUID
    way: str  # in, out
    rail: str
    minor: int
    currency: str
    needed: int  # at this depth the rail's word is final: 1 for a bank, N for a chain
    state: str = "new"
    depth: int = 0
    ref: str = ""
    version: int = 0


# endregion observation


ON_RAIL = {"sent", "unanswered", "expected", "seen", "receded"}
ENDED = {"settled", "released", "refused", "broken"}

# What a payment becomes by each kind of event.
BECOMES = {
    "Requested": "new",
    "Referred": "review",
    "Refused": "refused",
    "Held": "held",
    "Expected": "expected",
    "Prepared": "prepared",
    "Sent": "sent",
    "Unanswered": "unanswered",
    "Seen": "seen",
    "Receded": "receded",
    "Settled": "settled",
    "Released": "released",
    "Broken": "broken",
}


# region fold
def apply(payment: Payment | None, stream: uuid.UUID, event: Event) -> Payment:
    if payment is None:
        body = event.body
        payment = Payment(
            stream,
            uuid.UUID(body["customer"]),
            body["way"],
            body["rail"],
            body["minor"],
            body["currency"],
            body["needed"],
        )
    return replace(
        payment,
        state=BECOMES[event.kind],
        version=payment.version + 1,
        depth=event.body.get("depth", payment.depth),
        ref=event.body.get("ref", payment.ref),
    )


def fold(
    stream: uuid.UUID, events: Iterable[Event], start: Payment | None = None
) -> Payment:
    payment = start
    for event in events:
        payment = apply(payment, stream, upcast(event))
    if payment is None:
        raise LookupError(f"there is no payment {stream}")
    return payment


# endregion fold


# region upcast
def upcast(event: Event) -> Event:
    """Schema 1 had the amount as text, and one rail. The disk stays as it is."""
    if event.schema == 2 or event.kind != "Requested":
        return event
    body = dict(event.body)
    whole, _, cents = body.pop("amount").partition(".")
    body |= {"minor": int(whole + cents.ljust(2, "0")), "currency": "EUR"}
    body |= {"rail": "bank", "way": "out", "needed": 1}
    return Event(event.kind, body, 2)


# endregion upcast


# region decide
def decide(payment: Payment, saw: Observation) -> tuple[Event, ...]:
    """What follows from it; nothing, if it tells nothing new or comes too late."""
    here = {"depth": saw.depth, "ref": saw.ref}
    if payment.state == "settled":
        return (Event("Broken", here),) if saw.kind == "absent" and payment.ref else ()
    if payment.state not in ON_RAIL or saw.kind == "waiting":
        return ()
    if saw.kind == "unknown":
        return () if payment.state == "unanswered" else (Event("Unanswered"),)
    if (
        saw.kind == "absent"
    ):  # a payment that was seen, and is no more: a reorganisation
        return (Event("Receded", {"depth": 0}),) if payment.state == "seen" else ()
    if saw.depth < payment.needed:
        news = (payment.depth, payment.ref, payment.state) != (
            saw.depth,
            saw.ref,
            "seen",
        )
        return (Event("Seen", here),) if news else ()
    if saw.kind == "rejected":
        return (Event("Released", here),)
    return (Event("Settled", here),)


# endregion decide
