from __future__ import annotations

import datetime as dt
import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from backend import compliance, ledger, pipeline, settlement
from backend.database import CODE, Database, database
from backend.keys import Token
from backend.money import Currency, Money
from drills.softhsm import new_token

EUR, TUSD, ETH = Currency("EUR", 2), Currency("TUSD", 6), Currency("ETH", 18)
RULES = compliance.read((CODE / "backend/rules.toml").read_text())
HOUSE = pipeline.House(RULES, {"bank": 1, "chain": 3}, dt.date(2026, 11, 29))
CLEAR = {
    "bank": {"payee_match": "match", "payer_insists": False},
    "chain": {
        "self_hosted": True,
        "address_proven": True,
        "address_listed": False,
        "beneficiary_known": True,
    },
}


@pytest.fixture(scope="session")
def db() -> Iterator[Database]:
    scratch = Path(tempfile.mkdtemp(prefix="books-"))
    scratch.chmod(0o755)
    if os.getuid() == 0:
        shutil.chown(scratch, "nobody")
    with database(scratch, "fsync = off") as made:  # no test here pulls the plug
        with made.connect() as conn:
            settlement.open_house(conn, ("EUR", "TUSD", "ETH"))
        with replace(made, name="postgres").connect(
            "postgres", autocommit=True
        ) as superuser:
            superuser.execute("CREATE DATABASE bare TEMPLATE books OWNER books")
            patient(superuser)
        yield made
    shutil.rmtree(scratch)


def patient(superuser: ledger.Conn) -> None:
    """Tests are about what is true, also on a machine that is busy with something else."""
    for name in ("statement", "lock", "idle_in_transaction_session"):
        superuser.execute(f"ALTER ROLE app SET {name}_timeout = '60s'")


@pytest.fixture(scope="session")
def token() -> Token:
    made = new_token()
    made.new_wallet("wallet-1")
    made.new_kek("kek-1")
    return made


@pytest.fixture
def conn(db: Database) -> Iterator[ledger.Conn]:
    with db.connect(autocommit=True) as connection:
        yield connection
        sound(connection)


def sound(conn: ledger.Conn) -> None:
    """What must be true after every test, whatever it did."""
    for view in ("unbalanced", "unfounded", "unheld"):
        assert conn.execute(f"SELECT * FROM {view}").fetchall() == [], view


def customer(
    conn: ledger.Conn, euros: int = 0, limit: int = 10**9, currency: Currency = EUR
) -> uuid.UUID:
    """A new customer with that many minor units, paid in by bank or chain."""
    who = uuid.uuid4()
    with conn.transaction():
        pipeline.new_customer(conn, who, (EUR, TUSD), limit)
        if euros:
            asset = "bank:safeguarding" if currency == EUR else "chain:wallet"
            ledger.post(
                conn,
                f"seed:{who}",
                {
                    ledger.account(conn, f"{asset}:{currency.code}"): euros,
                    ledger.account(conn, f"customer:{who}:{currency.code}"): -euros,
                },
            )
    return who


def free(conn: ledger.Conn, who: uuid.UUID, currency: Currency = EUR) -> int:
    return ledger.balance(
        conn, ledger.account(conn, f"customer:{who}:{currency.code}")
    ).minor


def held(conn: ledger.Conn, who: uuid.UUID, currency: Currency = EUR) -> int:
    return ledger.balance(
        conn, ledger.account(conn, f"customer:{who}:{currency.code}:held")
    ).minor


def ask(
    who: uuid.UUID,
    minor: int,
    rail: str = "bank",
    currency: Currency = EUR,
    **facts: object,
) -> pipeline.Ask:
    return pipeline.Ask(
        who,
        rail,
        Money(minor, currency),
        minor if currency == EUR else minor // 10**4,
        {"to": "somewhere"},
        {**CLEAR[rail], **facts},
    )


def key() -> str:
    return uuid.uuid4().hex
