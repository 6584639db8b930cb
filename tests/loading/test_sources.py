"""A source that the system does not give is as it was, and is tried again by itself."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from tests.conftest import SiteWith, SmallSite, post_text
from tests.loading.test_loader import BROKEN
from trigpoint.application import create_app
from trigpoint.file_reading import UnsettledError, steady
from trigpoint.inventory import SIZE_LIMIT, inventory
from trigpoint.loading import sources


def test_a_file_that_the_system_did_not_give_is_tried_again(
    site_with: SiteWith, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = site_with({"a": post_text("First")})
    assert "First" in small.text("/posts/a/")

    def refuse(*_: object) -> bytes:
        raise OSError(24, "Too many open files")

    monkeypatch.setattr(sources, "PATIENCE", 0.05)
    monkeypatch.setattr(sources, "steady", refuse)
    small.write("posts/a.md", post_text("Second"))
    assert "First" in small.text("/posts/a/")
    assert "too many open files" in small.faults()[0]
    monkeypatch.setattr(sources, "steady", steady)
    time.sleep(0.06)
    assert "Second" in small.text("/posts/a/")
    assert small.faults() == []


def test_an_error_of_the_system_is_over_when_the_same_bytes_can_be_read_again(
    site_with: SiteWith, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = site_with({"a": post_text("First"), "b": post_text("B")})
    assert "First" in small.text("/posts/a/")

    def refuse(filename: str, *others: object) -> bytes:
        if filename.endswith("a.md"):
            raise OSError(5, "Input/output error")
        return steady(filename, *others)  # type: ignore[arg-type]

    monkeypatch.setattr(sources, "PATIENCE", 0.05)
    monkeypatch.setattr(sources, "steady", refuse)
    os.utime(small.pages / "posts/a.md", (0, 0))
    assert "input/output error" in small.faults()[0]
    small.site.loader.inputs.sources.news.add("posts/a.md")
    small.site.loader.save_readings()
    again = SmallSite(small.root, create_app(small.root))
    try:
        assert "First" in again.text("/posts/a/"), "the last good page is kept"
        assert "input/output error" in again.faults()[0]
        monkeypatch.setattr(sources, "steady", steady)
        time.sleep(0.06)
        assert (small.faults(), again.faults()) == ([], [])
        assert "First" in small.text("/posts/a/")
    finally:
        again.site.loader.stop()


def test_a_file_that_nothing_changed_is_not_looked_at_again(site_with: SiteWith) -> None:
    small = site_with({"a": post_text(), "b": BROKEN})
    assert small.site.loader.refresh()
    assert not small.site.loader.refresh()


def test_no_more_is_read_of_a_file_than_is_wanted(site_with: SiteWith) -> None:
    small = site_with()
    path = small.write("posts/long.md", b"x" * (SIZE_LIMIT + 10))
    assert len(steady(str(path), limit=SIZE_LIMIT + 1)) == SIZE_LIMIT + 1


def test_what_became_a_folder_or_a_pipe_is_never_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    (tmp_path / "folder.md").mkdir()
    for name in ("pipe.md", "folder.md", "none.md"):
        with pytest.raises(OSError):
            steady(str(tmp_path / name))
    opened = {os.path.realpath(f"/proc/self/fd/{number}") for number in os.listdir("/proc/self/fd")}
    assert not [path for path in opened if path.startswith(str(tmp_path))], "nothing stays open"


def test_a_file_that_is_truncated_after_the_look_is_not_published(site_with: SiteWith) -> None:
    small = site_with({"a": post_text(body="First. Last.")})
    small.site.loader.stop_watching()  # The watching thread would look between the two writes.
    assert "Last." in small.text("/posts/a/")
    sources = small.site.loader.inputs.sources
    whole = post_text(body="Again first. Again last.")
    small.write("posts/a.md", whole)
    sources.inventory = inventory(small.pages, "pages", sources.inventory)
    path = small.write("posts/a.md", whole[: whole.index("Again last")])
    sources.reload()
    (page,) = sources
    assert (page.reading.page.title, page.reading.page.summary) == ("A title", "First. Last.")
    assert sources.unsettled == {"posts/a.md"}
    path.write_text(whole)
    assert "Again last." in small.text("/posts/a/")


def test_a_freeze_does_not_go_on_with_a_file_that_is_always_being_written(site_with: SiteWith) -> None:
    small = site_with({"a": post_text(), "b": post_text()})
    small.site.loader.refresh()
    small.site.loader.inputs.sources.settling = 3600.0
    small.write("posts/a.md", post_text("Another"))
    with pytest.raises(UnsettledError, match=r"is being written: 'pages/posts/a.md'"):
        small.site.loader.settle()


def test_a_live_application_keeps_what_it_read_for_the_next_process(site_with: SiteWith) -> None:
    small = site_with({"a": post_text("First"), "b": post_text("B")})
    small.site.loader.watch()
    deadline = time.monotonic() + 10
    while small.site.loader.inputs.sources.news or not (small.root / ".cache/sources").exists():
        assert time.monotonic() < deadline, "nothing was kept"
        time.sleep(0.02)
    again = SmallSite(small.root, create_app(small.root))
    try:
        assert "First" in again.text("/posts/a/")
        assert not again.site.loader.inputs.sources.news, "all of it came from the cache"
    finally:
        again.site.loader.stop()
