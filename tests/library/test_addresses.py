"""Authors link to files, readers get addresses."""

from __future__ import annotations

from unicodedata import normalize
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trigpoint.library.addresses import Addresses, file_address

PAGES = {
    "posts/a.md": "/posts/a/",
    "posts/b.md": "/posts/other-slug/",
    "posts/bundle/index.md": "/posts/bundle-slug/",
    "posts/größe.md": "/posts/größe/",
    "about.md": "/about/",
}
FILES = ("posts/pic.png", "posts/bundle/img/a b.png", "posts/bundle/c%20d.txt", "top.txt")
SITE = Addresses.of(PAGES, FILES)


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("posts/bundle/img/a b.png", "/posts/bundle-slug/img/a b.png"),
        ("posts/pic.png", "/posts/pic.png"),
        ("top.txt", "/top.txt"),
    ],
)
def test_a_file_has_its_address_below_the_page_of_its_bundle(path: str, address: str) -> None:
    assert file_address(path, PAGES) == address
    assert SITE.file_at[address] == path


@pytest.mark.parametrize(
    ("written", "path", "address"),
    [
        ("b.md", "posts/a.md", "/posts/other-slug/"),
        ("b.md#part", "posts/a.md", "/posts/other-slug/#part"),
        ("b.md?x=1#part", "posts/a.md", "/posts/other-slug/?x=1#part"),
        ("../about.md", "posts/a.md", "/about/"),
        ("../a.md", "posts/bundle/index.md", "/posts/a/"),
        ("pic.png", "posts/a.md", "/posts/pic.png"),
        ("img/a%20b.png", "posts/bundle/index.md", "/posts/bundle-slug/img/a%20b.png"),
        ("img/a b.png", "posts/bundle/index.md", "/posts/bundle-slug/img/a%20b.png"),
        ("c%20d.txt", "posts/bundle/index.md", "/posts/bundle-slug/c%2520d.txt"),
        ("gr%C3%B6%C3%9Fe.md", "posts/a.md", "/posts/gr%C3%B6%C3%9Fe/"),
        ("/posts/a", "about.md", "/posts/a/"),
        ("../other-slug/", "posts/a.md", "/posts/other-slug/"),
        ("#part", "posts/a.md", "#part"),
        ("", "posts/a.md", "/posts/a/"),
        ("/tags/", "posts/a.md", "/tags/"),
    ],
)
def test_a_link_leads_to_the_address_of_what_it_names(written: str, path: str, address: str) -> None:
    target = SITE.target(written, path)
    assert (target.address, target.found) == (address, True)


def test_a_link_knows_its_page_and_its_part() -> None:
    target = SITE.target("b.md#part", "posts/a.md")
    assert (target.page, target.fragment) == ("posts/b.md", "part")
    assert SITE.target("#part", "posts/a.md").page == "posts/a.md"


@pytest.mark.parametrize("written", ["missing.md", "img/none.png", "http://[::1", "../../../etc/passwd.txt"])
def test_a_file_that_is_not_there_is_not_found(written: str) -> None:
    assert not SITE.target(written, "posts/a.md").found


@given(st.text(max_size=30))
def test_no_text_breaks_a_link_or_leads_away_from_the_site(written: str) -> None:
    target = SITE.target(written, "posts/a.md")
    assert not target.found or not target.address or target.address[0] in "/#?"


def test_a_link_means_the_same_in_either_unicode_form() -> None:
    addresses = Addresses.of({"a.md": "/a/", "\u00fcber.md": "/\u00fcber/"}, ["gr\u00f6\u00dfe.png"])
    for form in ("NFC", "NFD"):
        for written in (normalize(form, "gr\u00f6\u00dfe.png"), quote(normalize(form, "gr\u00f6\u00dfe.png"))):
            assert addresses.target(written, "a.md").file == "gr\u00f6\u00dfe.png"
        found = addresses.target(normalize(form, "\u00fcber.md#\u00fcber"), "a.md")
        assert (found.page, found.fragment) == ("\u00fcber.md", "\u00fcber")
    assert addresses.target("#" + quote("u\u0308"), "a.md").address == "#%C3%BC"


def test_files_of_another_sites_root_are_found_by_their_ends() -> None:
    files = ["assets/x.png", "posts/2020/img/y.png", "posts/2021/img/y.png", "media/z w.png"]
    found = Addresses.of({"posts/a.md": "/posts/a/"}, files, ["img/s.png", "other/x.png"])

    def target(written: str) -> tuple[str, bool]:
        target = found.target(written, "posts/a.md")
        return target.address, target.found

    assert target("/blog/assets/x.png") == ("/assets/x.png", True)
    assert target("/img/s.png") == target("../../s.png") == ("/static/img/s.png", True)
    assert target("/wp/z%20w.png?v=1") == ("/media/z%20w.png?v=1", True)
    assert target("/img/y.png") == ("/img/y.png", True) and found.target("y.png", "posts/a.md").found is False
    assert Addresses.of({}, files).target("/blog/assets/x.png", "posts/a.md").address == "/blog/assets/x.png"
