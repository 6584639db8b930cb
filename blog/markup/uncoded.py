"""A text with its code blanked, letter for letter: what is looked for in it is not found in samples of code."""

from __future__ import annotations

import re

from blog.markup.blocks import Block, within

BLANK = "\0"
"""Stands for each character of code: no source has it, and no pattern takes it for a space."""
CODE = re.compile(r"(?<![\\`])(`++)(?:(?!\n[ \t]*\n).)+?(?<!`)\1(?!`)", re.S)
"""A code span: it does not reach over an empty line."""
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
    return CODE.sub(_blank, "\n".join(lines))


def uncoded_prose(text: str) -> str:
    """A piece of prose, or of the author's HTML, with BLANK for what is code in it."""
    text = CODE.sub(_blank, text) if "`" in text else text
    return HTML_CODE.sub(_blank, text) if "<" in text else text


def _blank(found: re.Match[str]) -> str:
    return re.sub(r"[^\n]", BLANK, found[0])
