"""The Library: one order, whatever the order of reading, and nothing of what readers may not see."""

from __future__ import annotations

import datetime as dt
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import SiteWith, post_text
from tests.library.test_paging import post
from trigpoint.content.pages import Page, Part, Post, Tag
from trigpoint.library.library import Library
from trigpoint.library.snapshot import File, Snapshot
from trigpoint.markup.document import Document
from trigpoint.notes import Note, digest_of, recording
from trigpoint.search.index import Index

NOW = dt.datetime(2030, 1, 1, tzinfo=dt.UTC)
GO, CPP, RARE = Tag("go", "Go", aliases=("golang",)), Tag("cpp", "C++"), Tag("rare", "Rare")


def library_of(*pages: Page, registry: tuple[Tag, ...] = (GO, CPP, RARE), files: tuple[str, ...] = ()) -> Library:
    stamps = dict.fromkeys((*(page.path for page in pages), *files), (0, 0, 0, 0))
    return Library(
        Snapshot(
            pages=pages,
            registry=registry,
            files=tuple(File(path, (0,)) for path in files),
            faults=(),
            now=NOW,
            posts_per_page=3,
            render=lambda page, file_digest: Document((page.title,)),
            index=lambda posts, file_digest: Index({}, lambda start: {}),
            file_digest=lambda path: digest_of(path),
            stamps=stamps,
        )
    )


def digests(library: Library, numbers: range) -> list[object]:
    paths = [f"posts/p{number}.md" for number in numbers]
    asked = [("neighbours", path) for path in paths] + [("related", path) for path in paths]
    wide = [("listing", 0), ("listing", 1), ("newest", 5), ("tags",), ("archive",), ("all_series",), ("redirects",)]
    return [library.digest_now(Note(name, tuple(arguments), None)) for name, *arguments in (*asked, *wide)]  # type: ignore[arg-type]


@given(st.randoms(use_true_random=False))
def test_the_order_of_reading_does_not_matter(chance: random.Random) -> None:
    same_day = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    posts = [
        post(number, date=same_day, tags=(GO, CPP)[: number % 3], part=Part("Basics", "basics", 1), aliases=("/old/",))
        for number in range(6)
    ]
    shuffled = posts[:]
    chance.shuffle(shuffled)
    assert library_of(*shuffled).faults == library_of(*posts).faults
    assert digests(library_of(*shuffled), range(6)) == digests(library_of(*posts), range(6))


def test_posts_are_newest_first_and_of_one_moment_by_their_paths() -> None:
    day = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    library = library_of(post(2, date=day), post(1, date=day), post(3, date=day + dt.timedelta(seconds=1)))
    assert [each.slug for each in library.posts] == ["p3", "p1", "p2"]


def test_neighbours_are_the_next_newer_and_the_next_older() -> None:
    library = library_of(*map(post, range(3)))
    newer, older = library.neighbours("posts/p1.md")
    assert newer and older
    assert (newer.slug, older.slug) == ("p2", "p0")
    assert library.neighbours("posts/p2.md")[0] is None
    assert library.neighbours("posts/p0.md")[1] is None


def test_a_rare_tag_in_common_counts_more_than_a_common_one() -> None:
    common = [post(number, tags=(GO,)) for number in range(10, 16)]
    library = library_of(post(0, tags=(GO, RARE)), post(1, tags=(RARE,)), *common)
    related = library.related("posts/p0.md")
    assert related[0].slug == "p1"
    assert [each.slug for each in related[1:]] == ["p15", "p14"]


def test_a_post_without_tags_is_related_to_none() -> None:
    assert library_of(post(0), post(1, tags=(GO,))).related("posts/p0.md") == ()


def test_tags_are_those_that_a_shown_post_has_in_the_order_of_their_names() -> None:
    library = library_of(post(0, tags=(GO,)), post(1, tags=(GO, CPP)), post(2, tags=(RARE,), draft=True))
    assert [(each.tag.name, each.count) for each in library.tags()] == [("C++", 1), ("Go", 2)]
    assert library.tag("rare") is None


@pytest.mark.parametrize("hidden", [{"draft": True}, {"date": NOW + dt.timedelta(seconds=1)}, {"expires": NOW}])
def test_a_hidden_post_is_in_no_answer(hidden: dict[str, object]) -> None:
    secret = post(1, tags=(RARE,), part=Part("Secret", "secret", 1), aliases=("/leak/",), **hidden)
    library = library_of(post(0), secret)
    assert [each.slug for each in library.posts] == ["p0"]
    assert library.post("p1") is None
    assert library.tags() == ()
    assert library.all_series() == ()
    assert library.redirects() == ()
    assert library.redirect("/leak/") is None
    assert library.archive()[0].posts == (library.posts[0],)
    assert library.target("p1.md", "posts/p0.md").found is False


