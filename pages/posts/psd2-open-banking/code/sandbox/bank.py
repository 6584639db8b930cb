"""The bank itself: clock, accounts, entries, and what clients asked for. One lock orders it all."""

import datetime as dt
import threading
import uuid
from collections import Counter
from dataclasses import dataclass, field

from .traits import Traits

PSU = "PSU-1234"
SCA_DAYS = dt.timedelta(
    days=180
)  # Article 10a(2)(b) of Delegated Regulation (EU) 2018/389


@dataclass(slots=True)
class Authorisation:
    id: str
    of: str  # "consents/{id}" or "payments/{product}/{id}"
    ok_uri: str
    nok_uri: str
    status: str = "received"


@dataclass(slots=True)
class Consent:
    id: str
    client: str
    ibans: tuple[str, ...]
    access: dict
    recurring: bool
    frequency: int
    valid_until: dt.date
    status: str = "received"
    last_action: dt.date = dt.date.min
    authenticated: dt.datetime | None = None
    unattended: dict[str, list[dt.datetime]] = field(default_factory=dict)


@dataclass(slots=True)
class Payment:
    id: str
    client: str
    product: str
    content: dict
    cents: int
    status: str = "RCVD"
    authorised: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One booking: cents are negative for a debit."""

    id: str
    iban: str
    day: dt.date
    cents: int
    name: str
    other: str
    text: str


class Bank:
    def __init__(
        self, traits: Traits, settle: float = 1, opening: int = 250_000
    ) -> None:
        self.traits = traits
        self.settle = dt.timedelta(seconds=settle)
        self.lock = threading.RLock()
        self.offset = dt.timedelta()
        self.opening = {"DE14100100109876543210": opening, "DE09100100101234567890": 0}
        self.entries = self.history()
        self.consents: dict[str, Consent] = {}
        self.payments: dict[str, Payment] = {}
        self.authorisations: dict[str, Authorisation] = {}
        self.requests: dict[
            tuple[str, str], str
        ] = {}  # client and X-Request-ID: payment
        self.seals: Counter[str] = Counter()  # requests by the seal's serial number

    def now(self) -> dt.datetime:
        return dt.datetime.now(dt.timezone.utc) + self.offset

    def history(self) -> list[Entry]:
        """Four months of entries on the first account, one each five days, worth nothing in sum."""
        start = self.now().date() - dt.timedelta(days=120)
        return [
            Entry(
                f"2026-{n:04}",
                "DE14100100109876543210",
                start + dt.timedelta(days=5 * n),
                (1 if n % 2 else -1) * (1_000 + n // 2 * 100),
                "Stadtwerke Beispiel" if n % 2 == 0 else "Beispiel GmbH",
                "DE53200400600000004711",
                f"Invoice {n:04}",
            )
            for n in range(24)
        ]

    def balance(self, iban: str) -> int:
        return self.opening[iban] + sum(
            entry.cents for entry in self.entries if entry.iban == iban
        )

    def authorise(self, of: str, ok_uri: str, nok_uri: str) -> Authorisation:
        made = Authorisation(uuid.uuid4().hex, of, ok_uri, nok_uri)
        self.authorisations[made.id] = made
        return made


def cents(amount: str) -> int:
    """The amount as cents; ValueError where it is no amount in euros."""
    whole, _, fraction = amount.partition(".")
    if not (whole.isdecimal() and whole.isascii() and len(whole) <= 12):
        raise ValueError(amount)
    if fraction and not (fraction.isdecimal() and len(fraction) <= 2):
        raise ValueError(amount)
    return int(whole) * 100 + int(fraction.ljust(2, "0") or 0)


def euros(amount: int) -> dict[str, str]:
    sign = "-" if amount < 0 else ""
    return {
        "currency": "EUR",
        "amount": f"{sign}{abs(amount) // 100}.{abs(amount) % 100:02}",
    }
