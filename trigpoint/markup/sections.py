"""An article's HTML as plain text in sections, one for each heading: what a search finds and shows. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape, unescape

from trigpoint.markup.inline.plain_mathml import FORMULA, plain_mathml

HEADING = re.compile(r"<h([1-6])(?=[\s>])[^>]*?\bid=\"([^\"]*)\"[^>]*>(.*?)</h\1>", re.S)
PICTURE = re.compile(r"<(svg|annotation|template)(?=[\s>]).*?</\1>", re.S)
NOTE_SIGN = re.compile(r"<sup id=\"fnref.*?</sup>|<a class=\"footnote-backref\".*?</a>", re.S)
PROGRAM = re.compile(r"(?:<figcaption>[^<]*</figcaption>)?<pre(?=[\s>]).*?</pre>", re.S)
ROW = re.compile(r"<tr(?=[\s>]).*?</tr>", re.S)
CELL = re.compile(r"<t[dh](?=[\s>])[^>]*>(.*?)</t[dh]>", re.S)
BLOCK = re.compile(
    r"</?(?:p|pre|div|li|ul|ol|d[tdl]|t[drh]|table|thead|tbody|figure|figcaption|blockquote|h[1-6]|br|hr|section"
    r"|aside|details|summary|caption)\b[^>]*>"
)
LABEL = re.compile(
    r"<(p\b[^>]*\bcallout-title\b|summary\b|dt\b|caption\b|figcaption\b)[^>]*>.*?"
    r"(?=</(?:p|summary|dt|caption|figcaption)>)",
    re.S,
)
"""What stands before or below something as its name."""
MARKUP = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Section:
    """A part of an article: the id and text of its heading ("" before the first), and what stands below it.

    `code` is what stands in code blocks and titles of such, `text` all else. White space is single spaces.
    """

    id: str
    heading: str
    text: str
    code: str = ""


def sections_of(html: str) -> Iterator[Section]:
    """The sections of this well-formed HTML. What stands before the first heading is one, if anything does."""
    html = FORMULA.sub(lambda formula: escape(plain_mathml(formula[0]), quote=False), html)
    html = NOTE_SIGN.sub("", PICTURE.sub(" ", html))
    headings = list(HEADING.finditer(html))
    ends = [*(heading.start() for heading in headings), len(html)]
    before = _section("", "", html[: ends[0]])
    if before.text or before.code:
        yield before
    for heading, end in zip(headings, ends[1:], strict=True):
        yield _section(unescape(heading[2]), _plain(heading[3]), html[heading.end() : end])


def _section(name: str, heading: str, html: str) -> Section:
    text = ROW.sub(_row, LABEL.sub(_label, PROGRAM.sub(" ", html)))
    return Section(name, heading, _plain(text), " ".join(map(_plain, PROGRAM.findall(html))))


def _label(label: re.Match[str]) -> str:
    return _ended(label[0], "." if label[1].endswith("caption") else ":")


def _row(row: re.Match[str]) -> str:
    """A row of a table as a sentence: those of its cells that say anything."""
    return f" {_ended(' · '.join(filter(_plain, CELL.findall(row[0]))), '.')} "


def _ended(html: str, sign: str) -> str:
    """With a sign at its end: as plain text it would run into what comes next."""
    return html if _plain(html)[-1:] in ("", *".:;,!?…。：！？") else html + sign


def _plain(html: str) -> str:
    return " ".join(unescape(MARKUP.sub("", BLOCK.sub(" ", html))).split())
