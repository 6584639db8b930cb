"""Quick looks at Markdown that is not rendered: how many words it has, and its first paragraph.

Lists ask this of every post, so it is done with patterns, in one pass; it may err where rendering would not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

CODE = re.compile(r"^[ \t>]*(`{3,}|~{3,})[^\n]*\n(?:.*?^[ \t>]*\1[`~]*[ \t]*$|.*\Z)", re.M | re.S)
NOT_PROSE = re.compile(
    r"<!--.*?(?:-->|\Z)|</?[A-Za-z][^<>]*>|(?<=\])\([^()\n]*\)|^ {0,3}\[[^\]\n]+\]:[^\n]*$|https?://\S+", re.M | re.S
)
WORD = re.compile(r"[^\W_](?:[\w'’.\-]*[^\W_])?")
UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
"""Letters of scripts that are written without spaces; about 2.3 of them make a word."""
MORE = re.compile(r"<!--\s*more\s*-->", re.I)
LIST = re.compile(r"(?:[-*+]|\d{1,9}[.)])[ \t]")
NEVER_PROSE = re.compile(
    r"#{1,6}[ \t]|>|\||<(?!https?:)|!!!|\?\?\?|\[\^?[^\]]+\]:|\*\[|:[ \t]|\{|(?:[-*_=][ \t]*){3,}$|\[TOC\]$"
    r"|(?:\[?!\[[^\]]*\]\([^)]*\)\]?(?:\([^)]*\))?[ \t]*)+$"
)


def word_count(body: str) -> int:
    """How many words of prose this Markdown has: no code blocks, tags or targets of links."""
    prose = NOT_PROSE.sub(" ", CODE.sub(" ", body))
    if prose.isascii():
        return len(WORD.findall(prose))
    unspaced = len(UNSPACED.findall(prose))
    return len(WORD.findall(UNSPACED.sub(" ", prose))) + (round(unspaced / 2.3 + 0.2) if unspaced else 0)


def first_paragraph(body: str) -> str:
    """The Markdown of the first paragraph of prose, or of all prose before `<!--more-->`; "" where there is none."""
    head = MORE.split(body, maxsplit=1)
    paragraphs = _paragraphs(CODE.sub("\n", head[0]))
    return "\n\n".join(paragraphs) if len(head) > 1 else next(paragraphs, "")


def _paragraphs(text: str) -> Iterator[str]:
    """The paragraphs that stand at the left, one after the other."""
    lines: list[str] = []
    in_list = False
    for line in [*text.split("\n"), ""]:
        start = line.lstrip()
        if lines and re.match(r"(?:=+|-+)[ \t]*$", start):
            lines = []
        elif (
            start
            and not in_list
            and not LIST.match(start)
            and not NEVER_PROSE.match(start)
            and (lines or not line.startswith(("    ", "\t")))
        ):
            lines.append(start)
        else:
            if lines:
                yield "\n".join(lines).rstrip()
            lines = []
            in_list = bool(start) and (in_list or LIST.match(start) is not None)
