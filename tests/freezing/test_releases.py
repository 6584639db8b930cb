"""A release that is live is whole; what is foreign is never touched."""

from __future__ import annotations

import fcntl
import os
import shutil
from pathlib import Path

import pytest

from tests.conftest import tree
from trigpoint.freezing.ledger import NONE, Ledger, Record
from trigpoint.freezing.release import Release, ReleaseError, Summary
from trigpoint.freezing.releases import RECYCLED, Releases


def publish(releases: Releases, text: str) -> Release:
    with releases.alone(), releases.new_release() as release:
        (release.path / "index.html").write_text(text)
        release.describe(Ledger(), Summary())
        releases.make_live(release)
    return release


@pytest.fixture
def releases(tmp_path: Path) -> Releases:
    return Releases(tmp_path / "build")


def test_a_release_is_live_after_one_rename(releases: Releases) -> None:
    publish(releases, "one")
    assert (releases.link / "index.html").read_text() == "one"
    publish(releases, "two")
    assert (releases.link / "index.html").read_text() == "two"


def test_a_release_that_fails_is_thrown_away(releases: Releases) -> None:
    publish(releases, "one")
    with pytest.raises(ZeroDivisionError), releases.alone(), releases.new_release() as release:
        (release.path / "index.html").write_text("two")
        1 / 0  # noqa: B018
    assert (releases.link / "index.html").read_text() == "one"
    assert not release.path.exists()


def test_a_release_whose_folder_was_deleted_meanwhile_is_not_made_live(releases: Releases) -> None:
    """What is written after that makes the folder anew, without what was in it."""
    publish(releases, "one")
    with pytest.raises(ReleaseError, match="was deleted"), releases.alone(), releases.new_release() as release:
        shutil.rmtree(releases.folder)
        (release.path / "posts").mkdir(parents=True)
        (release.path / "posts/index.html").write_text("two")
        release.describe(Ledger(), Summary())
        releases.make_live(release)
    publish(releases, "three")
    assert (releases.link / "index.html").read_text() == "three"


def test_the_last_three_are_kept(releases: Releases) -> None:
    made = [publish(releases, str(number)) for number in range(5)]
    assert releases.all() == tuple(made[-3:])
    assert [(each.path / "index.html").read_text() for each in made[-3:]] == ["2", "3", "4"]


def test_a_release_begins_with_the_folder_of_the_one_that_went(releases: Releases) -> None:
    """It holds what is taken of the live one and nothing else, and no other release is touched."""
    for number in range(4):
        publish(releases, str(number))
    assert (releases.folder / RECYCLED / "index.html").exists()
    with releases.alone(), releases.new_release() as release:
        for name in ("same/a.txt", "folder/b.txt", "c", "d.txt"):
            (release.path / name).parent.mkdir(exist_ok=True)
            (release.path / name).write_text(name)
        release.describe(Ledger(), Summary())
        releases.make_live(release)
    shutil.rmtree(releases.folder / RECYCLED)
    shutil.copytree(release.path, releases.folder / RECYCLED, copy_function=os.link)
    for name in ("d.txt", "folder/b.txt"):
        (releases.folder / RECYCLED / name).unlink()
    (releases.folder / RECYCLED / "folder").rmdir()
    (releases.folder / RECYCLED / "d.txt").mkdir()
    for name in ("folder", "d.txt/e", "old.txt"):
        (releases.folder / RECYCLED / name).write_text("of another time")
    taken = [Record(name, NONE, (0, 0)) for name in ("same/a.txt", "folder/b.txt", "d.txt")]
    with releases.alone(), releases.new_release(taken, release) as next_one:
        assert tree(next_one.path) == {each.path: each.path.encode() for each in taken}
        assert (next_one.path / "d.txt").samefile(release.path / "d.txt")
    assert (release.path / "c").read_text() == "c"


def test_a_release_comes_after_the_newest_one_though_the_clock_was_set_back(releases: Releases) -> None:
    """Else going back would skip one, and the newest would be the first to go."""
    publish(releases, "one")
    ahead = publish(releases, "two")
    for ending in ("", ".json", ".ledger"):  # As if it had been made when the clock was wrong.
        ahead.path.with_suffix(ending).rename(releases.folder / f"29990101T000000000000{ending}")
    releases.link.unlink()
    releases.link.symlink_to(".releases/29990101T000000000000")
    for text in ("three", "four"):
        publish(releases, text)
    assert [(each.path / "index.html").read_text() for each in releases.all()] == ["two", "three", "four"]
    assert (releases.roll_back(None).path / "index.html").read_text() == "three"


def test_what_is_no_release_is_left_alone(releases: Releases) -> None:
    publish(releases, "one")
    (releases.folder / "lost+found").mkdir()
    publish(releases, "two")
    assert len(releases.all()) == 2
    assert (releases.folder / "lost+found").exists()


def test_what_a_killed_freeze_left_is_cleared(releases: Releases) -> None:
    publish(releases, "one")
    leftover = releases.folder / "99990101T000000000000"
    leftover.mkdir()
    publish(releases, "two")
    assert not leftover.exists()


def test_a_foreign_folder_is_refused_and_left_alone(releases: Releases) -> None:
    releases.link.mkdir()
    (releases.link / "thesis.txt").write_text("years of work")
    with pytest.raises(ReleaseError, match="not a link to a release"), releases.alone():
        pass
    assert (releases.link / "thesis.txt").read_text() == "years of work"


def test_a_foreign_link_is_refused(releases: Releases, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    releases.link.symlink_to("other")
    with pytest.raises(ReleaseError, match="not to a release"), releases.alone():
        pass


def test_the_releases_of_another_link_are_refused_and_left_alone(releases: Releases) -> None:
    """Three freezes of `staging` would push out the release that `build` leads to, and no reader would have a site."""
    publish(releases, "one")
    other = Releases(releases.link.with_name("staging"))
    with pytest.raises(ReleaseError, match=r"build leads to a release in .*\. Set `output` to a path in a folder"):
        publish(other, "staged")
    assert (releases.link / "index.html").read_text() == "one"
    (releases.link.parent / "staged").mkdir()
    publish(Releases(releases.link.parent / "staged/build"), "staged")
    (releases.link.parent / "public").symlink_to("build")
    assert publish(releases, "two").path == releases.link.resolve()


def test_a_second_freeze_at_once_is_refused_and_a_dead_lock_is_no_lock(releases: Releases) -> None:
    publish(releases, "one")
    with (releases.folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(ReleaseError, match="another freeze"), releases.alone():
            pass
    publish(releases, "two")
    assert (releases.link / "index.html").read_text() == "two"
