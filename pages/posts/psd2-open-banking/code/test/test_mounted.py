"""The seal is read again when its folder is swapped, and a broken one changes nothing."""

import tempfile
import unittest
from pathlib import Path

from drills.rotation import consent_of

from .lab import CUSTOMER, lab, mount


class Seal(unittest.TestCase):
    def setUp(self):
        scratch = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.lab = self.enterContext(lab(scratch / "lab"))
        self.client = self.lab.client()
        self.consent = consent_of(self.lab, self.client)
        self.old = list(self.seals())

    def seals(self) -> dict[str, int]:
        """Requests that the bank has accepted, by the serial number of their seal."""
        return self.lab.state()["seals"]

    def read(self) -> None:
        self.client.accounts(self.consent, CUSTOMER)

    def test_the_next_request_after_a_swap_is_sealed_anew(self):
        self.lab.authority.issue("seal2", "seal")
        mount(self.lab.folder / "seal", self.lab.authority, "seal2")
        self.read()
        [old, new] = self.seals()
        self.assertEqual([old], self.old)
        self.assertEqual(self.seals()[new], 1)
        self.assertIn('"operation": "seal", "outcome": "loaded"', self.out())

    def test_a_new_seal_with_the_old_key_is_refused_and_the_old_one_goes_on(self):
        self.lab.authority.issue("seal2", "seal")
        key = (self.lab.authority.folder / "seal.key").read_bytes()
        (self.lab.authority.folder / "seal2.key").write_bytes(key)
        mount(self.lab.folder / "seal", self.lab.authority, "seal2")
        self.read()
        self.assertEqual(list(self.seals()), self.old)
        self.assertIn('"operation": "seal", "outcome": "refused"', self.out())

    def out(self) -> str:
        return self.lab.out.getvalue()


if __name__ == "__main__":
    unittest.main()
