"""Which parts of a Markdown text are prose: code is blanked, letter for letter.

The last texts are remembered, with those of a lenient site, since most steps of a translation change nothing.
"""

from __future__ import annotations

import re
from functools import lru_cache

from trigpoint.markup import block_grammar
from trigpoint.markup.code_mask import BLANK
from trigpoint.markup.foreign import masking
from trigpoint.markup.pairs import Pair

HTML_CODE = Pair(
    re.compile(r"<(?:!(?=--))?(?P<name>--|(?:code|pre|kbd|samp|script|style|textarea|svg)\b)(?:(?<=--)|[^<>]*>)", re.I),
    re.compile(r"<(code|pre|kbd|samp|script|style|textarea|svg)\b[^<>]*>.*?</\1\s*>|<!--.*?-->", re.S | re.I),
    re.compile(r"(?P<name>--(?=>)|(?<=</)(?:code|pre|kbd|samp|script|style|textarea|svg)(?=\s*>))\s*>", re.I),
)
"""HTML that shows code or nothing. (An element that never closes is no code here: it would hide the rest.)"""


@lru_cache(maxsize=4)
def masked(text: str) -> str:
    """The text, as long as it is, with BLANK for what stands in code: blocks, spans, formulas, HTML's own."""
    prose = masked_code(text)
    return HTML_CODE.sub(_blank, prose) if "<" in prose else prose


@lru_cache(maxsize=4)
def masked_code(text: str) -> str:
    """As `masked`, but for HTML, of which only what Markdown takes for code is blanked."""
    if not any(sign in text for sign in ("`", "~~~", "    ", "\t", "$$")):
        return text
    try:
        return masking.masked(text)
    except (block_grammar.TooDeepError, RecursionError):
        return text


def _blank(found: re.Match[str]) -> str:
    return "".join("\n" if sign == "\n" else BLANK for sign in found[0])
