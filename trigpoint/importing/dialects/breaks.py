"""Line ends that the old site's Markdown showed as breaks, as ours: two spaces. Pure."""

from __future__ import annotations

import re

from trigpoint.markup import block_grammar
from trigpoint.markup.block_reader import within
from trigpoint.markup.inline.references import only_define

BROKEN = re.compile(r"(?:[ ]{2}|\\|<br[ ]?/?>)[ ]*\Z", re.I)
"""The end of a line at which there is a break already."""


def with_breaks(text: str) -> str:
    """The text with a break at each line's end within a paragraph; spaces change nothing in code, tags and formulas."""
    try:
        blocks = list(within(block_grammar.read(text)))
    except block_grammar.TooDeepError:
        return text
    lines = text.split("\n")
    for block in blocks:
        if block.kind != "text" or only_define(block.lines):
            continue
        for at in range(block.line, block.line + len(block.lines) - 1):
            lines[at] = lines[at] if BROKEN.search(lines[at]) else f"{lines[at].rstrip()}  "
    return "\n".join(lines)
