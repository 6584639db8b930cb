"""Two things that want one place: one keeps it, the other is named."""

from __future__ import annotations

import pytest

from tests.conftest import SiteWith, SmallSite, post_text
from trigpoint.application import create_app


def test_of_two_pages_at_one_address_the_first_path_keeps_it_and_the_other_is_named(site_with: SiteWith) -> None:
    small = site_with({"b": post_text("Second", slug="same"), "a": post_text("First", slug="same")})
    assert "First" in small.text("/posts/same/")
    assert small.faults() == [
        "pages/posts/b.md:4: This page and pages/posts/a.md both want the address /posts/same/."
        " Give one of them another `slug:`."
    ]


def test_a_file_named_as_the_address_comes_before_one_that_asks_for_it(site_with: SiteWith) -> None:
    small = site_with({"aaa": post_text("Newcomer", slug="queues"), "queues": post_text("Known")})
    assert "Known" in small.text("/posts/queues/")
    assert [fault.partition(":")[0] for fault in small.faults()] == ["pages/posts/aaa.md"]


def test_a_newcomer_never_takes_an_address_over(site_with: SiteWith) -> None:
    """Neither in the process that knows who had it, nor in the next one; and it has it when that page is gone."""
    small = site_with({"zz": post_text("Known", slug="queues", aliases="[/old/]")})
    assert "Known" in small.text("/posts/queues/")
    small.write("posts/queues.md", post_text("Newcomer", aliases="[/old/]"))
    small.write("posts/aa.md", post_text("Third", aliases="[/old/]"))
    for each in (small, SmallSite(small.root, create_app(small.root))):
        assert "Known" in each.text("/posts/queues/")
        assert {fault.partition(":")[0] for fault in each.faults()} == {"pages/posts/queues.md", "pages/posts/aa.md"}
        assert each.answer("/old/")[2]["Location"] == "/posts/queues/"
        each.site.loader.stop()
    (small.pages / "posts/zz.md").unlink()
    assert "Newcomer" in small.text("/posts/queues/")


@pytest.mark.parametrize("alias", ["/posts/b/", "/posts/B", "/posts/b/index.html"])
def test_an_alias_never_takes_the_place_of_a_page(site_with: SiteWith, alias: str) -> None:
    small = site_with({"a": post_text("First", aliases=f"[{alias}]"), "b": post_text("Second")})
    assert "Second" in small.text("/posts/b/")
    assert len(small.faults()) == 1
    assert "is the address of pages/posts/b.md, or an alias there" in small.faults()[0]
    with small.app.test_request_context():
        assert "/posts/b/index.html" not in small.library.redirects()


def test_two_pages_with_one_alias_are_named(site_with: SiteWith) -> None:
    small = site_with({"a": post_text(aliases="[/old/]"), "b": post_text(aliases="[/old/]")})
    assert len(small.faults()) == 1
    assert small.faults()[0].startswith("pages/posts/b.md:4: ")
    assert small.answer("/old/")[2]["Location"] == "/posts/a/"


@pytest.mark.parametrize("name", ["index.html", "posts/a/index.html", "posts/a/INDEX.HTML"])
def test_a_file_never_takes_the_place_of_a_page(site_with: SiteWith, name: str) -> None:
    small = site_with(files={"posts/a/index.md": post_text(), name: "mine"})
    assert small.faults() == [
        f"pages/{name}: This file would stand where the page of its folder stands. Give it another name."
    ]
    assert small.answer(f"/{name}")[1] != b"mine"


@pytest.mark.parametrize("name", ["posts/a.markdown", "posts/a.MD", "posts/a.mdx"])
def test_a_source_by_another_ending_is_named_and_not_served_as_it_is(site_with: SiteWith, name: str) -> None:
    small = site_with({"b": post_text()}, {name: post_text("Secret", draft="true")})
    assert "the name of a source ends in `.md`" in small.faults()[0]
    assert small.status(f"/{name}") in (404, 308)
    assert b"Secret" not in small.answer(f"/{name}", follow_redirects=True)[1]


def test_two_spellings_of_one_open_tag_are_named_with_both_files(site_with: SiteWith) -> None:
    small = site_with(
        {"a": post_text(tags="[Big Data]"), "b": post_text(tags="[big-data]")}, settings='tags = "open"\n'
    )
    assert small.faults() == [
        'pages/posts/b.md:4: The tag "big-data" has the address of "Big Data" in pages/posts/a.md.'
        " Write both the same way, or register the tag in tags.toml."
    ]


def test_a_text_without_a_header_beside_an_articles_code_is_its_file(site_with: SiteWith) -> None:
    small = site_with(
        files={
            "posts/a/index.md": post_text(body="[how](code/README.md)"),
            "posts/a/code/README.md": "# How to run\n",
            "posts/d/index.md": post_text("D", draft="true"),
            "posts/d/README.md": "# Secret\n",
        }
    )
    assert small.faults() == []
    assert small.text("/posts/a/code/README.md") == "# How to run\n"
    assert small.status("/posts/d/README.md") == 404
    small.write("posts/a/code/README.md", "---\ntitle: x\n")
    assert "never closes" in small.faults()[0]
    small.write("posts/b.md", "# No header\n")
    assert any(fault.startswith("pages/posts/b.md:1:1: The header is missing") for fault in small.faults())


def test_two_posts_of_one_id_are_named(site_with: SiteWith) -> None:
    small = site_with(
        {"a": post_text(id="same"), "b": post_text(id="same"), "c": post_text(), "d": post_text(id="other")}
    )
    assert small.faults() == [
        'pages/posts/b.md:4: The id "same" is that of pages/posts/a.md. Give one of them another `id:`, or none.'
    ]
    small.write("posts/a.md", post_text(id="same", draft="true"))
    assert small.faults() == []


def test_two_posts_with_one_number_in_a_series_are_named(site_with: SiteWith) -> None:
    parts = {"a": "One", "b": "one", "c": "One", "d": "Two"}
    numbers = {"a": 1, "b": 1, "c": 2, "d": 1}
    small = site_with(
        {slug: post_text(series=f"{{name: {name}, part: {numbers[slug]}}}") for slug, name in parts.items()}
    )
    assert small.faults() == [
        'pages/posts/b.md:4: Part 1 of "one" is pages/posts/a.md already. Give one another `part:`.'
    ]


def test_two_files_at_one_address_are_named_and_the_first_is_served(site_with: SiteWith) -> None:
    small = site_with(
        files={
            "posts/x/index.md": post_text(slug="y"),
            "posts/x/a.txt": "of the bundle",
            "posts/y/a.txt": "of a folder",
            "posts/y/b.txt": "apart",
        }
    )
    assert small.faults() == [
        "pages/posts/y/a.txt: This file and pages/posts/x/a.txt both want the address /posts/y/a.txt."
        " Rename one of them."
    ]
    assert small.text("/posts/y/a.txt") == "of the bundle"
    assert small.text("/posts/y/b.txt") == "apart"
