"""Header and body told apart, with the lines still countable."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trigpoint.content.foreign.headers import LIMIT
from trigpoint.content.header import foreign_source, source
from trigpoint.content.pages import Rules
from trigpoint.content.read_page import read_page
from trigpoint.fault_list import FaultList

LINES = st.lists(st.text("ab: #-.<>=|", max_size=8), max_size=8)


@given(LINES, LINES, st.sampled_from(["---", "...", "--- \t"]))
def test_the_parts_and_their_fences_are_the_file(header: list[str], body: list[str], fence: str) -> None:
    header = [line for line in header if line.rstrip() not in ("---", "...") and not line.startswith("<<<<<<<")]
    text = "\n".join(["---", *header, fence, *body])
    read = source("a.md", text.encode(), FaultList("p"))
    assert read is not None
    assert (read.header, read.body) == ("".join(f"{line}\n" for line in header), "\n".join(body))
    assert text.split("\n")[read.body_line - 1 :] == body


def test_a_header_has_a_limit() -> None:
    fits, exceeds = (b"---\na: " + b"x" * (LIMIT - size) + b"\n---\n" for size in (4, 3))
    assert source("a.md", fits, FaultList("p"))
    assert source("a.md", exceeds, FaultList("p")) is None


@pytest.mark.parametrize(
    ("text", "body", "line"),
    [
        ("Text", "Text", 1),
        ("---\na: b\n---\nText", "Text", 4),
        ("+++\na = 1\n+++\nText", "Text", 4),
        ("Note: x", "Note: x", 1),
    ],
)
def test_a_foreign_header_may_be_missing(text: str, body: str, line: int) -> None:
    read = foreign_source("a.md", text.encode(), FaultList("p"))
    assert read is not None and (read.body, read.body_line) == (body, line)


@pytest.mark.parametrize(
    "text",
    [
        "\u200b---\ntitle: x\n---\nText",
        "\u200b\n\ufeff---\ntitle: x\n---\nText",
        "\u2060title: x\ndraft: true\n\nText",
        "<!-- prettier-ignore -->\n---\ntitle: x\ndraft: true\n---\nText",
        "# A title\n\n---\ndraft: true\n---\nText",
        "<!--\ntitle: x\nstatus: draft\n-->\nText",
        "<!-- draft: true -->\nText",
        "<!--\n.. title: x\n-->\nText",
        ".. title: x\n.. status: private\n\nText",
        "#+TITLE: x\n#+DRAFT: true\nText",
        "% A title\n% An author\n\nText",
        'export const meta = {title: "x", draft: true}\n\nText',
        '---json\n{"draft": true}\n---\nText',
        '---\n{"draft": true}\n---\nText'[4:],
        "...\ntitle: x\n---\nText",
        "===\ntitle: x\n===\nText",
        "***\nDraft: true\n***\nText",
        "\u2014\ntitle: x\n\u2014\nText",
        "\u2013-\ntitle: x\n\u2013-\nText",
    ],
)
def test_a_foreign_header_of_another_form_is_never_text(text: str) -> None:
    page, faults = read_page("posts/a.md", text.encode(), Rules(dt.UTC, lenient=True))
    if page is None:
        assert [(fault.warning, fault.line) for fault in faults if not fault.warning] == [(False, 1)]
        return
    assert page.source.body and page.source.body.strip() == "Text"
    assert page.draft == bool(re.search(r"(?i)draft|private", text))


@pytest.mark.parametrize(
    "text",
    [
        "***\nNote: x",
        "# A title\n\n---\n\nAuthors: many",
        "# A title\n\nText\n---\ntitle: x",
        "<!-- TODO: x -->\nText",
        "<!-- a comment about the title: x -->\nText",
        "===\nText",
        "#hash",
        "% of all",
        "\u200bText",
        "export const x",
    ],
)
def test_a_text_that_only_looks_like_one_is_read(text: str) -> None:
    report = FaultList("p")
    assert foreign_source("a.md", text.encode(), report) and not report.faults


def test_equal_bytes_have_equal_digests() -> None:
    one, two, other = (source("a.md", b"---\n---\n" + body, FaultList("p")) for body in (b"x", b"x", b"y"))
    assert one and two and other and one.digest == two.digest != other.digest
