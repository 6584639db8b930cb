"""What counts as a file of the folder, and what is named instead."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from trigpoint.inventory import Inventory, inventory, is_knitted, on_disk, settled


def look(folder: Path, before: Inventory | None = None) -> Inventory:
    return inventory(folder, "pages", before or Inventory())


def test_leftovers_and_hidden_files_are_passed_over(tmp_path: Path) -> None:
    for name in (".x.swp", "x.md~", "#x.md#", ".#x.md", "4913", ".DS_Store", "x.md.orig", ".git/config", "a.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("")
    found = look(tmp_path)
    assert list(found.stamps) == ["a.md"]
    assert found.faults == ()


def test_links_that_lead_out_or_nowhere_are_named(tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "passwd.md").symlink_to("/etc/passwd")
    (folder / "environ.md").symlink_to("/proc/self/environ")
    (folder / "self.md").symlink_to("self.md")
    (folder / "dangling.md").symlink_to("nowhere.md")
    (folder / "outside").symlink_to("/etc")
    found = look(folder)
    assert list(found.stamps) == []
    assert [fault.path for fault in found.faults] == [
        f"pages/{name}" for name in ("dangling.md", "environ.md", "outside", "passwd.md", "self.md")
    ]


def test_a_link_inside_the_folder_is_followed_and_a_loop_ends(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("x")
    (tmp_path / "b.md").symlink_to("a.md")
    (tmp_path / "loop").symlink_to(".")
    found = look(tmp_path)
    assert list(found.stamps) == ["a.md", "b.md"]
    assert found.faults == ()


def test_pipes_sockets_and_devices_are_named_and_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    with socket.socket(socket.AF_UNIX) as server:
        here = Path.cwd()
        os.chdir(tmp_path)
        try:
            server.bind("socket.md")
        finally:
            os.chdir(here)
        found = look(tmp_path)
    assert [fault.path for fault in found.faults] == ["pages/pipe.md", "pages/socket.md"]


@pytest.mark.parametrize("name", [b"new\nline.md", b"back\\slash.md", b"\xff.md", b"bell\x07.md"])
def test_names_that_no_address_can_hold_are_named(tmp_path: Path, name: bytes) -> None:
    (tmp_path / os.fsdecode(name)).write_text("")
    found = look(tmp_path)
    assert list(found.stamps) == []
    assert len(found.faults) == 1
    assert str(found.faults[0]).isprintable()


def test_a_missing_folder_is_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("")
    before = look(tmp_path)
    found = look(tmp_path / "gone", before)
    assert found.missing
    assert found.stamps == before.stamps


@pytest.mark.skipif(os.geteuid() != 0 and not Path("/proc").exists(), reason="needs a folder that can't be listed")
def test_a_folder_that_cannot_be_listed_is_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "posts").mkdir()
    (tmp_path / "posts/a.md").write_text("")
    before = look(tmp_path)
    scandir = os.scandir

    def refuse(path: str) -> object:
        if str(path).endswith("posts"):
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    found = look(tmp_path, before)
    assert found.stamps == before.stamps
    assert [str(fault) for fault in found.faults] == [
        "pages/posts: This can't be read: permission denied. Readers get what was there before; it is tried again."
    ]


class Refusing:
    """An entry of a folder that the system does not let us look at."""

    def __init__(self, entry: os.DirEntry[str]) -> None:
        self.name, self.path = entry.name, entry.path

    def is_symlink(self) -> bool:
        raise OSError(5, "Input/output error")


@pytest.mark.parametrize(("refused", "kept"), [("post", {"post/index.md"}), ("a", {"a"}), ("", {"a", "post/index.md"})])
def test_what_cannot_be_looked_at_is_as_it_was_and_what_begins_with_its_name_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refused: str, kept: set[str]
) -> None:
    names = ("a", "a.md", "a.txt", "post/index.md", "post-2/index.md", "post.md")
    for name in names:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("")
    before = look(tmp_path)
    for name in set(names) - kept:
        (tmp_path / name).unlink()
    scandir = os.scandir

    @contextmanager
    def refuse(path: str) -> Iterator[list[object]]:
        if not refused:
            raise OSError(5, "Input/output error")
        with scandir(path) as entries:
            yield [Refusing(entry) if entry.name == refused else entry for entry in entries]

    monkeypatch.setattr(os, "scandir", refuse)
    assert set(look(tmp_path, before).stamps) == (kept if refused else set(names))


def test_a_touched_back_edit_has_another_stamp(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("one")
    before = look(tmp_path)
    times = path.stat()
    path.write_text("two")
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert look(tmp_path).stamps != before.stamps


@pytest.mark.parametrize(("age", "expected"), [(0.05, False), (0.2, True), (-5, True)])
def test_a_file_at_rest_may_be_read(age: float, expected: bool) -> None:
    now = 10**18
    assert settled((1, 1, int(now - age * 1e9), 1), now, 0.1) is expected


def test_a_folder_that_lies_too_deep_is_named_and_the_others_are_listed(tmp_path: Path) -> None:
    deep = tmp_path
    for _ in range(600):  # One by one: Python can't make so many at once.
        deep = deep / "a"
        os.mkdir(deep)
    (tmp_path / "a/b.md").write_text("")
    found = look(tmp_path)
    assert list(found.stamps) == ["a/b.md"]
    assert [fault.sentence for fault in found.faults] == ["This lies in more than 100 folders; it is not looked into."]
    while deep != tmp_path:  # Nor remove them.
        for left in (deep / "b.md",):
            left.unlink(missing_ok=True)
        os.rmdir(deep)
        deep = deep.parent


LEFT_BEHIND = (
    "x.md___jb_tmp___", "x.md.save", "x.md.kate-swp", "x.png.LCK", "x.md.new", "x.png.crdownload", "x.png.part",
    "x.md.orig", "x.md.rej", "#x#", ".~lock.x#", "~$x.md", "Thumbs.db", "desktop.ini", "@eaDir/a.md", "__MACOSX/a.md",
    ".DS_Store", "node_modules/a.md", "x.swp", "x.tmp",
)  # fmt: skip


def test_what_editors_and_disks_leave_behind_is_passed_over(tmp_path: Path) -> None:
    for name in LEFT_BEHIND:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    assert look(tmp_path) == Inventory()


@pytest.mark.parametrize(
    "name",
    [
        "a.sync-conflict-20260101-120000-ABCDEFG.md",
        "a (conflicted copy 2026-01-01).md",
        "a (Ada's conflicted copy 2026-01-01).png",
        "a (Case Conflict).md",
        "a.md.1",
        "a.md (copy)",
        "a.md.txt",
        "a.md.gz",
    ],
)
def test_what_may_hold_text_is_named_and_neither_read_nor_served(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("x")
    found = look(tmp_path)
    assert not found.stamps
    assert [(fault.path, fault.warning) for fault in found.faults] == [(f"pages/{name}", True)]


@pytest.mark.parametrize(
    "name", ["a.md", "a.tar.gz.md5", "a.mdb", "README.md.png", "conflict.md", "a.newer", "Cargo.lock"]
)
def test_other_files_are_served(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("x")
    assert look(tmp_path).stamps and not look(tmp_path).faults


def test_a_name_has_one_unicode_form_and_two_files_of_one_name_are_named(tmp_path: Path) -> None:
    nfc, nfd = "gr\u00f6\u00dfe", "gro\u0308\u00dfe"
    (tmp_path / nfd).mkdir()
    (tmp_path / nfd / f"{nfd}.md").write_text("x")
    found = look(tmp_path)
    assert list(found.stamps) == [f"{nfc}/{nfc}.md"] and not found.faults
    assert Path(on_disk(tmp_path, f"{nfc}/{nfc}.md")).read_text() == "x"
    (tmp_path / nfd / f"{nfc}.md").write_text("y")
    both = look(tmp_path)
    assert list(both.stamps) == [f"{nfc}/{nfc}.md"] and "NFC and NFD" in both.faults[0].sentence
    assert Path(on_disk(tmp_path, f"{nfc}/{nfc}.md")).read_text() == "y"


def test_the_folder_of_well_known_files_is_served_at_the_top_alone(tmp_path: Path) -> None:
    for name in (".well-known/security.txt", ".well-known/.x", "posts/.well-known/x", ".other/x"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    assert list(look(tmp_path).stamps) == [".well-known/security.txt"]


@pytest.mark.parametrize(
    ("path", "beside", "knitted"),
    [
        ("posts/a.Rmd", "posts/a.md", True),
        ("posts/a/index.Rmarkdown", "posts/a/index.markdown", True),
        ("posts/2020-01-02-a.Rmd", "posts/2020-01-02-a.html", True),
        ("posts/a.Rmd", "posts/a.html", False),
        ("posts/a.qmd", "posts/b.md", False),
        ("posts/a.mdx", "posts/a.md", False),
    ],
)
def test_what_came_of_a_source_that_is_run_is_read_in_its_place(path: str, beside: str, knitted: bool) -> None:
    assert is_knitted(path, {path, beside}) is knitted
