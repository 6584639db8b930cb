"""Connections: which certificate they carry, which are kept, and what they are kept for."""

import json
import tempfile
import unittest
from pathlib import Path

from drills.rotation import consent_of

from .lab import CUSTOMER, IBAN, lab, mount


class Connections(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        scratch = cls.enterClassContext(tempfile.TemporaryDirectory())
        cls.lab = cls.enterClassContext(lab(Path(scratch) / "lab", seal_checks=False))

    def setUp(self):
        self.client = self.lab.client()
        self.consent = consent_of(self.lab, self.client)

    def read(self) -> str:
        """The serial of the certificate with which a read came."""
        self.client.accounts(self.consent, CUSTOMER)
        request = json.loads(self.lab.out.getvalue().splitlines()[-1])["request"]
        return self.lab.logged(request).split()[1]

    def test_the_next_read_after_a_swap_comes_with_the_new_certificate(self):
        before = self.read()
        self.assertEqual(self.read(), before)
        self.lab.authority.issue("next", "qwac")
        mount(self.lab.folder / "client", self.lab.authority, "next")
        self.assertNotEqual(self.read(), before)
        mount(self.lab.folder / "client", self.lab.authority, "qwac")

    def test_a_read_uses_a_kept_connection_and_a_write_does_not(self):
        self.client.wire.close()
        self.read()
        self.read()
        self.assertEqual(self.client.wire.idle.qsize(), 1)
        self.lab.consents(self.client).start(CUSTOMER, [IBAN])
        self.assertEqual(self.client.wire.idle.qsize(), 2)

    def test_a_read_moves_on_from_connections_that_the_gate_has_closed(self):
        self.read()
        self.lab.reload()
        self.read()
        self.assertGreater(self.client.wire.restarted, 0)


if __name__ == "__main__":
    unittest.main()
