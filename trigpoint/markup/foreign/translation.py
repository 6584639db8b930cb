"""The door: a body with other generators' tags and blocks becomes one in our Markdown, with as many lines. Pure.

Used in foreign folders alone, before anything else reads the body. Code stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from trigpoint.markup import block_grammar
from trigpoint.markup.block_grammar import TooDeepError
from trigpoint.markup.code_mask import uncoded
from trigpoint.markup.foreign import boxes, kramdown, tags

SIGNS = re.compile(
    r"\{[%{:]|\{(?:filename|static|attach|tag|category|author|index)\}|:::|^===|\|filename\||@/|^\^$|#![a-z]|toc[\])_]",
    re.M,
)
"""One of these stands in every body that needs a translation."""

LONGEST = 2_000_000
"""The characters of a body at most; a longer one stays as it is."""


@dataclass(frozen=True, slots=True)
class Leftover:
    """A tag that means nothing here, and is left out: its line from 0, and as much of it as a message shows."""

    line: int
    shown: str
    name: str


Rule = tuple[re.Pattern[str], Callable[[str, re.Match[str]], str | None]]
"""What is looked for in a text whose code is blank, and what to write in its place, given the text; None: it stays."""


def translated(body: str) -> tuple[str, tuple[Leftover, ...]]:
    """The body in our own Markdown, and the tags that were left out of it."""
    if len(body) > LONGEST or not SIGNS.search(body):
        return body, ()
    left: list[Leftover] = []
    try:
        body = tags.with_plain_code(body)
        for rules in (tags.BLOCKS, boxes.RULES, kramdown.RULES, tags.RULES):
            for pattern, meaning in rules:
                body = _replaced(body, pattern, meaning)
        return _replaced(body, tags.REST, lambda text, found: _left_out(text, found, left)), tuple(left)
    except TooDeepError:
        return body, ()


def _replaced(text: str, pattern: re.Pattern[str], meaning: Callable[[str, re.Match[str]], str | None]) -> str:
    if not pattern.search(text):
        return text
    pieces, at = [], 0
    for found in pattern.finditer(uncoded(text, block_grammar.read(text))):
        new = meaning(text, found)
        if new is not None:
            missing = text.count("\n", *found.span()) - new.count("\n")
            pieces += [text[at : found.start()], new, "\n" * missing]
            at = found.end()
    return "".join([*pieces, text[at:]])


def _left_out(text: str, found: re.Match[str], left: list[Leftover]) -> str | None:
    if not tags.is_sure(text, found):
        return None
    name = next((name for name in found.groups() if name), "").strip()
    left.append(Leftover(text.count("\n", 0, found.start()), " ".join(found[0].split()), name))
    return ""
