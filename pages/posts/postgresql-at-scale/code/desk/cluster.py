"""PostgreSQL and PgBouncer as child processes on loopback ports, each in a folder of its own."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg

CODE = Path(__file__).parent.parent
BIN = Path(os.environ.get("PG_BIN", "/usr/lib/postgresql/15/bin"))


@dataclass(frozen=True, slots=True)
class Server:
    """A PostgreSQL cluster: its folder and its port on 127.0.0.1."""

    home: Path
    port: int

    def connect(self, **options: object) -> psycopg.Connection:
        return connect(self.port, **options)

    def psql(self, file: Path, **variables: object) -> str:
        settings = [f"--set={name}={value}" for name, value in variables.items()]
        return run("psql", *address(self.port), "-X", "-q", "-v", "ON_ERROR_STOP=1", *settings, "-f", str(file))

    def start(self) -> None:
        run("pg_ctl", "-D", str(self.home), "-l", f"{self.home}.log", "-w", "-t", "60", "start")

    def stop(self, mode: str = "fast") -> None:
        run("pg_ctl", "-D", str(self.home), "-m", mode, "-w", "stop")

    def configure(self, text: str) -> None:
        with (self.home / "postgresql.conf").open("a") as file:
            file.write(f"\n{text}\nport = {self.port}\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = ''\n")


def connect(port: int, **options: object) -> psycopg.Connection:
    wanted = {"user": "postgres", "dbname": "desk", "autocommit": True, **options}
    return psycopg.connect(host="127.0.0.1", port=port, connect_timeout=10, **wanted)


def address(port: int, user: str = "postgres") -> tuple[str, ...]:
    return ("-h", "127.0.0.1", "-p", str(port), "-U", user, "-d", "desk")


def run(program: str, *arguments: str, **environment: str) -> str:
    """What the PostgreSQL program printed; an error with its messages when it fails."""
    done = subprocess.run(
        [BIN / program, *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env={**os.environ, **environment}
    )
    if done.returncode:
        raise RuntimeError(f"{program} {' '.join(arguments)} failed:\n{done.stdout}")
    return done.stdout


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def new_primary(scratch: Path, archive: Path) -> Server:
    server = Server(scratch / "primary", free_port())
    run("initdb", "-D", str(server.home), "-U", "postgres", "-A", "trust", "--data-checksums", "-E", "UTF8", "--no-locale")
    settings = (CODE / "conf/primary.conf").read_text()
    keeping = f"archive_command = 'test ! -f {archive}/%f && cp %p {archive}/%f'"
    fetching = f"restore_command = 'cp {archive}/%f %p'"
    server.configure(f"{settings}\n{keeping}\n{fetching}")
    return server


@contextlib.contextmanager
def running(server: Server) -> Iterator[Server]:
    server.start()
    try:
        yield server
    finally:
        if (server.home / "postmaster.pid").exists():
            server.stop("immediate")


@contextlib.contextmanager
def pooled(scratch: Path, server: Server, program: list[str]) -> Iterator[int]:
    """A PgBouncer before the server; its port."""
    home = Path(tempfile.mkdtemp(prefix="pool-", dir=scratch))
    users = home / "users.txt"
    users.write_text('"postgres" ""\n"trader" ""\n')
    port = free_port()
    paths = {"users": users, "log": home / "log", "pid": home / "pid", "admin": "postgres"}
    text = (CODE / "conf/pgbouncer.ini").read_text().format(server=server.port, port=port, **paths)
    (home / "pgbouncer.ini").write_text(text)
    bouncer = subprocess.Popen([*program, "-q", str(home / "pgbouncer.ini")], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: answers(port))
        yield port
    finally:
        bouncer.send_signal(signal.SIGKILL)
        bouncer.wait()


def answers(port: int) -> bool:
    with contextlib.suppress(psycopg.OperationalError), connect(port, prepare_threshold=None) as connection:
        return connection.execute("SELECT true").fetchone() == (True,)
    return False


def wait_until(true: object, seconds: float = 30) -> float:
    """The seconds that it took until `true()` held."""
    started = time.monotonic()
    while not true():
        if time.monotonic() - started > seconds:
            raise TimeoutError("waited in vain")
        time.sleep(0.002)
    return time.monotonic() - started
