"""Headers of posts of public blogs, reduced: titles, days and tags as the author meant them."""

from __future__ import annotations

import datetime as dt
from time import process_time

import pytest

from trigpoint.content.abstract import without_reading
from trigpoint.content.pages import Post, Rules
from trigpoint.content.read_page import read_page

FLOOR = 1.0
"""Seconds in which nothing can be told of how a time grows."""

A_DAY = {
    "published_date: 2020-03-04": "posts/a.md",
    "publishedAt: 2020-03-04": "posts/a.md",
    "pubDatetime: 2020-03-04T05:06:07Z": "posts/a.md",
    "publish_date: 2020-03-04": "posts/a.md",
    "publishDate: 2020-03-04": "posts/a.md",
    "datePublished: Wed Mar 04 2020 10:33:21 GMT+0000 (Coordinated Universal Time)": "posts/a.md",
    "posted: 2020-03-04": "posts/a.md",
    "pubDatetime: 2020-03-04T15:22:00Z\nmodDatetime: null": "posts/a.md",
    "create_time: 2020/03/04 10:00:00": "posts/a.md",
    "publish: 2020-03-04": "posts/a.md",
    "time: 2020-03-04 10:00": "posts/a.md",
    "time: 5 minutes\ndate: 2020-03-04": "posts/a.md",
    "createTime: 2019-01-01\ndatetime: 2020-03-04": "posts/a.md",
    "date: 4 March 2020, 10:00": "posts/a.md",
    "date: 2020-03-04, 10:00": "posts/a.md",
    "date: 2020-03-04 (Wed)": "posts/a.md",
    "date: <2020-03-04 Wed 10:00>": "posts/a.md",
    "date: 2020-03-04 10h30": "posts/a.md",
    "lastmod: 2020-03-04": "posts/a.md",
    "date: 2020-03-04 12:00:00 +0300 EAT": "posts/a.md",
    "layout: post": "posts/2020/03/04/a.md",
    "url: /2020/03/04/a": "posts/2020/a.md",
}


def read(text: str, path: str = "posts/a.md") -> Post:
    page, _ = read_page(path, text.encode(), Rules(dt.UTC, lenient=True, tags_open=True))
    assert isinstance(page, Post)
    return page


@pytest.mark.parametrize("line", A_DAY)
def test_a_day_is_found_under_every_name(line: str) -> None:
    assert read(f"---\ntitle: A\n{line}\n---\nb\n", A_DAY[line]).date.date() == dt.date(2020, 3, 4)


def test_a_month_by_its_name_has_its_first_day() -> None:
    assert read("---\ntitle: A\ndate: March 2020\n---\nb\n").date.date() == dt.date(2020, 3, 1)


@pytest.mark.parametrize(
    ("path", "day"),
    [
        ("posts/2021/05/x.md", dt.date(2021, 5, 1)),
        ("posts/2021-05/x.md", dt.date(2021, 5, 1)),
        ("posts/2016-03-00-x.md", dt.date(2016, 3, 1)),
        ("posts/2021/x.md", dt.date(2021, 1, 1)),
        ("posts/x-2021.md", dt.date(1970, 1, 1)),
    ],
)
def test_a_folder_of_a_month_or_a_year_gives_its_first_day(path: str, day: dt.date) -> None:
    assert read("---\ntitle: A\n---\nb\n", path).date.date() == day


OPENINGS = (
    "---\n", "+++\n", ";;;\n", "{", '{"title": ', "<!-- ", "<!-- .. title: a -->\n", ".. title: a\n", "#+TITLE: a\n",
    "export const a = {\n", "export const a = {title: ", "import a\n", "% a\n", "title: a\n", "title:\n", "  a\n",
    "# a\n", "\n",
    " ", "\ufeff", "~~~\n", "---\ntitle: a\n", "---\na: [\n", "---\n- a\n", "---\na: >\n b\n", "a: [", "a: {",
    "a: 'b\n", "- ",
    "title: a\n b\n", "tags: a, ", "+++\na = [", "+++\n[a]\n", "==\n", "<!-- a --> ",
)  # fmt: skip
"""What opens a header, or goes on in one."""


def seconds(text: str) -> float:
    start = process_time()
    read_page(
        "posts/2020-01-02-a.md", text.encode(), Rules(dt.UTC, lenient=True), lambda body, _: without_reading(body)
    )
    return process_time() - start


@pytest.mark.parametrize("opening", OPENINGS)
@pytest.mark.parametrize("end", ["", "---\n", "\n}\n", "-->"])
def test_a_header_without_an_end_or_with_a_far_one_takes_a_time_that_grows_with_it(opening: str, end: str) -> None:
    count = 60_000 // len(opening)
    whole = seconds(opening * count + end)
    assert whole < FLOOR or whole < 3 * seconds(opening * (count // 2) + end)


def test_a_title_is_plain_text() -> None:
    assert read("---\ntitle: '<i>Kinds</i> &amp; Vec<T> in V8'\n---\nb\n").title == "Kinds & Vec<T> in V8"


def test_nikola_may_have_a_comment_for_each_field() -> None:
    post = read("<!-- .. title: A b -->\n<!-- .. date: 2012/03/04 05:06 -->\n<!-- .. tags: a, b c -->\n\nBody\n")
    assert (post.title, post.date.date()) == ("A b", dt.date(2012, 3, 4))
    assert [tag.name for tag in post.tags] == ["a", "b c"]
    assert post.source.body == "\nBody\n"


def test_spaces_part_the_categories_of_a_post_named_as_jekyll_names_it() -> None:
    header = "---\ntitle: A\ncategories: {}\n---\nb\n"
    named = read(header.format("jekyll update"), "posts/2020-01-02-a.md")
    assert [tag.name for tag in named.tags] == ["jekyll", "update"]
    assert [tag.name for tag in read(header.format("jekyll update")).tags] == ["jekyll update"]
    assert [tag.name for tag in read(header.format("Machine Learning"), "posts/2020-01-02-a.md").tags] == [
        "Machine Learning"
    ]


def test_a_comment_of_several_lines_is_no_excerpt() -> None:
    assert read("---\ntitle: A\n---\n## H\n\n<!-- one\ntwo -->\ntext **b**\n").summary == "text b"


@pytest.mark.parametrize("written", ['"#a #b"', '"a","b"', "\"['a', 'b']\"", "a, b", "a; b"])
def test_a_text_of_tags_is_parted_and_its_signs_go(written: str) -> None:
    assert [tag.name for tag in read(f"---\ntitle: A\ntags: {written}\n---\nb\n").tags] == ["a", "b"]
