"""Edits are seen, faults stay where they are, and what can't be read is as it was."""

from __future__ import annotations

import datetime as dt
import itertools
import os
import resource
import shutil
import socket
import threading
import time
from pathlib import Path

import pytest

from tests.conftest import SiteWith, SmallSite, post_text
from trigpoint.content import read_page
from trigpoint.loading import loader, sources, workers
from trigpoint.loading.inputs import Inputs
from trigpoint.loading.workers import WorkerPool

BROKEN = "---\ntitle: [unclosed\n---\n"


def bodies(small: SmallSite, slug: str = "a") -> str:
    return small.text(f"/posts/{slug}/")


def test_an_edit_in_place_is_seen(site_with: SiteWith) -> None:
    small = site_with({"a": post_text(body="before")})
    assert "before" in bodies(small)
    small.write("posts/a.md", post_text(body="after!"))
    assert "after!" in bodies(small)


def test_an_edit_that_keeps_size_and_modification_time_is_seen(site_with: SiteWith) -> None:
    small = site_with({"a": post_text(body="first")})
    path = small.pages / "posts/a.md"
    assert "first" in bodies(small)
    known = path.stat()
    small.write("posts/a.md", post_text(body="other"))
    os.utime(path, ns=(known.st_atime_ns, known.st_mtime_ns))
    assert (path.stat().st_size, path.stat().st_mtime_ns) == (known.st_size, known.st_mtime_ns)
    assert "other" in bodies(small)


def test_a_file_with_an_older_time_renamed_over_is_seen(site_with: SiteWith) -> None:
    small = site_with({"a": post_text(body="first")})
    assert "first" in bodies(small)
    new = small.root / "new.md"
    new.write_text(post_text(body="renamed"))
    os.utime(new, (0, 0))
    new.replace(small.pages / "posts/a.md")
    assert "renamed" in bodies(small)


def test_two_files_that_swap_names_are_seen(site_with: SiteWith) -> None:
    small = site_with({"a": post_text(body="alpha"), "b": post_text(body="bravo")})
    assert "alpha" in bodies(small, "a")
    a, b, between = (small.pages / "posts" / name for name in ("a.md", "b.md", "c.txt"))
    a.rename(between), b.rename(a), between.rename(b)
    assert "bravo" in bodies(small, "a")
    assert "alpha" in bodies(small, "b")


def test_a_folder_that_is_a_swapped_link_is_seen(site_with: SiteWith) -> None:
    small = site_with({"a": post_text(body="first")})
    shutil.copytree(small.pages, small.root / "edition-2")
    small.pages.rename(small.root / "edition-1")
    small.pages.symlink_to("edition-1")
    assert "first" in bodies(small)
    (small.root / "edition-2/posts/a.md").write_text(post_text(body="second"))
    small.pages.unlink()
    small.pages.symlink_to("edition-2")
    assert "second" in bodies(small)


def test_a_folder_that_is_gone_leaves_the_last_edition(site_with: SiteWith) -> None:
    small = site_with({"a": post_text(body="kept")})
    assert "kept" in bodies(small)
    small.pages.rename(small.root / "away")
    assert "kept" in bodies(small)
    assert small.faults() == ["pages: There is no such folder. Bring it back, or set `pages` in site.toml."]
    (small.root / "away").rename(small.pages)
    assert small.faults() == []


def test_a_removed_page_is_gone(site_with: SiteWith) -> None:
    small = site_with({"a": post_text(), "b": post_text()})
    assert small.status("/posts/a/") == 200
    (small.pages / "posts/a.md").unlink()
    assert small.status("/posts/a/") == 404
    assert small.status("/posts/b/") == 200


def test_a_fault_keeps_the_last_good_version(site_with: SiteWith) -> None:
    small = site_with({"a": post_text(body="good"), "b": post_text()})
    assert "good" in bodies(small)
    small.write("posts/a.md", BROKEN)
    assert "good" in bodies(small)
    assert small.faults()[0].startswith("pages/posts/a.md:2:")
    small.write("posts/a.md", post_text(body="mended"))
    assert "mended" in bodies(small)
    assert small.faults() == []


def test_a_page_that_never_was_good_is_not_there(site_with: SiteWith) -> None:
    small = site_with({"a": BROKEN, "b": post_text()})
    assert small.status("/posts/a/") == 404
    assert small.status("/posts/b/") == 200
    assert small.status("/") == 200


def test_a_file_that_cannot_be_read_is_as_it_was_and_tried_again(site_with: SiteWith) -> None:
    small = site_with({"a": post_text(body="kept"), "b": post_text(body="other")})
    assert "kept" in bodies(small)
    small.write("posts/a.md", post_text(body="newer"))
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    sockets = [socket.socket() for _ in range(8)]
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(each.fileno() for each in sockets) + 1, hard))
    try:
        small.site.loader.refresh()
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        for each in sockets:
            each.close()
    assert "newer" in bodies(small), "an error of the system is not remembered"
    assert small.faults() == []


