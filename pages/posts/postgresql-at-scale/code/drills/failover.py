"""Cut the replica's cable, let the primary acknowledge more, take its machine away, fail over.

Runs as root inside `tools/netns.sh lab`, where each server has a network of its own;
PostgreSQL runs as nobody. Prints figures as JSON.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import psycopg

CODE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(CODE))

from desk.cluster import BIN, ROLES, passwords, wait_until  # noqa: E402

NETNS, SCRATCH = sys.argv[1], Path(sys.argv[2])
NOTE = "INSERT INTO note (body) VALUES (%s)"
PORT = 5432


@dataclass(frozen=True)
class Machine:
    """A network namespace with one PostgreSQL."""

    name: str
    host: str

    @property
    def home(self) -> Path:
        return SCRATCH / self.name

    def up(self) -> None:
        netns("up", self.name, f"{self.host}/24")

    def run(self, program: str, *arguments: str) -> None:
        nobody = ("runuser", "-u", "nobody", "--")
        command = [NETNS, "run", self.name, *nobody, str(BIN / program), *arguments]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode:
            raise RuntimeError(f"{program} on {self.name} failed:\n{done.stdout}")

    def start(self) -> None:
        self.run("pg_ctl", "-D", str(self.home), "-l", f"{self.home}.log", "-w", "start")

    def connect(self, user: str = "trader", **options: object) -> psycopg.Connection:
        return client(self.host, user=user, **{"connect_timeout": 20, **options})


def client(host: str, **options: object) -> psycopg.Connection:
    wanted = {"user": "trader", "dbname": "desk", "autocommit": True, "connect_timeout": 2}
    return psycopg.connect(host=host, port=PORT, **{**wanted, **options})


def netns(*arguments: str) -> None:
    subprocess.run([NETNS, *arguments], check=True)


def vanish(machine: Machine) -> None:
    """Take it away; once more if a process ended by itself between listing and killing."""
    if subprocess.run([NETNS, "vanish", machine.name], stderr=subprocess.DEVNULL).returncode:
        netns("vanish", machine.name)


def main() -> None:
    netns("host", "10.9.0.1/24")
    primary, replica = Machine("primary", "10.9.0.2"), Machine("replica", "10.9.0.3")
    primary.up()
    replica.up()
    founded(primary)
    cloned(primary, replica)
    deaf, awake = listeners(primary)
    lost = acknowledged_after_the_cut(primary, replica)
    vanish(primary)
    gone = time.monotonic()
    wait_until(lambda: not awake.is_alive(), 60)
    noticed = time.monotonic() - gone
    assert deaf.is_alive(), "the client without keepalives noticed"
    promoted = promotion(primary, replica, lost)
    back(primary, replica)
    figures = {"lost": str(lost), "noticed_s": f"{noticed:.1f}", "promote_s": f"{promoted:.1f}"}
    print(json.dumps(figures), flush=True)
    os._exit(0)  # the deaf client would wait for two hours


def founded(primary: Machine) -> None:
    """A primary with the roles and one table."""
    secret = passwords(SCRATCH)
    word = SCRATCH / "word"
    word.write_text(secret["postgres"])
    for file in (word, SCRATCH / "pgpass"):
        os.chown(file, 65534, -1)
    primary.run("initdb", "-D", str(primary.home), "-U", "postgres", "-A", "scram-sha-256",
                "--pwfile", str(word), "--data-checksums")
    archive = SCRATCH / "archive"
    with (primary.home / "postgresql.conf").open("a") as conf:
        conf.write((CODE / "conf/primary.conf").read_text() + f"""
