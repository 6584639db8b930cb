"""The manifests: valid for the version named, and without the traps that the text names."""

import base64
import json
import os
import subprocess
import tempfile
import unittest
from pathlib import Path

import yaml

from ca.issue import Authority

from .lab import CODE

VALIDATE = Path(os.environ.get("TOOLS", "")) / "kubernetes-validate"


def validated(file: Path) -> subprocess.CompletedProcess:
    command = [VALIDATE, "--strict", "--quiet", "-k", "1.37.0", file]
    return subprocess.run(command, capture_output=True, text=True)


class Manifests(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.text = (CODE / "k8s/client.yaml").read_text()

    def written(self, text: str) -> Path:
        (self.folder / "given.yaml").write_text(text)
        return self.folder / "given.yaml"

    def test_they_are_valid(self):
        done = validated(self.written(self.text))
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_a_misspelt_field_is_found(self):
        done = validated(
            self.written(self.text.replace("readOnly: true", "readonly: true", 1))
        )
        self.assertNotEqual(done.returncode, 0)

    def test_a_secret_made_of_an_issued_pair_is_valid(self):
        pair = Authority(self.folder / "ca").issue("qwac", "qwac")
        files = {"tls.crt": pair.certificate, "tls.key": pair.key}
        data = {
            name: base64.b64encode(file.read_bytes()).decode()
            for name, file in files.items()
        }
        data["ca.crt"] = base64.b64encode(
            (self.folder / "ca/trust.pem").read_bytes()
        ).decode()
        about = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "qwac"}}
        secret = {**about, "type": "kubernetes.io/tls", "data": data}
        done = validated(self.written(json.dumps(secret)))
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_keys_are_mounted_whole_and_read_only_and_are_in_no_variable(self):
        [pod] = [
            one["spec"]["template"]["spec"]
            for one in yaml.safe_load_all(self.text)
            if one["kind"] == "Deployment"
        ]
        [container] = pod["containers"]
        self.assertNotIn("env", container)
        self.assertNotIn("envFrom", container)
        for mount in container["volumeMounts"]:
            self.assertTrue(mount["readOnly"])
            self.assertNotIn("subPath", mount)  # would never be updated
        modes = [
            one["secret"]["defaultMode"] for one in pod["volumes"] if "secret" in one
        ]
        self.assertEqual(modes, [0o440, 0o440])


if __name__ == "__main__":
    unittest.main()
