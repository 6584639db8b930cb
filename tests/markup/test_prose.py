"""Quick looks at Markdown: its words are counted, its first paragraph is found."""

from __future__ import annotations

import time

import pytest

from trigpoint.markup.prose import first_paragraph, word_count


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("", 0),
        ("one two, it's well-known — six", 5),
        ("# Head\n\n- item `code`", 3),
        ("a [b](https://e.org/c/d) <span class='x y'>e</span>", 3),
        ("a\n\n```py\nnot counted\n```\n\nb", 2),
        ("a\n~~~\nnot ``` counted", 1),
        ("- a\n  ```\n  x\n  ```\n- b", 2),
        ("a <!-- no\nno --> b\n\n[b]: https://e.org 'no'", 2),
        ("naïve Größe", 2),
        ("日本語の文章です。ここまで", 6),
        ("Python で書く", 2 + 1),
        ("---\n\n***", 0),
        ("in {figure: a_b}, about {figure: c}s", 4),
    ],
)
def test_words_of_prose_are_counted(body: str, words: int) -> None:
    assert word_count(body) == words


@pytest.mark.parametrize(
    ("body", "paragraph"),
    [
        ("one\ntwo\n\nthree", "one\ntwo"),
        ("# Head\ntext", "text"),
        ("Head\n====\n\ntext", "text"),
        ("![a](b.png)\n\n[![a](b)](c)\n\ntext", "text"),
        ("```\ncode\n```\ntext", "text"),
        ("    code\n\ntext", "text"),
        ("- item\n  more\n\n  still\n\ntext", "text"),
        ("> quote\n\n| a |\n|---|\n\n<div>\n\n[^1]: note\n\n!!! note\n    in\n\ntext", "text"),
        ("one\n- item", "one"),
        ("one\n\n## Two\n\nthree\n<!-- more -->\n\nfour", "one\n\nthree"),
        ("# Only heads", ""),
        ("<https://e.org> is it", "<https://e.org> is it"),
        ("<kbd>x</kbd> and", "<kbd>x</kbd> and"),
        ("<T> is one", "<T> is one"),
        ("{name} is one", "{name} is one"),
        ("{{ x }}\n\n<img src=x>\n\n</div>\n\ntext", "text"),
        ("1986 was a year", "1986 was a year"),
        ("**bold** start", "**bold** start"),
        ("", ""),
    ],
)
def test_the_first_paragraph_is_the_first_prose(body: str, paragraph: str) -> None:
    assert first_paragraph(body) == paragraph


@pytest.mark.parametrize(
    "body", ["```\n~~~~\n" * 20_000, "<!--" * 50_000, "[" * 100_000, "![](" * 50_000, "<a" * 50_000]
)
def test_looks_stay_quick_whatever_the_text(body: str) -> None:
    start = time.process_time()
    word_count(body)
    first_paragraph(body)
    assert time.process_time() - start < 1
