"""PostgreSQL and PgBouncer as child processes on loopback ports, each in a folder.

Every program reads its password from the file that PGPASSFILE names; `postgres`, the
superuser, makes roles and the database and settles matters of the whole cluster.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg

CODE = Path(__file__).parent.parent
BIN = Path(os.environ["PG_BIN"])
ROLES = ("postgres", "desk", "trader", "settler", "auditor", "replicator", "watcher")


@dataclass(frozen=True, slots=True)
class Server:
    """A PostgreSQL cluster: its folder, and its address."""

    home: Path
    port: int
    host: str = "127.0.0.1"

    def connect(self, **options: object) -> psycopg.Connection:
        return connect(self.port, **{"host": self.host, **options})

    def psql(self, file: Path, user: str = "desk", **variables: object) -> str:
        settings = [f"--set={name}={value}" for name, value in variables.items()]
        where = address(self.port, user)
        return run("psql", *where, "-X", "-q", "-v", "ON_ERROR_STOP=1", *settings, "-f", str(file))

    def start(self) -> None:
        run("pg_ctl", "-D", str(self.home), "-l", f"{self.home}.log", "-w", "-t", "60", "start")

    def stop(self, mode: str = "fast") -> None:
        run("pg_ctl", "-D", str(self.home), "-m", mode, "-w", "stop")

    def configure(self, text: str) -> None:
        with (self.home / "postgresql.conf").open("a") as file:
            file.write(
                f"\n{text}\nport = {self.port}\nlisten_addresses = '127.0.0.1'\n"
                "unix_socket_directories = ''\n"
            )


def connect(port: int, **options: object) -> psycopg.Connection:
    wanted = {"host": "127.0.0.1", "user": "desk", "dbname": "desk", "autocommit": True}
    return psycopg.connect(port=port, connect_timeout=10, **{**wanted, **options})


def address(port: int, user: str) -> tuple[str, ...]:
    return ("-h", "127.0.0.1", "-p", str(port), "-U", user, "-d", "desk")


def run(program: str, *arguments: str) -> str:
    """What the PostgreSQL program printed; an error with its messages when it fails."""
    done = subprocess.run(
        [BIN / program, *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    if done.returncode:
        raise RuntimeError(f"{program} {' '.join(arguments)} failed:\n{done.stdout}")
    return done.stdout


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def passwords(scratch: Path) -> dict[str, str]:
    """A new password for each role, in the file that libpq reads."""
    secret = {role: secrets.token_urlsafe(24) for role in ROLES}
    file = scratch / "pgpass"
    file.touch(mode=0o600)
    file.write_text("".join(f"*:*:*:{role}:{word}\n" for role, word in secret.items()))
    os.environ["PGPASSFILE"] = str(file)
    return secret


def new_primary(scratch: Path, archive: Path, secret: dict[str, str]) -> Server:
    """A cluster where every connection needs a password by SCRAM."""
    server = Server(scratch / "primary", free_port())
    word = scratch / "word"
    word.write_text(secret["postgres"])
    run("initdb", "-D", str(server.home), "-U", "postgres", "-A", "scram-sha-256",
        "--pwfile", str(word), "--data-checksums", "-E", "UTF8", "--no-locale")
    word.unlink()
    settings = (CODE / "conf/primary.conf").read_text()
    keeping = f"archive_command = 'test ! -f {archive}/%f && cp %p {archive}/%f'"
    fetching = f"restore_command = 'cp {archive}/%f %p'"
    server.configure(f"{settings}\n{keeping}\n{fetching}")
    return server


def new_roles(server: Server, secret: dict[str, str]) -> None:
    """The roles of roles.sql with their passwords, and a database that `desk` owns."""
    with server.connect(user="postgres", dbname="postgres") as superuser:
        superuser.execute((CODE / "sql/roles.sql").read_text())
        for role in ROLES[1:]:
            superuser.execute(f"ALTER ROLE {role} PASSWORD '{secret[role]}'")
        superuser.execute("CREATE DATABASE desk OWNER desk")
    with server.connect(user="postgres") as superuser:
        superuser.execute("ALTER SCHEMA public OWNER TO desk")
        superuser.execute("CREATE EXTENSION pg_stat_statements")


@contextlib.contextmanager
def running(server: Server) -> Iterator[Server]:
    server.start()
    try:
        yield server
    finally:
        if (server.home / "postmaster.pid").exists():
            server.stop("immediate")


@dataclass(frozen=True, slots=True)
class Pool:
    """A running PgBouncer."""

    port: int
    process: subprocess.Popen[bytes]

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def cpu_seconds(self) -> float:
        """What its thread has used so far, in user and kernel mode."""
        after_name = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(after_name[11]) + int(after_name[12])) / os.sysconf("SC_CLK_TCK")


@contextlib.contextmanager
def pooled(
    scratch: Path, server: Server, program: list[str], more: str = "", port: int = 0
) -> Iterator[Pool]:
    """A PgBouncer before the server, with lines of its own if given."""
    home = Path(tempfile.mkdtemp(prefix="pool-", dir=scratch))
    port = port or free_port()
    write_users(home / "users.txt", server)
    text = (CODE / "conf/pgbouncer.ini").read_text().format(
        server=server.port, port=port, users=home / "users.txt", log=home / "log",
        pid=home / "pid", more=more,
    )
    (home / "pgbouncer.ini").write_text(text)
    command = [*program, "-q", str(home / "pgbouncer.ini")]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    pool = Pool(port, subprocess.Popen(command, **quiet))
    try:
        wait_until(lambda: answers(port))
        yield pool
    finally:
        pool.kill()


def write_users(file: Path, server: Server) -> None:
    """PgBouncer's list of users: the SCRAM verifiers, from which no password can be read."""
    with server.connect(user="postgres") as superuser:
        verifiers = superuser.execute(
            "SELECT rolname, rolpassword FROM pg_authid WHERE rolname = ANY(%s)",
            (["trader", "settler", "watcher"],),
        ).fetchall()
    file.write_text("".join(f'"{role}" "{verifier}"\n' for role, verifier in verifiers))


def answers(port: int) -> bool:
    with contextlib.suppress(psycopg.OperationalError):
        with connect(port, user="trader", prepare_threshold=None) as connection:
            return connection.execute("SELECT true").fetchone() == (True,)
    return False


def wait_until(condition: Callable[[], object], seconds: float = 30) -> float:
    """The seconds that it took until the condition held."""
    started = time.monotonic()
    while not condition():
        if time.monotonic() - started > seconds:
            raise TimeoutError("waited in vain")
        time.sleep(0.005)
    return time.monotonic() - started
