"""The dialect finds the blocks that CommonMark finds, and knows the line of each."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from trigpoint.markup import block_grammar
from trigpoint.markup.block_reader import Block, dedented, width

REFERENCE = MarkdownIt("commonmark").enable(["table", "strikethrough"])
KINDS = {"blockquote": "quote", "paragraph": "text", "fence": "code", "code_block": "code", "html_block": "html",
         "hr": "rule", "bullet_list": "list", "ordered_list": "list", "list_item": "item"}  # fmt: skip


def outline(block: Block) -> list[object]:
    """Kinds, nesting, lines and texts: what two readings are compared by."""
    found: list[object] = []
    for child in block.children:
        text = re.sub(r"\s+", " ", child.text).strip()
        found.append([child.kind, child.line, text, outline(child)])
    return found


def reference(text: str) -> list[object]:
    """The outline that markdown-it-py, a port of CommonMark's reference, has of the text."""
    root: list[object] = []
    stack = [root]
    for token in REFERENCE.parse(text):
        kind = re.sub("_(open|close)$", "", token.type)
        if token.type == "inline":
            stack[-2][-1][2] = re.sub(r"\s+", " ", token.content).strip()  # type: ignore[index]
        elif token.nesting == 1 or token.nesting == 0:
            entry = [KINDS.get(kind, kind), (token.map or [0])[0], re.sub(r"\s+", " ", token.content).strip(), []]
            stack[-1].append(entry)
            if token.nesting == 1:
                stack.append(entry[3])  # type: ignore[arg-type]
        else:
            stack.pop()
    return root


def kinds(text: str) -> list[object]:
    """The nested kinds of a text's blocks, for short: ["list", ["item", ["text"]]]."""

    def nested(block: Block) -> list[object]:
        return [part for child in block.children for part in (child.kind, *([nested(child)] if child.children else []))]

    return nested(block_grammar.read(text))


SAME = [
    "- a\n  - b\n    - c",
    "- a\n   - b",
    "- a\n    - b\n        - c",
    "1. a\n   - b\n\n   more\n2. c",
    "1. a\n    - b",
    "text\n- a\n- b",
    "text\n1. a",
    "in\n1986. What a year",
    "in\n2) no list",
    "text\n-\nmore",
    "1) a\n2) b",
    "- a\n* b\n+ c",
    "1. a\n2) b",
    "- a\n\n  para\n- b",
    "1. a\n   ```py\n   x\n   ```\n2. b",
    "1. a\n\n   ```py\n     x\n\n   y\n   ```\n2. b",
    "text\n```\ncode\n```\nmore",
    "> - a\n>   - b\n> text",
    "> a\nlazy\n> b\n\n> c",
    "> ```\n> code\n> ```\nout",
    "> ```\nout",
    "- a\nlazy",
    "- a\n- \n- c",
    "-\n  foo",
    "-\n\n  foo",
    "- - a\n  - b",
    "- # head\n  text",
    "- > quote\n  > more\n- b",
    "10) a\n    b\n\n    c",
    "-\ta\n\n\tb",
    "- a\n\n\tb\n\n\t\tcode",
    "\t- code",
    "- ```\n- - \tt",
    "- ```\n  - \tt\n- - \tt",
    "    code\n\n    more\ntext",
    "- a\n\n      code\n  text",
    "# h\ntext\n## h #\n#no\n#",
    "a\nb\n===\nc\n---\n---\n***",
    "- a\n  ---\n- b",
    "* * *\n- - -",
    "~~~ a`b\n```\n~~~~\nout",
    "```a`b\ntext",
    "````\n```\n````",
    "   ```\n    x\n   ```",
    "```\nunclosed\n\nto the end",
    "<div>\n*a*\n\n*b*\n</div>",
    "<!-- a\n\n- b -->\ntext",
    "<pre>\n\n- a\n</pre>\ntext",
    "text\n<div>\nx",
    "text\n<x-y>\nx",
    "<x-y>\nx\n\n- a",
    "text\n    - not a list",
    "- a\n\n\n- b",
    "- a\n  > b\nc",
    "text\n| a | b |\n|---|---|\n| 1 | 2 |\n\nx",
    "",
    "\n\n  \n",
]


@pytest.mark.parametrize("text", SAME)
def test_blocks_are_those_of_commonmark(text: str) -> None:
    assert simple(outline(block_grammar.read(text))) == simple(reference(text))


