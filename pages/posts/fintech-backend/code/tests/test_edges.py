"""What comes in from outside: webhooks and proofs of addresses."""

from __future__ import annotations

import datetime as dt
import hmac
import json
import threading
import uuid
from typing import Any

import pytest
from eth_account import Account
from eth_account.messages import encode_defunct

from backend import inbox, ownership
from backend.database import Database
from backend.ledger import Conn
from backend.wallets import checked, signer_of
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
NOW = dt.datetime(2026, 11, 29, 16, tzinfo=dt.timezone.utc)


def challenged(conn: Conn, who: uuid.UUID, wallet: Any) -> tuple[str, bytes]:
    """A challenge for the wallet's address, and the wallet's signature of it."""
    nonce, message = ownership.challenge(
        conn, "pay.example", wallet.address, who, 31337, NOW
    )
    return nonce, wallet.sign_message(encode_defunct(text=message)).signature


def test_an_address_is_proven_once_by_its_own_signature_for_its_own_customer(
    conn: Conn,
) -> None:
    who, wallet, stranger = customer(conn), Account.create(), Account.create()

    def proves(nonce: str, signature: bytes, later: int = 0, by: Any = who) -> bool:
        now = NOW + dt.timedelta(minutes=later)
        return ownership.prove(conn, by, nonce, signature, now)

    nonce, signature = challenged(conn, who, wallet)
    _, other = challenged(conn, who, stranger)
    assert not proves(nonce, signature, by=customer(conn))
    assert not proves(nonce, other)  # and with that, the challenge is spent
    assert not proves(nonce, signature)
    assert not proves(*challenged(conn, who, wallet), later=11)
    assert not proves(challenged(conn, who, wallet)[0], b"no signature at all")
    nonce, signature = challenged(conn, who, wallet)
    assert proves(nonce, signature) and not proves(nonce, signature)


# endregion proof


def test_of_eight_that_answer_one_challenge_at_once_one_succeeds(
    db: Database, conn: Conn
) -> None:
    who, wallet = customer(conn), Account.create()
    nonce, signature = challenged(conn, who, wallet)
    gate, proven = threading.Barrier(8), []

    def answer() -> None:
        with db.connect(autocommit=True) as own:
            gate.wait()
            proven.append(ownership.prove(own, who, nonce, signature, NOW))

    threads = [threading.Thread(target=answer) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(proven) == [False] * 7 + [True]


@pytest.mark.parametrize("size", [0, 1, 64, 65, 66, 1_000])
@pytest.mark.parametrize("byte", [b"\x00", b"\x1b", b"\xff"])
def test_what_is_no_signature_is_nobodys(size: int, byte: bytes) -> None:
    assert signer_of("a text", byte * size) in ("", signer_of("a text", b"\x1b" * 65))


def test_an_address_has_one_form_and_a_wrong_checksum_is_none() -> None:
    wallet = Account.create().address
    assert checked(wallet) == checked(wallet.lower()) == wallet
    for wrong in (None, "", wallet[:-1], "0x" + "Ab" * 20):
        assert checked(wrong) == ""
