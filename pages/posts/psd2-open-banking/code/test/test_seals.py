"""Seals of requests, verified by programs that did not make them."""

import base64
import json
import subprocess
import tempfile
import unittest
import uuid
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc import jws
from joserfc.jwk import RSAKey

from ca.issue import Authority
from sandbox import seals as bank_side
from sandbox.answers import Refusal
from tpp import seals

FIRM = "PSDDE-BAFIN-123456"
BODY = b'{"instructedAmount":{"currency":"EUR","amount":"123.50"}}'


class Seals(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        authority = Authority(cls.folder / "ca")
        pair = authority.issue("seal", "seal")
        (cls.folder / "tls.crt").write_bytes(pair.certificate.read_bytes())
        (cls.folder / "tls.key").write_bytes(pair.key.read_bytes())
        cls.seal = seals.load(cls.folder)
        cls.issuer = authority.folder / "issuer.pem"
        cls.authority = authority

    def request(self, digest="SHA-256", **more):
        sent = {"X-Request-ID": str(uuid.uuid4()), **more}
        return sent | seals.http_signature(self.seal, digest, sent, BODY)

    def check(self, headers, body=BODY, digest="SHA-256", firm=FIRM):
        bank_side.check(headers, body, digest, self.issuer, firm)

    def refused(self, code, headers, **more):
        with self.assertRaises(Refusal) as caught:
            self.check(headers, **more)
        self.assertEqual(caught.exception.code, code)

    def test_the_bank_accepts_what_was_signed(self):
        self.check(self.request())
        self.check(
            self.request(**{"PSU-ID": "PSU-1", "TPP-Redirect-URI": "https://a.example"})
        )
        self.check(self.request("SHA-512"), digest="SHA-512")

    def test_every_change_is_refused(self):
        good = self.request(**{"PSU-ID": "PSU-1"})
        self.refused("SIGNATURE_INVALID", good, body=BODY + b" ")
        self.refused("SIGNATURE_INVALID", {**good, "PSU-ID": "PSU-2"})
        self.refused("SIGNATURE_INVALID", {**good, "X-Request-ID": str(uuid.uuid4())})
        self.refused("SIGNATURE_INVALID", {**self.request(), "PSU-ID": "added later"})
        self.refused("SIGNATURE_INVALID", self.request("SHA-512"))
        self.refused("SIGNATURE_MISSING", {"X-Request-ID": str(uuid.uuid4())})
        self.refused("CERTIFICATE_INVALID", good, firm="PSDFR-ACPR-1")

    def test_a_seal_of_a_strange_authority_is_refused(self):
        strange = Authority(self.folder / "strange", firm="Strange Trust GmbH")
        with self.assertRaises(Refusal) as caught:
            bank_side.check(
                self.request(), BODY, "SHA-256", strange.folder / "issuer.pem", FIRM
            )
        self.assertEqual(caught.exception.code, "CERTIFICATE_INVALID")

    def test_openssl_verifies_the_http_signature(self):
        headers = self.request(**{"PSU-ID": "PSU-1"})
        fields = dict(part.split("=", 1) for part in headers["Signature"].split('",'))
        names = fields["headers"].strip('"').split()
        low = {name.lower(): value for name, value in headers.items()}
        text = "\n".join(f"{name}: {low[name]}" for name in names)
        (self.folder / "text").write_text(text)
        signature = base64.b64decode(fields["signature"].strip('"'))
        (self.folder / "signature").write_bytes(signature)
        key = self.seal.certificate.public_key()
        pem = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        (self.folder / "key.pem").write_bytes(pem)
        command = ["openssl", "dgst", "-sha256", "-verify", "key.pem"]
        command += ["-signature", "signature", "text"]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True)
        self.assertEqual(done.stdout.strip(), "Verified OK")

    def test_joserfc_verifies_the_detached_jws(self):
        value = seals.detached_jws(self.seal, BODY)
        pem = self.seal.certificate.public_key().public_bytes(
            Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
        )
        key = RSAKey.import_key(pem)
        self.assertEqual(value.split(".")[1], "")
        jws.deserialize_compact(value, key, algorithms=["PS256"], payload=BODY)
        with self.assertRaises(Exception) as caught:
            jws.deserialize_compact(
                value, key, algorithms=["PS256"], payload=BODY + b" "
            )
        self.assertIn("signature", str(caught.exception).lower())

    def test_json_written_again_breaks_either_seal(self):
        again = json.dumps(json.loads(BODY)).encode()  # with spaces, as json does
        self.refused("SIGNATURE_INVALID", self.request(), body=again)

    def test_a_key_of_another_certificate_is_not_loaded(self):
        other = self.authority.issue("other", "seal")
        folder = self.folder / "mixed"
        folder.mkdir()
        (folder / "tls.crt").write_bytes((self.folder / "tls.crt").read_bytes())
        (folder / "tls.key").write_bytes(other.key.read_bytes())
        with self.assertRaisesRegex(ValueError, "does not belong"):
            seals.load(folder)


if __name__ == "__main__":
    unittest.main()