def test_a_huge_file_is_never_read(site_with: SiteWith) -> None:
    small = site_with({"b": post_text()})
    with (small.pages / "posts/sparse.md").open("wb") as sparse:
        sparse.truncate(1 << 30)
    assert small.faults() == [
        "pages/posts/sparse.md: This file has 1,073,741,824 bytes, and at most 2,000,000 are read. Split it."
    ]
    assert small.status("/posts/b/") == 200


def test_a_half_written_file_is_not_seen(site_with: SiteWith) -> None:
    small = site_with({"a": post_text(body="whole before")})
    assert "whole before" in bodies(small)
    small.site.loader.inputs.sources.settling = 0.1
    small.write("posts/a.md", "")
    small.site.loader.refresh()
    assert small.faults() == []
    small.write("posts/a.md", post_text(body="whole after"))
    time.sleep(0.15)
    assert "whole after" in bodies(small)


def test_a_file_that_was_emptied_is_waited_for(site_with: SiteWith) -> None:
    """Many editors empty a file and then write it: the preview, which waits for 10 ms, would tell of an empty one."""
    small = site_with({"a": post_text(body="whole before")})
    assert "whole before" in bodies(small)
    small.site.loader.inputs.sources.settling = 0.01
    small.write("posts/a.md", "")
    time.sleep(0.1)
    assert "whole before" in bodies(small)
    assert small.faults() == []
    time.sleep(0.3)
    small.site.loader.refresh()
    assert small.faults() != []


def test_the_first_look_waits_for_files_at_rest(site_with: SiteWith) -> None:
    small = site_with()
    small.site.loader.inputs.sources.settling = 0.1
    small.write("posts/a.md", "---\ntitle: Half")
    writer = threading.Timer(0.05, lambda: small.write("posts/a.md", post_text(body="all of it")))
    writer.start()
    assert "all of it" in bodies(small)
    writer.join()


def test_the_first_look_has_each_post_though_one_or_another_is_always_being_written(site_with: SiteWith) -> None:
    small = site_with({f"p{number}": post_text(body=f"whole {number}") for number in range(6)})
    small.site.loader.inputs.sources.settling = 0.1
    ended = threading.Event()

    def write() -> None:
        for number in itertools.cycle(range(6)):
            small.write(f"posts/p{number}.md", "---\ntitle: Half")
            time.sleep(0.01)
            small.write(f"posts/p{number}.md", post_text(body=f"whole {number}"))
            if ended.wait(0.05):
                return

    writer = threading.Thread(target=write)
    writer.start()
    time.sleep(0.1)
    found = [small.client.get(f"/posts/p{number}/").status_code for number in range(6)]
    ended.set()
    writer.join()
    assert found == [200] * 6


def test_a_changed_registry_is_seen_and_a_broken_one_is_named(site_with: SiteWith) -> None:
    small = site_with({"a": post_text(tags="[Zig]")})
    assert "Zig" in small.faults()[0]
    small.write("tags.toml", '[zig]\nname = "Zig"\n')
    assert small.faults() == []
    small.write("tags.toml", "[zig\n")
    assert small.faults()[0].startswith("pages/tags.toml:1:")
    assert small.status("/tags/zig/") == 200


def test_the_thread_finds_an_edit_within_a_second(site_with: SiteWith) -> None:
    small = site_with({"a": post_text(body="before")})
    client = small.client
    assert b"before" in client.get("/posts/a/").data
    small.write("posts/a.md", post_text(body="after!"))
    deadline = time.monotonic() + 10
    while b"after!" not in client.get("/posts/a/").data:
        assert time.monotonic() < deadline, "never seen"
        time.sleep(0.05)


def test_a_look_that_fails_is_not_the_last_one(site_with: SiteWith, monkeypatch: pytest.MonkeyPatch) -> None:
    small = site_with({"a": post_text(body="before")})
    assert small.client.get("/posts/a/").status_code == 200
    monkeypatch.setattr("trigpoint.loading.inputs.inventory", lambda *arguments: 1 / 0)
    time.sleep(0.5)
    monkeypatch.undo()
    small.site.loader.inputs.sources.settling = 0.0
    small.write("posts/a.md", post_text(body="after!"))
    deadline = time.monotonic() + 10
    while b"after!" not in small.client.get("/posts/a/").data:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def fail_once(monkeypatch: pytest.MonkeyPatch, owner: object, name: str, error: BaseException) -> None:
    """Have the next call of this end with an error, and those behind it do what it does."""
    whole = getattr(owner, name)

    def fail(*arguments: object, **named: object) -> object:
        monkeypatch.setattr(owner, name, whole)
        raise error

    monkeypatch.setattr(owner, name, fail)


@pytest.mark.parametrize(
    ("owner", "name", "error"),
    [
        (sources, "read_page", MemoryError()),
        (loader, "Library", OSError(24, "Too many open files")),
        (Inputs, "snapshot", KeyboardInterrupt()),
    ],
)
def test_an_edit_is_not_lost_with_the_look_that_found_it(
    site_with: SiteWith, monkeypatch: pytest.MonkeyPatch, owner: object, name: str, error: BaseException
) -> None:
    small = site_with({"a": post_text(body="before")})
    small.site.loader.stop_watching()  # The watching thread would meet the error in place of this one.
    assert "before" in bodies(small)
    small.write("posts/a.md", post_text(body="after!"))
    fail_once(monkeypatch, owner, name, error)
    with pytest.raises(type(error)):
        small.site.loader.refresh()
    assert "after!" in bodies(small)


