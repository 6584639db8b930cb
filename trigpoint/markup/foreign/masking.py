"""What of a foreign text is prose, its code blanked letter for letter; and what is found there, replaced. Pure."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from functools import lru_cache
from itertools import accumulate

from trigpoint.markup import block_grammar
from trigpoint.markup.block_reader import Block, within
from trigpoint.markup.code_mask import BLANK, EMPTY_LINE, uncoded, without_spans
from trigpoint.markup.inline.extensions import FORMULA, may_begin
from trigpoint.markup.pairs import Pair

Meaning = Callable[[str, re.Match[str]], "str | None"]
"""What to write in the place of what was found, given the text whose code is not blank; None: it stays."""

Sought = re.Pattern[str] | Pair
Rule = tuple[str | tuple[str, ...], Sought, Meaning]
"""A sign or several, without which a text need not be searched; what is looked for where code is blank; a meaning."""

LONGEST = 2_000_000
"""The characters of a body at most, and those that a rule writes: a long value may be named often."""

DEFINED = re.compile(r"^[ ]{0,3}\[([^\[\]\n]+)\]:", re.M)
FENCE = re.compile(r"[ \t>]*(?:[-*+][ \t]+)?(?P<mark>`{3,}|~{3,})(?P<info>[^\n`]*)$")


@lru_cache(maxsize=4)
def _blocks(text: str) -> Block:
    """The blocks of a text. Most rules change nothing, so that the next one asks for the same."""
    return block_grammar.read(text)


@lru_cache(maxsize=4)
def masked(text: str) -> str:
    """The text with its code blanked."""
    return uncoded(text, _blocks(text))


@lru_cache(maxsize=2)
def _line_ends(text: str) -> list[int]:
    """Where each line of a text ends, but for the last."""
    return [found.start() for found in re.finditer("\n", text)]


def line_of(text: str, at: int) -> int:
    """The line, from 0, in which this place lies: quickly, for who asks it of many places of one text."""
    return bisect_left(_line_ends(text), at)


def span_of_lines(text: str, start: int, end: int) -> tuple[int, int]:
    """Where the lines begin and end that hold what stands between these places."""
    ends, first, last = _line_ends(text), line_of(text, start), line_of(text, end)
    return ends[first - 1] + 1 if first else 0, ends[last] if last < len(ends) else len(text)


@lru_cache(maxsize=2)
def defined_labels(text: str) -> frozenset[str]:
    """What links of a text may refer to, in one case."""
    return frozenset(label.casefold() for label in DEFINED.findall(text))


@lru_cache(maxsize=2)
def without_formulas(prose: str) -> str:
    """The prose (its code is blank) with its formulas blanked too: `$a^2+b^2$` has no raised `2+b`."""
    pieces, at, start = [], 0, prose.find("$")
    while start >= 0:
        found = FORMULA.match(prose, start)
        if found is None or not _is_formula(prose, found):
            start = prose.find("$", start + 1)
            continue
        pieces += [prose[at:start], re.sub(r"[^\n]", BLANK, found[0])]
        at = found.end()
        start = prose.find("$", at)
    return "".join([*pieces, prose[at:]]) if pieces else prose


def _is_formula(prose: str, found: re.Match[str]) -> bool:
    is_apart = may_begin(prose, found.start()) and prose[found.start() - 1 : found.start()] != "\\"
    return is_apart and BLANK not in found[0] and EMPTY_LINE.search(found[0]) is None


@lru_cache(maxsize=2)
def _html_spans(text: str) -> list[tuple[int, int]]:
    """Where each block of HTML starts and ends."""
    try:
        html = [block for block in within(_blocks(text)) if block.kind == "html"] if "<" in text else []
    except block_grammar.TooDeepError:
        return []
    starts = [0, *accumulate(len(line) + 1 for line in text.split("\n"))]
    return sorted((starts[block.line], starts[min(block.line + len(block.lines), len(starts) - 1)]) for block in html)


def html_before(text: str, at: int) -> str | None:
    """What the block of HTML in which this place lies has before it; None where it lies in none."""
    spans = _html_spans(text)
    number = bisect_right(spans, (at, len(text) + 1)) - 1
    return text[spans[number][0] : at] if number >= 0 and at < spans[number][1] else None


def is_in_html(text: str, at: int) -> bool:
    """Whether this place lies in a block of HTML, in which nothing reads Markdown."""
    return html_before(text, at) is not None


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


def has(text: str, sign: str | tuple[str, ...]) -> bool:
    """Whether a text has this sign, or one of these."""
    return sign in text if isinstance(sign, str) else any(each in text for each in sign)


def replaced(text: str, pattern: Sought, meaning: Meaning) -> str:
    """The text with what is found in its prose replaced, and as many lines."""
    return _replaced(text, masked(text), pattern, meaning) if pattern.search(text) else text


def replaced_marks(text: str, pattern: Sought, meaning: Meaning) -> str:
    """As `replaced`, for what has no meaning in a formula either."""
    return _replaced(text, without_formulas(masked(text)), pattern, meaning) if pattern.search(text) else text


def _replaced(text: str, prose: str, pattern: Sought, meaning: Meaning) -> str:
    pieces, at, size = [], 0, 0
    for found in pattern.finditer(prose):
        new = meaning(text, found) if size < LONGEST else None
        if new is not None:
            size += len(new)
            missing = text.count("\n", *found.span()) - new.count("\n")
            pieces += [text[at : found.start()], new, "\n" * missing]
            at = found.end()
    return "".join([*pieces, text[at:]]) if pieces else text


def written(text: str, found: re.Match[str], group: str) -> str:
    """What a group found, as it was written: its code is not blank."""
    return text[slice(*found.span(group))]
