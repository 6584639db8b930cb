"""The last pass: ids from any script, HTML repaired, text without marks."""

from __future__ import annotations

import pytest

from blog.html import Lines, balanced, plain_text, slug


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
    assert balanced("<div><b>x</main></body>") == "<div><b>x</b></div>"
    assert "plaintext" not in balanced("<PlainText>x")


def test_text_keeps_words_apart_and_leaves_scripts_out() -> None:
    assert plain_text("<ul><li>a</li><li>b</li></ul>c<b>d</b> &lt;e&gt;<script>x</script>") == "a b cd <e>"


def test_each_mention_of_a_target_has_its_line() -> None:
    lines = Lines('[a](x)\n\n<img src="y">\n[b](x) [c](data-x)\n[d]: z')
    assert [lines.line(target) for target in ("x", "x", "x", "y", "z", "w")] == [0, 3, 3, 2, 4, None]
