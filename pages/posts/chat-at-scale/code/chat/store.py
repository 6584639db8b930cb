"""The history of rooms: each message once, numbered without a gap, for members only."""

from __future__ import annotations

import json
import sqlite3
import threading
from dataclasses import asdict, dataclass
from pathlib import Path

SCHEMA = (Path(__file__).parent / "store.sql").read_text()
PAGE = 100


@dataclass(frozen=True)
class Sent:
    """What a client asks us to store; n counts its messages to this room from 1."""

    room: str
    sender: str
    device: str
    n: int
    text: str


@dataclass(frozen=True)
class Stored:
    """A message with its place in the room."""

    room: str
    seq: int
    sender: str
    device: str
    n: int
    text: str
    at: int


@dataclass(frozen=True)
class Refused:
    """No message, and why; `expected` is the n that we would take now."""

    room: str
    n: int
    reason: str
    expected: int = 0


class Store:
    """One shard's history, with one writer."""

    def __init__(self, path: Path | str) -> None:
        self.lock = threading.RLock()
        self.connection = sqlite3.connect(
            path, isolation_level=None, check_same_thread=False
        )
        self.connection.executescript(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;" + SCHEMA
        )

    # region accept
    def accept(self, batch: list[Sent], at: int) -> list[Stored | Refused]:
        """Store a batch in one transaction. What comes again gets its first answer."""
        with self.lock, self.connection as transaction:
            transaction.execute("BEGIN IMMEDIATE")
            return [self._accept_one(sent, at) for sent in batch]

    def _accept_one(self, sent: Sent, at: int) -> Stored | Refused:
        if not self.is_member(sent.room, sent.sender):
            return Refused(sent.room, sent.n, "not a member")
        expected = self._last_n(sent) + 1
        if sent.n < expected:
            return self._first_answer(sent)
        if sent.n > expected:
            return Refused(sent.room, sent.n, "gap", expected)
        stored = Stored(seq=self.head(sent.room) + 1, at=at, **asdict(sent))
        self.connection.execute(
            "INSERT INTO message VALUES"
            " (:room, :seq, :sender, :device, :n, :text, :at)",
            asdict(stored),
        )
        self.connection.execute(
            "INSERT INTO outbox (event) VALUES (?)", (json.dumps(event(stored)),)
        )
        return stored

    # endregion accept

    def _last_n(self, sent: Sent) -> int:
        return self._number(
            "SELECT max(n) FROM message WHERE room = ? AND sender = ? AND device = ?",
            sent.room,
            sent.sender,
            sent.device,
        )

    def _first_answer(self, sent: Sent) -> Stored | Refused:
        row = self.connection.execute(
            "SELECT room, seq, sender, device, n, text, at FROM message"
            " WHERE room = ? AND sender = ? AND device = ? AND n = ?",
            (sent.room, sent.sender, sent.device, sent.n),
        ).fetchone()
        if row[5] != sent.text:
            return Refused(sent.room, sent.n, "another text under the same number")
        return Stored(*row)

    def _number(self, query: str, *values: object) -> int:
        with self.lock:
            row = self.connection.execute(query, values).fetchone()
        return (row[0] or 0) if row else 0

    def head(self, room: str) -> int:
        """The number of the room's last message; 0 before the first."""
        return self._number("SELECT max(seq) FROM message WHERE room = ?", room)

    # region history
    def history(self, room: str, user: str, after: int) -> tuple[int, list[Stored]]:
        """Where this user's view begins, and at most a page of what follows."""
        since = self._number(
            "SELECT since FROM member WHERE room = ? AND user = ?", room, user
        )
        start = max(after, since)
        found = self.connection.execute(
            "SELECT m.room, seq, sender, device, n, text, at FROM message AS m"
            " JOIN member AS v ON v.room = m.room AND v.user = :user"
            " WHERE m.room = :room AND seq > :start ORDER BY seq LIMIT :page",
            {"room": room, "user": user, "start": start, "page": PAGE},
        )
        return start, [Stored(*row) for row in found]

    # endregion history

    def join(self, room: str, user: str, sees_past: bool = False) -> None:
        since = 0 if sees_past else self.head(room)
        self.connection.execute(
            "INSERT INTO member (room, user, since) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            (room, user, since),
        )

    def leave(self, room: str, user: str) -> None:
        self.connection.execute(
            "DELETE FROM member WHERE room = ? AND user = ?", (room, user)
        )

    def is_member(self, room: str, user: str) -> bool:
        return bool(
            self._number(
                "SELECT count(*) FROM member WHERE room = ? AND user = ?", room, user
            )
        )

    def members(self, room: str) -> list[str]:
        return [
            user
            for (user,) in self.connection.execute(
                "SELECT user FROM member WHERE room = ? ORDER BY user", (room,)
            )
        ]

    def heads(self) -> dict[str, int]:
        return dict(
            self.connection.execute("SELECT room, max(seq) FROM message GROUP BY room")
        )

    # region read
    def read(self, room: str, user: str, seq: int) -> int:
        """Move a member's mark forward, never back and never past the head."""
        self.connection.execute(
            "UPDATE member SET read = max(read, ?) WHERE room = ? AND user = ?",
            (min(seq, self.head(room)), room, user),
        )
        return self._number(
            "SELECT read FROM member WHERE room = ? AND user = ?", room, user
        )

    def readers(self, room: str, seq: int) -> int:
        """How many members have read up to this message: a count, not a list."""
        return self._number(
            "SELECT count(*) FROM member WHERE room = ? AND read >= ?", room, seq
        )

    # endregion read

    def pending(self, limit: int = 100) -> list[tuple[int, str]]:
        return self.connection.execute(
            "SELECT id, event FROM outbox ORDER BY id LIMIT ?", (limit,)
        ).fetchall()

    def forget(self, last: int) -> None:
        """Events up to this one are with RabbitMQ."""
        self.connection.execute("DELETE FROM outbox WHERE id <= ?", (last,))

    def close(self) -> None:
        self.connection.close()


def event(stored: Stored) -> dict[str, object]:
    """What other services are told; contracts/message.stored.v1.json describes it."""
    return {
        "type": "message.stored",
        "version": 1,
        "id": f"{stored.room}:{stored.seq}",
        "room": stored.room,
        "seq": stored.seq,
        "sender": stored.sender,
        "text": stored.text,
        "at": stored.at,
    }
