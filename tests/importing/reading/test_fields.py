"""Dates, tags, covers and authors as other programs write them."""

from __future__ import annotations

import pytest

from trigpoint.importing.reading.fields import Header, author_names, cover, moment, tag_names, written_moment

DATES = {
    "2020-01-02": "2020-01-02",
    "2020-1-2 3:04": "2020-01-02 03:04:00",
    "2020-01-02T10:30:00Z": "2020-01-02 10:30:00+00:00",
    "2020-01-02 18:00.000000000 +09:00": "2020-01-02 18:00:00+09:00",
    "2020-01-02 10:30:00.123456789 +0100": "2020-01-02 10:30:00+01:00",
    "2020-01-02 10:30:00 UTC+01:00": "2020-01-02 10:30:00+01:00",
    "2020/01/02 10:30": "2020-01-02 10:30:00",
    "20200102": "2020-01-02",
    "2020-01": "2020-01-01",
    "Jan 2, 2020": "2020-01-02",
    "January 2nd, 2020": "2020-01-02",
    "Thu, 02 Jan 2020 10:30:00 +0000": "2020-01-02 10:30:00+00:00",
    "2020-01-02 3:04 PM": "2020-01-02 15:04:00",
    "10/27/2019": "2019-10-27",
    "27.10.2019": "2019-10-27",
    "2020年1月2日": "2020-01-02",
    "2020-01-02T10:30:00+01:00[Europe/Berlin]": "2020-01-02 10:30:00+01:00",
}


@pytest.mark.parametrize(("text", "expected"), DATES.items())
def test_a_date_is_read(text: str, expected: str) -> None:
    found = moment(text)
    assert found is not None
    assert written_moment(found) == expected


def test_a_mapping_of_dates_has_one_of_creation() -> None:
    found = moment({"created": "2020-01-02", "updated": "2021-01-01"})
    assert found is not None
    assert written_moment(found) == "2020-01-02"


@pytest.mark.parametrize("text", ["2 Nov 24", "soon", "", "2020-13-45", "99999-01-01"])
def test_what_is_no_date_is_none(text: str) -> None:
    assert moment(text) is None


@pytest.mark.parametrize(
    ("fields", "is_spaced", "expected"),
    [
        ({"tags": "a b c"}, True, ["a", "b", "c"]),
        ({"tags": "a b, c"}, True, ["a b", "c"]),
        ({"tags": "machine learning"}, False, ["machine learning"]),
        ({"tags": ["Go", "go", "C++"], "categories": ["Notes"]}, False, ["Go", "C++", "Notes"]),
        ({"taxonomies": {"tags": ["Rust"]}}, False, ["Rust"]),
        ({"tags": [], "category": "a/b"}, False, ["a", "b"]),
        ({"tags": ["Uncategorized", "#x"]}, False, ["x"]),
        ({"tag": "a b", "category": "c d"}, True, ["a b", "c d"]),
        ({"tags": "a b", "tag": "c"}, True, ["c", "a", "b"]),
        ({"keywords": "a, b"}, False, []),
    ],
)
def test_tags_come_in_many_forms(fields: dict[str, object], is_spaced: bool, expected: list[str]) -> None:
    assert tag_names(Header(fields), is_spaced) == expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"image": "a.png"}, ("a.png", "")),
        ({"cover": {"image": "a.png", "alt": "A"}}, ("a.png", "A")),
        ({"header": {"teaser": "a.jpg"}}, ("a.jpg", "")),
        ({"images": ["a.png", "b.png"]}, ("a.png", "")),
        ({"extra": {"cover_image": "a.webp"}}, ("a.webp", "")),
        ({"image": "not a picture"}, ("", "")),
    ],
)
def test_a_cover_is_found(fields: dict[str, object], expected: tuple[str, str]) -> None:
    assert cover(Header(fields)) == expected


@pytest.mark.parametrize(
    "written",
    [
        "Ada Example, Bob Example",
        ["Ada Example", {"name": "Bob Example"}],
        "Ada Example and Bob Example",
        "Ada Example ([@ada](https://e.org)) and [Bob Example](https://e.org)",
    ],
)
def test_authors_are_names(written: object) -> None:
    assert author_names(Header({"author": written}), {}) == ["Ada Example", "Bob Example"]


def test_what_was_not_asked_for_is_left_over() -> None:
    header = Header({"title": "A", "layout": "post", "Mood": "calm"})
    header.text("title")
    assert header.rest() == {"Mood": "calm"}
