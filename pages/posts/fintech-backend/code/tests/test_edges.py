"""What comes in from outside: webhooks and proofs of addresses."""

from __future__ import annotations

import datetime as dt
import hmac
import json
import uuid

import pytest
from eth_account import Account
from eth_account.messages import encode_defunct

from backend import inbox, ownership
from backend.ledger import Conn
from tests.conftest import customer

NEW, OLD = b"new secret", b"old secret"


def headers(secret: bytes, body: bytes, name: str, at: int) -> dict[str, str]:
    content = b".".join([name.encode(), str(at).encode(), body])
    return {
        "x-event-id": name,
        "x-event-time": str(at),
        "x-event-signature": hmac.digest(secret, content, "sha256").hex(),
    }


# region webhooks
def test_a_webhook_is_taken_once_and_only_as_it_was_signed(conn: Conn) -> None:
    name, body = (
        str(uuid.uuid4()),
        json.dumps({"payment": str(uuid.uuid4()), "status": "ACSC"}).encode(),
    )
    good = headers(OLD, body, name, 1_000)
    assert inbox.verify((NEW, OLD), good, body, 1_100) == name  # while secrets change
    assert (
        inbox.accept(conn, "bank", name, body)
        and inbox.accept(conn, "bank", name, body) is None
    )
    bad = [
        (good, body.replace(b"ACSC", b"RJCT"), 1_000),
        (good, json.dumps(json.loads(body), indent=1).encode(), 1_000),
        ({**good, "x-event-id": "another"}, body, 1_000),
        ({**good, "x-event-time": "2000"}, body, 2_000),
        (good, body, 1_301),
        (headers(b"", body, name, 1_000), body, 1_000),
        ({}, body, 1_000),
    ]
    for forged, content, now in bad:
        with pytest.raises(inbox.Forged):
            inbox.verify((NEW, OLD), forged, content, now)


# endregion webhooks


# region proof
def test_an_address_is_proven_by_its_own_signature_for_its_own_customer(
    conn: Conn,
) -> None:
    who, wallet, now = (
        customer(conn),
        Account.create(),
        dt.datetime(2026, 11, 29, 16, tzinfo=dt.timezone.utc),
    )
    message = ownership.challenge("pay.example", wallet.address, who, 31337, now)
    signature = wallet.sign_message(encode_defunct(text=message)).signature
    stranger = Account.create().sign_message(encode_defunct(text=message)).signature
    late = now + dt.timedelta(minutes=11)
    assert not ownership.prove(conn, who, wallet.address, message, stranger, now)
    assert not ownership.prove(conn, who, wallet.address, message, signature, late)
    assert not ownership.prove(
        conn, customer(conn), wallet.address, message, signature, now
    )
    assert ownership.prove(conn, who, wallet.address, message, signature, now)


# endregion proof
