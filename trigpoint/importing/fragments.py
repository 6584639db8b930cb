"""Links to headings: generators make other ids of the same words, so each link gets the id that its heading has here.

Pure, but that a body is rendered to know its ids.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from unicodedata import normalize
from urllib.parse import quote, unquote

from trigpoint.importing.dialects.prose import masked
from trigpoint.importing.links import Edit, edited, whole_link
from trigpoint.markup import block_grammar
from trigpoint.markup.block_reader import Block, within
from trigpoint.markup.foreign.calls import comment
from trigpoint.markup.render import render

ELSEWHERE = re.compile("(?P<mark>\x01(?P<number>\\d+)\x02)#(?P<fragment>[^\\s)\"'<>\x01]*)")
OWN = re.compile(r"(?:\]\(\s*<?|\bhref\s*=\s*[\"']?|^[ \t]*\[[^\]\n]+\]:[ \t]*)#(?P<fragment>[^\s)\"'<>]+)", re.M)
ID = re.compile(r"\b(?:id|name)\s*=|\{:?[^{}\n]*\#|\[\^|<h[1-6]\b|<!--|markdown", re.I)
"""What may give an id besides a heading, or decide where HTML ends."""

DEFINITION = re.compile(r"[ \t>]*\[[^\]\n]+\]:")
FIRST = "***"
"""Stands for a first block without ids: a heading behind it is not the title of the page."""

TOP = "top"
"""The fragment that every page has."""


def asked(bodies: Sequence[str]) -> set[int]:
    """The numbers of the bodies whose ids some link names."""
    found: set[int] = set()
    for number, body in enumerate(bodies):
        if "#" in body:
            found |= {int(link["number"]) for link in ELSEWHERE.finditer(body)}
            found |= {number} if OWN.search(body) else set()
    return found


def ids_of(body: str, title: str) -> tuple[str, ...]:
    """The ids that this body has as a page of ours, but for those that the layout gives by itself."""
    document = render(with_ids_alone(body), path="", first_line=1, title=title, beside=lambda name: None, lenient=True)
    return tuple(document.ids)


def with_ids_alone(body: str) -> str:
    """The blocks of a body that ids come from: the others are most of what rendering takes."""
    body = block_grammar.cleaned(body)
    lines = body.split("\n")
    try:
        blocks = block_grammar.read(body).children
    except block_grammar.TooDeepError:
        return body
    ends = (*(block.line for block in blocks[1:]), len(lines))
    for number, (block, end) in enumerate(zip(blocks, ends, strict=False)):
        is_code = block.kind in ("code", "math")
        if not is_code and _has_ids(block, lines[block.line : end]):
            continue
        for at in range(block.line, end):
            lines[at] = lines[at] if DEFINITION.match(lines[at]) and not is_code else ""
        if number == 0:
            lines[block.line] = FIRST
    return "\n".join(lines)


def _has_ids(block: Block, lines: list[str]) -> bool:
    is_heading = block.kind == "heading" or any(each.kind == "heading" for each in within(block))
    return is_heading or any(map(ID.search, lines))


def mended(number: int, body: str, ids: Mapping[int, Iterable[str]]) -> tuple[str, int]:
    """The body with fragments that are there, and how many were not."""
    lost = 0

    def elsewhere(found: re.Match[str]) -> str:
        nonlocal lost
        known = _known(found["fragment"], ids.get(int(found["number"]), ()))
        lost += not known
        return found["mark"] + (f"#{known}" if known else "")

    body = ELSEWHERE.sub(elsewhere, body)
    if number not in ids:
        return body, lost
    prose = masked(body)
    edits: list[Edit] = []
    for found in OWN.finditer(prose):
        start, end = found.span("fragment")
        known = _known(body[start:end], ids[number])
        if known:
            edits.append((start, end, known))
            continue
        lost += 1
        link = whole_link(body, prose, start - 1, end) if "](" in found[0] else None
        edits.append((link[0], link[1], f"{link[2]}{comment('#' + body[start:end])}") if link else (start, end, TOP))
    return edited(body, edits), lost


def _known(written: str, ids: Iterable[str]) -> str:
    """The id that a fragment means, ready to be written; "" where none is like it."""
    plain = normalize("NFC", unquote(written))
    ids = tuple(ids)
    if plain in ids or plain.casefold() == TOP:
        return written
    for fold in (_letters, _words, _latin):
        found = next((each for each in ids if fold(each) == fold(plain) and fold(plain)), "")
        if found:
            return quote(found, safe="-_.:~!$&'*+,;=@/")
    return ""


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())


def _words(text: str) -> str:
    return _letters(text).lstrip("0123456789")


def _latin(text: str) -> str:
    return _words(normalize("NFKD", text).encode("ascii", "ignore").decode())
