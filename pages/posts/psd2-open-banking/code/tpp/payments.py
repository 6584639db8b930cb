"""A payment from the order to the debit, and what silence means on the way."""

import json
from dataclasses import dataclass

from .bank import Bank, Customer, Refused, Started
from .consents import callback
from .store import Store, Thing
from .wire import NoAnswer

REJECTED = {"RJCT": "rejected", "CANC": "cancelled"}
ACCEPTED = {"ACTC", "ACCP", "ACFC", "ACWC", "ACSP", "ACSC", "ACCC"}


@dataclass(frozen=True, slots=True)
class Payments:
    store: Store
    bank: Bank

    def draft(self, customer: Customer, order: dict[str, object]) -> Thing:
        return self.store.draft("payment", customer.id, self.bank.name, order=order)

    # region send
    def send(self, thing: Thing, customer: Customer) -> Started | None:
        """Give the order to the bank. None: no answer came, and the state is unknown.

        Our draft's id is the X-Request-ID: a second try is the same request.
        """
        if not self.store.move(thing, "sent"):
            raise ValueError("somebody else sends this payment")
        sent = self.store.get(thing.id)
        order = json.loads(thing.detail)["order"]
        try:
            back = callback(thing.ticket)
            begun = self.bank.initiate(customer, order, back, request=thing.id)
        except NoAnswer as silence:
            self.store.move(sent, "unknown" if silence.perhaps_done else "failed")
            return None
        except Refused as refusal:
            # A 5xx is silence too: a gateway speaks, and the bank may have acted.
            self.store.move(sent, "unknown" if refusal.status >= 500 else "failed")
            if refusal.status < 500:
                raise
            return None
        self.store.move(sent, "waiting", their_id=begun.name)
        return begun

    # endregion send

    # region resolve
    def resolve(self, thing: Thing, customer: Customer) -> Started | None:
        """What becomes of an unknown payment: asked again, left behind, or held."""
        profile = self.bank.profile
        if profile.repeatable:
            return self.send(thing, customer)
        if profile.redirect and not profile.exempts:
            # Only the lost answer had the link to authorise it: a new draft is safe.
            self.store.move(thing, "abandoned")
        # Else the customer's app may have been asked, or the money be gone: somebody
        # has to look at the account before this order is given again.
        return None

    def recover(self, seconds: float) -> None:
        """Orders whose sender died are as unknown as those without an answer."""
        for thing in self.store.stuck("payment", "sent", seconds):
            self.store.move(thing, "unknown")

    # endregion resolve

    # region look
    def look(self, thing: Thing) -> Thing:
        """Ask the bank, and follow its status; what `paid` means is in the profile."""
        status = self.bank.payment_status(thing.their_id)
        wanted = REJECTED.get(status, "")
        if status in ACCEPTED:
            wanted = "accepted"
        if wanted and wanted != thing.state:
            self.store.move(thing, wanted)
            thing = self.store.get(thing.id)
        if thing.state == "accepted" and status in self.bank.profile.paid:
            self.store.move(thing, "paid")
        return self.store.get(thing.id)

    # endregion look

    def returned(self, ticket: str, customer: Customer) -> Thing | None:
        thing = self.store.redeem(ticket, customer.id)
        return self.look(thing) if thing else None
