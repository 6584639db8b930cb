"""What of a foreign text is prose, its code blanked letter for letter; and what is found there, replaced. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from trigpoint.markup import block_grammar
from trigpoint.markup.code_mask import uncoded

Meaning = Callable[[str, re.Match[str]], "str | None"]
"""What to write in the place of what was found, given the text whose code is not blank; None: it stays."""

Rule = tuple[re.Pattern[str], Meaning]
"""What is looked for in a text whose code is blank, and what it means."""


@lru_cache(maxsize=2)
def masked(text: str) -> str:
    """The text with its code blanked. Most rules change nothing, so that the next one asks for the same."""
    return uncoded(text, block_grammar.read(text))


def replaced(text: str, pattern: re.Pattern[str], meaning: Meaning) -> str:
    """The text with what is found in its prose replaced, and as many lines."""
    if not pattern.search(text):
        return text
    pieces, at = [], 0
    for found in pattern.finditer(masked(text)):
        new = meaning(text, found)
        if new is not None:
            missing = text.count("\n", *found.span()) - new.count("\n")
            pieces += [text[at : found.start()], new, "\n" * missing]
            at = found.end()
    return "".join([*pieces, text[at:]]) if pieces else text


def written(text: str, found: re.Match[str], group: str) -> str:
    """What a group found, as it was written: its code is not blank."""
    return text[slice(*found.span(group))]