def test_what_a_clock_that_was_ahead_has_shown_goes_when_it_is_put_right(site_with: SiteWith) -> None:
    small = site_with({"a": post_text(), "b": post_text(date="2030-01-01T10:00:00Z")})
    now = dt.datetime(2030, 1, 2, tzinfo=dt.UTC)
    small.site.loader._clock = lambda: now
    assert small.status("/posts/b/") == 200
    now = dt.datetime(2029, 12, 31, tzinfo=dt.UTC)
    assert small.status("/posts/b/") == 404


def test_a_future_post_appears_when_its_time_comes(site_with: SiteWith) -> None:
    small = site_with({"a": post_text(date="2030-01-01T10:00:00Z"), "b": post_text(expires="2030-01-01T11:00:00Z")})
    now = dt.datetime(2029, 12, 31, tzinfo=dt.UTC)
    small.site.loader._clock = lambda: now
    assert (small.status("/posts/a/"), small.status("/posts/b/")) == (404, 200)
    now = dt.datetime(2030, 1, 1, 10, 30, tzinfo=dt.UTC)
    assert (small.status("/posts/a/"), small.status("/posts/b/")) == (200, 200)
    now = dt.datetime(2030, 1, 1, 11, 30, tzinfo=dt.UTC)
    assert (small.status("/posts/a/"), small.status("/posts/b/")) == (200, 404)


def test_files_swapped_for_links_lead_nowhere(site_with: SiteWith, tmp_path: Path) -> None:
    small = site_with(files={"posts/a/index.md": post_text(), "posts/a/pic.txt": "mine"})
    assert small.text("/posts/a/pic.txt") == "mine"
    (tmp_path / "secret.txt").write_text("secret")
    picture = small.pages / "posts/a/pic.txt"
    picture.unlink()
    picture.symlink_to(tmp_path / "secret.txt")
    with small.client.get("/posts/a/pic.txt") as response:
        assert response.status_code == 404, "also before the next look"
    assert small.status("/posts/a/pic.txt") == 404


def test_a_thread_that_could_not_be_started_is_tried_again(
    site_with: SiteWith, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = site_with({"a": post_text(body="before")})
    started = threading.Thread.start

    def refuse(self: threading.Thread) -> None:
        if self.name == "loader":
            raise RuntimeError("can't start new thread")
        started(self)

    monkeypatch.setattr(threading.Thread, "start", refuse)
    monkeypatch.setattr("trigpoint.loading.watcher.PATIENCE", 0.0)
    assert small.client.get("/posts/a/").status_code == 200
    monkeypatch.setattr(threading.Thread, "start", started)
    assert small.client.get("/posts/a/").status_code == 200
    assert [thread for thread in threading.enumerate() if thread.name == "loader"]


def test_an_exception_while_one_file_is_read_costs_that_file_alone(
    site_with: SiteWith, monkeypatch: pytest.MonkeyPatch
) -> None:

    def trip(making: object) -> None:
        if "trip" in making.source.body:  # type: ignore[attr-defined]
            raise KeyError("a bug")
        complete(making)

    small = site_with(posts={"a": post_text("A"), "b": post_text("B")})
    assert "B" in small.text("/posts/b/")
    complete = read_page._complete
    monkeypatch.setattr(read_page, "_complete", trip)
    small.write("posts/b.md", post_text("B2", body="trip"))
    small.write("posts/a.md", post_text("A2"))
    assert "A2" in small.text("/posts/a/")
    assert "B" in small.text("/posts/b/") and "B2" not in small.text("/posts/b/")
    (fault,) = small.faults()
    assert fault.startswith("pages/posts/b.md: This cannot be read (KeyError: 'a bug')") and "report" in fault


def test_a_server_that_never_freezes_keeps_its_cache_within_bounds(
    site_with: SiteWith, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = site_with({"a": post_text()})
    kept = small.site.loader.cache.folder / "things/ab" / ("c" * 30)
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"x" * 1000)
    monkeypatch.setattr(loader, "room_for", lambda pages: 0)
    small.site.loader._look()
    assert not kept.exists()


def test_what_another_engine_rendered_is_shown_and_not_kept(
    site_with: SiteWith, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """An upgrade is laid beneath a process that runs on: its new workers have the new code."""
    pool = WorkerPool(1)
    monkeypatch.setattr(loader, "WorkerPool", lambda count: pool)
    monkeypatch.setattr(workers, "maker_digest", lambda kind: "before the upgrade")
    small = site_with({"a": post_text(body="Some *words*."), "b": post_text()})
    assert "<em>words</em>" in small.text("/posts/a/")
    small.text("/posts/b/")
    small.library.make_index()
    small.site.loader.save_readings()
    pool.stop()
    kept = {each.name for each in (small.root / ".cache").iterdir() if each.is_dir()}
    assert not kept & {*loader.RENDERED}
    assert caplog.messages == ["The engine was changed since this process started. Start it again."]
