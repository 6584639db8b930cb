"""The flows over mutual TLS with signed requests, at both banks."""

import datetime as dt
import json
import tempfile
import unittest
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from tpp.bank import NOBODY, Refused, error_code
from tpp.wire import Reply

from .lab import CUSTOMER, IBAN, OTHER, lab

ORDER = {
    "instructedAmount": {"currency": "EUR", "amount": "123.50"},
    "debtorAccount": {"iban": IBAN},
    "creditorName": "Merchant123",
    "creditorAccount": {"iban": OTHER},
    "remittanceInformationUnstructured": "Ref Number Merchant",
}


def ticket_of(address: str) -> str:
    return parse_qs(urlsplit(address).query)["state"][0]


def order(amount: str) -> dict:
    return {**ORDER, "instructedAmount": {"currency": "EUR", "amount": amount}}


class Each(unittest.TestCase):
    """One bank for the tests of a class."""

    name = "north"

    @classmethod
    def setUpClass(cls):
        scratch = cls.enterClassContext(tempfile.TemporaryDirectory())
        cls.lab = cls.enterClassContext(
            lab(Path(scratch) / "lab", cls.name, settle="600")
        )

    def valid(self, consents):
        thing, begun = consents.start(CUSTOMER, [IBAN])
        if begun.redirect:
            return consents.returned(
                ticket_of(self.lab.at_bank(begun.redirect)), CUSTOMER
            )
        self.in_app(begun)
        return consents.look(thing)

    def in_app(self, begun, outcome="approve"):
        self.lab.tell(f"/app/{begun.sca.rpartition('/')[2]}", outcome=outcome)

    def later(self, **amount):
        """The bank's clock, moved for this test."""
        self.lab.tell("/sandbox/clock", **amount)
        back = {unit: -count for unit, count in amount.items()}
        self.addCleanup(self.lab.tell, "/sandbox/clock", **back)

    def refused(self, code, call, *arguments):
        with self.assertRaises(Refused) as caught:
            call(*arguments)
        self.assertEqual(caught.exception.code, code)

    def balance(self):
        return self.lab.state()["balances"][IBAN]["amount"]


class North(Each):
    def test_a_consent_opens_the_accounts_that_it_names_and_no_other(self):
        consents = self.lab.consents()
        thing = self.valid(consents)
        self.assertEqual(thing.state, "valid")
        accounts = consents.bank.accounts(thing.their_id, CUSTOMER)
        self.assertEqual([account["iban"] for account in accounts], [IBAN])

    def test_all_pages_come_once_each_and_cost_one_access(self):
        consents = self.lab.consents()
        thing, bank = self.valid(consents), consents.bank
        [account] = bank.accounts(thing.their_id, CUSTOMER)
        since = (self.lab.now().date() - dt.timedelta(days=89)).isoformat()
        args = thing.their_id, NOBODY, account["resourceId"], since
        for _ in range(4):  # as many as frequencyPerDay allows
            ids = [one["transactionId"] for one in bank.transactions(*args)]
            self.assertEqual(len(ids), len(set(ids)))
            self.assertGreater(len(ids), 10)
        self.refused("ACCESS_EXCEEDED", lambda: list(bank.transactions(*args)))
        attended = args[0], CUSTOMER, *args[2:]
        self.assertEqual(
            [one["transactionId"] for one in bank.transactions(*attended)], ids
        )

    def test_old_entries_need_a_fresh_authentication(self):
        consents = self.lab.consents()
        thing, bank = self.valid(consents), consents.bank
        [account] = bank.accounts(thing.their_id, CUSTOMER)
        since = (self.lab.now().date() - dt.timedelta(days=100)).isoformat()
        args = thing.their_id, CUSTOMER, account["resourceId"], since
        self.assertTrue(list(bank.transactions(*args)))
        self.later(seconds=16 * 60)
        self.refused("PERIOD_INVALID", lambda: list(bank.transactions(*args)))

    def test_a_link_to_another_host_is_not_followed(self):
        with self.assertRaises(ValueError):
            self.lab.client().own("https://evil.example/v1/accounts")

    def test_after_180_days_the_same_consent_is_renewed(self):
        consents = self.lab.consents()
        thing = self.valid(consents)
        read = lambda name: consents.bank.accounts(name, CUSTOMER)  # noqa: E731
        self.later(days=181)
        self.refused("CONSENT_INVALID", read, thing.their_id)  # the bank's own count
        self.refused("SCA_DUE", consents.use, thing, read)  # ours, without a call
        stale = consents.store.get(thing.id)
        self.assertEqual(stale.state, "stale")
        begun = consents.renew(stale, CUSTOMER, [IBAN])
        self.assertEqual(consents.look(stale).state, "stale")  # not yet
        back = self.lab.at_bank(begun.redirect)
        renewed = consents.returned(ticket_of(back), CUSTOMER)
        self.assertEqual((renewed.state, renewed.their_id), ("valid", thing.their_id))
        self.assertTrue(consents.use(renewed, read))

    def test_a_consent_revoked_at_the_bank_is_noticed_at_the_next_use(self):
        consents = self.lab.consents()
        thing = self.valid(consents)
        self.lab.tell("/sandbox/psu/revoke", consentId=thing.their_id)
        read = lambda name: consents.bank.accounts(name, CUSTOMER)  # noqa: E731
        self.refused("CONSENT_INVALID", consents.use, thing, read)
        self.assertEqual(consents.store.get(thing.id).state, "revoked")

    def test_a_new_recurring_consent_expires_the_former_one(self):
        consents = self.lab.consents()
        former = self.valid(consents)
        self.valid(consents)
        self.assertEqual(consents.look(former).state, "expired")

    def test_a_refusing_customer_comes_back_with_nothing(self):
        consents = self.lab.consents()
        _, begun = consents.start(CUSTOMER, [IBAN])
        back = self.lab.at_bank(begun.redirect, "reject")
        self.assertIn("nok=1", back)
        self.assertEqual(consents.returned(ticket_of(back), CUSTOMER).state, "refused")

    def test_a_payment_is_paid_when_the_profile_says_so_and_moves_money_once(self):
        payments, before = self.lab.payments(), self.balance()
        thing = payments.draft(CUSTOMER, order("10.00"))
        begun = payments.send(thing, CUSTOMER)
        back = self.lab.at_bank(begun.redirect)
        self.assertEqual(self.lab.at_bank(begun.redirect), back)  # the browser's button
        done = payments.returned(ticket_of(back), CUSTOMER)
        self.assertEqual(done.state, "accepted")
        self.later(seconds=601)
        self.assertEqual(payments.look(done).state, "paid")
        self.assertAlmostEqual(float(before) - float(self.balance()), 10.0)

    def test_too_little_money_rejects(self):
        payments = self.lab.payments()
        begun = payments.send(
            thing := payments.draft(CUSTOMER, order("99999.00")), CUSTOMER
        )
        self.lab.at_bank(begun.redirect)
        self.assertEqual(payments.look(payments.store.get(thing.id)).state, "rejected")

    def test_what_is_not_authorised_can_be_cancelled_and_what_is_cannot(self):
        bank, payments = self.lab.client(), self.lab.payments()
        begun = payments.send(payments.draft(CUSTOMER, order("1.00")), CUSTOMER)
        bank.cancel(begun.name)
        self.assertEqual(bank.payment_status(begun.name), "CANC")
        begun = payments.send(payments.draft(CUSTOMER, order("1.00")), CUSTOMER)
        self.lab.at_bank(begun.redirect)
        self.refused("CANCELLATION_INVALID", bank.cancel, begun.name)


