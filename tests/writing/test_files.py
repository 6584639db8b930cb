"""All files are written or none, whatever ends it in the middle."""

from __future__ import annotations

import contextlib
import io
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest

from tests.conftest import ROOT, SiteWith, post_text, tree
from trigpoint.commands.context import unrestored
from trigpoint.writing.files import RestoreError, create, write_all
from trigpoint.writing.interrupts import interrupts_deferred
from trigpoint.writing.renaming import rename_page

ENDS = (KeyboardInterrupt(), OSError(5, "Input/output error"))


class Interrupting(io.FileIO):
    """A file of which a part is written when Ctrl-C comes."""

    def write(self, content: object) -> NoReturn:
        super().write(b"half")
        raise KeyboardInterrupt


def ending_at(number: int, end: BaseException) -> Callable[[str, Path], None]:
    """os.replace that raises at this call."""
    done, replace = 0, os.replace

    def replaced(source: str, target: Path) -> None:
        nonlocal done
        done += 1
        if done == number:
            raise end
        replace(source, target)

    return replaced


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("number", [1, 2, 3])
def test_several_files_are_written_or_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: BaseException, number: int
) -> None:
    places = [tmp_path / name for name in "abc"]
    for place in places:
        place.write_bytes(b"old")
    monkeypatch.setattr(os, "replace", ending_at(number, end))
    with pytest.raises(type(end)):
        write_all(dict.fromkeys(places, b"new"))
    assert tree(tmp_path) == dict.fromkeys("abc", b"old")
    write_all(dict.fromkeys(places, b"new"))
    assert tree(tmp_path) == dict.fromkeys("abc", b"new")


def test_a_file_that_cannot_be_put_back_is_named_with_its_old_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = [tmp_path / name for name in "abc"]
    for place in places:
        place.write_bytes(b"old")
    replace, calls = os.replace, []

    def replaced(source: str, target: Path) -> None:
        calls.append(target.name)
        if calls in (["a", "b", "c"], ["a", "b", "c", "a"]):
            raise OSError(5, "Input/output error")
        replace(source, target)

    monkeypatch.setattr(os, "replace", replaced)
    with pytest.raises(RestoreError) as told:
        write_all(dict.fromkeys(places, b"new"))
    (place,), (old,) = told.value.lost, told.value.lost.values()
    assert (place, old.read_bytes()) == (places[0], b"old")
    assert tree(tmp_path) == {"a": b"new", "b": b"old", "c": b"old", old.name: b"old"}
    assert unrestored(told.value) == f"Input/output error. {place} could not be put back: its old text is {old}."


@pytest.mark.parametrize("number", [1, 2, 3, 4, 5])
def test_further_interrupts_do_not_stop_the_way_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    places = [tmp_path / name for name in "abc"]
    for place in places:
        place.write_bytes(b"old")
    replace, done = os.replace, 0

    def replaced(source: str, target: Path) -> None:
        nonlocal done
        done += 1
        if done >= number:
            signal.raise_signal(signal.SIGINT)
        replace(source, target)

    monkeypatch.setattr(os, "replace", replaced)
    with contextlib.suppress(KeyboardInterrupt):
        write_all(dict.fromkeys(places, b"new"))
    assert tree(tmp_path) == dict.fromkeys("abc", b"old" if number <= len(places) else b"new")
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_what_ends_the_program_waits_for_the_way_back(tmp_path: Path, number: int) -> None:
    (tmp_path / "a").write_bytes(b"old")
    (tmp_path / "b").write_bytes(b"old")
    code = (
        "import os, signal; from pathlib import Path; from trigpoint.writing import files; replace = os.replace\n"
        f"signal.signal({int(number)}, signal.SIG_DFL)\n"  # Under nohup it would be ignored.
        f"os.replace = lambda *names: (signal.raise_signal({int(number)}), replace(*names))\n"
        "files.write_all({Path('a'): b'new', Path('b'): b'new'})"
    )
    known = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    ended = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=known, capture_output=True, timeout=60)
    assert ended.returncode
    assert tree(tmp_path) == {"a": b"old", "b": b"old"}


