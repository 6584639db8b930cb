"""Certificates that change while requests run: ours, the bank's, and broken ones."""

import contextlib
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

from test.lab import CUSTOMER, IBAN, NGINX, Lab, lab, mount
from test.test_flows import ticket_of
from tpp import seals
from tpp.bank import Bank, Refused
from tpp.wire import NoAnswer


def consent_of(own: Lab, client: Bank) -> str:
    consents = own.consents(client)
    _, begun = consents.start(CUSTOMER, [IBAN])
    return consents.returned(ticket_of(own.at_bank(begun.redirect)), CUSTOMER).their_id


class Load:
    """Readers that ask without a pause until they are told to stop."""

    def __init__(self, client: Bank, consent: str, readers: int = 4) -> None:
        self.client, self.consent = client, consent
        self.done, self.failed, self.stop = 0, 0, threading.Event()
        self.lock = threading.Lock()
        self.threads = [threading.Thread(target=self.read) for _ in range(readers)]

    def read(self) -> None:
        while not self.stop.is_set():
            try:
                self.client.accounts(self.consent, CUSTOMER)
                good = True
            except (NoAnswer, Refused):
                good = False
            with self.lock:
                self.done += good
                self.failed += not good

    def __enter__(self) -> "Load":
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        for thread in self.threads:
            thread.join()


# region rotate
def both_certificates_under_load(folder: Path) -> dict:
    """Ours is swapped as kubelet does it, then the bank's by a reload of nginx."""
    with lab(folder) as own:
        client = own.client()
        consent = consent_of(own, client)
        own.authority.issue("next", "qwac")
        own.authority.issue("server2", "server")
        begun = time.time()
        with Load(client, consent) as load:
            time.sleep(2)
            mount(own.folder / "client", own.authority, "next")
            time.sleep(2)
            mount(own.folder / "server", own.authority, "server2")
            own.reload()
            time.sleep(2)
        own.authority.revoke("qwac")  # only now: nobody uses it any more
        own.reload(own.authority.revocations())
        client.accounts(consent, CUSTOMER)
        served = [
            line.split() for line in gate_log(own) if float(line.split()[0]) > begun
        ]
        serials = list(dict.fromkeys(each[1] for each in served))
        assert load.failed == 0 and len(serials) == 2
        assert all(each[2] == "SUCCESS" for each in served)
        return {
            "requests": load.done,
            "failed": load.failed,
            "repeated": client.wire.restarted,
            "seconds": [round(float(each[0]) - begun, 2) for each in served],
            "which": [serials.index(each[1]) for each in served],
        }


# endregion rotate


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def gate_log(own: Lab) -> list[str]:
    return (own.folder / "gate.log").read_text().splitlines()


# region seal
def seal_under_load(folder: Path) -> dict:
    """A new seal is mounted while readers ask; the bank counts requests by seal."""
    with lab(folder) as own:
        client = own.client()
        consent = consent_of(own, client)
        own.authority.issue("seal2", "seal")
        with Load(client, consent) as load:
            until(lambda: load.done > 20)
            mount(own.folder / "seal", own.authority, "seal2")
            swapped = load.done + len(load.threads)  # those may be on their way
            until(lambda: load.done > swapped + 20)
        before, after = own.state()["seals"].values()
        client.accounts(consent, CUSTOMER)
        assert load.failed == 0 and before > 20
        assert list(own.state()["seals"].values()) == [before, after + 1]
        return {"by the old seal": before, "by the new": after, "failed": load.failed}


# endregion seal


# region broken
def pair_that_does_not_match(folder: Path) -> dict:
    """A new certificate with the old key. Who runs goes on; who starts does not."""
    with lab(folder) as own:
        client = own.client()
        consent = consent_of(own, client)
        own.authority.issue("next", "qwac")
        own.authority.issue("server2", "server")
        own.authority.issue("seal2", "seal")
        pairs = (("next", "qwac"), ("server2", "server"), ("seal2", "seal"))
        for name, old in pairs:
            key = (own.authority.folder / f"{old}.key").read_bytes()
            (own.authority.folder / f"{name}.key").write_bytes(key)
        mount(own.folder / "client", own.authority, "next")
        mount(own.folder / "server", own.authority, "server2")
        mount(own.folder / "seal", own.authority, "seal2")
        client.accounts(consent, CUSTOMER)  # with the pairs that were loaded before
        own.gate.send_signal(1)  # reload
        until(lambda: "key values mismatch" in own.errors())
        client.accounts(consent, CUSTOMER)
        config = ["-p", str(own.folder), "-c", str(own.folder / "nginx.conf")]
        test = subprocess.run([NGINX, *config, "-t"], capture_output=True, text=True)
        for what in ("certificate", "seal"):
            assert f'"operation": "{what}", "outcome": "refused"' in own.out.getvalue()
        for broken in (own.client, lambda: seals.load(own.folder / "seal")):
            with contextlib.suppress(OSError, ValueError):
                broken()
                raise AssertionError("it must not start")
        assert test.returncode == 1
        return {"running": "served", "starting": "refused"}


# endregion broken
