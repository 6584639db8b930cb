"""The one place where git is run, and where its folder is looked for.

Nothing is ever written into a repository. Each call has a bound of time, and what git says of its failure is told.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from trigpoint.file_reading import Stamp
from trigpoint.inventory import stamp_of

LONGEST = 60.0
"""Seconds for one call: the log of a thousand articles takes less than one."""

ELSEWHERE = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR")
"""Variables by which a hook of git names its own repository: what is asked here is about that of the sources."""

IGNORED = ".git-blame-ignore-revs"
"""The file at the top of a repository that names the commits which `git blame` passes over."""

State = tuple[object, ...]
"""Another one whenever another commit may be checked out; () where there is no repository."""


class GitError(OSError):
    """git does not answer; the text is a sentence."""


def run(folder: Path, *words: str, given: bytes = b"", fine: int = 0, others: Mapping[str, str] | None = None) -> bytes:
    """What git writes when it is run in this folder; `fine` is an exit code that is no failure. Raises GitError."""
    ended = completed(folder, *words, given=given, others=others)
    if ended.returncode not in (0, fine):
        said = ended.stderr.decode(errors="replace").strip().splitlines() or ["it failed"]
        raise GitError(f"git says: {said[0].removeprefix('fatal: ')}")
    return ended.stdout


def completed(
    folder: Path,
    *words: str,
    given: bytes = b"",
    others: Mapping[str, str] | None = None,
    seconds: float = LONGEST,
) -> subprocess.CompletedProcess[bytes]:
    """A run of git in this folder, whatever its exit code. Raises GitError where it cannot be run, or takes longer."""
    surroundings = {name: value for name, value in os.environ.items() if name not in ELSEWHERE}
    surroundings |= {"LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0", **(others or {})}
    try:
        return subprocess.run(
            ["git", *words], cwd=folder, input=given, capture_output=True, timeout=seconds, env=surroundings
        )
    except subprocess.TimeoutExpired as error:
        raise GitError(f"git has not answered for {seconds:g} seconds") from error
    except OSError as error:
        is_missing = isinstance(error, FileNotFoundError) and error.filename == "git"
        raise GitError("git is not installed" if is_missing else f"git does not answer: {error}") from error


@dataclass(frozen=True, slots=True)
class Repository:
    """The folders of git for the sources: the top of the working tree, git's own, and the one that its trees share."""

    top: Path
    own: Path
    shared: Path

    @property
    def state(self) -> State:
        """What changes with each commit, checkout and fetch, found by a few looks at the disk alone."""
        head = _text(self.own / "HEAD")
        looked_at = (self.own / "HEAD", self.own / "logs/HEAD", self.shared / head.removeprefix("ref: "),
                     self.shared / "packed-refs", self.shared / "reftable/tables.list", self.shared / "shallow",
                     self.top / IGNORED)  # fmt: skip
        return (str(self.own), head, *map(_stamp, looked_at))

    @property
    def cut_off_at(self) -> frozenset[str]:
        """The commits of a shallow clone whose parents are not there."""
        return frozenset(_text(self.shared / "shallow").split())

    @property
    def ignored(self) -> frozenset[str]:
        """The whole ids of the commits that are passed over."""
        lines = (line.partition("#")[0].split() for line in _text(self.top / IGNORED).splitlines())
        return frozenset(words[0].lower() for words in lines if words)


def repository_of(folder: Path) -> Repository | None:
    """The repository in which this folder lies, if any; found as git finds it, without running it."""
    place = Path(os.path.realpath(folder))
    top = next((each for each in (place, *place.parents) if os.path.lexists(each / ".git")), None)
    if top is None:
        return None
    link = _text(top / ".git").removeprefix("gitdir: ")  # A folder in most; a file in linked trees and submodules.
    own = top / link if link else top / ".git"
    shared = _text(own / "commondir")
    return Repository(top, own, own / shared if shared else own)


def _text(path: Path) -> str:
    with suppress(OSError, ValueError):
        return path.read_text(encoding="utf-8", errors="surrogateescape").strip()
    return ""


def _stamp(path: Path) -> Stamp | None:
    with suppress(OSError, ValueError):
        return stamp_of(str(path))
    return None
