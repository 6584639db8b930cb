"""Fences ask for things in several forms, and code is shown line by line."""

from __future__ import annotations

import re

import pytest

from tests.conftest import ROOT
from trigpoint.markup.code import COLOURED, WIDEST, Listing, checked, figure, listing


@pytest.mark.parametrize(
    ("info", "asked"),
    [
        ("", Listing()),
        ("py", Listing("py")),
        ('python title="a b.py" linenums hl_lines="1 3-5"', Listing("python", "a b.py", 1, ((1, 1), (3, 5)))),
        ('py linenums="10"', Listing("py", first=10)),
        ("py {hl_lines=[1,2],linenos=true}", Listing("py", first=1, marked=((1, 1), (2, 2)))),
        (
            "py {linenos=table,hl_lines=[8,'5-7'],linenostart=9}",
            Listing("py", first=9, marked=((8, 8), (5, 7))),
        ),
        ("py {linenos=false}", Listing("py")),
        ("js {1,3}", Listing("js", marked=((1, 1), (3, 3)))),
        ("js{1-2}", Listing("js", marked=((1, 2),))),
        ("rust,ignore", Listing("rust")),
        ("C++", Listing("c++")),
        ("{.python .numberLines}", Listing("python", first=1)),
        ("title='x'", Listing(title="x")),
        ('file="a/b.py" region=part', Listing(file="a/b.py", region="part")),
    ],
)
def test_a_fence_is_understood_in_its_several_forms(info: str, asked: Listing) -> None:
    assert listing(info) == asked


def test_no_element_reaches_over_the_end_of_a_line() -> None:
    page = figure('"""a\nb"""', checked(listing("py linenums hl_lines=2"), '"""a\nb"""'))
    first, second = page.split("<code>")[1].split("\n")[:2]
    assert first.count("<span") == first.count("</span>") == 2
    assert second.startswith('<span class="hll"><span class="lineno" data-line="2"></span>')
    assert page.endswith("</span>\n</span></code></pre></div></figure>")


def test_captions_and_languages_are_escaped() -> None:
    page = figure("x", checked(listing('<b> title="<i>"'), "x"))
    assert 'data-language="&lt;b&gt;"' in page
    assert "<figcaption>&lt;i&gt;</figcaption>" in page


def test_plain_text_names_no_language() -> None:
    assert "data-language" not in figure("x", checked(listing("text"), "x"))


def test_a_long_block_may_be_parted_on_paper() -> None:
    assert 'class="code"' in figure("x\n" * 19 + "x", checked(listing("text"), "x"))
    assert 'class="code long"' in figure("x\n" * 20 + "x", checked(listing("text"), "x"))


def test_a_hundred_ranges_are_plenty() -> None:
    assert len(listing('py hl_lines="' + "1 " * 10_000 + '"').marked) == 100


def test_only_what_has_a_colour_is_an_element_of_its_own() -> None:
    rules = (ROOT / "static/css/syntax.css").read_text().split("  .highlight {")[1]
    assert set(re.findall(r"\.([a-z][a-z0-9]*)", rules)) == COLOURED
    page = figure("name = other.part  # why", checked(listing("py"), "name = other.part  # why"))
    assert '<code>name = other.part  <span class="c1">' in page


@pytest.mark.parametrize(
    ("line", "is_wide"),
    [("x" * WIDEST, False), ("x" * (WIDEST + 1), True), ("\t" * 24 + "x", True), ("\t" * 24, False), ("字" * 49, True)],
)
def test_a_line_beyond_the_edge_is_warned_of(line: str, is_wide: bool) -> None:
    complaints = checked(listing("text"), f"short\n{line}\nshort").complaints
    assert [kind for _, _, kind, _ in complaints] == ["code-width"] * is_wide
    if is_wide:
        assert complaints[0][0].startswith("Line 2 of this code has ")
