"""The states in SQLite. A move succeeds for one caller alone."""

import json
import secrets
import sqlite3
import uuid
from dataclasses import dataclass
from pathlib import Path

SCHEMA = (Path(__file__).parent / "states.sql").read_text()


@dataclass(frozen=True, slots=True)
class Thing:
    id: str
    kind: str
    customer: str
    bank: str
    state: str
    ticket: str
    their_id: str | None
    sca: str | None
    renewed: str | None
    detail: str
    moved: str = ""

    @property
    def known(self) -> dict:
        return json.loads(self.detail)


class Store:
    """A connection for each question: SQLite's own lock orders the writers."""

    def __init__(self, file: Path) -> None:
        self.file = file
        if not file.exists():
            with self.open() as database:
                database.executescript(SCHEMA)

    def open(self) -> sqlite3.Connection:
        return sqlite3.connect(self.file, timeout=10, isolation_level=None)

    def draft(self, kind: str, customer: str, bank: str, **detail: object) -> Thing:
        state = "fresh" if kind == "token" else "drafted"
        ticket, told = secrets.token_urlsafe(32), json.dumps(detail)
        made = Thing(
            id=str(uuid.uuid4()),
            kind=kind,
            customer=customer,
            bank=bank,
            state=state,
            ticket=ticket,
            their_id=None,
            sca=None,
            renewed=None,
            detail=told,
        )
        names = [name for name in made.__slots__ if name != "moved"]
        values = [getattr(made, name) for name in names]
        marks = ", ".join("?" * len(values))
        with self.open() as database:
            database.execute(
                f"INSERT INTO thing ({', '.join(names)}) VALUES ({marks})", values
            )
        return made

    def get(self, name: str) -> Thing:
        with self.open() as database:
            row = database.execute(
                "SELECT * FROM thing WHERE id = ?", [name]
            ).fetchone()
        if row is None:
            raise KeyError(name)
        return Thing(*row)

    # region move
    def move(self, thing: Thing, after: str, **known: str | None) -> bool:
        """Whether it went from the state that we saw to `after`. Of two, one wins."""
        columns = {"state": after, **known}
        assignments = ", ".join(f"{name} = ?" for name in columns)
        statement = f"UPDATE thing SET {assignments}, moved = CURRENT_TIMESTAMP"
        statement += " WHERE id = ? AND state = ?"
        values = [*columns.values(), thing.id, thing.state]
        with self.open() as database:
            return database.execute(statement, values).rowcount == 1

    def redeem(self, ticket: str, customer: str) -> Thing | None:
        """What this redirect belongs to; None if used before, or somebody else's."""
        spend = "UPDATE thing SET ticket = NULL WHERE ticket = ? AND customer = ?"
        with self.open() as database:
            rows = database.execute(
                spend + " RETURNING *", [ticket, customer]
            ).fetchall()
        return Thing(*rows[0]) if rows else None

    # endregion move

    def note(self, thing: Thing, **known: str) -> None:
        """What is no state: a new ticket, or where an authentication is looked at."""
        assignments = ", ".join(f"{name} = ?" for name in known)
        with self.open() as database:
            database.execute(
                f"UPDATE thing SET {assignments} WHERE id = ?",
                [*known.values(), thing.id],
            )

    def new_ticket(self, thing: Thing) -> str:
        ticket = secrets.token_urlsafe(32)
        self.note(thing, ticket=ticket)
        return ticket

    def stuck(self, kind: str, state: str, seconds: float) -> list[Thing]:
        """What has been in this state for longer than that."""
        long_ago = f"-{seconds} seconds"
        question = "SELECT * FROM thing WHERE kind = ? AND state = ?"
        question += " AND moved <= datetime('now', ?)"
        with self.open() as database:
            rows = database.execute(question, [kind, state, long_ago]).fetchall()
        return [Thing(*row) for row in rows]
