"""docs/templates.md is whole: each name that a template or an own view gets stands in it, and nothing else does."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import fields

import pytest
from flask import Flask, template_rendered

from tests.conftest import ROOT, SiteWith
from tests.test_laws import addresses, varied
from trigpoint.content.pages import Author, Page, Post, Tag
from trigpoint.library.library import Library
from trigpoint.settings import KNOWN, Settings
from trigpoint.web.head import Head
from trigpoint.web.picture_html import Card
from trigpoint.web.views import Pagination

PAGE = (ROOT / "docs/templates.md").read_text()
OF_FLASK = {
    "config", "g", "request", "session", "get_flashed_messages", "range", "dict", "lipsum", "cycler", "joiner",
    "namespace",
}  # fmt: skip
OF_THE_SEARCH_AND_CHECKS = {
    "rendered_body", "sibling_digest", "anchors", "hidden", "hidden_target", "entries", "volume_count", "years",
    "shard", "shard_names", "expiry", "leads_to_expired",
}  # fmt: skip
"""Questions that own views have no use for: bodies are asked for by `document`."""


def names_of(heading: str) -> list[str]:
    """The names in the first column of the table with this heading in it."""
    table = re.search(rf"^\| {re.escape(heading)} \|.*\n\|[-| ]+\|\n((?:\|.*\n)+)", PAGE, re.MULTILINE)
    assert table, heading
    return re.findall(r"^\| `(\w+)", table[1], re.MULTILINE)


def public(kind: type) -> set[str]:
    return {name for name in (*dir(kind), *(each.name for each in fields(kind))) if not name.startswith("_")}


def section(title: str) -> str:
    return PAGE.split(f"\n## {title}\n")[1].split("\n## ")[0]


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("name of an author", Author),
        ("name of a tag", Tag),
        ("name of a card", Card),
        ("name of a pagination", Pagination),
        ("name of a head", Head),
    ],
)
def test_the_names_of_values_are_those_of_the_code(heading: str, kind: type) -> None:
    names = names_of(heading)
    assert set(names) == public(kind) and len(set(names)) == len(names)


def test_the_names_of_posts_and_pages_are_those_of_the_code() -> None:
    names = re.findall(r"^\| `(\w+)`", section("Post and page").split("\nAn author is")[0], re.MULTILINE)
    assert set(names) == public(Post)
    of_pages = names[: names.index("digest") + 1]
    assert set(of_pages) == public(Page)


def test_the_settings_and_what_is_made_of_them_are_named() -> None:
    for_the_engine = {"root", "pages_folder", "output_link", "is_lenient"}
    made = re.search(r"Of `site`, besides(.*?)Filters:", PAGE, re.DOTALL)
    assert made
    assert set(re.findall(r"^\| `(\w+)`", made[1], re.MULTILINE)) == public(Settings) - KNOWN.keys() - for_the_engine


def test_the_filters_are_those_of_the_code(site_with: SiteWith) -> None:
    plain = Flask("plain").jinja_env.filters
    ours = site_with().app.jinja_env.filters.keys() - plain.keys()
    filters = re.search(r"Filters:\n\n(.*?)\n\n", PAGE, re.DOTALL)
    assert filters
    assert set(re.findall(r"^\| `(\w+)`", filters[1], re.MULTILINE)) == ours


def questions() -> Iterable[str]:
    return (name for name in dir(Library) if hasattr(getattr(Library, name), "__wrapped__"))


def test_the_questions_are_those_of_the_library() -> None:
    asked = set(re.findall(r"^\| `(\w+)\(", section("Questions for own views"), re.MULTILINE))
    assert asked == {*questions(), "document"} - OF_THE_SEARCH_AND_CHECKS


def test_each_template_gets_what_is_written(site_with: SiteWith) -> None:
    """By the contexts of a varied site, of which every kind of page is rendered."""
    small = varied(site_with)
    app = small.app
    everywhere = set(re.findall(r"^\| `(\w+)`", section("Every page").split("\nOf `site`")[0], re.MULTILINE))
    got: dict[str, set[str]] = {}

    def note(sender: Flask, template: object, context: dict[str, object], **_: object) -> None:
        got.setdefault(str(getattr(template, "name", "")), set()).update(context)

    with template_rendered.connected_to(note, app):
        for address in addresses(app):
            app.test_client().get(address).close()
    rows = dict(re.findall(r"^\| `([\w]+\.html)` \| (.*) \|$", PAGE, re.MULTILINE))
    pages = {name for name in got if name.endswith(".html") and name not in ("alias.html", "error.html")}
    assert rows.keys() == pages
    for name, cell in rows.items():
        given = got[name] - OF_FLASK - everywhere
        assert set(re.findall(r"`(\w+)`", cell)) == given, name
    unknown = app.jinja_env.globals.keys() - OF_FLASK - everywhere
    assert not unknown, unknown
