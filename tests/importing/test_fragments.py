"""The ids of a body that is linked to are those that its page has, though most of it is not rendered for them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import ROOT
from trigpoint.importing.fragments import ids_of, with_ids_alone
from trigpoint.markup.render import render

OF_LAYOUT = re.compile(r"callout-|diagram-|code-note-")
BODIES = [
    path for folder in ("importing/awkward", "markup/foreign/golden") for path in (ROOT / "tests" / folder).glob("*.md")
]
LINES = st.sampled_from(
    (
        *("# A", "## B `c` [d]", "e", "e\n---", "", "- f", "  # G", "> ## H", "```", "    i", "[d]: /d", "***", "$$"),
        *(
            "<div>",
            "</div>",
            '<p id="j">',
            "k[^l]",
            "[^l]: m",
            "| n |",
            "|---|",
            "<h2>O</h2>",
            "# A {#p}",
            "<!--",
            "-->",
        ),
        *("1. q", "!!! note", ": r"),
    )
)


def of_headings(body: str, title: str) -> list[str]:
    ids = render(body, path="", first_line=1, title=title, beside=lambda name: None, lenient=True).ids
    return [each for each in ids if not OF_LAYOUT.match(each)]


def found(body: str, title: str) -> list[str]:
    return [each for each in ids_of(body, title) if not OF_LAYOUT.match(each)]


@pytest.mark.parametrize("path", BODIES, ids=lambda path: path.stem)
def test_the_ids_are_those_of_the_page(path) -> None:  # type: ignore[no-untyped-def]
    body = re.sub(r"\A---\n.*?\n---\n", "", path.read_text(), flags=re.S)
    assert found(body, "A") == of_headings(body, "A")


@given(st.lists(LINES, max_size=12).map("\n".join))
def test_the_ids_of_any_text_are_those_of_its_page(body: str) -> None:
    assert found(body, "A") == of_headings(body, "A")


def test_what_has_no_id_is_not_rendered() -> None:
    body = "One *two*.\n\n## A\n\nThree.\n\n[b]: /b\n\n```\n# C\n```\n"
    assert with_ids_alone(body).split() == ["***", "##", "A", "[b]:", "/b"]
