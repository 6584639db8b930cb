"""Every address becomes one file, and whatever can't be one stops the freeze."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote

import pytest

from blog.answers import all_addresses
from blog.freezer import FreezeError, Kiln

from .conftest import SiteWith, SmallSite, post_text


def freeze_into(small: SmallSite, folder: Path) -> list[str]:
    """Every address of the site, frozen; the paths of the files."""
    small.site.loader.refresh()
    addresses = [unquote(address) for address in all_addresses(small.app, small.site.loader.library)]
    return [record.path for _, record, _ in Kiln(small.site, folder).fired(addresses)]


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


def test_an_answer_that_is_an_error_stops_the_freeze(site_with: SiteWith, tmp_path: Path) -> None:
    small = site_with({"a": post_text()})
    (small.root / "templates/tags.html").write_text("{% if %}")
    with pytest.raises(FreezeError, match=r"500.*/tags/"):
        freeze_into(small, tmp_path / "out")
