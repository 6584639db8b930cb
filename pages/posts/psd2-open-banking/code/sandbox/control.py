"""What stands for the customer, for the bank's website and app, and for a bad day."""

import datetime as dt
import html
import re
import threading
from collections import Counter
from dataclasses import dataclass
from urllib.parse import parse_qs

from . import consents, payments
from .answers import Answer, Refusal
from .bank import Authorisation, Bank, euros
from .routes import Request

KINDS = ("silence", "lost", "late", "error")


@dataclass(slots=True)
class Fault:
    method: str
    path: str
    kind: str
    times: int
    seconds: float


class Faults:
    def __init__(self) -> None:
        self.lock, self.due = threading.Lock(), list[Fault]()

    def add(self, wanted: dict) -> Answer:
        fault = Fault(
            str(wanted.get("method", "POST")),
            str(wanted.get("path", "/v1/")),
            str(wanted.get("kind", "")),
            int(wanted.get("times", 1)),
            float(wanted.get("seconds", 30)),
        )
        if fault.kind not in KINDS:
            raise Refusal(400, "FORMAT_ERROR", f"kind is one of {', '.join(KINDS)}.")
        with self.lock:
            self.due.append(fault)
        return Answer(204)

    def met(self, request: Request) -> Fault | None:
        """The fault that this request meets, used up by it."""
        with self.lock:
            for fault in self.due:
                if (
                    fault.times
                    and fault.method == request.method
                    and request.path.startswith(fault.path)
                ):
                    fault.times -= 1
                    return fault
        return None


def answer(bank: Bank, faults: Faults, request: Request) -> Answer:
    call = request.method, request.path
    if match := re.fullmatch("/sca/([^/]+)", request.path):
        return at_website(bank, request, authorisation(bank, match[1]))
    if match := re.fullmatch("/app/([^/]+)", request.path):
        decide(bank, authorisation(bank, match[1]), str(request.json().get("outcome")))
        return Answer(204)
    if call == ("GET", "/sandbox/state"):
        return Answer(200, state(bank))
    if call == ("POST", "/sandbox/clock"):
        body = request.json()
        bank.offset += dt.timedelta(
            days=body.get("days", 0), seconds=body.get("seconds", 0)
        )
        return Answer(200, {"now": bank.now().isoformat()})
    if call == ("POST", "/sandbox/psu/revoke"):
        consents.change(
            bank, bank.consents[str(request.json().get("consentId"))], "revokedByPsu"
        )
        return Answer(204)
    if call == ("POST", "/sandbox/faults"):
        return faults.add(request.json())
    raise Refusal(404, "RESOURCE_UNKNOWN", "There is no such resource.")


def authorisation(bank: Bank, name: str) -> Authorisation:
    found = bank.authorisations.get(name)
    if found is None:
        raise Refusal(404, "RESOURCE_UNKNOWN", "There is no such authorisation.")
    return found


def at_website(bank: Bank, request: Request, asked: Authorisation) -> Answer:
    if request.method == "GET":
        return Answer(200, page(asked), {"Content-Type": "text/html; charset=utf-8"})
    decide(bank, asked, parse_qs(request.body.decode()).get("outcome", [""])[0])
    return Answer(
        303,
        None,
        {"Location": asked.ok_uri if asked.status == "finalised" else asked.nok_uri},
    )


def page(asked: Authorisation) -> str:
    buttons = "".join(
        f'<button name="outcome" value="{word}">{word}</button>'
        for word in ("approve", "reject")
    )
    kind = html.escape(asked.of.partition("/")[0])
    return f"<!doctype html><title>Sandbox bank</title><form method=post><p>{kind}: {buttons}</form>"


def decide(bank: Bank, asked: Authorisation, outcome: str) -> None:
    """The customer's decision; the first one stands."""
    if outcome not in ("approve", "reject"):
        raise Refusal(400, "FORMAT_ERROR", "outcome is approve or reject.")
    if asked.status != "received":
        return
    asked.status = "finalised" if outcome == "approve" else "failed"
    kind, *names = asked.of.split("/")
    if kind == "payments":
        payment = bank.payments[names[-1]]
        if outcome == "approve":
            payments.authorised(bank, payment)
        else:
            payments.rejected(payment)
        return
    consent = bank.consents[names[0]]
    if outcome == "approve" and consent.status in ("received", "valid"):
        consents.authorised(bank, consent)
    elif consent.status == "received":
        consents.change(bank, consent, "rejected")


def state(bank: Bank) -> dict:
    for payment in bank.payments.values():
        payments.advance(bank, payment)
    return {
        "now": bank.now().isoformat(),
        "balances": {iban: euros(bank.balance(iban)) for iban in bank.opening},
        "payments": Counter(payment.status for payment in bank.payments.values()),
        "consents": Counter(consent.status for consent in bank.consents.values()),
        "authorisations": {
            one.id: one.of
            for one in bank.authorisations.values()
            if one.status == "received"
        },
        "entries": len(bank.entries),
        "seals": bank.seals,
    }