class South(Each):
    name = "south"

    def test_the_decoupled_way_has_no_redirect_and_is_asked_for_its_status(self):
        consents = self.lab.consents()
        thing, begun = consents.start(CUSTOMER, [IBAN])
        self.assertEqual((begun.approach, begun.redirect), ("DECOUPLED", ""))
        self.assertEqual(consents.look(thing).state, "waiting")
        self.in_app(begun)
        self.assertEqual(consents.look(thing).state, "valid")

    def test_a_consent_is_shortened_to_180_days_and_then_replaced(self):
        consents = self.lab.consents(self.lab.client("south", consent_days=730))
        thing = self.valid(consents)
        until = dt.date.fromisoformat(
            consents.bank.consent(thing.their_id)["validUntil"]
        )
        self.assertEqual((until - self.lab.now().date()).days, 180)
        self.later(days=181)
        read = lambda name: consents.bank.accounts(name, CUSTOMER)  # noqa: E731
        self.refused("CONSENT_EXPIRED", read, thing.their_id)
        self.assertEqual(consents.look(thing).state, "expired")
        new = consents.renew(thing, CUSTOMER, [IBAN])
        self.assertNotEqual(new.name, thing.their_id)

    def test_relative_links_page_as_absolute_ones_do(self):
        consents = self.lab.consents()
        thing, bank = self.valid(consents), consents.bank
        [account] = bank.accounts(thing.their_id, CUSTOMER)
        since = (self.lab.now().date() - dt.timedelta(days=60)).isoformat()
        args = thing.their_id, CUSTOMER, account["resourceId"], since
        self.assertGreater(len(list(bank.transactions(*args))), 8)

    def test_pending_entries_are_not_offered(self):
        consents = self.lab.consents(self.lab.client("south", booking_status="both"))
        thing, bank = self.valid(consents), consents.bank
        [account] = bank.accounts(thing.their_id, CUSTOMER)
        args = thing.their_id, CUSTOMER, account["resourceId"], "2026-01-01"
        self.refused("PARAMETER_NOT_SUPPORTED", lambda: list(bank.transactions(*args)))

    def test_paid_at_this_bank_is_acsp(self):
        payments = self.lab.payments()
        begun = payments.send(
            thing := payments.draft(CUSTOMER, order("10.00")), CUSTOMER
        )
        self.in_app(begun)
        self.assertEqual(payments.look(payments.store.get(thing.id)).state, "paid")


class Errors(unittest.TestCase):
    def test_a_code_is_found_in_both_forms_and_in_none(self):
        old = {"tppMessages": [{"category": "ERROR", "code": "CONSENT_EXPIRED"}]}
        new = {"type": "https://bank.example/e", "code": "CONSENT_EXPIRED"}
        for body in (old, new):
            self.assertEqual(
                error_code(Reply(401, {}, json.dumps(body).encode())), "CONSENT_EXPIRED"
            )
        for text in (b"<html>502 Bad Gateway</html>", b"", b"[]", b"{}"):
            self.assertEqual(error_code(Reply(502, {}, text)), "NO_CODE")


if __name__ == "__main__":
    unittest.main()
