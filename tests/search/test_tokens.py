"""Words are folded so that what is typed meets what was written; a post's words weigh by where they stand."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from unicodedata import category

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.library.test_paging import post
from trigpoint.content.pages import Tag
from trigpoint.markup.document import Document
from trigpoint.markup.render import render
from trigpoint.search.tokens import (
    CODE,
    HEADING,
    MOST,
    PLAIN_SPELLING,
    TAG,
    TEXT,
    TITLE,
    USUAL,
    folded,
    path_of,
    scale_of,
    start_of,
    words,
    words_of,
)


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
        ("2026 12345 3.11 deadbeef" + "0" * 30, ["2026", "12345", "3", "11"]),
        (
            "Łódź đường Sørensen Kadıköy Ægir Þór œuvre ẞ",
            ["lodz", "duong", "sorensen", "kadikoy", "aegir", "thor", "oeuvre", "ss"],
        ),
        ("Eʋe ɖo ɣeyiɣi ɨɲɠ Ɖ Ƶ", ["eve", "do", "gheyighi", "inyg", "d", "z"]),
        ("ค้นหา", ["คน", "นห", "หา"]),
        ("東京都 a日b", ["東京", "京都", "a", "日", "b"]),
        ("🙂 … <>", []),
        ("", []),
    ],
)
def test_words_are_folded(text: str, found: list[str]) -> None:
    assert words(text) == found


def test_the_browser_folds_by_the_same_table() -> None:
    script = (Path(__file__).parent.parent.parent / "static/js/query.js").read_text()
    assert f'const PLAIN = "{PLAIN_SPELLING}";' in script


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
    return dict(zip(found.words, found.weights, strict=True)).get(word, -1)


def weight(weight: int) -> int:
    return scale_of(post(1).minutes)[weight]


def test_a_word_counts_for_more_in_a_title_than_in_a_heading_than_in_a_text_than_in_code() -> None:
    assert weight(TITLE) > weight(HEADING + TEXT) > weight(TEXT) > weight(CODE) >= 0
    assert level_of("kafka", "x", title="Kafka", summary="") == weight(TITLE)
    assert level_of("kafka", "## Kafka\n\nx", summary="") == weight(HEADING + TEXT)
    assert level_of("kafka", "Of kafka.", summary="") == weight(TEXT)
    assert level_of("kafka", "```text\nkafka\n```", summary="") == weight(CODE)


def test_a_word_that_is_everywhere_counts_for_no_more_than_the_most() -> None:
    assert level_of("kafka", "## Kafka\n\n" + "kafka " * 500, title="Kafka", summary="Kafka") <= weight(MOST)


def test_a_word_of_a_longer_article_counts_for_less() -> None:
    assert scale_of(20)[TEXT] < scale_of(USUAL)[TEXT] < scale_of(1)[TEXT]


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
    assert level_of("unbelievable", "*un*believable", summary="") == weight(TEXT)
    assert level_of("b", "| a | b |\n|---|---|\n| 1 | 2 |", summary="") == weight(TEXT)


def test_a_post_without_words_has_none() -> None:
    assert words_of(post(1, title="…", summary=""), document("")).words == ()
    assert document("").sections == ()


@given(st.text("aßłж東ก가_+9", min_size=2, max_size=9))
def test_the_path_of_a_word_begins_with_the_path_of_its_beginning(word: str) -> None:
    for size in range(2, len(word)):
        assert path_of(word).startswith(path_of(word[:size]))
    assert start_of(path_of(word)) == start_of(path_of(word[:2]))


def test_other_scripts_are_looked_up_in_256_shards() -> None:
    """Whatever two letters a word begins with; words of two letters of ASCII keep those for a name."""
    letters = [chr(point) for point in range(0x80, 0x30000, 7) if chr(point).isalnum()]
    starts = {start_of(path_of(first + second)) for first in letters[::97] for second in letters}
    assert len(starts) == 256
    assert all(re.fullmatch("~[0-9a-f]{2}", start) for start in starts)
    assert start_of(path_of("東")) == "~10"
    assert [start_of(path_of(word)) for word in ("c", "code", "_c++", "naж")] == ["c", "co", "_c", "na"]


def test_names_with_signs_are_found_by_what_is_typed_for_them() -> None:
    for body, word in (
        ("On Node.js.", "nodejs"),
        ("With C++ and so on", "cpp"),
        ("C# it is", "csharp"),
        ("Of .NET", "dotnet"),
        ("ASP.NET", "dotnet"),
    ):
        assert level_of(word, body, summary="") == weight(TEXT), body
        assert level_of(word, "x", title=body, summary="") == weight(TITLE), body
    assert level_of("dotnet", "See example.net and c plus", summary="") == -1
    assert level_of("cpp", "c + +", summary="") == -1


@pytest.mark.parametrize(("title", "word"), [("Wi-Fi at home", "wifi"), ("CI/CD", "cicd"), ("O'Reilly", "oreilly")])
def test_words_with_a_sign_between_them_are_one_word_too_where_a_text_is_short(title: str, word: str) -> None:
    assert level_of(word, "x", title=title) == weight(TITLE)
    assert level_of(word, title, summary="") == -1


def test_long_numbers_are_found_where_they_are_no_measured_figures() -> None:
    assert level_of("60068", "x", title="DIN EN 60068-2-14") == weight(TITLE)
    assert level_of("60068", "## Of 60068\n\nx", summary="") == weight(HEADING)
    assert level_of("60068", "It took 60068 ns.", summary="") == -1
    assert level_of("60068", "```text\n60068\n```", summary="") == -1
