"""Keys in a token by PKCS#11 (SoftHSM), signatures that Ethereum takes, envelopes, the policy."""

from __future__ import annotations

import os
import subprocess
import uuid
from pathlib import Path

import pkcs11
import psycopg
import pytest
from eth_account import Account
from pkcs11 import Attribute, KeyType, ObjectClass

from backend import customers, pipeline
from backend.database import Database
from backend.keys import ORDER, Token, open_token
from backend.ledger import Conn
from backend.rows import one
from backend.screening import Listed
from backend.signer import TODAY, Policy, Wallet, raw_of, sign_waiting, signed
from tests.conftest import EUR, HOUSE, TUSD, ask, customer, key

CONTRACT, SOMEBODY = "0x" + "11" * 20, "0x" + "22" * 20
POLICY = Policy(alone=100 * 10**6, each=1_000 * 10**6, day=10**12)


@pytest.fixture(scope="session")
def token(tmp_path_factory: pytest.TempPathFactory) -> Token:
    home: Path = tmp_path_factory.mktemp("hsm")
    (home / "tokens").mkdir()
    (home / "conf").write_text(
        f"directories.tokendir = {home}/tokens\nlog.level = ERROR\n"
    )
    os.environ["SOFTHSM2_CONF"] = str(home / "conf")
    subprocess.run(
        [
            os.environ["HSM_UTIL"],
            "--module",
            os.environ["HSM_MODULE"],
            "--init-token",
            "--free",
            "--label",
            "house",
            "--pin",
            "1234",
            "--so-pin",
            "5678",
        ],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    made = open_token(os.environ["HSM_MODULE"], "house", "1234")
    made.new_wallet("wallet-1")
    made.new_kek("kek-1")
    return made


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


def test_a_transaction_is_from_the_tokens_address(token: Token) -> None:
    raw, tx_hash = signed(token, Wallet("wallet-1", 31337, CONTRACT), 7, SOMEBODY, 5)
    assert (
        Account.recover_transaction(raw) == token.address("wallet-1")
        and len(tx_hash) == 32
    )


def waiting(conn: Conn, minor: int) -> uuid.UUID:
    who = customer(conn, minor, currency=TUSD)
    wanted = ask(who, minor, "chain", TUSD)
    wanted = pipeline.Ask(
        who, "chain", wanted.amount, 1, {"address": SOMEBODY}, wanted.facts
    )
    return pipeline.pay(conn, HOUSE, "app", key(), wanted)


# region approvals
def test_the_signer_signs_once_and_large_sums_after_two_approvals(
    db: Database, conn: Conn, token: Token
) -> None:
    wallet = Wallet("wallet-1", 31337, CONTRACT)
    small, large, huge = (waiting(conn, n * 10**6) for n in (50, 500, 5_000))
    with db.connect("signer", autocommit=True) as signer:
        sign_waiting(signer, token, wallet, POLICY)
        first = raw_of(signer, small)
        assert first and not raw_of(signer, large) and not raw_of(signer, huge)
        for person in ("vera", "vera", "paul"):
            assert raw_of(signer, large) is None
            conn.execute(
                "INSERT INTO approval VALUES (%s, %s) ON CONFLICT DO NOTHING",
                (large, person),
            )
            sign_waiting(signer, token, wallet, POLICY)
        assert raw_of(signer, large) and not raw_of(signer, huge)
        assert raw_of(signer, small) == first
    nonces = conn.execute("SELECT nonce FROM signature ORDER BY nonce").fetchall()
    assert nonces == [(0,), (1,)]


# endregion approvals


def test_the_policy_knows_one_withdrawal_one_day_and_two_people() -> None:
    policy = Policy(alone=10, each=100, day=150)
    assert policy.objection(10, 140, 0) == "" and policy.objection(100, 50, 2) == ""
    for minor, today, approvals in ((101, 0, 2), (100, 51, 2), (11, 0, 1)):
        assert policy.objection(minor, today, approvals)


def test_two_withdrawals_that_wait_together_share_the_day(
    db: Database, conn: Conn, token: Token
) -> None:
    label = f"wallet-{uuid.uuid4()}"
    token.new_wallet(label)
    made = [waiting(conn, 600) for _ in range(2)]
    with db.connect("signer", autocommit=True) as signer:
        [spent] = one(signer, TODAY)
        day = Policy(alone=10**9, each=10**9, day=int(spent) + 1_000)
        objections = sign_waiting(signer, token, Wallet(label, 31337, CONTRACT), day)
        assert sum(raw_of(signer, payment) is not None for payment in made) == 1
        assert any("in a day" in each for each in objections)


def test_a_second_signature_or_nonce_is_refused_by_the_database(
    db: Database, conn: Conn, token: Token
) -> None:
    payment = waiting(conn, 10**6)
    with db.connect("signer", autocommit=True) as signer:
        sign_waiting(signer, token, Wallet("wallet-1", 31337, CONTRACT), POLICY)
        assert raw_of(signer, payment)
        for who, nonce in ((payment, 99), (waiting(conn, 10**6), 0)):
            with pytest.raises(psycopg.errors.UniqueViolation):
                signer.execute(
                    "INSERT INTO signature VALUES (%s, 'wallet-1', %s, '', %s)",
                    (who, nonce, os.urandom(32)),
                )


def test_the_signer_refuses_an_outbox_that_says_more_than_the_hold(
    db: Database, conn: Conn, token: Token
) -> None:
    payment = waiting(conn, 10**6)
    with db.connect("books", autocommit=True) as owner:
        owner.execute(
            "UPDATE outbox SET body = jsonb_set(body, '{minor}', '9000000') WHERE payment = %s",
            (payment,),
        )
    with db.connect("signer", autocommit=True) as signer:
        sign_waiting(signer, token, Wallet("wallet-1", 31337, CONTRACT), POLICY)
        assert raw_of(signer, payment) is None


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