listen_addresses = '*'
unix_socket_directories = ''
archive_command = 'test ! -f {archive}/%f && cp %p {archive}/%f'
restore_command = 'cp {archive}/%f %p'
""")
    with (primary.home / "pg_hba.conf").open("a") as access:
        access.write("host all,replication all 10.9.0.0/24 scram-sha-256\n")
    primary.start()
    with primary.connect(user="postgres", dbname="postgres") as superuser:
        superuser.execute((CODE / "sql/roles.sql").read_text())
        for role in ROLES[1:]:
            superuser.execute(f"ALTER ROLE {role} PASSWORD '{secret[role]}'")
        superuser.execute("CREATE DATABASE desk OWNER desk")
        superuser.execute("SELECT pg_create_physical_replication_slot('replica')")
    with primary.connect(user="desk") as owner:
        owner.execute("CREATE TABLE note (id bigint GENERATED ALWAYS AS IDENTITY, body text)")
        owner.execute("GRANT SELECT, INSERT ON note TO trader")


def cloned(primary: Machine, replica: Machine) -> None:
    source = f"host={primary.host} port={PORT} user=replicator application_name=replica"
    replica.run("pg_basebackup", "-d", source, "-D", str(replica.home), "-R", "-S", "replica",
                "-c", "fast", "-X", "stream")
    with (replica.home / "postgresql.conf").open("a") as conf:
        conf.write("archive_mode = off\n")
    replica.start()
    with primary.connect(user="watcher") as watcher:
        wait_until(lambda: streaming(watcher))


def streaming(watcher: psycopg.Connection) -> bool:
    query = "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'"
    return watcher.execute(query).fetchone() == (1,)


# region listeners
ALERT = {"keepalives_idle": 2, "keepalives_interval": 1, "keepalives_count": 3,
         "tcp_user_timeout": 5000}


def listeners(primary: Machine) -> list[threading.Thread]:
    """Two clients that wait for an answer: with libpq's defaults, and with these."""
    waiting = [primary.connect(), primary.connect(**ALERT)]
    threads = [
        threading.Thread(target=wait, args=(each,), daemon=True) for each in waiting
    ]
    for thread in threads:
        thread.start()
    return threads


def wait(connection: psycopg.Connection) -> None:
    connection.execute("SET statement_timeout = 0")
    try:
        connection.execute("SELECT pg_sleep(600)")
    except psycopg.OperationalError:
        connection.close()


# endregion listeners


# region failover
def acknowledged_after_the_cut(primary: Machine, replica: Machine) -> int:
    """A hundred commits that the replica never hears of, though it looks connected."""
    netns("cut", replica.name)
    with primary.connect() as writer, primary.connect(user="watcher") as watcher:
        for _ in range(100):
            writer.execute(NOTE, ("after the cut",))
        assert streaming(watcher)
    return 100


def promotion(primary: Machine, replica: Machine, lost: int) -> float:
    """Seconds from the decision to the first write; the client knows both hosts."""
    netns("join", replica.name)
    started = time.monotonic()
    replica.run("pg_ctl", "-D", str(replica.home), "-w", "promote")
    both = f"{primary.host},{replica.host}"
    with client(both, target_session_attrs="read-write") as new:
        new.execute(NOTE, ("first write after promotion",))
        seconds = time.monotonic() - started
        assert new.execute("SELECT count(*) FROM note").fetchone() == (1,), lost
    return seconds


# endregion failover


# region back
def back(primary: Machine, replica: Machine) -> None:
    """The old primary returns at its address, is rewound, and follows the new one."""
    with replica.connect(user="postgres") as superuser:
        superuser.execute(
            "SELECT pg_create_physical_replication_slot('replica')"
        )
    primary.up()
    (primary.home / "postmaster.pid").unlink(missing_ok=True)
    source = f"host={replica.host} port={PORT} user=postgres dbname=desk"
    home = str(primary.home)
    primary.run("pg_rewind", "-D", home, "--source-server", source, "-R", "-c")
    with (primary.home / "postgresql.conf").open("a") as conf:
        conf.write("primary_slot_name = 'replica'\narchive_mode = off\n")
    primary.start()
    with primary.connect() as old:
        notes = "SELECT count(*) FROM note"
        wait_until(lambda: old.execute(notes).fetchone() == (1,))
        assert old.execute("SELECT pg_is_in_recovery()").fetchone() == (True,)


# endregion back


if __name__ == "__main__":
    main()
