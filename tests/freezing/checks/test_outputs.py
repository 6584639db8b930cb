"""Two addresses that want one place in a release are named in a file of the author's."""

from __future__ import annotations

import pytest

from tests.conftest import SiteWith, post_text
from trigpoint.freezing.checks.outputs import place_faults, taken_aliases
from trigpoint.freezing.plan import addresses_of


@pytest.mark.parametrize(
    ("aliases", "expected"),
    [
        (
            ["/x.html", "/x.html/y/"],
            ':5: The alias "/x.html" needs a file where the alias "/x.html/y/" needs a folder.',
        ),
        (["/feed.xml/z/"], ':5: The address /feed.xml needs a file where the alias "/feed.xml/z/" needs a folder.'),
        (["/_headers/"], ':5: The address /_headers needs a file where the alias "/_headers/" needs a folder.'),
        (["/Old/", "/old/"], ':6: The alias "/old/" and the alias "/Old/" are one file where case does not count.'),
        (["/Tags/"], ':5: The alias "/Tags/" and the address /tags/ are one file where case does not count.'),
    ],
)
def test_an_alias_that_has_no_place_is_named_by_its_line(
    site_with: SiteWith, aliases: list[str], expected: str
) -> None:
    small = site_with({"a": post_text(aliases="\n" + "\n".join(f"  - {alias}" for alias in aliases))})
    small.site.loader.refresh()
    addresses = addresses_of(small.site)
    assert list(taken_aliases(small.site, addresses)) == []
    (fault,) = place_faults(small.site, addresses)
    assert str(fault).startswith("pages/posts/a.md" + expected)


def test_files_that_differ_by_case_are_named(site_with: SiteWith) -> None:
    small = site_with(
        {"a": post_text()}, {"x/a.txt": "", "x/A.txt": "", "about": "", "about.md": "---\ntitle: A\n---\n"}
    )
    small.site.loader.refresh()
    found = list(place_faults(small.site, addresses_of(small.site)))
    assert {fault.path for fault in found} == {"pages/x/a.txt", "pages/about"}
