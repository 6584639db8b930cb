"""A text with its code replaced by blanks of the same length, so that checks of prose find nothing in code."""

from __future__ import annotations

import re
from bisect import bisect_left

from trigpoint.markup.block_reader import Block, within

BLANK = "\0"
"""Stands for each character of code: no source has it, and no pattern takes it for a space."""
TICKS = re.compile(r"(?<![\\`])`+")
EMPTY_LINE = re.compile(r"\n[ \t]*\n")
HTML_CODE = re.compile(
    r"<(code|pre|kbd|samp|script|style|textarea|svg)\b[^<>]*>.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)", re.S | re.I
)
"""HTML that shows code or nothing."""


def uncoded(body: str, document: Block) -> str:
    """The body with BLANK for its code blocks, formulas on lines of their own, and code spans; its length stays."""
    lines = body.split("\n")
    for block in within(document):
        if block.kind in ("code", "math"):
            is_fence = block.kind == "code" and block.closing is not None
            last = block.line + len(block.lines) + (is_fence and 1 + block.closed)
            for number in range(block.line, min(last, len(lines))):
                lines[number] = BLANK * len(lines[number])
    return without_spans("\n".join(lines))


def uncoded_prose(text: str) -> str:
    """A piece of prose, or of the author's HTML, with BLANK for what is code in it."""
    text = without_spans(text) if "`" in text else text
    return HTML_CODE.sub(lambda found: _blanked(found[0]), text) if "<" in text else text


def without_spans(text: str) -> str:
    """The text with its code spans blanked, which do not reach over an empty line. Each run of ticks is met once."""
    starts: dict[int, list[int]] = {}
    for ticks in re.finditer("`+", text):
        starts.setdefault(len(ticks[0]), []).append(ticks.start())
    ends = [found.start() for found in EMPTY_LINE.finditer(text)]
    pieces, at = [], 0
    for ticks in TICKS.finditer(text):
        if ticks.start() < at:
            continue
        same = starts[len(ticks[0])]
        behind = bisect_left(same, ticks.end())
        if behind < len(same) and bisect_left(ends, ticks.end()) == bisect_left(ends, same[behind]):
            pieces += [
                text[at : ticks.start()],
                _blanked(text[ticks.start() : same[behind] + len(ticks[0])]),
            ]
            at = same[behind] + len(ticks[0])
    return "".join([*pieces, text[at:]])


def _blanked(code: str) -> str:
    """As many BLANK as there are characters; its lines stay."""
    return "\n".join(BLANK * len(line) for line in code.split("\n"))
