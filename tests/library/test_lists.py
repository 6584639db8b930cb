"""Posts put together: nothing lost, nothing twice."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from tests.library.test_paging import post
from trigpoint.content.pages import Part, Tag
from trigpoint.library.lists import all_series, by_tag, by_year, telling

TAGS = tuple(Tag(slug, slug.upper()) for slug in ("a", "b", "c"))


@given(st.lists(st.sets(st.sampled_from(TAGS)), max_size=8))
def test_a_post_is_under_each_of_its_tags_and_no_other(tags: list[set[Tag]]) -> None:
    posts = tuple(post(number, tags=tuple(each)) for number, each in enumerate(tags))
    grouped = by_tag(posts)
    assert {(slug, each.slug) for slug, found in grouped.items() for each in found} == {
        (tag.slug, each.slug) for each in posts for tag in each.tags
    }
    assert all(found == tuple(each for each in posts if each in found) for found in grouped.values())


@given(st.lists(st.integers(2020, 2024), max_size=8))
def test_a_post_is_in_its_year(years: list[int]) -> None:
    dates = [dt.datetime(year, 6, 1, tzinfo=dt.UTC) for year in sorted(years, reverse=True)]
    posts = tuple(post(number, date=date) for number, date in enumerate(dates))
    assert tuple(each for year in by_year(posts) for each in year.posts) == posts
    assert all(each.date.year == year.year for year in by_year(posts) for each in year.posts)


def test_the_oldest_post_says_how_the_name_of_a_series_is_written() -> None:
    posts = (post(2, part=Part("BASICS", "basics", 1)), post(1, part=Part("Basics", "basics", 2)))
    (series,) = all_series(posts)
    assert series.name == "Basics"
    assert [each.slug for each in series.posts] == ["p2", "p1"]


def test_series_are_in_the_order_of_their_names() -> None:
    posts = (post(1, part=Part("beta", "beta", 1)), post(2, part=Part("Alpha", "alpha", 1)))
    assert [each.name for each in all_series(posts)] == ["Alpha", "beta"]


def test_the_tags_of_the_title_come_first_then_the_rare_ones() -> None:
    names = ("AWS", "Distributed Systems", "Elasticsearch", "Go", "Node.js", "ZeroMQ")
    tags = tuple(Tag(name.lower(), name) for name in names)
    others = tuple(post(n, tags=tags[:2] if n < 2 else (tags[1], tags[3])) for n in range(4))
    mine = post(9, title="Going with ZeroMQ and Node.js", tags=tags)
    ordered = telling(mine, by_tag((mine, *others)))
    assert [tag.name for tag in ordered] == ["ZeroMQ", "Node.js", "Elasticsearch", "AWS", "Go", "Distributed Systems"]
