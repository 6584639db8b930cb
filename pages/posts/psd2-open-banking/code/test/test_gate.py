"""Mutual TLS with nginx: each way to fail, and how it looks from both sides."""

import os
import tempfile
import unittest
import uuid
from pathlib import Path
from urllib.parse import quote

from ca.issue import Authority, Pair

from .lab import knock, lab

ID = "99391c7e-ad88-49ec-a2ad-99ddcb1f7721"


class Gate(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        scratch = Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        cls.lab = cls.enterClassContext(lab(scratch / "lab", seal_checks=False))
        cls.strange = Authority(scratch / "strange", firm="Strange Trust GmbH")
        cls.trust = cls.lab.folder / "trust.pem"

    def pair(self, name: str) -> Pair:
        folder = self.lab.authority.folder
        return Pair(folder / f"{name}.pem", folder / f"{name}.key")

    def knock(self, pair, **more):
        return knock(self.lab.port, self.trust, pair, **more)

    def why(self) -> str:
        """nginx's last word on a client's certificate."""
        lines = [
            line for line in self.lab.errors().splitlines() if "verify error" in line
        ]
        return lines[-1].partition("verify error: ")[2].partition(")")[0] + ")"

    def test_the_right_certificate_passes_and_the_bank_knows_who_it_is(self):
        answer = self.knock(self.pair("qwac"), headers={"X-Request-ID": ID})
        self.assertEqual(answer.status, 401)
        self.assertIn("CONSENT_INVALID", answer.text)  # the bank's word, not nginx's

    def test_no_certificate_is_told_in_plain_words(self):
        answer = self.knock(None)
        self.assertEqual(answer.status, 400)
        self.assertIn("No required SSL certificate was sent", answer.text)

    def bad(self, pair, why):
        answer = self.knock(pair)
        self.assertEqual(answer.status, 400)
        self.assertIn("The SSL certificate error", answer.text)  # and not which
        self.assertIn(why, self.why())

    def test_an_expired_one_looks_like_any_other_bad_one(self):
        pair = self.lab.authority.issue("old", "qwac", start=-400, days=30)
        self.bad(pair, "(10:certificate has expired)")

    def test_one_that_is_not_valid_yet(self):
        pair = self.lab.authority.issue("early", "qwac", start=5)
        self.bad(pair, "(9:certificate is not yet valid)")

    def test_one_of_a_strange_authority(self):
        pair = self.strange.issue("qwac", "qwac")
        self.bad(pair, "(3:unable to get certificate CRL)")

    def test_a_seal_is_no_client(self):
        pair = self.lab.authority.issue("sealed", "seal")
        self.bad(pair, "(26:unsuitable certificate purpose)")

    def test_old_tls_never_gets_so_far(self):
        answer = self.knock(self.pair("qwac"), old=True)
        self.assertEqual(answer.status, 0)
        self.assertIn("PROTOCOL_VERSION", answer.error.upper())

    def test_a_key_of_another_certificate_fails_at_home(self):
        self.lab.authority.issue("second", "qwac")
        mixed = Pair(self.pair("qwac").certificate, self.pair("second").key)
        with self.assertRaisesRegex(OSError, "KEY_VALUES_MISMATCH"):
            self.knock(mixed)

    def test_a_forged_header_does_not_reach_the_bank(self):
        reader = self.lab.authority.issue("reader", "reader")
        forged = quote(self.pair("qwac").certificate.read_text())
        headers = {"X-Request-ID": ID, "X-Client-Cert": forged}
        answer = knock(
            self.lab.port,
            self.trust,
            reader,
            headers,
            path="/v1/payments/sepa-credit-transfers/1",
        )
        self.assertIn("ROLE_INVALID", answer.text)
        answer = knock(
            self.lab.port,
            self.trust,
            self.pair("qwac"),
            headers,
            path="/v1/payments/sepa-credit-transfers/1",
        )
        self.assertIn("RESOURCE_UNKNOWN", answer.text)

    def test_the_log_of_the_gate_names_certificates_and_no_resources(self):
        request = str(uuid.uuid4())
        self.knock(self.pair("qwac"), headers={"X-Request-ID": request})
        last = self.lab.logged(request)
        self.assertIn("SUCCESS GET 401", last)
        self.assertNotIn("accounts", last)


class Revoked(unittest.TestCase):
    def setUp(self):
        scratch = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.lab = self.enterContext(lab(scratch / "lab", seal_checks=False))
        self.pair = self.lab.authority.issue("lost", "qwac")
        self.assertEqual(self.status(), 401)  # by the bank: nginx lets it pass
        self.lab.authority.revoke("lost")

    def status(self) -> int:
        trust = self.lab.folder / "trust.pem"
        return knock(self.lab.port, trust, self.pair, {"X-Request-ID": ID}).status

    def test_a_revoked_one_is_refused_once_nginx_has_the_list(self):
        self.lab.reload(self.lab.authority.revocations())
        self.assertEqual(self.status(), 400)
        self.assertIn("certificate revoked", self.lab.errors())

    # region same
    def test_a_list_written_over_the_old_one_can_be_missed(self):
        list_of_nginx = self.lab.folder / "all.crl"
        times = list_of_nginx.stat().st_atime, list_of_nginx.stat().st_mtime
        list_of_nginx.write_bytes(self.lab.authority.revocations().read_bytes())
        os.utime(list_of_nginx, times)  # as if within the same second
        self.lab.reload()
        self.assertEqual(self.status(), 401)  # still let in

    # endregion same


if __name__ == "__main__":
    unittest.main()
