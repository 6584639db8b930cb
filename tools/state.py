"""Prints a digest of all that the outcome of the tests depends on; nothing where git cannot list the files.

That is: every file which git does not ignore, Python and its packages, Chromium, and the environment.
"""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import distributions
from pathlib import Path

SETTINGS = ("BLOG_", "DISK_FAULTS", "FLASK_", "HYPOTHESIS_", "LANG", "LC_", "PATH", "PYTEST_", "PYTHON", "TZ")
"""How the names of the environment variables begin that count: most others say where a terminal is."""


def described(path: Path) -> bytes:
    """Kind, mode and content of a file; nothing of one that is gone."""
    if path.is_symlink():
        return b"link " + os.fsencode(path.readlink())
    if not path.is_file():
        return b"gone"
    executable = b"program " if os.access(path, os.X_OK) else b"file "
    return executable + hashlib.sha256(path.read_bytes()).digest()


def files() -> Iterator[bytes]:
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, capture_output=True, check=True).stdout
    for name in sorted(set(listed.split(b"\0")) - {b""}):
        yield name + b" " + described(Path(os.fsdecode(name)))


def machine() -> Iterator[str]:
    yield from (sys.version, platform.platform(), str(os.getuid()))
    yield from sorted(f"{each.metadata['Name']} {each.version}" for each in distributions())
    yield from sorted(f"{name}={value}" for name, value in os.environ.items() if name.startswith(SETTINGS))
    chromium = shutil.which("chromium")
    yield subprocess.run([chromium, "--version"], capture_output=True, text=True).stdout if chromium else "no Chromium"


def main() -> None:
    try:
        found = [*files(), *map(os.fsencode, machine())]
    except (OSError, subprocess.CalledProcessError):
        return
    print(hashlib.sha256(b"\0".join(found)).hexdigest())


main()
