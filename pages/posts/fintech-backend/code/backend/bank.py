"""The bank behind the port: NextGenPSD2 1.3, as the sandbox of our PSD2 article speaks it."""

from __future__ import annotations

import http.client
import json
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from backend.payments import Observation
from backend.rails import Order, Refused, Unanswered

PRODUCT = "instant-sepa-credit-transfers"
SAYS = {  # ISO 20022 status: what it means to us, and whether it is final
    "RCVD": ("waiting", 0),
    "ACTC": ("seen", 0),
    "ACSP": ("seen", 0),
    "PDNG": ("seen", 0),
    "ACSC": ("seen", 1),
    "ACCC": ("seen", 1),
    "RJCT": ("rejected", 1),
    "CANC": ("rejected", 1),
}


# region bank
@dataclass(frozen=True, slots=True)
class BankRail:
    """Pays out of our safeguarding account. ACSC is its final word: depth 1 of 1."""

    url: str
    iban: str
    approve: Callable[[str, str], None]  # the bank's address, the authorisation's name
    timeout: float = 10  # seconds; an instant transfer has ten by law, and then the way
    name: str = "bank"
    needed: int = 1

    def prepare(self, order: Order) -> str:
        """An initiation moves no money; one whose answer is lost is never approved."""
        cents = f"{order.minor // 100}.{order.minor % 100:02}"
        made = self.call(
            "POST",
            f"/v1/payments/{PRODUCT}",
            order.payment,
            {
                "instructedAmount": {"currency": order.currency, "amount": cents},
                "debtorAccount": {"iban": self.iban},
                "creditorAccount": {"iban": order.to["iban"]},
                "creditorName": order.to["name"],
                "remittanceInformationUnstructured": str(order.payment),
            },
        )
        authorisation = made["_links"]["scaStatus"]["href"].rpartition("/")[2]
        return f"{made['paymentId']}/{authorisation}"

    def commit(self, payment: uuid.UUID, ref: str) -> None:
        """Approve this very initiation; the bank lets an authorisation decide once."""
        try:
            self.approve(self.url, ref.partition("/")[2])
        except OSError as error:
            raise Unanswered(str(error)) from error

    # endregion bank

    def observe(self, payment: uuid.UUID, ref: str) -> Observation:
        path = f"/v1/payments/{PRODUCT}/{ref.partition('/')[0]}/status"
        try:
            status = self.call("GET", path, uuid.uuid4())["transactionStatus"]
        except (Unanswered, Refused):
            return Observation("unknown")
        kind, depth = SAYS.get(status, ("unknown", 0))
        return Observation(kind, depth, ref)

    def call(
        self, method: str, path: str, request_id: uuid.UUID, body: Any = None
    ) -> dict[str, Any]:
        """The answer; Refused for a 4xx, Unanswered for all that leaves it open."""
        headers = {
            "X-Request-ID": str(request_id),
            "Content-Type": "application/json",
            "TPP-Redirect-Preferred": "false",
            "PSU-ID": "treasury",
        }
        content = json.dumps(body).encode() if body else None
        request = urllib.request.Request(
            self.url + path, content, headers, method=method
        )
        try:
            with urllib.request.urlopen(request, timeout=self.timeout) as response:
                answer: dict[str, Any] = json.load(response)
                return answer
        except urllib.error.HTTPError as error:
            if 400 <= error.code < 500:
                raise Refused(f"{error.code} {error.read().decode()}") from None
            raise Unanswered(str(error.code)) from None
        except (OSError, ValueError, http.client.HTTPException) as error:
            raise Unanswered(str(error)) from error
