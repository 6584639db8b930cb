"""Addresses as each generator makes them."""

from __future__ import annotations

import datetime as dt

import pytest

from trigpoint.importing.reading.permalinks import (
    ascii_slug,
    clean_address,
    date_in_path,
    date_tokens,
    filled,
    formatted,
    hugo_name,
    hugo_slug,
    hugo_title_slug,
    jekyll_slug,
    key_of,
    name_without_date,
    pelican_slug,
)

DATE = dt.datetime(2020, 1, 2, 3, 4, 5, tzinfo=dt.UTC)


def test_a_pattern_is_filled() -> None:
    tokens = {**date_tokens(DATE), "title": "a-b"}
    assert filled("/:year/:i_month/:day/:title.html", tokens) == "/2020/1/02/a-b.html"
    assert filled("/https://e.org/:title/", tokens) == "/a-b/"
    assert formatted("{date:%Y}/{slug}/{none}", {"date": DATE, "slug": "a"}) == "2020/a/"


@pytest.mark.parametrize(
    ("slugify", "text", "expected"),
    [
        (hugo_slug, "What's New? C++ & Go (part 1)", "whats-new-c++-go-part-1"),
        (hugo_slug, "Über  uns", "über-uns"),
        (hugo_slug, "a--b", "a--b"),
        (jekyll_slug, "Hello, World!", "hello-world"),
        (pelican_slug, "C'est l'été: 100%", "cest-lete-100"),
        (ascii_slug, "Größe & Maß", "grosse-mass"),
    ],
)
def test_a_slug_is_as_the_generator_makes_it(slugify: object, text: str, expected: str) -> None:
    assert slugify(text) == expected  # type: ignore[operator]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("https://e.org/a/index.html?x#y", "/a/"),
        ("a/b", "/a/b"),
        ("/a//b/", "/a/b/"),
        ("/a/../../b", "/b"),
        ("/a.html", "/a.html"),
    ],
)
def test_an_address_is_a_path_from_the_root(written: str, expected: str) -> None:
    assert clean_address(written) == expected


def test_spellings_of_an_address_have_one_key() -> None:
    assert {key_of(each) for each in ("/A/B", "/a/b/", "/a/b.html", "/a/b/index.html", "/a/%62")} == {"/a/b"}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("2020-01-02-x", ("2020-01-02", "x")),
        ("2020-1-2-x", ("2020-01-02", "x")),
        ("20200102-x", ("2020-01-02", "x")),
        ("2020_01_02_x", ("2020-01-02", "x")),
        ("2020-01-02", ("2020-01-02", "")),
        ("2020-99-99-x", ("", "2020-99-99-x")),
        ("12345-x", ("", "12345-x")),
    ],
)
def test_a_name_may_begin_with_a_date(name: str, expected: tuple[str, str]) -> None:
    assert name_without_date(name) == expected


def test_folders_may_be_a_date() -> None:
    assert date_in_path("2020/01/02/x.md") == "2020-01-02"
    assert date_in_path("blog/2020/1/x.md") == "2020-01-01"
    assert date_in_path("blog/x.md") == ""


@pytest.mark.parametrize(
    ("text", "of_title", "of_name"),
    [
        ("C++ tips", "c-tips", "c++-tips"),
        ("C# for you", "c#-for-you", "c#-for-you"),
        ("Part 1/2", "part-1-2", "part-1/2"),
        ("Hello -- world", "hello--world", "hello----world"),
        ("emoji 🎉 party", "emoji-party", "emoji--party"),
    ],
)
def test_hugo_makes_one_thing_of_a_title_and_another_of_a_name(text: str, of_title: str, of_name: str) -> None:
    """As Hugo 0.168 builds them."""
    assert (hugo_title_slug(text), hugo_name(text)) == (of_title, of_name)
