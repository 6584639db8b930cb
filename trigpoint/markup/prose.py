"""Quick looks at Markdown that is not rendered: how many words it has, and its first paragraph.

Lists ask this of every post, so it is done with patterns, in one pass; it may err where rendering would not.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from trigpoint.characters import HAN_AND_KANA
from trigpoint.markup.block_reader import DELIMITERS, HEADLESS
from trigpoint.markup.elements import HTML

FENCE = re.compile(r"^[ \t>]*(?:[-*+][ \t]+)?(`{3,}|~{3,})([^`\n]*)$", re.M)
COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.S)
OWN_COMMENT = re.compile(r"^[ ]{0,3}<!--(?:(?!-->)[^\n])*+\n(?:(?!-->).)*+-->", re.S | re.M)
"""A comment in lines of its own."""
TAG = re.compile(r"</?[A-Za-z][^<>]*>")
TARGET = re.compile(r"\]\([^()\n]*\)")
REFERENCE = re.compile(r"^ {0,3}\[[^\]\n]+\]:[^\n]*$", re.M)
FIGURE = re.compile(r"\{figure:[^{}\n]*\}")
UNSPACED = re.compile(f"[{HAN_AND_KANA}]")
"""About 2.3 of them make a word."""
MORE = re.compile(r"<!--\s*more\s*-->", re.I)
UNDERLINE = re.compile(r"(?:=+|-+)[ \t]*$")
LIST = re.compile(r"(?:[-*+]|\d{1,9}[.)])[ \t]")
PHRASES = "abbr b bdi bdo cite code del dfn em i ins kbd mark q s samp small span strong sub sup time u var"
TAGS = "|".join(sorted(HTML.difference(PHRASES.split())))
"""Elements with which no paragraph begins."""
NEVER_PROSE = re.compile(
    rf"#{{1,6}}[ \t]|\$\$|>|\||{HEADLESS}|<(?:[!?]|/?(?:{TAGS})(?![\w:-]))|!!!|\?\?\?|\[\^?[^\]]+\]:|\*\["
    r"|:[ \t]|\{[:%{<]"
    r"|(?:[-*_=][ \t]*){3,}$|\[TOC\]$"
    r"|(?:\[?!\[[^\]]*\]\([^)]*\)\]?(?:\([^)]*\))?[ \t]*)+$"
)


def word_count(body: str) -> int:
    """How many words of prose this Markdown has: no code blocks, tags or targets of links."""
    prose = TARGET.sub("] ", TAG.sub(" ", COMMENT.sub(" ", _without_code(body))))
    if "]:" in prose:
        prose = REFERENCE.sub("", prose)
    if "{figure:" in prose:
        prose = FIGURE.sub("1", prose)
    letters = 0
    if not prose.isascii():
        prose, letters = UNSPACED.subn(" ", prose)
    words = sum(1 for word in prose.split() if word[0].isalnum() or any(map(str.isalnum, word)))
    return words + math.ceil(letters / 2.3)


def first_paragraph(body: str) -> str:
    """The Markdown of the first paragraph of prose, or of all prose before `<!--more-->`; "" where there is none."""
    head = MORE.split(body, maxsplit=1)
    paragraphs = _paragraphs(OWN_COMMENT.sub("", _without_code(head[0])))
    return "\n\n".join(paragraphs) if len(head) > 1 else next(paragraphs, "")


def _without_code(body: str) -> str:
    """The body with an empty line for each fenced block; one that is not closed goes to the end."""
    kept: list[str] = []
    at, mark = 0, ""
    for fence in FENCE.finditer(body):
        if not mark:
            kept.append(body[at : fence.start()])
            mark = fence[1]
        elif fence[1].startswith(mark) and not fence[2].strip():
            at, mark = fence.end(), ""
    return "\n".join(kept if mark else [*kept, body[at:]])


def _paragraphs(text: str) -> Iterator[str]:
    """The paragraphs that stand at the left, one after the other."""
    lines: list[str] = []
    in_list = in_table = after_blank = False
    for line in [*text.split("\n"), ""]:
        start = line.lstrip()
        in_list = LIST.match(start) is not None or (in_list and not (after_blank and start and line[0] not in " \t"))
        after_blank = not start
        in_table = bool(start) and (in_table or (bool(lines) and "|" in start and DELIMITERS.match(start) is not None))
        if in_table or (lines and UNDERLINE.match(start)):
            lines = []
        elif start and not in_list and _is_prose(line, start, lines):
            lines.append(start)
        elif lines:
            yield "\n".join(lines).rstrip()
            lines = []


def _is_prose(line: str, start: str, before: list[str]) -> bool:
    """Whether a line is text, given the lines of text right before it: neither a mark's line nor indented code."""
    return not NEVER_PROSE.match(start) and (bool(before) or not line.startswith(("    ", "\t")))
