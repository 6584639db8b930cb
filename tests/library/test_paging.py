"""Every post is on exactly one page, and a page behind the front never changes again."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from trigpoint.content.pages import Post, Source
from trigpoint.library.paging import listing, numbers
from trigpoint.notes import Digest


def post(number: int, **fields: object) -> Post:
    path = f"posts/p{number}.md"
    values: dict[str, object] = {
        "source": Source(path, "", "", 1, Digest(str(number))),
        "path": path,
        "address": f"/posts/p{number}/",
        "title": f"Post {number}",
        "summary": "",
        "description": "",
        "slug": f"p{number}",
        "date": dt.datetime(2026, 1, 1, tzinfo=dt.UTC) + dt.timedelta(days=number),
    }
    return Post(**(values | fields))  # type: ignore[arg-type]


def posts(count: int) -> tuple[Post, ...]:
    return tuple(post(number) for number in reversed(range(count)))


COUNTS, SIZES = st.integers(0, 60), st.integers(1, 13)


@given(COUNTS, SIZES)
def test_every_post_is_on_exactly_one_page_and_the_links_lead_through_them_in_order(count: int, size: int) -> None:
    every, seen, number = posts(count), [], 0 if count else None
    while number is not None:
        page = listing(every, number, size)
        assert page
        assert page.number == number
        seen += page.posts
        number = page.older
    assert tuple(seen) == every


@given(COUNTS, SIZES)
def test_newer_is_the_way_back(count: int, size: int) -> None:
    every = posts(count)
    for number in numbers(every, size):
        page = listing(every, number, size)
        assert page
        assert page.newer is not None
        newer = listing(every, page.newer, size)
        assert newer
        assert newer.older == number


@given(COUNTS, SIZES)
def test_a_newer_post_changes_a_page_behind_in_nothing_but_its_newer(count: int, size: int) -> None:
    before, after = posts(count), posts(count + 1)
    for number in numbers(before, size):
        old, new = listing(before, number, size), listing(after, number, size)
        assert old
        assert new
        assert (old.posts, old.older) == (new.posts, new.older)


@given(st.integers(1, 60), SIZES)
def test_the_front_is_never_nearly_empty_nor_twice_as_long(count: int, size: int) -> None:
    front = listing(posts(count), 0, size)
    assert front
    assert min(count, size) <= len(front.posts) < 2 * size


@given(COUNTS, SIZES)
def test_there_is_no_page_but_those_with_a_number(count: int, size: int) -> None:
    every = posts(count)
    last = len(numbers(every, size))
    assert listing(every, last + 1, size) is None
    assert listing(every, -1, size) is None
    assert (listing(every, 0, size) is None) == (count == 0)
