"""Keys in a token by PKCS#11 (SoftHSM), signatures that Ethereum takes, envelopes."""

from __future__ import annotations

import uuid

import pkcs11
import pytest
from pkcs11 import Attribute, KeyType, ObjectClass

from backend import customers, pipeline
from backend.database import Database
from backend.keys import ORDER, Token
from backend.ledger import Conn
from backend.screening import Listed
from tests.conftest import EUR, HOUSE, ask


# region sealed
def test_a_wallet_key_signs_and_does_not_come_out(token: Token) -> None:
    private = token.session.get_key(
        object_class=ObjectClass.PRIVATE_KEY, label="wallet-1"
    )
    assert private[Attribute.SENSITIVE] and not private[Attribute.EXTRACTABLE]
    with pytest.raises(pkcs11.AttributeSensitive):
        private[Attribute.VALUE]
    kek = token.session.get_key(object_class=ObjectClass.SECRET_KEY, label="kek-1")
    wrapping = token.session.generate_key(KeyType.AES, 256)
    with pytest.raises(pkcs11.PKCS11Error):
        wrapping.wrap_key(private)
    assert not kek[Attribute.EXTRACTABLE]


# endregion sealed


def test_every_signature_has_a_low_s_and_recovers_to_our_address(token: Token) -> None:
    for n in range(40):
        signature = token.sign("wallet-1", bytes([n]) * 32)
        assert signature.s <= ORDER // 2
        found = signature.recover_public_key_from_msg_hash(bytes([n]) * 32)
        assert found.to_checksum_address() == token.address("wallet-1")


def test_half_of_the_raw_signatures_would_have_been_refused(token: Token) -> None:
    private = token.session.get_key(
        object_class=ObjectClass.PRIVATE_KEY, label="wallet-1"
    )
    raw = [
        private.sign(bytes([n]) * 32, mechanism=pkcs11.Mechanism.ECDSA)
        for n in range(64)
    ]
    high = sum(int.from_bytes(each[32:], "big") > ORDER // 2 for each in raw)
    assert 10 < high < 54


# region rotation
def test_rotation_wraps_anew_and_the_old_key_opens_nothing(
    db: Database, conn: Conn, token: Token
) -> None:
    who = customers.enrol(conn, token, "kek-1", "Ada Beispiel", (EUR,), 10**6)
    sealed, wrapped = conn.execute(
        "SELECT name, key FROM customer WHERE id = %s", (who,)
    ).fetchone()
    assert b"Ada" not in sealed
    token.new_kek("kek-2")
    with db.connect("signer", autocommit=True) as signer:
        assert customers.rotate(signer, token, "kek-1", "kek-2") >= 1
    assert conn.execute(
        "SELECT name FROM customer WHERE id = %s", (who,)
    ).fetchone() == (sealed,)
    assert customers.name_of(conn, token, who) == "Ada Beispiel"
    [rewrapped] = conn.execute(
        "SELECT key FROM customer WHERE id = %s", (who,)
    ).fetchone()
    with pytest.raises(pkcs11.PKCS11Error):
        token.unwrap("kek-1", rewrapped, who.bytes)
    with pytest.raises(pkcs11.PKCS11Error):  # one customer's key in another's row
        token.unwrap("kek-2", rewrapped, uuid.uuid4().bytes)
    assert token.unwrap("kek-1", wrapped, who.bytes)  # what an old backup still needs


# endregion rotation


def test_a_new_wallet_takes_over_and_the_old_address_stays_known(token: Token) -> None:
    old, new = token.address("wallet-1"), token.new_wallet("wallet-2")
    assert old != new and token.address("wallet-1") == old


def test_a_daily_run_finds_and_a_person_answers_once(conn: Conn, token: Token) -> None:
    token.new_kek("kek-3")
    who = customers.enrol(conn, token, "kek-3", "Orjan Vexhelm", (EUR,), 10**6)
    customers.enrol(conn, token, "kek-3", "Maria Beispiel", (EUR,), 10**6)
    listing = [Listed("M-1", ("Ørjan Vexhælm",), 1961)]
    more = [
        Listed("M-2", ("Vexhelm Orian",), 1970),
        Listed("M-0", ("Nobody At All",), None),
    ]

    def run(entries: list[Listed]) -> int:
        return customers.screen_everyone(conn, HOUSE, token, entries)

    assert run(listing) == 1 and run(listing) == 1  # still nobody has looked
    customers.answer(conn, HOUSE, who, "vera", "allow")
    assert run(listing) == 0  # cleared, and not asked again
    assert run(more) == 1  # another entry is another question
    customers.answer(conn, HOUSE, who, "paul", "refuse")
    assert run([]) == 0
    facts = pipeline.gather(conn, ask(who, 100))
    assert facts["customer_blocked"]  # no run lifts a person's block
