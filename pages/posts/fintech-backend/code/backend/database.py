"""A PostgreSQL of our own on a loopback port, in a folder: roles with passwords, schema, rights."""

from __future__ import annotations

import contextlib
import os
import secrets
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

CODE = Path(__file__).resolve().parent.parent
ROLES = ("books", "app", "signer", "auditor", "eraser")
SETTINGS = """
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
shared_buffers = 128MB
max_connections = 60
timezone = 'UTC'
log_min_messages = fatal
"""


@dataclass(frozen=True, slots=True)
class Database:
    home: Path
    port: int
    words: dict[str, str]
    name: str = "books"

    def connect(self, user: str = "app", **options: Any) -> psycopg.Connection[Any]:
        return psycopg.connect(
            host="127.0.0.1",
            port=self.port,
            user=user,
            password=self.words[user],
            dbname=self.name,
            connect_timeout=10,
            **options,
        )

    def start(self) -> None:
        run(
            "pg_ctl",
            "-D",
            str(self.home),
            "-l",
            f"{self.home}.log",
            "-w",
            "-t",
            "60",
            "start",
        )

    def stop(self, mode: str = "fast") -> None:
        run("pg_ctl", "-D", str(self.home), "-m", mode, "-w", "stop")


def run(program: str, *arguments: str) -> str:
    command = [str(Path(os.environ["PG_BIN"]) / program), *arguments]
    if os.getuid() == 0:  # PostgreSQL refuses to run as root
        command = ["runuser", "-u", "nobody", "--", *command]
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    if done.returncode:
        raise RuntimeError(f"{program} {' '.join(arguments)} failed:\n{done.stdout}")
    return done.stdout


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@contextlib.contextmanager
def database(scratch: Path, more: str = "") -> Iterator[Database]:
    """A cluster with the schema, owned by `books`; gone when the block ends."""
    words = {role: secrets.token_urlsafe(18) for role in ("postgres", *ROLES)}
    made = Database(scratch / "data", free_port(), words)
    word = scratch / "word"
    word.write_text(words["postgres"])
    run(
        "initdb",
        "-D",
        str(made.home),
        "-U",
        "postgres",
        "-A",
        "scram-sha-256",
        "--pwfile",
        str(word),
        "-E",
        "UTF8",
        "--no-locale",
    )
    word.unlink()
    with (made.home / "postgresql.conf").open("a") as file:
        file.write(f"{SETTINGS}port = {made.port}\n{more}\n")
    made.start()
    try:
        fill(made)
        yield made
    finally:
        if (made.home / "postmaster.pid").exists():
            made.stop("immediate")


def fill(made: Database) -> None:
    postgres: dict[str, Any] = {
        "host": "127.0.0.1",
        "port": made.port,
        "user": "postgres",
    }
    with psycopg.connect(
        **postgres, password=made.words["postgres"], dbname="postgres", autocommit=True
    ) as superuser:
        superuser.execute((CODE / "sql/roles.sql").read_text())
        for role in ROLES:
            superuser.execute(f"ALTER ROLE {role} PASSWORD '{made.words[role]}'")
        superuser.execute("CREATE DATABASE books OWNER books")
    with psycopg.connect(
        **postgres, password=made.words["postgres"], dbname="books", autocommit=True
    ) as superuser:
        superuser.execute("ALTER SCHEMA public OWNER TO books")
    with made.connect("books", autocommit=True) as owner:
        for name in ("ledger", "people", "flow", "watch", "rights"):
            owner.execute((CODE / f"sql/{name}.sql").read_text())
        for code, scale in (("EUR", 2), ("TUSD", 6), ("USDC", 6), ("ETH", 18)):
            owner.execute("INSERT INTO currency VALUES (%s, %s)", (code, scale))
