"""What a lenient site reads besides, for an imported text too: all but what needs to know the old site. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import chain

from trigpoint.markup.block_grammar import TooDeepError
from trigpoint.markup.block_reader import HEADLESS
from trigpoint.markup.foreign import html_ends, kramdown, loose_marks, marks, notes, tags, tex
from trigpoint.markup.foreign.code_marks import with_titles, without_lit_lines
from trigpoint.markup.foreign.computed.values import COMMENT
from trigpoint.markup.foreign.masking import (
    Rule,
    defined_labels,
    has,
    masked,
    replaced,
    replaced_marks,
    without_formulas,
)
from trigpoint.markup.foreign.platforms import cells, exported, line_blocks, pandoc, panes

WIKI = re.compile(
    r"(?<![\[\\])!?\[\[(?=[^\W_])(?P<name>[^\[\]|#\n^,=\0]+)(?:#[^\[\]|\n]+)?(?:\|(?P<text>[^\[\]\n]+))?\]\](?![\[(\]])"
)
MARKS: tuple[tuple[Rule, ...], ...] = (
    cells.RULES,
    tex.RULES,
    line_blocks.RULES,
    marks.WITHOUT_LINKS,
    loose_marks.RULES,
)


def read(text: str, dialects: Iterable[str]) -> str:
    """The text in our own Markdown, as far as no link leads elsewhere; what is in code stays."""
    try:
        text = with_titles(without_lit_lines(cells.with_cells(text, is_run=False)))
        text = loose_marks.with_whole_html(loose_marks.with_deeper_items(text))
        if "{#" in text:
            text = replaced(text, COMMENT, marks.nothing)
        liquid_tags = tags.RULES if "pelican" in dialects else ()
        for sign, pattern, meaning in (*liquid_tags, *kramdown.RULES[:-1], *exported.RULES):
            text = replaced(text, pattern, meaning) if has(text, sign) else text
        for sign, pattern, meaning in chain(*MARKS):
            text = replaced_marks(text, pattern, meaning) if has(text, sign) else text
        return html_ends.parted(html_ends.with_ended_html(_with_heads(notes.with_inline_notes(text))))
    except TooDeepError:
        return text


def computed(text: str, is_hidden: bool) -> str:
    """A text that Quarto or knitr runs, with fences for its code, and without what only Pandoc reads."""
    try:
        return pandoc.with_references(cells.with_cells(text, is_run=True, is_hidden=is_hidden))
    except TooDeepError:
        return text


def with_figures(text: str) -> str:
    """The text with the captions of Pandoc's pictures."""
    try:
        return pandoc.with_figures(text)
    except TooDeepError:
        return text


def panes_read(text: str) -> str:
    """The text with tags over several lines that hold no Markdown, which must be read before all others."""
    try:
        for sign, pattern, meaning in (*panes.RULES, exported.CODE):
            text = replaced(text, pattern, meaning) if has(text, sign) else text
    except TooDeepError:
        return text
    return text


def without_wiki_links(text: str) -> str:
    """The text with the words of `[[links]]` that lead to nothing that was imported."""
    if "[[" not in text:
        return text
    try:
        prose = without_formulas(masked(text))
    except TooDeepError:
        return text
    pieces, at = [], 0
    for found in WIKI.finditer(prose):
        if found["name"].casefold() in defined_labels(text):
            continue
        pieces += [text[at : found.start()], (found["text"] or found["name"]).strip()]
        at = found.end()
    return "".join([*pieces, text[at:]])


def _with_heads(text: str) -> str:
    """Tables without a head with an empty one, which a strict site can read."""
    if HEADLESS not in text:
        return text

    def headed(found: re.Match[str]) -> str:
        columns = found["row"].strip().strip("|").count("|") + 1
        return f"{'|  ' * columns}|\n{'|---' * columns}|\n{found['row']}"

    return re.sub(f"^{HEADLESS}(?P<row>.*)$", headed, text, flags=re.M)
