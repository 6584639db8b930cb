"""Starts what the tests talk to: the bank, nginx before it, and clients with certificates."""

import contextlib
import datetime as dt
import http.client
import io
import json
import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from ca.issue import Authority, Pair
from tpp import profiles, seals
from tpp.bank import Bank, Customer
from tpp.consents import Consents
from tpp.journal import Journal
from tpp.mounted import Mounted
from tpp.payments import Payments
from tpp.store import Store
from tpp.wire import Wire, tls

CODE = Path(__file__).resolve().parent.parent
NGINX = os.environ.get("NGINX") or shutil.which("nginx") or "/usr/sbin/nginx"
IBAN, OTHER = "DE14100100109876543210", "DE53200400600000004711"
CUSTOMER = Customer("c-17", "PSU-1234", "192.0.2.7")
NOBODY = Customer()


@dataclass(slots=True)
class Lab:
    """A bank behind nginx, and our client of it."""

    folder: Path
    authority: Authority
    plain: str  # http://127.0.0.1:port of the bank, past nginx
    address: str  # host:port of nginx
    profile: profiles.Profile
    gate: subprocess.Popen
    application: subprocess.Popen
    out: io.StringIO = field(default_factory=io.StringIO)
    wires: list[Wire] = field(default_factory=list)

    @property
    def port(self) -> int:
        return int(self.address.rpartition(":")[2])

    def journal(self) -> Journal:
        return Journal(b"a key for tests", self.out)

    def client(self, name: str = "north", **changes) -> Bank:
        journal = self.journal()
        profile = replace(self.profile, **changes)
        pair = Mounted("certificate", self.folder / "client", tls, journal)
        wire = Wire(self.address, pair, profile.timeout)
        self.wires.append(wire)
        bank = Bank(name, profile, wire, journal)
        bank.seal = Mounted("seal", self.folder / "seal", seals.load, journal)
        return bank

    def consents(self, bank: Bank | None = None) -> Consents:
        return Consents(
            Store(self.folder / "store.db"), bank or self.client(), self.now
        )

    def payments(self, bank: Bank | None = None) -> Payments:
        return Payments(Store(self.folder / "store.db"), bank or self.client())

    def now(self) -> dt.datetime:
        return dt.datetime.fromisoformat(self.state()["now"])

    def state(self) -> dict:
        with urllib.request.urlopen(self.plain + "/sandbox/state") as answer:
            return json.load(answer)

    def tell(self, where: str, /, **body) -> None:
        """One of the sandbox's own calls: clock, faults, the customer at the bank or in the app."""
        request = urllib.request.Request(
            self.plain + where, json.dumps(body).encode(), method="POST"
        )
        urllib.request.urlopen(request).close()

    def at_bank(self, redirect: str, outcome: str = "approve") -> str:
        """The customer decides on the bank's website; where the browser is sent then."""
        path = redirect.partition("/sca/")[2]
        connection = http.client.HTTPConnection(self.plain.removeprefix("http://"))
        connection.request("POST", f"/sca/{path}", f"outcome={outcome}")
        answer = connection.getresponse()
        connection.close()
        return answer.headers["Location"]

    def reload(self, crl: Path | None = None) -> None:
        """`nginx -s reload`, and wait until its new workers are there."""
        if crl:
            shutil.copy(crl, self.folder / "new.crl")
            (self.folder / "new.crl").rename(self.folder / "all.crl")
        before = self.workers()
        self.gate.send_signal(signal.SIGHUP)
        deadline = time.monotonic() + 60
        while not self.workers() - before:
            if time.monotonic() > deadline:
                raise TimeoutError("nginx has no new workers")
            time.sleep(0.02)
        time.sleep(0.2)

    def workers(self) -> set[int]:
        children = Path(f"/proc/{self.gate.pid}/task/{self.gate.pid}/children")
        return set(map(int, children.read_text().split()))

    def logged(self, word: str) -> str:
        """The gate's line with this word; nginx writes it after the client has its answer."""
        deadline = time.monotonic() + 60
        while True:
            lines = (self.folder / "gate.log").read_text().splitlines()
            found = [line for line in lines if word in line]
            if found:
                return found[-1]
            if time.monotonic() > deadline:
                raise TimeoutError(f"no line with {word}")
            time.sleep(0.02)

    def errors(self) -> str:
        return (self.folder / "error.log").read_text()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


