"""The style guide shows every part, to who works on it alone."""

from __future__ import annotations

import re

import pytest

from tests.conftest import ROOT, SiteWith, SmallSite, post_text, preview_of
from trigpoint.preview.styleguide import COLOURS
from trigpoint.web.kinds import all_addresses


@pytest.fixture
def preview(site_with: SiteWith) -> SmallSite:
    small = site_with({"a": post_text()})
    small.app = preview_of(small.root)
    return small


def test_readers_get_no_style_guide(site_with: SiteWith) -> None:
    assert site_with().status("/styleguide/") == 404


def test_a_preview_has_it_and_no_release(preview: SmallSite) -> None:
    assert preview.status("/styleguide/") == 200
    assert "/styleguide/" not in set(all_addresses(preview.app, preview.library))


def test_its_pictures_are_there_below_a_path_too(preview: SmallSite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BLOG_BASE_URL", "https://blog.example/notes")
    preview.app = preview_of(preview.root)
    sources = re.findall(r'<img[^>]* src="([^"]+)"', preview.text("/styleguide/"))
    assert "icon-192" in "".join(sources)
    sources = [each for each in sources if not each.startswith("data:")]
    assert [each for each in sources if not each.startswith("/notes/")] == []
    assert [each for each in sources if preview.status(each.removeprefix("/notes")) != 200] == []


def test_every_colour_is_shown(preview: SmallSite) -> None:
    tokens = set(re.findall(r"--([\w-]+):\s*(?:light-dark|var)\(", (ROOT / "static/css/tokens.css").read_text()))
    assert set(COLOURS) <= tokens
    assert all(f"var(--{name})" in preview.text("/styleguide/") for name in COLOURS)


def test_every_part_that_the_stylesheets_name_is_shown(preview: SmallSite) -> None:
    """Each class that a stylesheet speaks of stands on the page, but for what scripts and lexers add."""
    text = preview.text("/styleguide/")
    css = "".join((ROOT / f"static/css/{name}.css").read_text() for name in ("layout", "prose", "components"))
    named = set(re.findall(r"\.([a-z][a-z-]+)(?=[\s:,.>{)\]])", re.sub(r"/\*.*?\*/|url\([^)]*\)|\"[^\"]*\"", "", css)))
    shown = {name for found in re.findall(r'class="([^"]*)"', text) for name in found.split()}
    elsewhere = {
        "footnote-box",
        "search-form",
        "successor",
        "code-run",
        "citation",
        "steps",
        "changes",
        "year",
        "related",
        "article-cover",
        "task-list",
        "wide",
        "long",
        "align-center",
        "align-left",
    }
    scripted = re.compile(r"(?:scale|sheet|resume|zoom|tools)\b")
    drawn = {name for rule in re.findall(r"\.diagram[^{]*", css) for name in re.findall(r"\.([A-Za-z-]+)", rule)}
    others = {name for name in named if name.startswith(("search-", "math")) or scripted.match(name)}
    assert named - shown - elsewhere - others - drawn == set()
