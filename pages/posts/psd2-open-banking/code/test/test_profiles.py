"""Profiles: read whole or refused, and the only place that knows a bank's name."""

import re
import tempfile
import unittest
from pathlib import Path

from tpp import profiles

from .lab import CODE

GOOD = (CODE / "profiles/north.toml").read_text()


class Profiles(unittest.TestCase):
    def load(self, text):
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        (folder / "west.toml").write_text(text)
        return profiles.load(folder / "west.toml")

    def test_those_here_can_be_read(self):
        for file in (CODE / "profiles").glob("*.toml"):
            self.assertTrue(profiles.load(file).base.startswith("https://"))

    def test_what_is_wrong_is_said_in_one_sentence(self):
        wrong = {
            GOOD.replace(
                "timeout", "timeuot"
            ): "west.toml: missing or unknown: timeout, timeuot.",
            GOOD.replace(
                '"SHA-256"', '"MD5"'
            ): "west.toml: digest is SHA-256 or SHA-512.",
            GOOD.replace("730", '"730"'): "west.toml: consent_days is no int.",
            GOOD.replace(
                "signed = true", 'signed = "no"'
            ): "west.toml: signed is no bool.",
        }
        for text, sentence in wrong.items():
            with self.assertRaises(ValueError) as caught:
                self.load(text)
            self.assertEqual(str(caught.exception), sentence)

    def test_no_module_of_the_client_names_a_bank(self):
        for file in (CODE / "tpp").glob("*.py"):
            self.assertIsNone(re.search("north|south", file.read_text()), file.name)


if __name__ == "__main__":
    unittest.main()
