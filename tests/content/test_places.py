"""Where a page stands, and where it stood before."""

from __future__ import annotations

import pytest

import trigpoint.application  # noqa: F401  # Its views declare the kinds of pages.
from trigpoint.content.places import OWN, alias, is_own, page_address
from trigpoint.web.kinds import KINDS


@pytest.mark.parametrize(
    ("written", "path"),
    [
        ("/old/path/", "/old/path/"),
        ("/old/path", "/old/path/"),
        ("old", "/old/"),
        ("/old.html", "/old.html"),
        ("/v1.2/", "/v1.2/"),
        ("/a%20b/", "/a b/"),
        ("/cafe\u0301/", "/café/"),
        ("/2019/05/x.php", "/2019/05/x.php"),
        ("/.well-known/x/", "/.well-known/x/"),
    ],
)
def test_an_alias_has_one_form(written: str, path: str) -> None:
    assert alias(written) == path == alias(path)


@pytest.mark.parametrize(
    "written",
    [
        *("https://evil.example/", "javascript:x", "//evil", "/\\evil", "/%5cevil", "/../x", "/a/%2e%2e/b", "/./a"),
        *(
            "/",
            "",
            "/a?b",
            "/a#b",
            "/a\nb",
            "/a%0ab",
            "/a//b",
            "/%ff",
            "/" + "a" * 201,
            "/a /b",
            "/%2fevil",
            "/a" * 101,
            "/.git/",
            "/a/.hidden/b",
        ),
    ],
)
def test_an_alias_stays_on_the_site(written: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        alias(written)


def test_a_slug_stands_for_the_last_part_of_the_path() -> None:
    assert page_address("docs/Some Page.md", "other") == "/docs/other/"
    assert page_address("docs/index.md", "other") == "/other/"


def test_the_site_keeps_its_own_addresses() -> None:
    assert is_own("/") and is_own("/tags/x/") and not is_own("/about/") and not is_own("/tagsoup/")


def test_the_addresses_that_no_page_may_take_are_those_of_the_kinds_of_pages() -> None:
    kept_free = {"covers", "social", "authors"}  # A page may stand at /covers/, and where no registered author has one.
    firsts = {each.rule.split("/")[1].casefold() for each in KINDS} - {""}
    assert {first for first in firsts if "<" not in first} - kept_free == OWN - {"404", "index.html"}
