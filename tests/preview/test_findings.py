"""The banner of the preview says what `check` would say, and no request waits for a large site."""

from __future__ import annotations

import time
from typing import Any
from weakref import ref

import pytest

from tests.conftest import SiteWith, SmallSite, as_preview, post_text
from tests.freezing.test_freeze import OPTIONS, freeze
from trigpoint.application import create_app
from trigpoint.faults import Fault
from trigpoint.file_reading import unsettled
from trigpoint.freezing.checks.sources import findings
from trigpoint.preview import findings as preview_findings
from trigpoint.preview.last_check import LastCheck


def checked(small: SmallSite, address: str) -> str:
    """The page once the check of its Library is done: it runs in a thread of its own."""
    if not small.site.is_preview:
        as_preview(small)
    found = getattr(small.site.preview_faults, "__self__")  # noqa: B009
    deadline = time.monotonic() + 60
    small.text(address)
    while not found._is_of(small.site.loader.library):
        assert time.monotonic() < deadline
        small.text(address)
    return small.text(address)


BODY = "[x](none.md)\n\n[y](#nothing)\n\n![z](none.png)\n\n![](https://far.example/a.png)"


def test_the_banner_lists_all_that_check_says_on_every_page(site_with: SiteWith) -> None:
    posts = {"a": post_text("A", body=BODY, cover="{image: none.png, alt: A}"), "b": post_text("B")}
    small = site_with(posts)
    places = ("a.md:4: The cover", "a.md:7: &#34;none.md&#34;", "a.md:9: &#34;#nothing&#34;", "a.md:11: ")
    for address in ("/", "/posts/a/", "/posts/b/", "/tags/"):
        page = checked(small, address)
        assert "<strong>4 to mend before this can be published</strong>" in page, address
        assert "<summary>2 warnings</summary>" in page, address  # base_url is not configured yet; check says that.
        is_here = address == "/posts/a/"
        assert ('<a href="#preview-overlay">4 of them here</a>' in page) == is_here
        assert ("<summary>4 elsewhere</summary>" in page) != is_here
        assert [place in page for place in places] == [not is_here] * 4, "no fault is told twice on a page"
    readers = SmallSite(small.root, create_app(small.root))
    assert "to mend" not in readers.text("/")
    assert len(findings(readers.site)) == 7
    readers.site.loader.stop()


def test_the_banner_follows_an_edit(site_with: SiteWith) -> None:
    small = site_with({"a": post_text(body="[x](none.md)"), "b": post_text("B")})
    assert "1 to mend" in checked(small, "/posts/b/")
    small.write("posts/a.md", post_text(body="[x](b.md)"))
    assert "to mend" not in checked(small, "/posts/b/")
    small.write("posts/b.md", post_text("B", draft="true"))
    page = checked(small, "/")
    assert "&#34;b.md&#34; leads to pages/posts/b.md. This is a draft: readers do not see it." in page


def test_the_banner_says_what_readers_would_lose(site_with: SiteWith) -> None:
    small = site_with({"a": post_text("A"), "b": post_text("B")})
    freeze(small, OPTIONS)
    (small.pages / "posts/b.md").unlink()
    small.site.loader.refresh()
    assert "Readers have /posts/b/, and it would be gone." in checked(small, "/posts/a/")


def test_a_page_is_told_again_where_the_same_is_found_in_the_next_edition(
    site_with: SiteWith, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may have asked between the two, when not all was known of its own source."""
    small = site_with({"a": post_text("A")})
    found = as_preview(small)
    told: list[tuple[Fault, ...]] = []
    found.announce = lambda: told.append(found._last.faults)

    def check_once() -> None:
        library = small.site.loader.library
        if not told:
            small.write("posts/b.md", post_text("B"))
            small.site.loader.refresh()
        found._last = LastCheck((Fault("pages/posts/a.md", 7, 0, "The picture."),))
        found._library = ref(library)

    monkeypatch.setattr(found, "_check_once", check_once)
    found._check(0)
    assert len(told) == 2


def test_a_file_that_is_being_written_is_looked_at_again(site_with: SiteWith, monkeypatch: pytest.MonkeyPatch) -> None:
    small = site_with({"a": post_text("A", body="[dead](none.md)")})
    found = as_preview(small)
    tries: list[str] = []
    check = preview_findings.all_faults

    def at_first_in_the_way(*arguments: Any) -> tuple[Fault, ...]:
        tries.append("")
        if len(tries) == 1:
            raise unsettled("templates/_footer.html")
        return check(*arguments)

    monkeypatch.setattr(preview_findings, "all_faults", at_first_in_the_way)
    found._check(0)
    assert "none.md" in str(found._last.faults)


def test_a_page_that_cannot_wait_says_that_there_may_be_more(
    site_with: SiteWith, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = site_with({"a": post_text()})
    as_preview(small)
    with monkeypatch.context() as patch:
        patch.setattr(preview_findings, "WAIT", 0.0)
        assert "there may be more" in small.text("/")
    assert "there may be more" not in checked(small, "/")


@pytest.mark.parametrize(
    ("name", "text", "lines"),
    [
        ("b", "B", ["6"]),  # Another file.
        ("a", "More.\n\n[x](none.md)", ["8"]),
        ("a", "[x](none.md) and more", []),
        ("a", "[x](none.md)\n\n[x](none.md)", ["6"]),
        ("a", "More.\n\n[x](none.md)\n\n[x](none.md)", []),  # Which of them is it?
    ],
)
def test_what_was_known_stays_until_the_next_check_says_otherwise(
    site_with: SiteWith, monkeypatch: pytest.MonkeyPatch, name: str, text: str, lines: list[str]
) -> None:
    small = site_with({"a": post_text("A", body="[x](none.md)"), "b": post_text("B")})
    found = as_preview(small)
    assert "1 of them here" in checked(small, "/posts/a/")
    monkeypatch.setattr(found, "_has_checked", lambda library, wait: False)
    small.write(f"posts/{name}.md", post_text(name, body=text))
    page = small.text("/posts/a/")
    assert ("1 of them here" in page) == bool(lines)
    assert [str(fault.line) for fault in found.of_page("/posts/a/")] == lines
    assert "there may be more" not in page  # The corner says so, and nothing moves.


def test_what_was_found_in_a_header_is_not_taken_to_another_line(site_with: SiteWith) -> None:
    small = site_with({"a": post_text("A")})
    found = as_preview(small)
    checked(small, "/posts/a/")
    small.write("posts/a.md", "---\ntitle: A: x\ndate: 2026-01-01\n---\n\nText.\n")
    for _ in range(2):
        checked(small, "/posts/a/")
        assert [fault.line for fault in found.of_page("/posts/a/")] == [2]


@pytest.mark.parametrize("hidden", [{"draft": "true"}, {"date": "2199-01-01"}])
def test_dead_links_of_a_page_that_readers_do_not_see_are_told_on_it_alone(
    site_with: SiteWith, hidden: dict[str, str]
) -> None:
    body = "[x](none.md) [y](c.md)"  # The draft that it leads to may appear with it.
    small = site_with({"a": post_text("A", body=body, **hidden), "b": post_text("B"), "c": post_text("C", **hidden)})
    found = as_preview(small)
    page = checked(small, "/posts/a/")
    assert "<strong>1 to mend before this can be published</strong>" in page
    assert [fault.subject for fault in found.of_page("/posts/a/")] == ["none.md"]
    assert "to mend" not in checked(small, "/posts/b/")
    assert found.of_page("/posts/c/") == ()
