"""Sites that lie in a real repository of git, with commits of chosen days."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from tests.conftest import SmallSite

WHO = ("-c", "user.name=Ada", "-c", "user.email=ada@secret.example", "-c", "init.defaultBranch=main")


def git(folder: Path, *words: str, day: str = "2026-01-02", written: str = "") -> str:
    """Run git here, as on this day; gives what it says. `written` is the day of the author, where it is another."""
    days = {"GIT_AUTHOR_DATE": f"{written or day}T12:00:00+0000", "GIT_COMMITTER_DATE": f"{day}T12:00:00+0000"}
    surroundings = os.environ | days | {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1"}
    ended = subprocess.run(
        ["git", *WHO, *words], cwd=folder, check=True, capture_output=True, text=True, env=surroundings
    )
    return ended.stdout.strip()


def commit(small: SmallSite, subject: str, day: str, written: str = "") -> str:
    """Commit all pages of this site; gives the id of the commit."""
    if not (small.root / ".git").exists():
        git(small.root, "init")
    git(small.root, "add", "--all", "pages")
    git(small.root, "commit", "--allow-empty", "-m", subject, day=day, written=written)
    return git(small.root, "rev-parse", "HEAD")
