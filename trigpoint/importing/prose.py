"""Which parts of a Markdown text are prose: code is blanked, letter for letter. The one door to the block reader."""

from __future__ import annotations

from trigpoint.markup import block_grammar
from trigpoint.markup.code_mask import BLANK, HTML_CODE, uncoded

__all__ = ["BLANK", "masked"]


def masked(text: str) -> str:
    """The text, as long as it is, with BLANK for what stands in code: blocks, spans, formulas, HTML's own."""
    if not any(sign in text for sign in ("`", "~~~", "    ", "\t", "<", "$$")):
        return text
    try:
        prose = uncoded(text, block_grammar.read(text))
    except (block_grammar.TooDeepError, RecursionError):
        return text
    return HTML_CODE.sub(lambda found: "".join("\n" if sign == "\n" else BLANK for sign in found[0]), prose)


def masked_code(text: str) -> str:
    """As `masked`, but for HTML, of which only what Markdown takes for code is blanked."""
    try:
        return uncoded(text, block_grammar.read(text))
    except (block_grammar.TooDeepError, RecursionError):
        return text
