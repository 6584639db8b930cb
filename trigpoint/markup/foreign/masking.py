"""What of a foreign text is prose, its code blanked letter for letter; and what is found there, replaced. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from trigpoint.markup import block_grammar
from trigpoint.markup.code_mask import uncoded, without_spans

Meaning = Callable[[str, re.Match[str]], "str | None"]
"""What to write in the place of what was found, given the text whose code is not blank; None: it stays."""

Rule = tuple[str, re.Pattern[str], Meaning]
"""A sign, without which a text need not be searched; what is looked for where code is blank, and what it means."""

FENCE = re.compile(r"[ \t>]*(?:[-*+][ \t]+)?(?P<mark>`{3,}|~{3,})(?P<info>[^\n`]*)$")


@lru_cache(maxsize=2)
def masked(text: str) -> str:
    """The text with its code blanked. Most rules change nothing, so that the next one asks for the same."""
    return uncoded(text, block_grammar.read(text))


def without_fences(text: str) -> str:
    """The text with fences and code spans blanked: to MDX, and inside of HTML, what is indented is no code."""
    lines, mark = text.split("\n"), ""
    for at, line in enumerate(lines):
        found = FENCE.match(line)
        if mark or found:
            lines[at] = "\0" * len(line)
        if mark and found and found["mark"].startswith(mark) and not found["info"].strip():
            mark = ""
        elif found and not mark:
            mark = found["mark"]
    return without_spans("\n".join(lines))


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
