"""A disk that fails at any one call: what readers see is whole, and the author reads a sentence.

An audit hook raises the system's error where Python is about to make the call:
so the real code meets it, and nothing of it is replaced. Each case is a fork of
this process, which has loaded everything.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
import signal
import subprocess
import sys
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from mmap import mmap
from pathlib import Path
from typing import NoReturn

import pytest
from flask.cli import FlaskGroup

from tests.conftest import SiteWith, SmallSite, post_text, tree

pytestmark = pytest.mark.slow

CALLS = frozenset(
    ("os.rename", "os.link", "os.mkdir", "os.remove", "os.rmdir", "os.symlink", "os.scandir", "os.listdir")
)
WRITING = os.O_WRONLY | os.O_RDWR
STATE = ("build", ".releases", ".cache")
"""What a freeze changes of a site, besides a copy in www."""

KILL = 0
"""Stands for no error of the system: the process is killed where it would make the call."""

NUMBERS = tuple(getattr(errno, name, KILL) for name in os.environ.get("DISK_FAULTS", "EIO").split())
POSTS = {name: post_text(name, tags="[Go, C]", body=f"See [it](a.md), {name}.") for name in "bc"}
STRIDE = int(os.environ.get("DISK_FAULTS_STRIDE", "0"))
"""One call of each kind fails. By hand: DISK_FAULTS="EIO ENOSPC EACCES KILL" DISK_FAULTS_STRIDE=1, every call and in
each way; that takes long."""


@dataclass(frozen=True)
class Ended:
    """How a freeze in a process of its own ended: its exit code, what it told, and what it asked of the disk."""

    code: int
    said: str
    calls: tuple[str, ...]


class FailingDisk:
    """Notes the calls that list or change what lies below a folder, here and in forks; lets one fail.

    `fails_at` is its number, from 1, or what it is: "os.rename /www".
    """

    def __init__(self, root: Path, notes: Path, fails_at: int | str, number: int) -> None:
        self._root, self._fails_at, self._number = os.path.realpath(root), fails_at, number
        self._counted = mmap(-1, 8)
        self._notes = os.open(notes, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND)

    def __call__(self, event: str, arguments: tuple[object, ...]) -> None:
        is_writing = event == "open" and isinstance(arguments[2], int) and bool(arguments[2] & WRITING)
        if not is_writing and event not in CALLS:
            return
        path = next(filter(None, map(self._below, arguments)), "")
        if not path:
            return
        number = int.from_bytes(self._counted[:8], "little") + 1
        self._counted[:8] = number.to_bytes(8, "little")
        os.write(self._notes, f"{event} {path}\n".encode())
        if self._fails_at in (number, f"{event} {path}"):
            if self._number == KILL:
                os.kill(os.getpid(), signal.SIGKILL)
            raise OSError(self._number, os.strerror(self._number), path)

    def close(self) -> None:
        os.close(self._notes)

    def _below(self, argument: object) -> str:
        """The path below the folder that this is, or is a descriptor of; "" for any other argument."""
        if isinstance(argument, int) and argument > 2:
            try:
                argument = os.readlink(f"/proc/self/fd/{argument}")
            except OSError:
                return ""
        path = os.fspath(argument) if isinstance(argument, str | os.PathLike) else ""
        return str(path).removeprefix(self._root) if str(path).startswith(self._root) else ""


def ended(small: SmallSite, *words: str, fails_at: int | str = 0, number: int = errno.EIO) -> Ended:
    """A freeze in a fork of this process."""
    said, notes = (small.root.parent / name for name in ("said", "notes"))
    disk = FailingDisk(small.root, notes, fails_at, number)
    child = os.fork()
    if not child:
        _become_freeze(small, disk, said, words)
    _, status = os.waitpid(child, 0)
    disk.close()
    return Ended(os.waitstatus_to_exitcode(status), said.read_text(), tuple(notes.read_text().splitlines()))


def _become_freeze(small: SmallSite, disk: FailingDisk, said: Path, words: tuple[str, ...]) -> NoReturn:
    code = 70
    try:
        descriptor = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        for standard in (1, 2):
            os.dup2(descriptor, standard)
        sys.stdout, sys.stderr = open(1, "w", closefd=False), open(2, "w", closefd=False)  # noqa: SIM115
        sys.addaudithook(disk)
        FlaskGroup(create_app=lambda: small.app).main(["freeze", *words], prog_name="flask")
    except SystemExit as ending:
        code = ending.code if isinstance(ending.code, int) else 1
    except BaseException:
        traceback.print_exc()
    finally:
        small.site.loader.stop()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


class Case:
    """A site with four releases and an edit, and what it is set back to before each freeze."""

    def __init__(self, small: SmallSite, words: tuple[str, ...]) -> None:
        self.small, self.words = small, words
        self._state = [*STATE, *(["www"] if "--into" in words else [])]
        for edition in range(5):
            if edition == 4:
                self.old = live(small)
                self._keep()
            small.write(f"posts/new-{edition}.md", post_text(f"New {edition}"))
            small.write("posts/a.md", post_text(f"Edition {edition}", body=f"Words {edition}.", tags="[Go]"))
            if edition < 4:
                assert ended(small, *words).code == 0
        whole = ended(small, *words)
        assert whole.code == 0, whole.said
        self.calls, self.new = whole.calls, live(small)
        assert self.old != self.new

    def _keep(self) -> None:
        self._before = self.small.root.parent / "before"
        self._before.mkdir()
        self._copy(self.small.root, self._before)
        self.releases = releases_of(self.small)

    def set_back(self) -> None:
        for name in self._state:
            path = self.small.root / name
            path.unlink() if path.is_symlink() else shutil.rmtree(path)
        self._copy(self._before, self.small.root)

    def _copy(self, there: Path, here: Path) -> None:
        subprocess.run(["cp", "-a", *(there / name for name in self._state), here], check=True)

    def problems(self, fails_at: int, number: int) -> Iterator[str]:
        """What does not hold where the n-th call fails."""
        self.set_back()
        failed = ended(self.small, *self.words, fails_at=fails_at, number=number)
        found = live(self.small)
        if failed.code == -signal.SIGKILL:
            if found not in (self.old, self.new):
                yield "killed, and live is torn"
        elif found != (self.new if failed.code == 0 else self.old):
            yield f"exit {failed.code}, and live is {self._name(found)}"
        elif "Traceback" in failed.said or failed.code not in (0, 1):
            yield f"exit {failed.code}, and a traceback"
        elif failed.code and "Error: Nothing was published: " not in failed.said:
            yield "no sentence"
        now = releases_of(self.small)
        if any(now[name] != files for name, files in self.releases.items() if name in now):
            yield "an older release is another"
        again = ended(self.small, *self.words)
        if again.code or live(self.small) != self.new:
            yield f"the next freeze ends with {again.code}, and live is {self._name(live(self.small))}: {again.said}"

    def _name(self, found: dict[str, bytes]) -> str:
        return "old" if found == self.old else "new" if found == self.new else "torn"


def live(small: SmallSite) -> dict[str, bytes]:
    return tree(Path(os.path.realpath(small.root / "build")))


def releases_of(small: SmallSite) -> dict[str, dict[str, bytes]]:
    return {path.name: tree(path) for path in (small.root / ".releases").glob("2*") if path.is_dir()}


def chosen(calls: tuple[str, ...]) -> list[int]:
    """The last call of each kind in each part of the site, by its number; or every call."""
    kinds = {kind_of(call): number for number, call in enumerate(calls, 1)}
    return [*range(1, len(calls) + 1)][::STRIDE] if STRIDE else sorted(kinds.values())


def kind_of(call: str) -> str:
    steps = re.sub(r"\d{8}T\d{12}", "ID", call).split("/")
    return "/".join(steps[: 3 if steps[1] == ".releases" else 2])


def check_every_chosen_call(small: SmallSite, *words: str) -> None:
    case = Case(small, words)
    found = [
        f"{errno.errorcode.get(number, 'KILL')} at {fails_at}, {case.calls[fails_at - 1]}: {problem}"
        for fails_at in chosen(case.calls)
        for number in NUMBERS
        for problem in case.problems(fails_at, number)
    ]
    assert not found, "\n".join(found)


def test_a_disk_that_fails_at_any_call_leaves_a_whole_release_and_a_sentence(site_with: SiteWith) -> None:
    check_every_chosen_call(site_with(POSTS, settings='precompress = ["gz"]\n'), "--jobs", "2")


@pytest.mark.skipif(not STRIDE, reason="its calls are those of an incremental freeze, and a thousand more")
def test_a_disk_that_fails_at_any_call_of_a_full_freeze_does_too(site_with: SiteWith) -> None:
    check_every_chosen_call(site_with(POSTS, settings='precompress = ["gz"]\n'), "--full", "--jobs", "2")


@pytest.mark.parametrize("number", [errno.EIO, KILL], ids=["failing", "killed"])
def test_a_copy_is_whole_and_known_again_whatever_ended_its_making(site_with: SiteWith, number: int) -> None:
    small = site_with(POSTS)
    case = Case(small, ("--into", str(small.root / "www")))
    for call in case.calls:
        if re.match(r"(os\.rename|os\.mkdir|open) (/\.?www(\.\w+)?$|/\.releases/copies)", call):
            case.set_back()
            failed = ended(small, *case.words, fails_at=call, number=number)
            assert number == KILL or (failed.code, tree(small.root / "www")) == (1, case.old), (call, failed.said)
            assert "Traceback" not in failed.said
            assert ended(small, *case.words).code == 0, call
            assert tree(small.root / "www") == case.new, call