@contextlib.contextmanager
def lab(
    folder: Path,
    bank: str = "north",
    seal_checks: bool = True,
    host: str = "localhost",
    place: tuple[str, ...] = (),
    **options: str,
) -> Iterator[Lab]:
    """The bank and nginx; `place` is put before their commands, to run them elsewhere."""
    folder.mkdir(parents=True)
    authority = Authority(folder / "ca")
    for kind in ("qwac", "seal", "server"):
        authority.issue(kind, kind)
    authority.revocations()
    mount(folder / "client", authority, "qwac")
    mount(folder / "server", authority, "server")
    mount(folder / "seal", authority, "seal")
    for name in ("trust.pem", "all.crl"):
        shutil.copy(authority.folder / name, folder / name)
    port = free_port()
    words = [f"--{name}={value}" for name, value in options.items()]
    words += (
        ["--signatures", str(authority.folder / "issuer.pem")] if seal_checks else []
    )
    ip = "127.0.0.1" if host == "localhost" else host
    command = [
        *place,
        sys.executable,
        str(CODE / "aspsp.py"),
        "--port=0",
        f"--host={ip}",
    ]
    profile = profiles.load(CODE / f"profiles/{bank}.toml")
    base = f"https://{host}:{port}"
    profile = replace(profile, base=base, signed=seal_checks, timeout=60)
    with running([*command, f"--bank={bank}", "--identify", *words]) as application:
        plain = application.stdout.readline().split()[-1]
        behind = plain.removeprefix("http://")
        values = {"HOST": ip, "PORT": port, "APPLICATION": behind, "FOLDER": folder}
        config = folder / "nginx.conf"
        config.write_text(filled(CODE / "nginx/bank.conf", **values))
        nginx = [*place, NGINX, "-p", str(folder), "-e", str(folder / "error.log")]
        with running([*nginx, "-c", str(config)]) as gate:
            wait_for(ip, port, gate)
            made = Lab(
                folder, authority, plain, f"{host}:{port}", profile, gate, application
            )
            yield made
            for wire in made.wires:
                wire.close()


def mount(folder: Path, authority: Authority, name: str) -> None:
    """Lay a pair down as kubelet does: files in a dated folder, and one link that is swapped."""
    folder.mkdir(exist_ok=True)
    place = folder / f"..{time.time_ns()}"
    place.mkdir()
    shutil.copy(authority.folder / f"{name}.pem", place / "tls.crt")
    shutil.copy(authority.folder / f"{name}.key", place / "tls.key")
    shutil.copy(authority.folder / "trust.pem", place / "ca.crt")
    swap = folder / "..data_tmp"
    swap.symlink_to(place.name)
    swap.rename(folder / "..data")
    for file in ("tls.crt", "tls.key", "ca.crt"):
        if not (folder / file).is_symlink():
            (folder / file).symlink_to(f"..data/{file}")


def filled(file: Path, **values: object) -> str:
    text = file.read_text()
    for name, value in values.items():
        text = text.replace(f"@{name}@", str(value))
    return text


@contextlib.contextmanager
def running(command: list[str]) -> Iterator[subprocess.Popen]:
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
        process.communicate()


def wait_for(host: str, port: int, process: subprocess.Popen) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            socket.create_connection((host, port), 1).close()
            return
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise
            time.sleep(0.05)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one exchange over mutual TLS ended."""

    status: int
    text: str
    error: str


def knock(
    port: int,
    trust: Path,
    pair: Pair | None,
    headers: dict[str, str] | None = None,
    **tls,
) -> Outcome:
    """A GET with this certificate, or none."""
    context = ssl.create_default_context(cafile=str(trust))
    if tls.get("old"):
        context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        context.maximum_version = ssl.TLSVersion.TLSv1_1
        context.set_ciphers("DEFAULT@SECLEVEL=0")
    if pair:
        context.load_cert_chain(pair.certificate, pair.key)
    connection = http.client.HTTPSConnection(
        "localhost", port, timeout=60, context=context
    )
    try:
        connection.request(
            "GET", tls.get("path", "/v1/accounts"), headers=headers or {}
        )
        answer = connection.getresponse()
        return Outcome(answer.status, answer.read().decode(), "")
    except (OSError, http.client.HTTPException) as error:
        return Outcome(0, "", getattr(error, "reason", None) or type(error).__name__)
    finally:
        connection.close()
