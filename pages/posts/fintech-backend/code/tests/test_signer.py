"""What the signer signs, and what not: policy, approvals of one address, dearer attempts."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable

import psycopg
import pytest
from eth_account import Account
from eth_account.messages import encode_defunct

from backend.database import Database
from backend.keys import Token
from backend.ledger import Conn
from backend.pipeline import Ask, pay
from backend.rows import one
from backend.signer import (
    TODAY,
    Fees,
    Policy,
    Wallet,
    approved_text,
    dearer_objection,
    raws_of,
    sign_dearer,
    sign_waiting,
    signed,
    transfer,
    unsigned,
)
from tests.conftest import HOUSE, TUSD, ask, customer, key

CONTRACT = "0x" + "11" * 20
HOME = "0x2222222222222222222222222222222222222222"
ELSEWHERE = "0x3333333333333333333333333333333333333333"
VERA, PAUL, EVE = Account.create(), Account.create(), Account.create()
WALLET = Wallet("wallet-1", 31337, CONTRACT)
POLICY = Policy(
    alone=100 * 10**6,
    each=1_000 * 10**6,
    day=10**12,
    approvers=frozenset({VERA.address, PAUL.address}),
)


def waiting(conn: Conn, minor: int, address: str = HOME) -> uuid.UUID:
    who = customer(conn, minor, currency=TUSD)
    like = ask(who, minor, "chain", TUSD)
    wanted = Ask(who, "chain", like.amount, 1, {"address": address}, like.facts)
    return pay(conn, HOUSE, "app", key(), wanted)


def approve(
    conn: Conn, payment: uuid.UUID, who: object, name: str, to: str = HOME
) -> None:
    text = approved_text(WALLET, payment, 500 * 10**6, to)
    made = who.sign_message(encode_defunct(text=text))  # type: ignore[attr-defined]
    conn.execute(
        "INSERT INTO approval VALUES (%s, %s, %s)", (payment, name, made.signature)
    )


def signs(db: Database, token: Token, payment: uuid.UUID) -> bool:
    """Whether the signer, asked now, has signed it."""
    with db.connect("signer", autocommit=True) as signer:
        sign_waiting(signer, token, WALLET, POLICY)
        return bool(raws_of(signer, payment))


def test_a_transaction_is_from_the_tokens_address(token: Token) -> None:
    raw, tx_hash = signed(token, WALLET, transfer(WALLET, 7, HOME, 5), WALLET.first)
    assert Account.recover_transaction(raw) == token.address("wallet-1")
    assert len(tx_hash) == 32


# region approvals
def test_a_large_sum_needs_two_people_who_signed_its_address(
    db: Database, conn: Conn, token: Token
) -> None:
    large = waiting(conn, 500 * 10**6)
    approve(conn, large, VERA, "vera")
    approve(conn, large, VERA, "vera again")  # one key is one person
    approve(conn, large, EVE, "paul")  # a row that any attacker on `app` can write
    assert not signs(db, token, large)
    approve(conn, large, PAUL, "paul too", to=ELSEWHERE)
    assert not signs(db, token, large)  # he approved another address
    approve(conn, large, PAUL, "paul at last")
    assert signs(db, token, large)


def test_an_address_that_changes_after_the_approvals_loses_them(
    db: Database, conn: Conn, token: Token
) -> None:
    large = waiting(conn, 500 * 10**6)
    for who, name in ((VERA, "vera"), (PAUL, "paul")):
        approve(conn, large, who, name)
    change = "UPDATE payee SET body = jsonb_build_object('address', %s::text)"
    with db.connect("books", autocommit=True) as owner:
        owner.execute(f"{change} WHERE payment = %s", (ELSEWHERE, large))
        assert not signs(db, token, large)
        owner.execute(f"{change} WHERE payment = %s", (HOME, large))
    assert signs(db, token, large)


# endregion approvals


def test_small_sums_are_signed_once_and_huge_ones_never(
    db: Database, conn: Conn, token: Token
) -> None:
    small, huge = waiting(conn, 50 * 10**6), waiting(conn, 5_000 * 10**6)
    assert signs(db, token, small) and not signs(db, token, huge)
    first = raws_of(conn, small)
    assert len(first) == 1 and signs(db, token, small)
    assert raws_of(conn, small) == first


def test_nonces_have_no_gap(conn: Conn) -> None:
    rows = conn.execute("SELECT wallet, value FROM nonce ORDER BY 1, 2").fetchall()
    for label in {wallet for wallet, _ in rows}:
        values = [value for wallet, value in rows if wallet == label]
        assert values == list(range(len(values)))


@pytest.mark.parametrize("address", ["", "somewhere", HOME[:-1], "0x" + "Ab" * 20])
def test_what_is_no_address_is_an_objection_and_no_crash(
    db: Database, conn: Conn, token: Token, address: str
) -> None:
    payment = waiting(conn, 10**6, address)
    with db.connect("signer", autocommit=True) as signer:
        objections = sign_waiting(signer, token, WALLET, POLICY)
    assert f"{payment}: its address is none" in objections


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
        assert sum(bool(raws_of(signer, payment)) for payment in made) == 1
        assert any("in a day" in each for each in objections)


def test_a_second_nonce_and_a_nonce_of_another_are_refused_by_the_database(
    db: Database, conn: Conn, token: Token
) -> None:
    payment, other = waiting(conn, 10**6), waiting(conn, 5_000 * 10**6)
    assert signs(db, token, payment)
    [taken] = one(conn, "SELECT value FROM nonce WHERE payment = %s", (payment,))
    with db.connect("signer", autocommit=True) as signer:
        for who, nonce in ((payment, 10**6), (other, taken)):
            with pytest.raises(psycopg.errors.UniqueViolation):
                signer.execute(
                    "INSERT INTO nonce VALUES (%s, 'wallet-1', %s)", (who, nonce)
                )
        with pytest.raises(psycopg.errors.ForeignKeyViolation):  # none without a nonce
            signer.execute(
                "INSERT INTO signature VALUES (%s, 1, 1, 1, '', %s)",
                (other, os.urandom(32)),
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
    assert not signs(db, token, payment)


def wish(conn: Conn, payment: uuid.UUID, attempt: int, most: int, tip: int) -> None:
    conn.execute(
        "INSERT INTO fee_wish VALUES (%s, %s, %s, %s)", (payment, attempt, most, tip)
    )


# region dearer
def test_a_dearer_attempt_differs_in_its_fees_alone(
    db: Database, conn: Conn, token: Token
) -> None:
    payment = waiting(conn, 10**6)
    assert signs(db, token, payment)
    wish(conn, payment, 2, 120 * 10**9, 2 * 10**9)
    with db.connect("books", autocommit=True) as owner:  # and the address is changed
        owner.execute(
            "UPDATE payee SET body = jsonb_build_object('address', %s::text)"
            " WHERE payment = %s",
            (ELSEWHERE, payment),
        )
    with db.connect("signer", autocommit=True) as signer:
        for _ in range(2):
            sign_dearer(signer, token, WALLET)
    first, second = map(unsigned, raws_of(conn, payment))
    different = {name for name in first if first[name] != second[name]}
    assert different == {"maxFeePerGas", "maxPriorityFeePerGas"}
    assert second["maxFeePerGas"] == 120 * 10**9


# endregion dearer


def test_a_wish_that_is_too_high_too_small_or_out_of_turn_is_not_granted(
    db: Database, conn: Conn, token: Token
) -> None:
    payment = waiting(conn, 10**6)
    assert signs(db, token, payment)
    wish(conn, payment, 3, 120 * 10**9, 2 * 10**9)  # there was no second
    wish(conn, payment, 2, 501 * 10**9, 2 * 10**9)
    with db.connect("signer", autocommit=True) as signer:
        assert len(sign_dearer(signer, token, WALLET)) == 1
    assert len(raws_of(conn, payment)) == 1
    before = Fees(80, 8)
    assert dearer_objection(WALLET, Fees(90, 9), before) == ""
    for fees in (Fees(89, 9), Fees(90, 8), Fees(90, 91), Fees(90, 0)):
        assert dearer_objection(WALLET, fees, before)


def test_what_has_ended_is_not_signed_again(
    db: Database, conn: Conn, token: Token, ended: Callable[[uuid.UUID], None]
) -> None:
    payment = waiting(conn, 10**6)
    assert signs(db, token, payment)
    wish(conn, payment, 2, 120 * 10**9, 2 * 10**9)
    ended(payment)
    with db.connect("signer", autocommit=True) as signer:
        assert str(payment) not in "".join(sign_dearer(signer, token, WALLET))
    assert len(raws_of(conn, payment)) == 1


@pytest.fixture
def ended(conn: Conn) -> Callable[[uuid.UUID], None]:
    """Settles a payment that was signed."""
    from backend import settlement
    from backend.payments import Event, Observation

    def settle(payment: uuid.UUID) -> None:
        settlement.note(conn, payment, "held", Event("Prepared", {"ref": "0x"}))
        settlement.note(conn, payment, "prepared", Event("Sent"))
        settlement.advance(conn, payment, Observation("seen", 3, "0x"))

    return settle