def test_the_next_change_is_the_first_moment_at_which_readers_see_something_else() -> None:
    soon, later = NOW + dt.timedelta(hours=1), NOW + dt.timedelta(days=1)
    assert library_of(post(0)).next_change is None
    assert library_of(post(0, date=later), post(1, expires=soon)).next_change == soon
    assert library_of(post(0, date=later, draft=True)).next_change is None


def test_a_series_is_in_the_order_of_its_parts() -> None:
    parts = {1: 2, 2: 1, 3: 3}
    library = library_of(*(post(number, part=Part("Basics", "basics", part)) for number, part in parts.items()))
    found = library.series("basics")
    assert found
    assert [each.slug for each in found.posts] == ["p2", "p1", "p3"]
    assert library.series("nothing") is None


def test_years_are_newest_first() -> None:
    dates = [dt.datetime(year, 1, 1, tzinfo=dt.UTC) for year in (2024, 2026, 2025)]
    library = library_of(*(post(number, date=date) for number, date in enumerate(dates)))
    assert [year.year for year in library.archive()] == [2026, 2025, 2024]


def test_an_old_address_leads_to_the_new_one_but_never_away_from_a_page() -> None:
    library = library_of(post(0, aliases=("/old/", "/posts/p1/")), post(1), post(2, tags=(GO,)))
    assert library.redirect("/old/") == "/posts/p0/"
    assert library.redirect("/tags/golang/") == "/tags/go/"
    assert library.redirect("/posts/p1/") is None


def test_that_there_is_none_is_an_answer_and_is_noted_but_not_kept() -> None:
    library = library_of(post(0))
    kept = len(library._answers)
    with recording() as record:
        for number in range(100):
            assert library.post(f"nothing-{number}") is None
            assert library.redirect(f"/nothing/{number}/") is None
            assert library.listing(number + 7) is None
            assert library.tagged("nothing", number) is None
    assert len(record.notes) == 400
    assert len(library._answers) == kept


def test_an_answer_is_made_once() -> None:
    library = library_of(post(0), post(1))
    assert library.newest(2) is library.newest(2)


def test_a_list_does_not_notice_another_body() -> None:
    one, other = library_of(post(0)), library_of(post(0))
    assert one.digest_now(Note("newest", (1,), "")) == other.digest_now(Note("newest", (1,), ""))  # type: ignore[arg-type]


def test_the_files_of_a_page_that_readers_do_not_see_are_not_there(site_with: SiteWith) -> None:
    small = site_with(
        {"a": post_text()},
        {
            "posts/draft/index.md": post_text(draft="true"),
            "posts/draft/code/secret.py": "1",
            "posts/broken/index.md": "---\ntitle: [\n---\n",
            "posts/broken/secret.png": "1",
            "docs/index.md": "---\ntitle: Docs\ndraft: true\n---\n",
            "docs/secret.png": "1",
            "docs/open/index.md": "---\ntitle: Open\n---\n\n![p](p.png)\n",
            "docs/open/p.png": "1",
            "posts/loose.png": "1",
        },
    )
    hidden = ("/posts/draft/code/secret.py", "/posts/broken/secret.png", "/docs/secret.png")
    assert [small.status(address) for address in hidden] == [404, 404, 404]
    assert [small.status(address) for address in ("/docs/open/p.png", "/posts/loose.png")] == [200, 200]


def test_a_fault_in_posts_itself_hides_no_file(site_with: SiteWith) -> None:
    small = site_with({"a": post_text()}, {"posts/index.md": post_text(), "posts/loose.png": "1"})
    assert small.faults()
    assert small.status("/posts/loose.png") == 200


def test_the_kinds_of_page_are_told_apart() -> None:
    library = library_of(post(0))
    assert isinstance(library.post("p0"), Post)
    assert library.page("/posts/p0/") is None
    assert library.pages() == ()


def test_files_in_a_folder_with_an_underscore_are_not_for_readers(site_with: SiteWith) -> None:
    small = site_with(posts={"a": post_text()}, files={"posts/_drafts/x.txt": "secret", "code/__init__.py": ""})
    assert (small.status("/posts/_drafts/x.txt"), small.status("/code/__init__.py")) == (404, 200)