def simple(tree: list[object]) -> list[object]:
    """The outline without what the two readers name differently: texts of code and HTML, tables' insides."""
    found: list[object] = []
    for kind, line, text, children in tree:  # type: ignore[misc]
        kept = text if kind in ("text", "heading") else ""
        found.append([kind, line, kept, [] if kind == "table" else simple(children)])
    return found


PIECES = st.sampled_from(
    ["word", "- a", "* b", "+ c", "1. d", "2. e", "1) f", "> q", "```", "~~~ x", "# h", "---", "===", "", "", "  ",
     "    code", "<div>", "</div>", "<!--", "-->", "<b>x</b>", "-", "1.", ">", "\tt", "#"]
)  # fmt: skip
INDENTS = st.sampled_from(["", "", " ", "  ", "   ", "    ", "     ", "\t", "> ", "- ", "1. ", "> > ", "- - ", ">  "])
LINES = st.builds(lambda indents, piece: "".join(indents) + piece, st.lists(INDENTS, max_size=2), PIECES)


@settings(max_examples=400, deadline=None)
@given(st.lists(LINES, max_size=9))
def test_any_mix_of_lines_has_the_blocks_of_commonmark(lines: list[str]) -> None:
    text = "\n".join(lines)
    # markdown-it-py errs on lazy lines of four columns and on tabs in quotes, so these have tests of their own.
    assume(not re.search(r">.*\t|\S.*\n[> ]*(?: {4}|\t)", text, re.S))
    # It also ends a list after an empty item and two blank lines; commonmark.js goes on with the list, and so do we.
    assume(not re.search(r"([-*+]|\d[.)])[ \t]*(\n[> \t]*){2}\n", text))
    assert simple(outline(block_grammar.read(text))) == simple(reference(text))


@pytest.mark.parametrize("text", ["-\n\n\n- a", "1.\n\n\n\n2. a", "> -\n>\n>\n> - a"])
def test_blank_lines_after_an_empty_item_do_not_end_the_list(text: str) -> None:
    assert str(outline(block_grammar.read(text))).count("'list'") == 1


MARKERS = st.sampled_from(["- ", "* ", "1. ", "1) ", "-   "])
WORDS = st.sampled_from(["one", "two words", "`code`", "**b**"])


@st.composite
def lists(draw: st.DrawFn, depth: int = 0) -> list[str]:
    """Lines of a list whose items hold paragraphs, fences and lists, nested by 2 to 4 columns, as authors do."""
    marker = draw(MARKERS)
    inside = draw(st.integers(len(marker), max(len(marker), 4)))
    lines: list[str] = []
    for _ in range(draw(st.integers(1, 3))):
        lines.append(marker + draw(WORDS))
        if draw(st.booleans()):
            lines += ["", " " * inside + draw(WORDS)]
        if draw(st.booleans()):
            lines += [" " * inside + line for line in ("```py", "x = 1", "", "  y", "```")]
        if depth < 3 and draw(st.booleans()):
            lines += [" " * inside + line if line else "" for line in draw(lists(depth + 1))]
        if draw(st.booleans()):
            lines.append("")
    return lines


@settings(max_examples=150, deadline=None)
@given(lists())
def test_nested_lists_have_the_outline_of_commonmark(lines: list[str]) -> None:
    text = "before\n\n" + "\n".join(lines)
    assert simple(outline(block_grammar.read(text))) == simple(reference(text))


def looseness(block: Block) -> list[bool]:
    return [
        flag for child in block.children for flag in ([child.loose] if child.kind == "list" else []) + looseness(child)
    ]


@settings(max_examples=150, deadline=None)
@given(lists())
def test_lists_are_loose_where_commonmark_says_so(lines: list[str]) -> None:
    text = "\n".join(lines)
    tokens = REFERENCE.parse(text)
    hidden = [_hides(tokens, at) for at, token in enumerate(tokens) if token.type.endswith("list_open")]
    assert looseness(block_grammar.read(text)) == hidden


