"""The registry of authors, and authors found in it."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trigpoint.content.pages import Author, Rules
from trigpoint.content.read_page import read_page
from trigpoint.content.registries.authors import author_named, read_authors

GOOD = b"""[ada]
name = "Ada Lovelace"
url = "https://ada.example/"
picture = "authors/ada.jpg"
about = "Writes of engines."

[grace]
name = "Grace Hopper"
"""
ADA = Author("ada", "Ada Lovelace", "https://ada.example/", "authors/ada.jpg", "Writes of engines.")
GRACE = Author("grace", "Grace Hopper")
CLOSED = Rules(dt.UTC, authors=(ADA, GRACE), authors_open=False)


def test_a_table_is_an_author() -> None:
    authors, faults = read_authors("pages/authors.toml", GOOD)
    assert authors == (ADA, GRACE) and not faults
    assert [author.line for author in authors] == [4, 7], "of the picture, else of the table"
    assert f"{ADA}" == "Ada Lovelace"


def test_the_place_of_a_table_is_not_what_is_shown() -> None:
    (moved, *_), _ = read_authors("t", b"# Us.\n\n" + GOOD)
    assert moved == ADA and moved.digest == ADA.digest


@pytest.mark.parametrize("spelling", ["ada", "Ada", "Ada Lovelace", "ada lovelace", "ada-lovelace"])
def test_an_author_is_found_by_slug_and_name(spelling: str) -> None:
    assert author_named(spelling, CLOSED) == ADA


def test_without_a_registry_a_name_is_an_author_without_a_page() -> None:
    assert author_named("Eve", Rules(dt.UTC)) == Author("", "Eve")
    assert Author("", "Eve").address == "" and ADA.address == "/authors/ada/"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[a]\nname = "A"\nulr = "x"\n', 't:3:1: "ulr" is not a field of an author. Did you mean "url"?'),
        (
            '[a]\nname = "A"\nzzzzzz = "x"\n',
            't:3:1: "zzzzzz" is not a field of an author. Its fields are name, url, picture, about.',
        ),
        ('[a]\nurl = "https://a.example"\n', 't:1:2: The author "a" has no name.'),
        ("[a]\nname = 3\n", 't:2:1: The name of "a" is not a text of one line.'),
        ('[a]\nname = "A"\nabout = ["x"]\n', 't:3:1: The about of "a" is not a text of one line.'),
        (
            '[a]\nname = "A"\nurl = "a.example"\n',
            't:3:1: The url of "a" is "a.example", but an address of the web is expected. Write url = "https://…"',
        ),
        ('[a]\nname = "A"\nurl = "javascript:x"\n', 't:3:1: The url of "a" is "javascript:x", but'),
        ('["A B"]\nname = "A"\n', 't:1:3: "A B" cannot be the slug of an author'),
        ('[a]\nname = "Same"\n[b]\nname = "same"\n', 't:4:1: "same" belongs to the author "a" already, in line 2.'),
        ('[a]\nname = "A"\n[b]\nname = "a"\n', 't:4:1: "a" belongs to the author "a" already, in line 1.'),
        ("[a\n", "t:1:3: This is not TOML"),
    ],
)
def test_a_mistake_in_the_registry_is_named(text: str, told: str) -> None:
    _, faults = read_authors("t", text.encode())
    assert str(faults[0]).startswith(told)
    assert len(faults) == 1 and faults[0].cure


@given(st.binary(max_size=100) | st.text('[]a"=\n\\.#{}', max_size=60).map(str.encode))
def test_no_bytes_raise(raw: bytes) -> None:
    read_authors("t", raw)


def read(authors: str, rules: Rules) -> tuple[tuple[Author, ...], list[str]]:
    text = f"---\ntitle: A\ndate: 2026-01-02\n{authors}---\n\nWords.\n"
    page, faults = read_page("posts/a.md", text.encode(), rules)
    return page.authors if page else (), [str(fault) for fault in faults]


def test_an_article_names_its_authors_by_slug_or_name() -> None:
    assert read("authors: [grace, Ada Lovelace, ada]\n", CLOSED) == ((GRACE, ADA), [])
    assert read("author: ada\n", CLOSED) == ((ADA,), [])


def test_an_author_who_is_not_registered_is_named() -> None:
    assert read("authors: [Ada Lovelaec]\n", CLOSED)[1] == [
        'pages/posts/a.md:4:11: The author "Ada Lovelaec" is not registered. Did you mean "Ada Lovelace"? '
        "A new author gets a table [ada-lovelaec] in pages/authors.toml."
    ]
    lenient = Rules(dt.UTC, authors=(ADA,), authors_open=False, lenient=True)
    assert read("authors: [Eve]\n", lenient)[0] == (Author("", "Eve"),)


def test_an_article_without_authors_is_the_sites() -> None:
    assert read("", Rules(dt.UTC, author="The team")) == ((Author("", "The team"),), [])
    assert read("authors: []\n", Rules(dt.UTC, author="The team"))[0] == (Author("", "The team"),)
    assert read("", Rules(dt.UTC, authors=(ADA,), authors_open=False, author="ada")) == ((ADA,), [])
    assert read("", Rules(dt.UTC, authors=(ADA,), authors_open=False, author="The team")) == (
        (Author("", "The team"),),
        [],
    )
    assert read("", Rules(dt.UTC)) == ((), [])
