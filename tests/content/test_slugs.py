"""Texts as segments of an address."""

from __future__ import annotations

import re
from unicodedata import normalize

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from trigpoint.content.slugs import is_clean, slug_fault, slug_from, slugified

DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?")


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("gRPC", "grpc"),
        ("Distributed Systems", "distributed-systems"),
        ("C", "c"),
        ("C++", "c-plus-plus"),
        ("C#", "c-sharp"),
        ("C# 12", "c-sharp-12"),
        (".NET", "dot-net"),
        ("ASP.NET", "asp-net"),
        ("Node.js", "node-js"),
        ("a/b", "a-b"),
        ("..", "u-2e-2e"),
        ("../../x", "x"),
        ("%2f", "2f"),
        ("Größe", "größe"),
        ("GROẞ", "groß"),
        ("日本語", "日本語"),
        ("हिन्दी", "हिन्दी"),
        ("ﬁx", "fix"),
        ("cafe\u0301", "café"),
        ("😀", "u-1f600"),
        ("❤\ufe0f", "u-2764"),
        ("1\ufe0f\u20e3 first", "1-first"),
        ("a\ufe0fb", "ab"),
        ("Party 🎉", "party"),
        ("soft\u00adhyphen", "softhyphen"),
        ("con", "x-con"),
        ("COM¹", "x-com1"),
        ("snake_case", "snake_case"),
        ("", ""),
    ],
)
def test_a_text_becomes_a_slug(text: str, slug: str) -> None:
    assert slugified(text) == slug


@given(st.text(min_size=1) | st.text("aA .-_+#/\u0301\u200d\ufe0f1😀", min_size=1))
@example("\u0345" * 3)
@example("İ")
@example("e\u200d\u0301")
@example("日" * 100)
def test_a_slug_is_safe_everywhere(text: str) -> None:
    slug = slugified(text)
    assert slug
    assert slugified(slug) == slug
    assert slug == normalize("NFC", slug) == slug.lower()
    assert not re.search(r"[\s/\\.:*?\"<>|%#]", slug) and slug.isprintable()
    assert len(slug.encode()) <= 200
    assert not DEVICES.fullmatch(slug)
    assert slug[0].isalnum() and slug[-1] not in "-_."


@given(st.text(min_size=1, max_size=30))
def test_a_slug_that_is_made_has_no_fault(text: str) -> None:
    slug = slugified(text)
    assert len(slug) > 80 or slug == "index" or not slug_fault(slug)
    assert slug_from(slug) == slug


@pytest.mark.parametrize("name", ["v1.2", "feed.xml", "a_b-c", "größe", "日本語", "2024"])
def test_a_good_name_is_its_own_slug(name: str) -> None:
    assert slug_from(name) == name and not slug_fault(name)


@pytest.mark.parametrize(
    "slug", ["", "A", "a b", "a/b", "..", ".a", "a.", "a..b", "-a", "con.txt", "index", "a" * 81, "日" * 79, "e\u0301"]
)
def test_a_bad_slug_has_a_fault(slug: str) -> None:
    assert slug_fault(slug)


def test_a_mark_alone_is_not_clean() -> None:
    assert not is_clean("\u0301a")
