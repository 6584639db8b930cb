"""Header and body told apart, with the lines still countable."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blog.content.header import LIMIT, foreign_source, source
from blog.content.report import Report

LINES = st.lists(st.text("ab: #-.<>=|", max_size=8), max_size=8)


@given(LINES, LINES, st.sampled_from(["---", "...", "--- \t"]))
def test_the_parts_and_their_fences_are_the_file(header: list[str], body: list[str], fence: str) -> None:
    header = [line for line in header if line.rstrip() not in ("---", "...") and not line.startswith("<<<<<<<")]
    text = "\n".join(["---", *header, fence, *body])
    read = source("a.md", text.encode(), Report("p"))
    assert read is not None
    assert (read.header, read.body) == ("".join(f"{line}\n" for line in header), "\n".join(body))
    assert text.split("\n")[read.body_line - 1 :] == body


def test_a_header_has_a_limit() -> None:
    fits, exceeds = (b"---\na: " + b"x" * (LIMIT - size) + b"\n---\n" for size in (4, 3))
    assert source("a.md", fits, Report("p"))
    assert source("a.md", exceeds, Report("p")) is None


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
    read = foreign_source("a.md", text.encode(), Report("p"))
    assert read is not None and (read.body, read.body_line) == (body, line)


def test_equal_bytes_have_equal_digests() -> None:
    one, two, other = (source("a.md", b"---\n---\n" + body, Report("p")) for body in (b"x", b"x", b"y"))
    assert one and two and other and one.digest == two.digest != other.digest
