"""An article in other languages, the newer one that takes its place, and where it is discussed."""

from __future__ import annotations

import pytest

from tests.conftest import SiteWith, post_text
from trigpoint.freezing.checks.sources import findings


def test_translations_link_to_each_other_and_say_so_to_machines(site_with: SiteWith) -> None:
    small = site_with(
        {
            "en": post_text("One"),
            "de": post_text("Eins", lang="de", translation_of="en.md"),
            "ja": post_text("一", lang="ja", translation_of="/posts/en/"),
            "other": post_text("Other"),
        }
    )
    assert small.faults() == []
    page = small.text("/posts/en/")
    assert '<a href="/posts/de/" hreflang="de" lang="de">Deutsch</a>' in page
    assert '<a href="/posts/ja/" hreflang="ja" lang="ja">日本語</a>' in page
    assert 'hreflang="en" lang' not in page
    for slug in ("en", "de", "ja"):
        for lang in ("en", "de", "ja"):
            alternate = f'<link rel="alternate" hreflang="{lang}" href="https://blog.example/posts/{lang}/">'
            assert alternate in small.text(f"/posts/{slug}/")
    assert "hreflang" not in small.text("/posts/other/")


def test_a_superseded_article_leads_to_the_newer_one(site_with: SiteWith) -> None:
    small = site_with(
        {
            "old": post_text("Old", superseded_by="new.md#part", body="Text."),
            "new": post_text("New & better", body="## Part\n\nText."),
            "away": post_text("Away", superseded_by="https://www.elsewhere.example/new", body="Text."),
        }
    )
    assert small.faults() == []
    assert 'the place of this one: <a href="/posts/new/#part" dir="auto">New &amp; better</a>' in small.text(
        "/posts/old/"
    )
    assert '<a href="https://www.elsewhere.example/new" dir="auto">elsewhere.example</a>' in small.text("/posts/away/")
    assert "takes the place" not in small.text("/posts/new/")
    small.write("posts/new.md", post_text("Renamed", body="## Part\n\nText."))
    assert ">Renamed</a></p>" in small.text("/posts/old/")


def test_an_article_says_where_it_is_discussed(site_with: SiteWith) -> None:
    small = site_with({"a": post_text(discuss="https://www.forum.example/t?id=1&x=2")})
    link = '<a href="https://www.forum.example/t?id=1&amp;x=2">forum.example</a>'
    assert f"Discuss this article at {link}" in small.text("/posts/a/")


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("superseded_by", "none.md", '"none.md" leads to no page or file.'),
        ("translation_of", "none.md", '"none.md" leads to no page or file.'),
        ("translation_of", "/tags/", '"/tags/" leads to no other article.'),
        ("translation_of", "a.md", '"a.md" leads to no other article.'),
        ("discuss", "forum", '"discuss" is "forum", but an address of the web is expected.'),
        ("discuss", '"javascript:alert(1)"', "but an address of the web is expected."),
    ],
)
def test_what_leads_nowhere_is_named_at_its_line(site_with: SiteWith, field: str, value: str, said: str) -> None:
    small = site_with({"a": post_text(**{field: value})})
    ended = small.app.test_cli_runner().invoke(args=["check"])
    assert ended.exit_code == 1
    line = next(line for line in ended.output.splitlines() if said in line)
    assert line.startswith("pages/posts/a.md:") and not line.startswith("pages/posts/a.md: "), line


UNREADABLE = ("http://[::1", "//[", "https://a\uff0fb.example/x")
"""What looks like an address, and cannot be taken apart as one."""


def test_an_address_that_cannot_be_taken_apart_is_named_and_troubles_no_other_page(site_with: SiteWith) -> None:
    fields = [(name, bad) for name in ("superseded_by", "translation_of", "discuss") for bad in UNREADABLE]
    posts = {f"p{n}": post_text(**{name: f'"{bad}"'}) for n, (name, bad) in enumerate(fields)}
    small = site_with({"good": post_text(), **posts})
    found = small.faults()
    assert len(found) == len(fields)
    assert all(name in " ".join(found) for name in ("superseded_by", "translation_of", "discuss"))
    for words in (["check"], ["freeze"]):
        told = small.app.test_cli_runner().invoke(args=words)
        assert isinstance(told.exception, SystemExit), told.exception
    assert small.client.get("/posts/good/").status_code == 200


def test_two_that_name_each_other_as_newer_are_warned_of(site_with: SiteWith) -> None:
    small = site_with({"a": post_text(superseded_by="b.md"), "b": post_text("B", superseded_by="../a/")})
    found = [str(fault) for fault in findings(small.site)]
    assert [said for said in found if "has taken its place" in said] == [
        'pages/posts/a.md:4: warning: "b.md" says itself that this one has taken its place.'
        " Take the line out of the one that is up to date.",
        'pages/posts/b.md:4: warning: "../a/" says itself that this one has taken its place.'
        " Take the line out of the one that is up to date.",
    ]
