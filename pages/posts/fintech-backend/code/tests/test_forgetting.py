"""A customer is forgotten when the law allows it, and the books do not notice."""

from __future__ import annotations

import datetime as dt
import uuid

import psycopg
import pytest
from eth_account import Account
from eth_account.messages import encode_defunct

from backend import customers, events, ledger, ownership, settlement
from backend.database import Database
from backend.keys import Token, unseal
from backend.ledger import Conn
from backend.money import Money
from backend.payments import Event, Observation
from backend.pipeline import Ask, pay
from tests.conftest import CLEAR, EUR, HOUSE, ask, key

NAME = "Ada Vergissmein"
PAYEE = {"iban": "DE02120300000000202051", "name": "Berta Empfang"}


def paid_out(conn: Conn, who: uuid.UUID, minor: int) -> uuid.UUID:
    """All that the customer has, sent to somebody with a name and an IBAN."""
    asset = ledger.account(conn, "bank:safeguarding:EUR")
    mine = ledger.account(conn, f"customer:{who}:EUR")
    with conn.transaction():
        ledger.post(conn, f"seed:{who}", {asset: minor, mine: -minor})
    wanted = Ask(who, "bank", Money(minor, EUR), minor, PAYEE, CLEAR["bank"])
    payment = pay(conn, HOUSE, "shop", key(), wanted)
    settlement.note(conn, payment, "held", Event("Prepared", {"ref": payment.hex}))
    settlement.note(conn, payment, "prepared", Event("Sent"))
    return payment


def proven(conn: Conn, who: uuid.UUID) -> str:
    now, wallet = dt.datetime.now(dt.timezone.utc), Account.create()
    nonce, message = ownership.challenge(
        conn, "pay.example", wallet.address, who, 1, now
    )
    signed = wallet.sign_message(encode_defunct(text=message)).signature
    assert ownership.prove(conn, who, nonce, signed, now)
    return str(wallet.address)


def tables_with(db: Database, words: list[str]) -> set[str]:
    """The tables that hold one of these words, wherever in a row."""
    found = set()
    with db.connect("books") as owner:
        tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        for (table,) in owner.execute(tables).fetchall():
            for word in words:
                rows = f"SELECT FROM {table} line WHERE strpos(line::text, %s) > 0"
                if owner.execute(rows, (word,)).fetchone() is not None:
                    found.add(table)
    return found


def entries(conn: Conn) -> list[tuple[object, ...]]:
    return conn.execute("SELECT * FROM entry ORDER BY posting, account").fetchall()


def forget(db: Database, who: uuid.UUID) -> None:
    with db.connect("eraser", autocommit=True) as eraser:
        eraser.execute("SELECT forget(%s)", (who,))


def close(conn: Conn, who: uuid.UUID) -> None:
    conn.execute("SELECT close_customer(%s)", (who,))


# region forgotten
def test_a_forgotten_customer_is_in_no_table_and_the_books_stand(
    db: Database, conn: Conn, token: Token
) -> None:
    token.new_kek("kek-5")
    who = customers.enrol(conn, token, "kek-5", NAME, (EUR,), 10**9)
    payment, address = paid_out(conn, who, 400), proven(conn, who)
    with pytest.raises(psycopg.errors.CheckViolation):
        close(conn, who)  # the money has not left
    settlement.advance(conn, payment, Observation("seen", 1, payment.hex))
    words = [PAYEE["iban"], PAYEE["name"], address, NAME]
    assert tables_with(db, words) == {"payee", "address_proof"}
    close(conn, who)
    refused = pay(conn, HOUSE, "shop", key(), ask(who, 1))
    assert events.load(conn, refused).state == "refused"
    with pytest.raises(psycopg.errors.CheckViolation):
        forget(db, who)  # five years have not passed
    copy = conn.execute("SELECT name, key FROM customer WHERE id = %s", (who,))
    sealed, wrapped = copy.fetchone()
    before = entries(conn)
    six_years_pass(db, who)
    forget(db, who)
    assert tables_with(db, words) == set() and entries(conn) == before
    assert events.load(conn, payment).state == "settled"
    with pytest.raises(LookupError):
        customers.name_of(conn, token, who)
    old = token.unwrap("kek-5", wrapped, who.bytes)  # a backup still opens it
    assert unseal(old, sealed, who.bytes) == NAME


# endregion forgotten


def six_years_pass(db: Database, who: uuid.UUID) -> None:
    with db.connect("books", autocommit=True) as owner:
        owner.execute(
            "UPDATE customer SET closed = closed - interval '6 years' WHERE id = %s",
            (who,),
        )


def test_nobody_who_is_a_customer_or_has_money_is_forgotten(
    db: Database, conn: Conn, token: Token
) -> None:
    token.new_kek("kek-6")
    who = customers.enrol(conn, token, "kek-6", NAME, (EUR,), 10**9)
    with pytest.raises(psycopg.errors.CheckViolation):
        forget(db, who)
    close(conn, who)
    six_years_pass(db, who)
    fx, mine = (
        ledger.account(conn, "fx:EUR"),
        ledger.account(conn, f"customer:{who}:EUR"),
    )
    with conn.transaction():  # money that came too late
        ledger.post(conn, f"late:{who}", {fx: 5, mine: -5})
    with pytest.raises(psycopg.errors.CheckViolation):
        forget(db, who)
    with conn.transaction():
        ledger.post(conn, f"back:{who}", {mine: 5, fx: -5})
    forget(db, who)
    forget(db, who)  # twice is once


def test_the_eraser_can_do_nothing_else(db: Database) -> None:
    with db.connect("eraser", autocommit=True) as eraser:
        for statement in (
            "SELECT FROM customer",
            "DELETE FROM payee",
            "SELECT FROM entry",
            "SELECT close_customer(gen_random_uuid())",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                eraser.execute(statement)
