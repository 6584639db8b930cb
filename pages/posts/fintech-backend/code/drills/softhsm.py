"""A token of SoftHSM in a folder of its own, for drills, tests and measurements."""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path

from backend.keys import Token, open_token


def new_token() -> Token:
    """The token, empty; the signer finds it by the environment."""
    home = Path(tempfile.mkdtemp(prefix="hsm-", dir=os.environ.get("SCRATCH")))
    (home / "tokens").mkdir()
    (home / "conf").write_text(
        f"directories.tokendir = {home}/tokens\nlog.level = ERROR\n"
    )
    os.environ |= {
        "SOFTHSM2_CONF": str(home / "conf"),
        "HSM_TOKEN": "house",
        "HSM_PIN": "1234",
    }
    subprocess.run(
        [
            os.environ["HSM_UTIL"],
            "--module",
            os.environ["HSM_MODULE"],
            "--init-token",
            "--free",
            "--label",
            "house",
            "--pin",
            "1234",
            "--so-pin",
            "5678",
        ],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return open_token(os.environ["HSM_MODULE"], "house", "1234")
