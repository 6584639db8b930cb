"""The tables, and what they refuse. SQLite here; the statements are plain SQL.

Amounts are text: a 64-bit integer ends at 9.2 ether. Only this module opens databases.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from till.states import BY_WEBHOOK, Cause, State, allowed

SCHEMA = """
-- region facts
CREATE TABLE IF NOT EXISTS invoice (
    id TEXT PRIMARY KEY,            -- the hash of the terms, or Coinbase's id
    reference TEXT NOT NULL UNIQUE, -- the shop's order
    channel TEXT NOT NULL CHECK (channel IN ('chain', 'coinbase')),
    token TEXT NOT NULL,
    due TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    salt TEXT,
    position INTEGER UNIQUE,        -- of its address below the extended public key
    address TEXT UNIQUE,
    state TEXT NOT NULL DEFAULT 'created'
) STRICT;
CREATE TABLE IF NOT EXISTS block (
    number INTEGER PRIMARY KEY, hash TEXT NOT NULL, parent TEXT NOT NULL,
    time INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS arrival (
    block_hash TEXT NOT NULL,       -- a transaction may come again in another one
    log_index INTEGER NOT NULL,     -- one transaction may hold several
    tx TEXT NOT NULL,
    number INTEGER NOT NULL,
    time INTEGER NOT NULL,
    token TEXT NOT NULL,
    invoice TEXT NOT NULL REFERENCES invoice,
    payer TEXT NOT NULL,
    amount TEXT NOT NULL,
    orphaned INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (block_hash, log_index)
) STRICT;
CREATE TABLE IF NOT EXISTS delivery (
    key TEXT PRIMARY KEY,           -- checkout, type and amount: what an event means
    event_id TEXT NOT NULL,
    checkout TEXT NOT NULL REFERENCES invoice,
    body BLOB NOT NULL,
    received REAL NOT NULL
) STRICT;
-- endregion facts
-- region results
CREATE TABLE IF NOT EXISTS change ( -- what other programs follow, in this order
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    invoice TEXT NOT NULL REFERENCES invoice,
    before TEXT NOT NULL,
    after TEXT NOT NULL,
    cause TEXT NOT NULL,
    credited TEXT NOT NULL,
    owed TEXT NOT NULL,             -- JSON: amounts by token
    block INTEGER
) STRICT;
CREATE TABLE IF NOT EXISTS entry (  -- a posting; those of one batch add up to nothing
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    batch INTEGER NOT NULL,
    invoice TEXT NOT NULL REFERENCES invoice,
    account TEXT NOT NULL,
    token TEXT NOT NULL,
    amount TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS allowed (before TEXT, after TEXT, cause TEXT) STRICT;
CREATE TRIGGER IF NOT EXISTS forward BEFORE INSERT ON change
WHEN new.before <> new.after AND NOT EXISTS (
    SELECT 1 FROM allowed
    WHERE before = new.before AND after = new.after AND cause = new.cause)
BEGIN SELECT RAISE(ABORT, 'no such step'); END;
-- endregion results
CREATE TABLE IF NOT EXISTS outgoing (
    id INTEGER PRIMARY KEY,
    purpose TEXT NOT NULL UNIQUE,   -- asked for twice, sent once
    nonce INTEGER UNIQUE,
    target TEXT NOT NULL, value TEXT NOT NULL, data TEXT NOT NULL, gas INTEGER NOT NULL,
    mined TEXT,                     -- the hash of the attempt that is firm
    queued INTEGER NOT NULL DEFAULT (unixepoch())
) STRICT;
CREATE TABLE IF NOT EXISTS attempt (
    hash TEXT PRIMARY KEY, outgoing INTEGER NOT NULL REFERENCES outgoing,
    raw TEXT NOT NULL, max_fee TEXT NOT NULL, tip TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS refund (
    outgoing INTEGER PRIMARY KEY REFERENCES outgoing,
    invoice TEXT NOT NULL REFERENCES invoice, token TEXT NOT NULL, amount TEXT NOT NULL,
    part TEXT NOT NULL CHECK (part IN ('sale', 'owed')), -- which money it returns
    firm INTEGER NOT NULL DEFAULT 0, failed INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE IF NOT EXISTS counter (
    name TEXT PRIMARY KEY, value INTEGER NOT NULL
) STRICT;
"""
APPEND_ONLY = ("change", "entry", "delivery")


def opened(path: Path | str) -> sqlite3.Connection:
    """A connection to the database, with its tables made where they are missing."""
    connection = sqlite3.connect(path, isolation_level=None, timeout=20)
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    with transaction(connection):
        if not connection.execute(
            "SELECT 1 FROM sqlite_master WHERE name = 'counter'"
        ).fetchone():
            create(connection)
    return connection


def create(connection: sqlite3.Connection) -> None:
    for statement in statements(SCHEMA):
        connection.execute(statement)
    for table in APPEND_ONLY:
        for act in ("UPDATE", "DELETE"):
            connection.execute(
                f"CREATE TRIGGER {table}_{act} BEFORE {act} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
    steps = [
        (before, after, cause)
        for cause in Cause
        for before in (BY_WEBHOOK if cause == Cause.WEBHOOK else State)
        for after in (BY_WEBHOOK if cause == Cause.WEBHOOK else State)
        if before != after and allowed(before, after, cause)
    ]
    connection.executemany("INSERT INTO allowed VALUES (?, ?, ?)", steps)


def statements(script: str) -> Iterator[str]:
    whole = ""
    for line in script.splitlines(keepends=True):
        whole += line
        if sqlite3.complete_statement(whole):
            yield whole
            whole = ""


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All or nothing, and one writer at a time: no decision is on stale facts."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def counted(connection: sqlite3.Connection, name: str, step: int = 1) -> int:
    """A counter raised by a step; with 0, as it stands."""
    [value] = connection.execute(
        "INSERT INTO counter VALUES (?, ?) "
        "ON CONFLICT (name) DO UPDATE SET value = value + excluded.value"
        " RETURNING value",
        (name, step),
    ).fetchone()
    return int(value)
