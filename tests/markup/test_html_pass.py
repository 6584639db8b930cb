"""The last pass: ids from any script, HTML repaired, text without marks."""

from __future__ import annotations

import pytest

from trigpoint.fault_list import BodyFaults
from trigpoint.markup.html_pass import Lines, balanced, plain_text, slug


def repaired(html: str) -> tuple[str, int]:
    findings = BodyFaults("a.md", 1)
    return balanced(html, findings), len(findings.faults)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("What is it?", "what-is-it"),
        ("Größe & 日本語", "größe-日本語"),
        ("हिन्दी", "हिन्दी"),
        ("e\u0301", "é"),
        ("?!", "section"),
        ("a_b-c", "a_b-c"),
        ("  A \n B ", "a-b"),
    ],
)
def test_a_heading_of_any_script_has_an_id(text: str, expected: str) -> None:
    assert slug(text) == expected


def test_open_elements_are_closed_and_stray_ends_are_gone() -> None:
    assert repaired("<div><b>x</main></body>") == ("<div><b>x</b></div>", 0)
    assert repaired("<PlainText>x") == ("<div>x</div>", 0)


@pytest.mark.parametrize(
    "whole", ["<svg><style>a{}</style><path></path></svg>", "<script>a('<b>')</script>", "<a>x</a><p>y</p>"]
)
def test_html_that_is_whole_is_left_alone(whole: str) -> None:
    assert repaired(whole) == (whole, 0)


@pytest.mark.parametrize(
    "wild", ["<svg><style>&lt;!--</style></svg>", "<script><!--<script></script>", "<title><svg><p>"]
)
def test_what_is_repaired_is_read_as_it_is_written(wild: str) -> None:
    once, _ = repaired(f"<p>{wild}")
    assert repaired(once) == (once, 0)


def test_text_keeps_words_apart_and_leaves_scripts_out() -> None:
    assert plain_text("<ul><li>a</li><li>b</li></ul>c<b>d</b> &lt;e&gt;<script>x</script>") == "a b cd <e>"


def test_each_mention_of_a_target_has_its_line() -> None:
    lines = Lines('[a](x)\n\n<img src="y">\n[b](x) [c](data-x)\n[d]: z')
    assert [lines.line(target) for target in ("x", "x", "x", "y", "z", "w")] == [0, 3, 3, 2, 4, None]