def test_what_is_ignored_stays_so(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)  # As below nohup.
    try:
        with interrupts_deferred() as interrupts:
            signal.raise_signal(signal.SIGHUP)
            interrupts.check()
    finally:
        signal.signal(signal.SIGHUP, before)


def test_a_file_that_is_not_finished_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "folder/a"
    monkeypatch.setattr(Path, "open", lambda path, mode: Interrupting(path, mode))
    with pytest.raises(KeyboardInterrupt):
        create(place, b"x")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("number", [1, 2])
def test_a_renaming_that_is_interrupted_leaves_all_as_it_was(
    site_with: SiteWith, monkeypatch: pytest.MonkeyPatch, end: BaseException, number: int
) -> None:
    small = site_with({"a": post_text("A"), "b": post_text("B", body="[a](a.md)")})
    before = tree(small.pages)
    small.site.loader.refresh()
    monkeypatch.setattr(os, "replace", ending_at(number, end))
    with pytest.raises(type(end)):
        rename_page(small.site, "a", "new")
    assert tree(small.pages) == before


KILLED = """
import os, sys
from pathlib import Path
from trigpoint.writing import files
folder, number = Path(sys.argv[1]), int(sys.argv[2])
def replaced(*names, replace=os.replace):
    global number
    number -= 1
    return os._exit(9) if number < 0 else replace(*names)
os.replace = replaced
files.write_all({folder / "b.md": b"new", folder / "c.md": b"new"})
"""


@pytest.mark.parametrize("number", [0, 1])
def test_the_next_renaming_removes_what_a_killed_one_has_prepared(site_with: SiteWith, number: int) -> None:
    small = site_with({name: post_text(name) for name in "abc"})
    ended = subprocess.run(
        [sys.executable, "-c", KILLED, str(small.pages / "posts"), str(number)], cwd=ROOT, check=False
    )
    copies = {path.name for path in small.pages.rglob(".*")}
    assert (ended.returncode, len(copies)) == (9, 4 - number)
    running = small.write(f"posts/.b.md.{os.getpid()}.fresh", "")
    small.site.loader.refresh()
    rename_page(small.site, "a", "new")
    left = [path.read_bytes() for path in small.pages.rglob(".*") if path != running]
    assert left == [post_text("b").encode()] * number, "the old text of what has the new one"
    assert running.exists()


def test_a_file_that_cannot_be_moved_leaves_all_as_it_was(site_with: SiteWith, monkeypatch: pytest.MonkeyPatch) -> None:
    small = site_with({"a": post_text("A"), "b": post_text("B", body="[a](a.md)")})
    before = tree(small.pages)
    small.site.loader.refresh()

    def moved(source: Path, target: Path) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "rename", moved)
    with pytest.raises(OSError, match="Input/output"):
        rename_page(small.site, "a", "new")
    assert tree(small.pages) == before


def test_a_rename_says_which_file_could_not_be_put_back(site_with: SiteWith, monkeypatch: pytest.MonkeyPatch) -> None:
    small = site_with({"a": post_text("A"), "b": post_text("B", body="[a](a.md)")})
    before = (small.pages / "posts/b.md").read_text()
    replace, replaced = os.replace, []

    def refused(source: Path, target: Path) -> None:
        if Path(target).parent == small.pages / "posts":
            replaced.append(target)
            if len(replaced) > 1:
                raise OSError(5, "Input/output error")
        replace(source, target)

    monkeypatch.setattr(os, "replace", refused)
    ended = small.app.test_cli_runner().invoke(args=["rename", "a", "new"])
    assert ended.exit_code == 1
    assert "Nothing was changed" not in ended.output
    place, _, old = ended.output.partition("could not be put back: its old text is ")
    assert place.strip().endswith("Input/output error. " + str(replaced[0]))
    lost = small.pages / "posts/b.md" if replaced[0].name == "b.md" else replaced[0]
    assert Path(old.strip().removesuffix(".")).read_text() == (before if lost.name == "b.md" else post_text("A"))
