"""The bank's interface as functions. What differs comes from the profile."""

import json
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from .journal import Journal
from .mounted import Mounted
from .profiles import Profile
from .seals import Seal, http_signature
from .wire import NoAnswer, Reply, Wire


class Refused(Exception):
    """The bank's refusal: HTTP status, and its code from either form of error body."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(f"{status} {code}")
        self.status, self.code = status, code


@dataclass(frozen=True, slots=True)
class Started:
    """What a bank says when a consent or a payment begins."""

    name: str  # the bank's id of it
    status: str
    approach: str
    redirect: str  # where the customer goes; empty in the decoupled approach
    path: str  # of the resource
    sca: str  # where the status of the authentication is


@dataclass(frozen=True, slots=True)
class Customer:
    """Whoever sits at the screen; nobody, if all is empty."""

    id: str = ""  # ours, never sent
    psu_id: str = ""  # theirs, at the bank
    address: str = ""

    def headers(self) -> dict[str, str]:
        known = {"PSU-ID": self.psu_id, "PSU-IP-Address": self.address}
        return {name: value for name, value in known.items() if value}


NOBODY = Customer()
PAYMENTS = "/v1/payments/sepa-credit-transfers"


class Bank:
    def __init__(
        self, name: str, profile: Profile, wire: Wire, journal: Journal
    ) -> None:
        self.name, self.profile, self.wire = name, profile, wire
        self.journal = journal
        self.seal: Mounted[Seal] | None = None

    # region call
    def call(self, operation, method, path, headers, body=None, request="") -> Reply:
        """One call: identified, signed if the bank wants it, and journalled."""
        request = request or str(uuid.uuid4())
        content = json.dumps(body).encode() if body is not None else b""
        sent = {"X-Request-ID": request, "Content-Type": "application/json", **headers}
        if self.profile.signed:
            _, seal = self.seal.current()  # of this moment: it may have been swapped
            sent |= http_signature(seal, self.profile.digest, sent, content)
        begun = time.monotonic()
        told: dict[str, str | int] = {"bank": self.name, "request": request}
        try:
            reply = self.wire.send(method, path, sent, content)
        except NoAnswer:
            self.journal.note(operation, outcome="no-answer", **told)
            raise
        told["status"] = reply.status
        told["ms"] = round(1000 * (time.monotonic() - begun))
        if reply.status < 400:
            self.journal.note(operation, outcome="done", **told)
            return reply
        code = error_code(reply)
        self.journal.note(operation, outcome="refused", code=code, **told)
        raise Refused(reply.status, code)

    # endregion call

    def start_consent(self, customer, ibans: list[str], until: str, back: str):
        references = [{"iban": iban} for iban in ibans]
        body = {
            "access": {"balances": references, "transactions": references},
            "recurringIndicator": True,
            "validUntil": until,
            "frequencyPerDay": 4,
            "combinedServiceIndicator": False,
        }
        headers = {**customer.headers(), **self.preferences(back)}
        reply = self.call("consent", "POST", "/v1/consents", headers, body)
        return started(reply, "consent")

    def renew_consent(self, consent: str, customer: Customer, back: str) -> Started:
        path = f"/v1/consents/{consent}/authorisations"
        headers = {**customer.headers(), **self.preferences(back)}
        reply = self.call("renewal", "POST", path, headers, {})
        return started(reply, "authorisation")

    def consent_status(self, consent: str) -> str:
        path = f"/v1/consents/{consent}/status"
        return self.read("consent-status", path, NOBODY)["consentStatus"]

    def sca_status(self, link: str) -> str:
        return self.read("sca-status", self.own(link), NOBODY)["scaStatus"]

    def consent(self, consent: str) -> dict[str, Any]:
        return self.read("consent", f"/v1/consents/{consent}", NOBODY)

    def end_consent(self, consent: str) -> None:
        self.call("consent-end", "DELETE", f"/v1/consents/{consent}", {})

    def accounts(self, consent: str, customer: Customer) -> list[dict[str, Any]]:
        return self.read("accounts", "/v1/accounts", customer, consent)["accounts"]

    def balances(self, consent: str, customer: Customer, account: str):
        path = f"/v1/accounts/{account}/balances"
        return self.read("balances", path, customer, consent)["balances"]

    def read(self, operation, path, customer: Customer, consent: str = "") -> Any:
        headers = customer.headers() | ({"Consent-ID": consent} if consent else {})
        return json.loads(self.call(operation, "GET", path, headers).body)

    # region pages
    def transactions(self, consent, customer, account, since) -> Iterator[dict]:
        """Booked entries, page after page, until the bank names no further one."""
        headers = {"Consent-ID": consent, **customer.headers()}
        query = f"?bookingStatus={self.profile.booking_status}&dateFrom={since}"
        path = f"/v1/accounts/{account}/transactions{query}"
        seen = set()
        while path and path not in seen:
            seen.add(path)
            reply = self.call("transactions", "GET", path, headers)
            report = json.loads(reply.body)["transactions"]
            yield from report.get("booked", [])
            path = self.own(report["_links"].get("next", {}).get("href", ""))

    def own(self, link: str) -> str:
        """The link's path and query; a link to another host is not followed."""
        there, here = urlsplit(link), urlsplit(self.profile.base)
        if there.netloc and there.netloc != here.netloc:
            raise ValueError("the bank's link leads to another host")
        return there.path + (f"?{there.query}" if there.query else "")

    # endregion pages

    def initiate(self, customer, payment: dict, back: str, request: str) -> Started:
        headers = {**customer.headers(), **self.preferences(back)}
        reply = self.call("payment", "POST", PAYMENTS, headers, payment, request)
        return started(reply, "payment")

    def payment_status(self, payment: str) -> str:
        path = f"{PAYMENTS}/{payment}/status"
        return self.read("payment-status", path, NOBODY)["transactionStatus"]

    def cancel(self, payment: str) -> None:
        self.call("payment-cancel", "DELETE", f"{PAYMENTS}/{payment}", {})

    def preferences(self, back: str) -> dict[str, str]:
        preferred = {"TPP-Redirect-Preferred": str(self.profile.redirect).lower()}
        back = {"TPP-Redirect-URI": back, "TPP-Nok-Redirect-URI": back + "&nok=1"}
        return preferred | back


def started(reply: Reply, kind: str) -> Started:
    said = json.loads(reply.body)
    links = said.get("_links", {})
    return Started(
        said[f"{kind}Id"],
        said.get("consentStatus") or said.get("transactionStatus") or said["scaStatus"],
        reply.headers.get("aspsp-sca-approach", ""),
        links.get("scaRedirect", {}).get("href", ""),
        links.get("self", {}).get("href", ""),
        links.get("scaStatus", {}).get("href", ""),
    )


# region errors
def error_code(reply: Reply) -> str:
    """The code of a `tppMessages` or a problem+json body; of neither, NO_CODE."""
    try:
        body = json.loads(reply.body)
    except ValueError:
        return "NO_CODE"  # a proxy's HTML page, for one
    if not isinstance(body, dict):
        return "NO_CODE"
    messages = body.get("tppMessages") or [body]
    return str(messages[0].get("code", "NO_CODE"))


# endregion errors
