"""What a document defines for all of its text: targets of links, and abbreviations. They are taken out of its blocks.

The rule for a definition is markdown-it-py's; it is given the paragraphs that `block_grammar` has found.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from markdown_it.rules_block import StateBlock, reference

from trigpoint.markup.block_reader import Block, within
from trigpoint.markup.inline.parser import LIBRARY

ABBREVIATION = re.compile(r"\*\[(?P<short>[^\\\]]+)\][ ]?:[ ]*(?P<long>.*)$")
LABEL = re.compile(r"^[ \t>]*(?:(?:[-+*]|\d{1,9}[.)])[ \t]+)*\[((?:[^\[\]\\\n]|\\.)+)\]:", re.M)
"""A label that a line of the source defines, with no look at the blocks."""


@dataclass(slots=True)
class Definitions:
    """References by their normalised labels (`href`, `title`), and abbreviations with what they stand for."""

    references: dict[str, dict[str, Any]] = field(default_factory=dict)
    abbreviations: dict[str, str] = field(default_factory=dict)


def taken(document: Block) -> Definitions:
    """The definitions of a document; its blocks no longer hold them."""
    found = Definitions()
    for block in within(document):
        if block.kind in ("text", "heading") and block.lines:
            if block.lines[0][0:1] == "[":
                _take_references(block, found)
            if any(line.startswith("*[") for line in block.lines):
                _take_abbreviations(block, found)
    return found


def _take_references(block: Block, found: Definitions) -> None:
    if not any("]:" in line or line == "[" for line in block.lines):
        return
    taken = _lines_of(block.lines, found)
    if block.kind == "heading" and taken == len(block.lines):
        return
    block.line += taken
    del block.lines[:taken]


def only_define(lines: list[str]) -> bool:
    """Whether a paragraph of these lines would be empty: they are definitions of references."""
    return lines[0].startswith("[") and _lines_of(lines, Definitions()) == len(lines)


def _lines_of(lines: list[str], found: Definitions) -> int:
    """How many of these lines define references, which are added."""
    state = StateBlock("\n".join(lines), LIBRARY, {"references": found.references}, [])
    line = 0
    while line < state.lineMax and reference(state, line, state.lineMax, False):
        line = state.line
    return line


def _take_abbreviations(block: Block, found: Definitions) -> None:
    kept = []
    for line in block.lines:
        defined = ABBREVIATION.match(line)
        if defined and defined["long"].strip() and defined["short"].strip():
            found.abbreviations[defined["short"].strip()] = defined["long"].strip()
        else:
            kept.append(line)
    block.lines[:] = kept


def labels(body: str) -> list[str]:
    """The labels that this Markdown defines, `^` before those of footnotes: a quick look for who renders nothing."""
    return LABEL.findall(body)
