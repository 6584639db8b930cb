"""What an invoice's state is, computed from what happened and from nothing else.

Pure: no clock, no database, no node. The watcher and the receiver of webhooks both
store facts, then ask here what the facts mean.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


# region states
class State(StrEnum):
    CREATED = "created"
    WRONG_TOKEN = "wrong_token"
    UNDERPAID = "underpaid"
    SEEN = "seen"
    CONFIRMED = "confirmed"
    OVERPAID = "overpaid"
    EXPIRED = "expired"
    REFUNDED = "refunded"


# endregion states


class Part(StrEnum):
    """Which money a refund returns."""

    SALE = "sale"  # what was credited for goods
    OWED = "owed"  # what paid for nothing: too much, too late, another token


class Cause(StrEnum):
    """Why a state changed."""

    CHAIN = "chain"
    REORG = "reorg"
    REFUND = "refund"
    WEBHOOK = "webhook"


OPEN = (State.CREATED, State.WRONG_TOKEN, State.UNDERPAID, State.SEEN)
PAID = (State.CONFIRMED, State.OVERPAID)
BY_WEBHOOK = (State.CREATED, State.EXPIRED, State.CONFIRMED, State.REFUNDED)


# region facts
@dataclass(frozen=True, slots=True)
class Invoice:
    """What was agreed; amounts in the token's smallest unit, times in Unix seconds."""

    id: str
    token: str
    due: int
    expires_at: int


@dataclass(frozen=True, slots=True)
class Arrival:
    """Tokens that came in for an invoice, in a block that the chain still holds."""

    token: str
    amount: int
    block: int
    time: int


@dataclass(frozen=True, slots=True)
class Returned:
    """What we sent back and the chain keeps: what was sold, and what was only owed."""

    sale: int = 0  # of the invoice's token
    owed: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Assessment:
    state: State
    credited: int  # of the invoice's token, for goods
    held: Mapping[str, int]  # by token: what is deep enough, less what went back
    owed: Mapping[str, int]  # by token: ours to send back; below zero, a loss


# endregion facts


# region assess
def assess(
    invoice: Invoice,
    arrivals: Iterable[Arrival],
    returned: Returned,
    firm_block: int,
    firm_time: int,
) -> Assessment:
    """The invoice's state, given the chain's arrivals and our own refunds.

    What lies at or below `firm_block` counts; `firm_time` is that block's time.
    """
    arrivals = list(arrivals)
    kept = Counter[str]()
    for arrival in arrivals:
        if arrival.block <= firm_block:
            kept[arrival.token] += arrival.amount
    kept.subtract(returned.owed)
    in_time = [
        a for a in arrivals if a.token == invoice.token and a.time <= invoice.expires_at
    ]
    firm = sum(a.amount for a in in_time if a.block <= firm_block)
    if returned.sale >= invoice.due:
        state = State.REFUNDED  # for good: what comes later is owed
    elif firm >= invoice.due:
        surplus = min(firm, kept[invoice.token]) > invoice.due
        state = State.OVERPAID if surplus else State.CONFIRMED
    else:
        wrong = any(a.token != invoice.token for a in arrivals)
        state = unpaid(invoice, sum(a.amount for a in in_time), firm_time, wrong)
    credited = invoice.due - returned.sale if state in PAID else 0
    held = Counter(kept)
    held[invoice.token] -= returned.sale
    owed = {t: n - (credited if t == invoice.token else 0) for t, n in held.items()}
    return Assessment(state, credited, held, {t: n for t, n in owed.items() if n})


# endregion assess


def unpaid(invoice: Invoice, seen: int, firm_time: int, wrong: bool) -> State:
    """The state of an invoice of which too little counts so far."""
    if firm_time > invoice.expires_at:
        return State.EXPIRED
    if seen >= invoice.due:
        return State.SEEN
    if seen:
        return State.UNDERPAID
    return State.WRONG_TOKEN if wrong else State.CREATED


# region order
def allowed(before: State, after: State, cause: Cause) -> bool:
    """Whether a state may follow another: forward, or back by a named rule."""
    if cause == Cause.REORG:
        return before != State.REFUNDED
    if cause == Cause.REFUND:
        return before in PAID and after in (*PAID, State.REFUNDED)
    if cause == Cause.WEBHOOK:
        return BY_WEBHOOK.index(before) < BY_WEBHOOK.index(after)
    forward = (*OPEN, *PAID)
    if before in forward and after in forward:
        return forward.index(before) < forward.index(after)
    return before in OPEN and after == State.EXPIRED


# endregion order
