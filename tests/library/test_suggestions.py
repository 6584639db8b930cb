"""What is suggested for a dead link would work where it stands."""

from __future__ import annotations

import pytest

from trigpoint.library.addresses import Addresses
from trigpoint.library.suggestions import Names, Suggestions

PAGES = {"about.md": "/about/", "posts/b.md": "/posts/b/", "posts/deep/index.md": "/posts/deep/"}


@pytest.mark.parametrize(
    ("written", "path", "expected"),
    [
        ("about.md", "posts/a.md", "../about.md"),
        ("posts/b.md", "posts/a.md", "b.md"),
        ("b.md#part", "about.md", "posts/b.md"),
        ("../deep.md", "posts/a.md", "deep/index.md"),
        ("abuot.md", "posts/deep/index.md", "../../about.md"),
        ("/posts/bb/", "posts/a.md", "/posts/b/"),
        ("my pic.png", "posts/a.md", "../img/my%20pic.png"),
        ("zzz.xyz", "posts/a.md", ""),
        ("c.md", "posts/a.md", ""),
        ("no.png", "posts/a.md", ""),
        ("/contact/", "posts/a.md", ""),
        ("my-pic.svg", "about.md", ""),
        ("img/my-pic.svg", "about.md", "img/my%20pic.png"),
        ("my-pic.svg", "img/notes.md", "my%20pic.png"),
        ("my-pic.png", "about.md", "img/my%20pic.png"),
        ("plot.png", "posts/a.md", ""),
        ("plto.py", "posts/a.md", "../img/plot.py"),
        ("plot", "posts/a.md", "../img/plot.py"),
        ("b.html", "posts/a.md", "b.md"),
        ("b.go", "posts/a.md", ""),
    ],
)
def test_a_suggestion_works_from_the_file_that_links(written: str, path: str, expected: str) -> None:
    addresses = Addresses.of(PAGES, ["img/my pic.png", "img/plot.py"])
    cure = Suggestions(addresses, ["/", "/tags/", *PAGES.values()]).cure(written, path)
    assert cure == (f'Did you mean "{expected}"?' if expected else "")


def test_a_name_is_found_by_those_like_it() -> None:
    names = Names([f"post-{n}" for n in range(2000)] + ["größe", "about.md"])
    assert names.nearest("abuot.md") == "about.md"
    assert names.nearest("grösse") == "größe"
    assert names.nearest("post-77") == "post-77"
    assert names.nearest("zzz") == ""
