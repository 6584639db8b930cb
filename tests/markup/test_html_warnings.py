"""An author's own HTML is warned of where it would surprise."""

from __future__ import annotations

import pytest

from trigpoint.fault_list import BodyFaults
from trigpoint.markup.checks.html_warnings import lint


def warned(text: str) -> list[tuple[int, str]]:
    findings = BodyFaults("a.md", 1)
    lint([(0, text)], findings)
    return [(fault.line, fault.sentence) for fault in findings.faults]


@pytest.mark.parametrize(
    "fine",
    [
        "<b>x</b>",
        "<br><img src=x><hr/>",
        "<ul><li>a<li>b</ul>",
        "`<div>`",
        "``<a> ` <b>``",
        "<!-- <div> -->",
        "a < b > c",
        "<https://e.org>",
        "<svg><path d='M0'/></svg>",
        "[x](<a b.md>)",
        "<pre><x></pre>",
        "\\<div>",
        "<div\n class='<p>'>\n</div>",
    ],
)
def test_html_that_is_whole_is_not_warned_of(fine: str) -> None:
    assert warned(fine) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\n<div>", [(2, "`<div>` is not closed.")]),
        ("<div>\n<span>\n</div>", [(2, "`<span>` is not closed.")]),
        ("x\n<!-- y", [(2, "A comment is not closed: it hides the rest of its block.")]),
        ("<textarea>", [(1, "`<textarea>` is not closed.")]),
        ("x\n</div>", [(2, "`</div>` closes nothing.")]),
        ("<String>\nx\n</String>", [(1, "`<string>` is no element of HTML; its tags are not shown.")]),
    ],
)
def test_what_would_surprise_is_told_with_its_line(text: str, expected: list[tuple[int, str]]) -> None:
    assert warned(text) == expected