def _hides(tokens: list[Token], at: int) -> bool:
    """Whether the paragraphs of the list that opens here are shown: each item of ours starts with one."""
    return next(not token.hidden for token in tokens[at:] if token.type == "paragraph_open")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("> a\n    - b", ["quote", ["text"]]),
        ("  1. - a\n    - a", ["list", ["item", ["list", ["item", ["text"]]]]]),
        ("> > > \tt", ["quote", ["quote", ["quote", ["text"]]]]),
    ],
)
def test_lazy_lines_and_tabs_follow_the_specification(text: str, expected: list[object]) -> None:
    assert kinds(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("> [!NOTE] Title\n> text", ["callout", ["text"]]),
        ("> [!TIP]-\n> text", ["callout", ["text"]]),
        ("> text\n> [!NOTE]", ["quote", ["text"]]),
        ('!!! note "Title"\n    text\n\n    - a\n\nout', ["callout", ["text", "list", ["item", ["text"]]], "text"]),
        (
            "Term\n: One\n\n    more\n: Two\n\nout",
            ["term", "definition", ["text", "text"], "definition", ["text"], "text"],
        ),
        ("a\n\n[^1]: note\n\n    ```\n    x\n    ```\nout", ["text", "footnote", ["text", "code"], "text"]),
        ("text\na|b\n-|-\n1|2\n- list", ["text", "table", "list", ["item", ["text"]]]),
        ("- a | b\n  --|--\n  1 | 2", ["list", ["item", ["table"]]]),
        ("a | b\n---|---|---", ["text"]),
        ('<div markdown="1">\n*a*\n</div>', ["html", "text", "html"]),
        (
            '<details>\n<summary>s</summary>\n<div markdown="1">\n*a*\n</div>\n</details>',
            ["html", "html", "text", "html"],
        ),
        ('<table>\n    <td markdown="1">\n- a\n</td>', ["html", "html", "list", ["item", ["text"]], "html"]),
        ("<details>\n<summary>s</summary>\n\n- a\n\n</details>", ["html", "list", ["item", ["text"]], "html"]),
    ],
)
def test_what_github_and_others_add_to_commonmark_is_found(text: str, expected: list[object]) -> None:
    assert kinds(text) == expected


def test_every_block_knows_its_line() -> None:
    text = "one\n\n- two\n\n  ```\n  x\n  ```\n\n> three\n\n# four"
    lines = [block.line for block in block_grammar.read(text).children]
    assert lines == [0, 2, 8, 10]
    assert block_grammar.read(text).children[1].children[0].children[1].line == 4


@pytest.mark.parametrize("mark", ["-", "1.", "10."])
def test_code_in_a_list_that_tabs_indent_keeps_the_tabs_beyond(mark: str) -> None:
    (items,) = block_grammar.read(f"{mark} a\n\n\t```make\n\tall:\n\t\tcc a.c\n\t\t  -o a\n\t```").children
    assert items.children[0].children[1].lines == ["all:", "\tcc a.c", "\t  -o a"]


def test_code_keeps_its_tabs_and_loses_only_the_indent_of_its_fence() -> None:
    fence = block_grammar.read("```make\nall:\n\tgcc\n```").children[0]
    assert fence.lines == ["all:", "\tgcc"]
    item = block_grammar.read("- x\n  ```make\n  all:\n  \tgcc\n```").children[0].children[0]
    assert item.children[1].lines == ["all:", "\tgcc"]


@pytest.mark.parametrize("mark", ["> ", "- "])
def test_nesting_without_end_is_refused_with_its_line(mark: str) -> None:
    with pytest.raises(block_grammar.TooDeepError) as refusal:
        block_grammar.read("x\n" + mark * 400 + "x")
    assert refusal.value.line == 1


@pytest.mark.parametrize(
    "text",
    ["x = 1\n" * 60_000, "- a\n" * 20_000, "> a\n" * 20_000, "a\n\n" * 20_000, "[" * 200_000, "a|b\n-|-\n" * 9_000],
)
def test_long_texts_take_no_more_than_their_share(text: str) -> None:
    start = time.process_time()
    block_grammar.read(text)
    half = time.process_time()
    block_grammar.read(text + text)
    assert time.process_time() - half < 4 * (half - start) + 0.5


@pytest.mark.parametrize(
    ("line", "columns", "expected"),
    [("    a", 2, "  a"), ("\ta", 4, "a"), ("\ta", 2, "  a"), ("  \ta", 4, "a"), (" a", 4, "a"), ("", 2, "")],
)
def test_a_line_is_dedented_by_columns_not_characters(line: str, columns: int, expected: str) -> None:
    assert dedented(line, columns) == expected
    assert width(expected) == max(0, width(line) - columns)


def test_what_no_page_may_hold_is_cleaned_away() -> None:
    assert block_grammar.cleaned("a\r\nb\rc\x00\x1b\u2028d\x85\tz") == "a\nb\nc d \tz"
