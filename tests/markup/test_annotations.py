"""Notes on lines of code: the mark becomes a number that leads to its item, and is nothing where there is no list."""

from __future__ import annotations

import pytest

from trigpoint.markup.render import render

LIST = "\n1. One.\n2. Two.\n"


def page(body: str) -> str:
    document = render(body, path="a.md", first_line=1, title="", beside=lambda name: None)
    assert document.faults == ()
    return document.page(lambda link: link.target, lambda image: "")


def code(text: str, language: str = "") -> str:
    return f"```{language}\n{text}\n```\n"


@pytest.mark.parametrize(
    ("line", "left"),
    [
        ("x = 1  # (1)!", "x = 1"),
        ("x; // (1)!", "x;"),
        ("x -- (1)!", "x"),
        ("x /* (1)! */", "x"),
        ("x <!-- (1)! -->  ", "x"),
        ("(* words (1)! *)", "(* words"),
        ("# words (1)!", "# words"),
        ("(1)!", ""),
    ],
)
def test_a_mark_becomes_a_link_to_its_item(line: str, left: str) -> None:
    html = page(code(line) + LIST)
    link = '<a class="annotation" href="#code-note-1-1" aria-label="Note 1">1</a>'
    assert f"<code>{left.replace('<', '&lt;')}{link}\n</code>" in html
    assert '<ol class="annotations">\n<li id="code-note-1-1">One.</li>\n<li id="code-note-1-2">Two.</li>' in html


def test_each_block_has_its_own_notes_and_numbers_of_lines_stay() -> None:
    html = page(code("a\nb # (2)!", 'py linenums hl_lines="2"') + LIST + "\nText.\n\n" + code("c # (1)!") + LIST)
    assert '<span class="lineno" data-line="2"></span>b<a class="annotation" href="#code-note-1-2"' in html
    assert 'href="#code-note-2-1"' in html and html.count("<li id=") == 4


@pytest.mark.parametrize(
    "behind", ["", "\nText.\n" + LIST, "\n- One.\n", "\n2. Two.\n3. Three.\n", "\n1. One, and of two there is none.\n"]
)
def test_without_an_item_for_each_it_is_text(behind: str) -> None:
    html = page(code("f(2)!") + behind)
    assert "<code>f(2)!\n</code>" in html
    assert "annotation" not in html


def test_feeds_and_readers_of_markdown_have_what_was_typed() -> None:
    body = code("x # (1)!", "py") + LIST
    document = render(body, path="a.md", first_line=1, title="", beside=lambda name: None)
    assert "x # (1)!" in document.html(lambda link: link.target)
    assert document.markdown(lambda link: link.target) == body


def test_code_in_a_list_has_notes_too() -> None:
    html = page("- Item\n\n  ```\n  x # (1)!\n  ```\n\n  1. One.\n")
    assert 'href="#code-note-1-1"' in html and '<li id="code-note-1-1">One.</li>' in html
