"""A stylesheet that is another than it looks is named at the place where that begins."""

from __future__ import annotations

import pytest

from tests.conftest import ROOT, is_linear
from trigpoint.freezing.checks.stylesheets import stylesheet_faults


def told(text: str) -> list[str]:
    return [f"{fault.line}:{fault.column} {fault.sentence}" for fault in stylesheet_faults("static/css/a.css", text)]


@pytest.mark.parametrize(
    "text",
    [
        "", "a { b: c }", "/* { */", "a::before { content: '}' }", 'a { b: "\\"{" }', "a { b: url(data:x;{}'\") }",
        "a { b: url( '}' ) }", "a\\{ { b: c }", "@media print { a { & b { c: d } } }", "/**/", "/* ' */ a { b: '' }",
        'a { b: "x\\\ny" }', "a { /* } */ }",
    ],
)  # fmt: skip
def test_what_is_closed_is_left_alone(text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a {\n b: c;\n\nd { e: f }\n", "1:3 The { that opens here is never closed"),
        ("a { b: c }\n}\nd { e: f }", "2:1 This } closes nothing"),
        ("a { b: c }\n/* d { }\n", "2:1 This comment is never closed."),
        ("/*/ a", "1:1 This comment is never closed."),
        ("a { b: 'c;\n}", "1:8 This text is not closed in its line."),
        ("a { b: '", "1:8 This text"),
    ],
)
def test_what_is_not_is_named(text: str, said: str) -> None:
    assert told(text)[0].startswith(said)


def test_the_theme_has_none() -> None:
    sheets = tuple((ROOT / "static/css").glob("*.css"))
    assert sheets
    assert [said for sheet in sheets for said in told(sheet.read_text())] == []


@pytest.mark.parametrize("piece", ["{", "}", "/*", "'", '"', "url(", "\\", "a{b:'\n"])
def test_a_stylesheet_is_read_in_linear_time(piece: str) -> None:
    assert is_linear(told, piece, 20_000)
