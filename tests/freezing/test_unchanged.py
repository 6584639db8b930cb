"""A freeze says that nothing changed where another one of the same inputs would publish the same, and nowhere else."""

from __future__ import annotations

import datetime as dt
import errno
import os
from collections.abc import Iterator, Mapping
from types import SimpleNamespace

import pytest

from tests.conftest import SiteWith, SmallSite, post_text
from tests.freezing.test_freeze import OPTIONS, freeze, has_nothing_to_do, live
from trigpoint.faults import errors
from trigpoint.freezing.freeze import FreezeOptions, FreezeRefusedError
from trigpoint.library.library import Library
from trigpoint.web.kinds import KINDS, kind
from trigpoint.web.site import current_settings, read_file

UNCHECKED = FreezeOptions(jobs=1, check=False)
DEAD = post_text(body="[x](nowhere.md)")


def refusal(small: SmallSite) -> str:
    with pytest.raises(FreezeRefusedError) as refused:
        freeze(small)
    return str(errors(refused.value.faults)[0])


def test_what_was_held_is_refused_by_the_next_freeze_that_does_not_hold(site_with: SiteWith) -> None:
    small = site_with({"a": post_text()})
    freeze(small)
    small.write("posts/a.md", "---\ntitle: [\n---\n")
    said = refusal(small)
    for _ in range(2):
        freeze(small, FreezeOptions(jobs=1, hold=True))
    assert not has_nothing_to_do(small)
    assert refusal(small) == said
    small.write("posts/a.md", post_text())
    freeze(small)
    assert has_nothing_to_do(small)


def test_a_dead_link_that_was_not_looked_for_is_found_by_the_next_freeze(site_with: SiteWith) -> None:
    small = site_with({"a": DEAD})
    assert freeze(small, UNCHECKED).release
    assert "leads to no page or file" in refusal(small)


def test_a_file_of_a_release_that_was_not_checked_is_looked_at_by_the_next_freeze(site_with: SiteWith) -> None:
    small = site_with({"a": post_text()})
    feed = small.root / "templates/feed.xml"
    feed.write_text(feed.read_text() + "<")
    assert freeze(small, UNCHECKED).release
    assert "feed.xml" in refusal(small)


def test_an_empty_site_is_published_by_those_alone_who_say_so(site_with: SiteWith) -> None:
    small = site_with()
    assert freeze(small, FreezeOptions(jobs=1, allow_empty=True)).release
    assert "no article" in refusal(small)


def at(monkeypatch: pytest.MonkeyPatch, days: int) -> None:
    """Set the clock, of what reads and of what freezes."""

    class Clock(dt.datetime):
        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> Clock:
            return super().now(tz) + dt.timedelta(days)

    monkeypatch.setattr("trigpoint.application.dt", SimpleNamespace(UTC=dt.UTC, datetime=Clock))
    monkeypatch.setattr("trigpoint.freezing.unchanged.datetime", Clock)


def test_a_clock_that_was_ahead_and_is_put_right_takes_back_what_it_published(
    site_with: SiteWith, monkeypatch: pytest.MonkeyPatch
) -> None:
    soon = (dt.datetime.now(dt.UTC) + dt.timedelta(100)).date().isoformat()
    small = site_with({"a": post_text(), "b": post_text("Later", soon)})
    at(monkeypatch, 400)
    freeze(small)
    assert "posts/b/index.html" in live(small)
    at(monkeypatch, 0)
    assert freeze(small).release
    assert "posts/b/index.html" not in live(small)
    assert has_nothing_to_do(small)
    at(monkeypatch, 101)
    assert not has_nothing_to_do(small)


def named(library: Library) -> Iterator[Mapping[str, object]]:
    return ({"name": name} for name in (read_file("names.txt") or b"").decode().split())


@pytest.fixture
def people() -> Iterator[None]:
    """A kind of page with an address for each name in a file."""

    @kind("/people/<name>/", named)
    def person(name: str) -> str:
        return f"<!doctype html><title>{name}, {current_settings().title}</title>"

    yield
    KINDS.pop()


def test_a_list_of_addresses_may_be_read_from_a_file(people: None, site_with: SiteWith) -> None:
    small = site_with({"a": post_text()})
    names = small.root / "names.txt"
    names.write_text("")
    freeze(small)
    for said in ("ada", "ada grace", "grace"):
        names.write_text(said)
        freeze(small)
        assert [name for name in ("ada", "grace") if f"people/{name}/index.html" in live(small)] == said.split()
    assert freeze(small).release is None


def test_a_full_disk_leaves_what_was_written_of_the_live_release(
    site_with: SiteWith, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = site_with({"a": post_text()})
    known = freeze(small).live
    beside = {path.name: path.read_bytes() for path in known.path.parent.glob(f"{known.id}.*")}
    small.write("posts/a.md", post_text())
    monkeypatch.setattr("trigpoint.freezing.release.os.fsync", full)
    with pytest.raises(OSError):
        freeze(small)
    assert {path.name: path.read_bytes() for path in known.path.parent.glob(f"{known.id}.*")} == beside
    assert set(beside) == {f"{known.id}.ledger", f"{known.id}.json"}


def full(descriptor: int) -> None:
    os.ftruncate(descriptor, 10)
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_full_freeze_knows_whose_an_alias_was(site_with: SiteWith) -> None:
    """Decision 0019. Where faults of headers are warnings, two articles may want one alias, and it is published."""
    small = site_with({"m": post_text(aliases="[/old/]")}, settings='front_matter = "lenient"\n')
    freeze(small)
    small.write("posts/b.md", post_text("B", aliases="[/old/]"))
    freeze(small)
    before = live(small)
    assert b"/posts/m/" in before["old/index.html"]
    freeze(small, FreezeOptions(jobs=1, full=True, drop=OPTIONS.drop))
    assert live(small) == before
