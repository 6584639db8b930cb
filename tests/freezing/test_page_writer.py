"""Every address becomes one file, and whatever can't be one stops the freeze."""

from __future__ import annotations

import multiprocessing
import os
import signal
from pathlib import Path
from urllib.parse import unquote

import pytest

from tests.conftest import SiteWith, SmallSite, post_text
from trigpoint.freezing.page_writer import FreezeError, PageWriter, write_pages
from trigpoint.freezing.plan import addresses_of
from trigpoint.web.kinds import all_addresses


def freeze_into(small: SmallSite, folder: Path) -> list[str]:
    """Every address of the site, frozen; the paths of the files."""
    small.site.loader.refresh()
    addresses = [unquote(address) for address in all_addresses(small.app, small.site.loader.library)]
    return [record.path for _, record, _ in PageWriter(small.site, folder).write(addresses)]


def test_every_address_is_told_as_it_is_written(site_with: SiteWith, tmp_path: Path) -> None:
    small = site_with({"a": post_text(aliases="[/old/]")}, {"posts/dot.svg": "<svg/>"})
    told = freeze_into(small, tmp_path / "out")
    written = [
        path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*") if path.is_file()
    ]
    assert sorted(told) == sorted(written)
    assert {"index.html", "posts/a/index.html", "old/index.html", "404.html", "feed.xml"} <= set(written)
    assert (tmp_path / "out/posts/dot.svg").read_text() == "<svg/>"


def test_an_alias_is_frozen_as_the_page_that_leads_on(site_with: SiteWith, tmp_path: Path) -> None:
    small = site_with({"a": post_text(aliases='["/größe/", /old.html]')})
    freeze_into(small, tmp_path / "out")
    for name in ("größe/index.html", "old.html"):
        assert 'content="0; url=/posts/a/"' in (tmp_path / "out" / name).read_text()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\n{% if %}", r"^templates/tags.html:2: This is no template: Expected an expression"),
        ("\n\n{{ nothing.at.all }}", r"^templates/tags.html:3: /tags/ can't be made: 'nothing' is undefined\."),
        ("{% include 'none.html' %}", r"^templates/tags.html:1: /tags/ can't be made: there is no template none.html"),
        ("{{ 1 // 0 }}", r"^templates/tags.html:1: /tags/ can't be made: ZeroDivisionError: "),
    ],
)
def test_an_answer_that_is_an_error_stops_the_freeze_with_one_line(
    site_with: SiteWith, tmp_path: Path, caplog: pytest.LogCaptureFixture, text: str, expected: str
) -> None:
    small = site_with({"a": post_text()})
    (small.root / "templates/tags.html").write_text(text)
    with pytest.raises(FreezeError, match=expected):
        freeze_into(small, tmp_path / "out")
    assert not caplog.records, "no traceback"


@pytest.mark.parametrize(("ended_by", "told"), [(signal.SIGKILL, "killed"), (signal.SIGSTOP, "stopped")])
def test_a_process_that_is_lost_ends_the_freeze(
    site_with: SiteWith, tmp_path: Path, ended_by: signal.Signals, told: str
) -> None:
    small = site_with({f"p{n}": post_text(f"P {n}") for n in range(12)})
    small.app.jinja_env.globals["end"] = lambda: os.kill(os.getpid(), ended_by)
    (small.root / "templates/_footer.html").write_text("{{ end() }}")
    small.site.loader.refresh()
    with pytest.raises(FreezeError, match=f"a process that rendered pages was {told}"):
        list(write_pages(small.site, addresses_of(small.site), tmp_path / "out", jobs=2))
    assert not multiprocessing.active_children()


def test_an_answer_that_is_an_error_names_the_file_that_it_is_made_from(site_with: SiteWith, tmp_path: Path) -> None:
    small = site_with({"a": post_text()})
    (small.root / "templates/post.html").write_text("{{ post.titel }}")
    with pytest.raises(FreezeError, match=r"^templates/post.html:1: /posts/a/ \(pages/posts/a.md\) can't be made"):
        freeze_into(small, tmp_path / "out")


@pytest.mark.parametrize("name", ["a?b.txt", "C#/a#b.txt", "a%20b.txt", "100%.txt", "a b.txt", "ü.txt", "%2e%2e.txt"])
def test_a_file_of_any_name_is_frozen_under_it(site_with: SiteWith, tmp_path: Path, name: str) -> None:
    small = site_with({"a": post_text()}, {f"posts/{name}": "mine"})
    assert f"posts/{name}" in freeze_into(small, tmp_path / "out")
    assert (tmp_path / "out/posts" / name).read_text() == "mine"
