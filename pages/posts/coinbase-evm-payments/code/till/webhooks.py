"""Coinbase's signature on a webhook, by the scheme of its documents.

https://docs.cdp.coinbase.com/webhooks/verify-signatures, read in November 2026. The
test vectors are those of Hook0, the open-source sender whose header it is.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from till.amounts import parsed

DECIMALS = 6  # what USDC has; the amounts of the API have two
MAX_AGE = 300  # seconds
MAX_BODY = 256 * 1024  # bytes


class Refused(Exception):
    """A delivery that is not to be believed; says why to the log, not to the sender."""


# region verify
def signature(secret: bytes, *parts: bytes) -> str:
    return hmac.digest(secret, b".".join(parts), "sha256").hex()


def verify(
    secrets: tuple[bytes, ...],
    header: str,
    headers: Mapping[str, str],
    body: bytes,
    now: float,
) -> None:
    """Raises Refused unless one of our secrets signed these headers and this very body.

    Only v1 is accepted, and it has to cover x-event-id.
    """
    given = fields(header)
    names, stamp = given.get("h", ""), given.get("t", "")
    if not (stamp.isascii() and stamp.isdigit()):
        raise Refused("no timestamp")
    if "x-event-id" not in names.split(" "):
        raise Refused("the event's id is not signed")
    values = ".".join(headers.get(name, "") for name in names.split(" "))
    content = (stamp.encode(), names.encode(), values.encode(), body)
    expected = [signature(secret, *content) for secret in secrets]
    if not any(hmac.compare_digest(one, given.get("v1", "")) for one in expected):
        raise Refused("the signature is of another body, header or key")
    if abs(now - int(stamp)) > MAX_AGE:
        raise Refused("signed too long ago, or in the future")


def fields(header: str) -> dict[str, str]:
    """The parts of the header; a part that comes twice makes all of it void."""
    pairs = [part.partition("=")[::2] for part in header.split(",")]
    if len({name for name, _ in pairs}) < len(pairs) or not header.isascii():
        raise Refused("a field stands there twice, or is no ASCII")
    return dict(pairs)


# endregion verify


@dataclass(frozen=True, slots=True)
class Event:
    """What a delivery says about a checkout; amounts in millionths of USDC."""

    key: str
    type: str
    checkout: str
    currency: str
    amount: int
    fee: int
    refunded: int  # we read it as the sum so far; the documents do not say


# region event
def event(body: bytes) -> Event:
    """The event in a verified body.

    The body's `id` is the checkout's, the same in all its events. Our key is made of
    what the event means, so that one which is sent again under a new id is no news.
    """
    try:
        content: dict[str, Any] = json.loads(body, parse_float=str, parse_int=str)
        kind, checkout = str(content["eventType"]), str(content["id"])
        refunded = parsed(content.get("refundedAmount", "0"), DECIMALS)
        settlement = content.get("settlement") or {}
        return Event(
            key=f"{checkout}/{kind}/{refunded}",
            type=kind,
            checkout=checkout,
            currency=str(content["currency"]),
            amount=parsed(content["amount"], DECIMALS),
            fee=parsed(settlement.get("feeAmount", "0"), DECIMALS),
            refunded=refunded,
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise Refused("signed, but not an event of a checkout") from None


# endregion event


def signed(secret: bytes, body: bytes, event_id: str, now: float) -> dict[str, str]:
    """The headers that the sender would send: for tests and drills."""
    headers = {"content-type": "application/json", "x-event-id": event_id}
    names, stamp = " ".join(headers), str(int(now)).encode()
    values = ".".join(headers.values())
    v0 = signature(secret, stamp, body)
    v1 = signature(secret, stamp, names.encode(), values.encode(), body)
    return headers | {
        "x-hook0-signature": f"t={stamp.decode()},v0={v0},h={names},v1={v1}"
    }
