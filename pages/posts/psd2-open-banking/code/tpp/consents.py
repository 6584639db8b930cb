"""A consent from the first request to its end, for any bank."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from .bank import Bank, Customer, Refused, Started
from .store import Store, Thing
from .wire import NoAnswer

CALLBACK = "https://api.pay.example/callback"
DONE = ("finalised", "exempted")  # SCA statuses
SCA_DAYS = dt.timedelta(days=180)
AFTER = {  # the bank's word for it, and ours
    "valid": "valid",
    "rejected": "refused",
    "expired": "expired",
    "revokedByPsu": "revoked",
    "terminatedByTpp": "ended",
}


@dataclass(frozen=True, slots=True)
class Consents:
    store: Store
    bank: Bank
    now: Callable[[], dt.datetime]

    # region start
    def start(self, customer: Customer, ibans: list[str]) -> tuple[Thing, Started]:
        """Ask for a consent. The draft is stored before the bank hears of it."""
        until = self.now().date() + dt.timedelta(days=self.bank.profile.consent_days)
        draft = self.store.draft("consent", customer.id, self.bank.name)
        back = callback(draft.ticket)
        try:
            begun = self.bank.start_consent(customer, ibans, until.isoformat(), back)
        except (NoAnswer, Refused):
            self.store.move(draft, "failed")
            raise
        self.store.move(draft, "waiting", their_id=begun.name, sca=begun.sca)
        return self.store.get(draft.id), begun

    # endregion start

    # region returned
    def returned(self, ticket: str, customer: Customer) -> Thing | None:
        """The customer's browser came back. What it says is no news: ask the bank."""
        thing = self.store.redeem(ticket, customer.id)
        return self.look(thing) if thing else None

    def look(self, thing: Thing) -> Thing:
        """The state after asking the bank; also for redirects that never return."""
        after = AFTER.get(self.bank.consent_status(thing.their_id), thing.state)
        if after == thing.state:
            return thing
        if after != "valid":
            self.store.move(thing, after)
        elif thing.sca and self.bank.sca_status(thing.sca) in DONE:
            now = self.now().isoformat()
            self.store.move(thing, "valid", renewed=now, sca=None)
        return self.store.get(thing.id)

    # endregion returned

    # region use
    def use(self, thing: Thing, read: Callable[[str], object]) -> object:
        """Read with the consent; where it has ended, note how, and say so."""
        if self.overdue(thing) and thing.state == "valid":
            self.store.move(thing, "stale")
            raise Refused(401, "SCA_DUE")  # our own word: no call was made
        try:
            return read(thing.their_id)
        except Refused as refusal:
            if refusal.code in ("CONSENT_INVALID", "CONSENT_EXPIRED"):
                self.settle(thing)
            raise

    def settle(self, thing: Thing) -> None:
        """After a refusal: the bank's own status decides between stale and ended."""
        if self.look(thing).state == "valid":
            self.store.move(thing, "stale")

    def overdue(self, thing: Thing) -> bool:
        authenticated = dt.datetime.fromisoformat(
            thing.renewed or "1970-01-01T00:00+00:00"
        )
        return self.now() - authenticated > SCA_DAYS

    # endregion use

    # region renew
    def renew(self, thing: Thing, customer: Customer, ibans: list[str]) -> Started:
        """Authenticate again: on the same consent where the bank can, or anew."""
        if not self.bank.profile.renews:
            _, begun = self.start(customer, ibans)
            return begun
        back = callback(self.store.new_ticket(thing))
        begun = self.bank.renew_consent(thing.their_id, customer, back)
        self.store.note(thing, sca=begun.sca)
        return begun

    # endregion renew


def callback(ticket: str) -> str:
    return f"{CALLBACK}?{urlencode({'state': ticket})}"
