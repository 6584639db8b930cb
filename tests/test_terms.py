"""Words are folded so that what is typed meets what was written; a post's words weigh by where they stand."""

from __future__ import annotations

from typing import Any
from unicodedata import category

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blog.content import Tag
from blog.markup import Document, render
from blog.terms import CODE, HEADING, MOST, TAG, TEXT, TITLE, USUAL, folded, levels_of, sections, words, words_of

from .test_paging import post


def document(body: str) -> Document:
    return render(body, path="a.md", first_line=1, title="", beside=lambda name: None)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Zoë Müller", ["zoe", "muller"]),
        ("STRASSE Straße", ["strasse", "strasse"]),
        ("ΟΔΟΣ οδός", ["οδοσ", "οδοσ"]),
        ("ﬁle №5", ["file", "no5"]),
        ("snake_case kebab-case don't", ["snake", "case", "kebab", "case", "don", "t"]),
        ("2026 12345 3.11 deadbeef" + "0" * 30, ["2026", "3", "11"]),
        ("東京都 a日b", ["東京", "京都", "a", "日", "b"]),
        ("🙂 … <>", []),
        ("", []),
    ],
)
def test_words_are_folded(text: str, found: list[str]) -> None:
    assert words(text) == found


@given(st.text())
def test_folding_is_done_once(text: str) -> None:
    assert folded(folded(text)) == folded(text)
    assert not any(category(char).startswith("M") for char in folded(text))


@given(st.text())
def test_a_word_stays_the_word_that_it_is(text: str) -> None:
    for word in words(text):
        assert words(word) == [word]


def level_of(word: str, body: str, **fields: Any) -> int:
    found = words_of(post(1, **fields), document(body))
    return dict(zip(found.words, found.levels, strict=True)).get(word, -1)


def level(weight: int) -> int:
    return levels_of(post(1).minutes)[weight]


def test_a_word_counts_for_more_in_a_title_than_in_a_heading_than_in_a_text_than_in_code() -> None:
    assert level(TITLE) > level(HEADING + TEXT) > level(TEXT) > level(CODE) >= 0
    assert level_of("kafka", "x", title="Kafka", summary="") == level(TITLE)
    assert level_of("kafka", "## Kafka\n\nx", summary="") == level(HEADING + TEXT)
    assert level_of("kafka", "Of kafka.", summary="") == level(TEXT)
    assert level_of("kafka", "```text\nkafka\n```", summary="") == level(CODE)


def test_a_word_that_is_everywhere_counts_for_no_more_than_the_most() -> None:
    assert level_of("kafka", "## Kafka\n\n" + "kafka " * 500, title="Kafka", summary="Kafka") <= level(MOST)


def test_a_word_of_a_longer_article_counts_for_less() -> None:
    assert levels_of(20)[TEXT] < levels_of(USUAL)[TEXT] < levels_of(1)[TEXT]


def test_a_tag_is_a_word_by_each_of_its_names() -> None:
    tags = (Tag("c-plus-plus", "C++", aliases=("cpp",)), Tag("ci-cd", "CI/CD"), Tag("größe", "Größe"))
    found = words_of(post(1, tags=tags), document("x"))
    assert [word for word in found.words if word.startswith(TAG)] == [
        "_c++",
        "_c-plus-plus",
        "_ci-cd",
        "_cpp",
        "_grosse",
    ]


def test_words_that_markup_cuts_stay_whole() -> None:
    assert level_of("unbelievable", "*un*believable", summary="") == level(TEXT)
    assert level_of("b", "| a | b |\n|---|---|\n| 1 | 2 |", summary="") == level(TEXT)


def test_a_post_without_words_has_none() -> None:
    assert words_of(post(1, title="…", summary=""), document("")).words == ()
    assert sections(document("")) == ()


def test_sections_have_the_ids_of_their_headings() -> None:
    found = sections(document("Before.\n\n## One & two\n\nText `code`.\n\n```go\nx := 1\n```\n\n### Three\n\nMore."))
    assert [(each.id, each.heading) for each in found] == [("", ""), ("one-two", "One & two"), ("three", "Three")]
    assert found[1].text == "Text code. x := 1"
