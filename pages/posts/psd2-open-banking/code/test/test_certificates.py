"""Certificates of our authority, before a judge that did not make them: pkilint."""

import json
import os
import subprocess
import tempfile
import unittest
from pathlib import Path
from urllib.parse import quote

from ca import issue
from sandbox.certificates import identity

LINT = Path(os.environ.get("TOOLS", "")) / "lint_etsi_cert"
QWAC = "QEVCP-W-PSD2-EIDAS-FINAL-CERTIFICATE"
SEAL = "NCP-LEGAL-PERSON-CERTIFICATE"


def findings(certificate: Path, kind: str) -> set[str]:
    """The codes of its errors, but for names that end in .example."""
    command = [LINT, "lint", "-t", kind, "-s", "ERROR", "-f", "JSON", certificate]
    report = json.loads(subprocess.run(command, capture_output=True, text=True).stdout)
    codes = {
        one["code"]
        for each in report["results"]
        for one in each["finding_descriptions"]
    }
    return {code for code in codes if not code.endswith("internal_domain_name")}


class Certificates(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        scratch = cls.enterClassContext(tempfile.TemporaryDirectory())
        cls.authority = issue.Authority(Path(scratch) / "ca")

    def issued(self, kind: str) -> Path:
        self.authority.issue(kind, kind)
        return self.authority.folder / f"{kind}.crt"

    def test_the_web_certificate_satisfies_the_linter(self):
        self.assertEqual(findings(self.issued("qwac"), QWAC), set())

    def test_the_seal_certificate_satisfies_the_linter(self):
        self.assertEqual(findings(self.issued("seal"), SEAL), set())

    def test_the_linter_finds_what_is_wrong(self):
        wrong = {
            "UTF8:PSP_AI": (
                "UTF8:PSP_PI",
                "etsi.ts_119_495.gen-5.2.2-5.psp_role_mismatch",
            ),
            "UTF8:DE-BAFIN": (
                "UTF8:BAFIN",
                "etsi.ts_119_495.gen-5.2.3-2.invalid_structure",
            ),
            "web = OID:0.4.0.1862.1.6.3": (
                "web = OID:0.4.0.1862.1.6.2",
                "etsi.en_319_412_5.gen-4.2.3.qc_type_mismatch",
            ),
        }
        for right, (instead, code) in wrong.items():
            text = (issue.HERE / "psd2.cnf").read_text().replace(right, instead)
            extensions = self.authority.folder / "wrong.cnf"
            extensions.write_text(text)
            self.authority.issue("wrong", "qwac", extensions=extensions)
            self.assertIn(
                code, findings(self.authority.folder / "wrong.crt", QWAC), instead
            )

    def test_the_standard_library_reads_the_roles(self):
        for kind, roles in (("qwac", {"PSP_PI", "PSP_AI"}), ("reader", {"PSP_AI"})):
            known = identity(quote(self.issued(kind).read_text()))
            self.assertEqual(known.organisation, "PSDDE-BAFIN-123456")
            self.assertEqual(known.roles, roles)

    def test_what_is_no_psd2_certificate_is_none(self):
        for text in (
            "",
            "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n",
        ):
            with self.assertRaises(ValueError):
                identity(quote(text))
        with self.assertRaises(ValueError):
            identity(quote(self.issued("server").read_text()))

    def test_openssl_shows_the_roles_of_both(self):
        for kind in ("qwac", "seal"):
            command = ["openssl", "asn1parse", "-in", self.issued(kind), "-dump"]
            shown = subprocess.run(command, capture_output=True, text=True).stdout
            self.assertIn("qcStatements", shown)


if __name__ == "__main__":
    unittest.main()
