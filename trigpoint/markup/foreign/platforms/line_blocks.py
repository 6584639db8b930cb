"""Pandoc's own Markdown: blocks of lines, numbered examples, headings without a number. Pure.

Source: https://pandoc.org/MANUAL.html#line-blocks, #numbered-example-lists. Citations stay as they are written: so
Pandoc shows them without a bibliography.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import lru_cache

from trigpoint.markup.foreign.masking import Rule, masked, written

EXAMPLE = re.compile(r"^[ ]{0,3}\(@(?P<label>[\w-]*)\)(?=[ \t]+\S)", re.M)
EXAMPLES = re.compile(r"(?P<item>(?m:^[ ]{0,3})\(@[\w-]*\)(?=[ \t]+\S))|(?<![\w@/.])@(?P<label>[\w-]+)")
LINES = re.compile(r"^(?<![^\n]\n)(?P<rows>(?:\|(?![ \t]*:?-+:?[ \t]*$)(?:[ \t][^|\n]*)?(?:\n|\Z)){2,})(?!\|)", re.M)
BEGINS_A_BLOCK = re.compile(r"(?=[-*+#>=~`])|(?<=\d)(?=[.)])")


@lru_cache(maxsize=2)
def _examples(text: str) -> tuple[list[int], dict[str, int]]:
    """Where the examples of a text stand, and the number of each label."""
    starts, numbers = [], dict[str, int]()
    for number, found in enumerate(EXAMPLE.finditer(masked(text)), 1):
        starts.append(found.start())
        numbers.setdefault(found["label"], number)
    return starts, numbers


def _example(text: str, found: re.Match[str]) -> str | None:
    """The number of an example, as an item of a list; of a label that is mentioned, the number alone."""
    starts, numbers = _examples(text)
    if found["item"] is None:
        return str(numbers[found["label"]]) if found["label"] in numbers else None
    margin, _, label = found["item"].partition("(@")
    number = numbers[label[:-1]] if label != ")" else bisect_right(starts, found.start())
    return f"{margin}{number}."


def _lines(text: str, found: re.Match[str]) -> str:
    """Lines that stay apart, each with its indentation."""
    rows = [line[2:].rstrip() for line in written(text, found, "rows").rstrip("\n").split("\n")]
    shown = [_line(row) for row in rows]
    end = found["rows"][len(found["rows"].rstrip("\n")) :]
    return "\\\n".join(shown) + end


def _line(row: str) -> str:
    words = row.lstrip()
    margin = "\N{NO-BREAK SPACE}" * (len(row) - len(words)) if words else "\N{NO-BREAK SPACE}"
    return margin + (words if margin else BEGINS_A_BLOCK.sub(r"\\", words, count=1) if _begins(words) else words)


def _begins(words: str) -> bool:
    """Whether Markdown would take the start of a line for more than its words."""
    return re.match(r"(?:[-+*#>=~`]|\d{1,9}[.)](?=\s|$))", words) is not None


def _unnumbered(text: str, found: re.Match[str]) -> str:
    return written(text, found, "text")


RULES: tuple[Rule, ...] = (
    ("(@", EXAMPLES, _example),
    ("| ", LINES, _lines),
    ("{-}", re.compile(r"^(?P<text>\#{1,6}[ \t][^\n]*?)[ \t]*\{-\}[ \t]*$", re.M), _unnumbered),
)
