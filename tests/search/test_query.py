"""The search of the terminal, held to the same table of queries as the browser's (test_search_browser.py)."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import ROOT, SiteWith, SmallSite, post_text
from trigpoint.search.index import Shard
from trigpoint.search.query import CHARACTERS, LONG, TERMS, Reader, distance, nearest, query, search

TABLE: dict[str, Any] = tomllib.loads((ROOT / "tests/search_queries.toml").read_text())
SETTINGS = '\ntags = "open"\n'


def site_of_the_table(site_with: SiteWith) -> SmallSite:
    posts = {
        slug: post_text(post["title"], post["date"], post["body"], tags=post["tags"])
        for slug, post in TABLE["posts"].items()
    }
    return site_with(posts, settings=SETTINGS)


def misses(answers: list[tuple[list[str], int]]) -> list[str]:
    """The queries whose answers (slugs, and how many of them have all the words) are not as expected."""
    missed = []
    for asked, (slugs, whole) in zip(TABLE["queries"], answers, strict=True):
        first = asked["first"]
        as_expected = slugs[: len(first)] == first if first else not slugs
        among = set(slugs) <= set(asked.get("only_among", slugs))
        if not as_expected or not among or (bool(slugs) and (whole == 0) != asked.get("partly", False)):
            missed.append(f"{asked['typed']!r}: {slugs[:4]} ({whole} with all words), not {first}")
    return missed


def test_every_query_of_the_table_finds_what_it_should(site_with: SiteWith) -> None:
    reader = site_of_the_table(site_with).library.reader()
    found = [search(reader, asked["typed"]) for asked in TABLE["queries"]]
    missed = misses([([reader.entries[n].slug for n in each.numbers], each.whole) for each in found])
    assert not missed, "\n".join(missed)


def test_a_tag_goes_by_each_of_its_names(site_with: SiteWith) -> None:
    """A name with a space in it cannot stand behind `tag:`; its slug can. A mistake in a tag is forgiven."""
    small = site_with(
        {"a": post_text("A", tags="[Kubernetes]"), "b": post_text("B", tags="[C++]"), "c": post_text("C")}
    )
    small.write("tags.toml", '[kubernetes]\nname = "Kubernetes"\naliases = ["k8s"]\n\n[cpp]\nname = "C++"\n')
    reader = small.library.reader()

    def found(typed: str) -> set[str]:
        return {reader.entries[number].slug for number in search(reader, typed).numbers}

    for typed in ("tag:k8s", "tag:kubernetes", "tag:Kubernetes", "tag:kubernets", "-tag:c++ tag:k8s"):
        assert found(typed) == {"a"}, typed
    assert found("tag:c++") == found("tag:cpp") == {"b"}
    assert found("-tag:k8s") == {"b", "c"}
    assert found("tag:k") == set()


def test_an_empty_blog_is_searched() -> None:
    nothing = Reader((), (), lambda name: None, lambda number: "")
    assert search(nothing, "go").numbers == ()


def test_a_huge_query_is_cut() -> None:
    asked = query("word%d " * 3 % (1, 2, 3) + " ".join(f"w{n}" for n in range(5000)))
    assert len(asked.terms) == TERMS
    assert sum(len(term.word) for term in asked.terms) < CHARACTERS


def test_a_word_is_unfinished_until_something_follows_it() -> None:
    assert [term.begins for term in query("go ap").terms] == [False, True]
    assert [term.begins for term in query("go ap ").terms] == [False, False]
    assert [term.begins for term in query('go "ap"').terms] == [False, False]


def test_a_hyphen_in_a_word_is_no_minus() -> None:
    assert [term.word for term in query("write-ahead").terms] == ["write", "ahead"]
    assert query("--verify").unwanted == ()


@given(st.text())
def test_whatever_is_typed_is_answered(text: str) -> None:
    reader = Reader((), ("ab",), lambda name: Shard({}), lambda number: "")
    assert search(reader, text).numbers == ()


def reference(typed: str, word: str) -> int:
    """The textbook's optimal string alignment, with a whole matrix."""
    table = {(at, 0): at for at in range(len(typed) + 1)} | {(0, at): at for at in range(len(word) + 1)}
    for i in range(1, len(typed) + 1):
        for j in range(1, len(word) + 1):
            same = typed[i - 1] == word[j - 1]
            table[i, j] = min(table[i - 1, j] + 1, table[i, j - 1] + 1, table[i - 1, j - 1] + (not same))
            if i > 1 and j > 1 and typed[i - 1] == word[j - 2] and typed[i - 2] == word[j - 1]:
                table[i, j] = min(table[i, j], table[i - 2, j - 2] + 1)
    return table[len(typed), len(word)]


SHORT = st.text("abcd", max_size=8)


@given(SHORT, SHORT)
def test_the_distance_is_that_of_the_textbook(typed: str, word: str) -> None:
    whole, beginning = distance(typed, word)
    assert whole == reference(typed, word)
    assert beginning == min(reference(typed, word[:n]) for n in range(len(word) + 1))


@pytest.mark.parametrize(
    ("typed", "words", "meant"),
    [
        ("conection", ["connection", "convention", "collection"], ["connection"]),
        ("conecsion", ["connection"], ["connection"]),
        ("databse", ["databases", "data"], ["databases"]),
        ("databse", ["databases", "database"], ["database"]),
        ("kuberentes", ["kubernetes"], ["kubernetes"]),
        ("cats", ["dogs"], []),
        ("teh", [], []),
    ],
)
def test_only_the_nearest_words_are_meant(typed: str, words: list[str], meant: list[str]) -> None:
    assert nearest(typed, words, 2 if len(typed) >= LONG else 1) == meant
