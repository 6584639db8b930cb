"""A folder of another blog is read as it is."""

from __future__ import annotations

import datetime as dt

import pytest

from blog.content import Page, Post, Rules, read_page

RULES = Rules(dt.UTC, lenient=True)


def post_of(text: str, path: str = "posts/a.md") -> Post:
    page, faults = read_page(path, text.encode(), RULES)
    assert isinstance(page, Post), faults
    return page


def test_keys_have_other_names_and_any_case() -> None:
    post = post_of("---\nTitle: A\npubDate: 2026-05-01\nlastmod: 2026-06-01\nexcerpt: S\nredirect_from: /old\n---\n")
    assert (post.title, post.summary, post.aliases) == ("A", "S", ("/old/",))
    assert post.updated == dt.datetime(2026, 6, 1, tzinfo=dt.UTC)


def test_unknown_keys_are_kept() -> None:
    post = post_of("---\ntitle: A\ndate: 2026-05-01\nlayout: post\nweight: 3\n---\n")
    assert post.extra == {"layout": "post", "weight": 3}


def test_toml_is_a_header_too() -> None:
    post = post_of(
        '+++\ntitle = "A"\ndate = 2026-05-01T10:00:00Z\ndraft = true\n[taxonomies]\ntags = ["C++", "Go"]\n+++\nB'
    )
    assert (post.title, post.draft, [tag.slug for tag in post.tags]) == ("A", True, ["c-plus-plus", "go"])
    assert (post.source.body, post.source.body_line) == ("B", 8)


def test_bad_toml_is_named_with_its_line() -> None:
    page, (fault,) = read_page("posts/a.md", b'+++\ntitle = "A\n+++\n', RULES)
    assert page is None and fault.line == 2


@pytest.mark.parametrize(
    ("body", "title"), [("# One #\n\nText", "One"), ("One\n===\n", "One"), ("Note: text\n", "My first post")]
)
def test_without_a_header_the_title_is_the_heading_or_the_name(body: str, title: str) -> None:
    post = post_of(body, "posts/my-first_post.md")
    assert (post.title, post.source.body, post.source.body_line) == (title, body, 1)


def test_a_post_without_a_date_is_read_and_sorts_last() -> None:
    post = post_of("---\ntitle: A\n---\n")
    assert not post.dated and post.date.year == 1970


@pytest.mark.parametrize(
    "line", ["draft: perhaps", "draft: 'true'", "published: false", "status: draft", "unlisted: true", "hidden: maybe"]
)
def test_what_may_be_hidden_is_a_draft(line: str) -> None:
    assert post_of(f"---\ntitle: A\ndate: 2026-05-01\n{line}\n---\n").draft


@pytest.mark.parametrize("line", ["published: true", "published: 2026-05-01", "status: published", "unlisted: false"])
def test_what_is_shown_is_no_draft(line: str) -> None:
    assert not post_of(f"---\ntitle: A\ndate: 2026-05-01\n{line}\n---\n").draft


def test_tags_may_be_one_text() -> None:
    assert [tag.name for tag in post_of("---\ntags: a b, 3.10\n---\n").tags] == ["a b", "3.10"]


def test_a_field_that_means_nothing_is_a_warning() -> None:
    page, faults = read_page("posts/a.md", b"---\ntitle: A\ndate: 2026-05-01\nseries: x\n---\n", RULES)
    assert isinstance(page, Post) and page.part is None and [fault.warning for fault in faults] == [True]


@pytest.mark.parametrize("text", ["---\ntitle: A\ndate: 2 Nov 24\n---\n", "---\ntitle: A\n", "---\ntitle: a: b\n---\n"])
def test_what_cannot_be_guessed_stays_an_error(text: str) -> None:
    assert read_page("posts/a.md", text.encode(), RULES)[0] is None


def test_a_page_keeps_fields_of_posts_in_extra() -> None:
    page, faults = read_page("about.md", b"---\ntitle: A\ndate: 2026-05-01\n---\n", RULES)
    assert isinstance(page, Page) and page.extra == {"date": "2026-05-01"} and not faults
