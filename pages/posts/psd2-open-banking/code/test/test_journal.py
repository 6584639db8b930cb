"""What our logs and the gate's hold after a whole flow: nothing of the customer's."""

import io
import json
import tempfile
import unittest
from pathlib import Path

from tpp.bank import NOBODY, Refused
from tpp.journal import Journal

from .lab import CUSTOMER, IBAN, OTHER, lab
from .test_flows import order, ticket_of


class Logs(unittest.TestCase):
    def test_a_whole_flow_leaves_no_trace_of_the_customer(self):
        scratch = Path(self.enterContext(tempfile.TemporaryDirectory()))
        own = self.enterContext(lab(scratch / "lab"))
        client = own.client()
        consents, payments = own.consents(client), own.payments(client)
        _, begun = consents.start(CUSTOMER, [IBAN])
        thing = consents.returned(ticket_of(own.at_bank(begun.redirect)), CUSTOMER)
        [account] = client.accounts(thing.their_id, CUSTOMER)
        since = own.now().date().replace(day=1).isoformat()
        list(
            client.transactions(thing.their_id, CUSTOMER, account["resourceId"], since)
        )
        paid = payments.send(payments.draft(CUSTOMER, order("5.00")), CUSTOMER)
        own.at_bank(paid.redirect)
        client.payment_status(paid.name)
        with self.assertRaises(Refused):
            client.accounts("0" * 32, NOBODY)
        ours = own.out.getvalue()
        own.logged(json.loads(ours.splitlines()[-1])["request"])
        theirs = (own.folder / "gate.log").read_text()
        self.assertGreater(ours.count("\n"), 6)
        self.assertGreater(theirs.count("\n"), 6)
        secrets = [
            IBAN,
            OTHER,
            CUSTOMER.id,
            CUSTOMER.psu_id,
            CUSTOMER.address,
            "Merchant123",
        ]
        secrets += [thing.their_id, paid.name, account["resourceId"], begun.redirect]
        for secret in secrets:
            self.assertNotIn(secret, ours)
            self.assertNotIn(secret, theirs)

    def test_a_request_is_found_in_both_logs_by_its_id(self):
        scratch = Path(self.enterContext(tempfile.TemporaryDirectory()))
        own = self.enterContext(lab(scratch / "lab"))
        own.consents().start(CUSTOMER, [IBAN])
        request = json.loads(own.out.getvalue().splitlines()[-1])["request"]
        self.assertIn("POST 201", own.logged(request))


class Lines(unittest.TestCase):
    def setUp(self):
        self.out = io.StringIO()
        self.journal = Journal(b"key", self.out)

    def test_a_field_that_is_not_listed_is_refused(self):
        with self.assertRaises(ValueError):
            self.journal.note("consent", iban=IBAN)

    def test_a_value_that_does_not_fit_is_not_written(self):
        self.journal.note(
            "consent", code=IBAN, bank=CUSTOMER.psu_id, state="Ann Example"
        )
        self.assertEqual(self.out.getvalue().count("unfit"), 3)
        self.assertNotIn(IBAN, self.out.getvalue())

    def test_an_alias_is_stable_and_needs_the_key(self):
        other = Journal(b"another key", self.out)
        self.assertEqual(self.journal.alias("PSU-1"), self.journal.alias("PSU-1"))
        self.assertNotEqual(self.journal.alias("PSU-1"), other.alias("PSU-1"))


if __name__ == "__main__":
    unittest.main()
