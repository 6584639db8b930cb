"""Targets as an author writes them: where each stands in the source, and which of them lead to this site."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from html import unescape
from urllib.parse import unquote

from trigpoint.markup.block_reader import Block, within
from trigpoint.markup.document import Link
from trigpoint.markup.elements import open_comment

FOREIGN = re.compile(r"\s*(?:[A-Za-z][A-Za-z0-9+.\-]*:|//)")
"""An address with a scheme or a host of its own: it leads away from this site."""

IN_LINK = r"""\]\(\s*(?:<([^<>\n]*)>|((?:\\[()]|[^\s<>()])*(?:\((?:\\[()]|[^\s()])*\)(?:\\[()]|[^\s<>()])*)*))"""
IN_ATTRIBUTE = (
    r"""|\b(?i:href|src|poster|data|action|formaction|cite|longdesc|usemap)\s*=\s*"""
    r"""(?:"([^"<>\n]*)"|'([^'<>\n]*)'|["']?([^"'\s>]+))"""
    r"""|\b(?i:(?:image)?srcset)\s*=\s*["']([^"'>]*)"""
)
IN_REFERENCE = r"""|^[ \t>*+\-\d.)]*\[[^\]\n]+\]:[ \t]*\n?[ \t>]*<?([^\s>]+)"""
ONLY_LINKS = re.compile(IN_LINK)
WRITTEN = re.compile(IN_LINK + IN_ATTRIBUTE + IN_REFERENCE, re.M)
"""A target in Markdown's source: of a link (in angles or not), of an attribute, of a reference. The first part alone is
much faster, and enough for most texts."""
DEFINED_NOTE = re.compile(r"[ \t>*+\-\d.)]*\[\^")
GIVEN_ID = re.compile(r"""(?:\bid\s*=\s*["']?|\{[^{}\n#]*#)([^\s"'<>{}]+)""", re.I)
"""An id, in HTML or in the braces behind a heading."""
SRCSET = 6
"""The group of the pattern above that holds several targets."""


class Lines:
    """Where each target stands in the source: its first mention is the first link to it, and so on.

    `body` has its code blanked: a sample of code is no mention.
    """

    def __init__(self, body: str) -> None:
        self._body = body
        self._folded = body.lower()
        self._reached: dict[str, int] = {}
        self._places: dict[str, list[int]] = defaultdict(list)
        self._ids: dict[str, list[int]] | None = None
        line = at = 0
        for found in written_in(body):
            group = found.lastindex or 0
            line += body.count("\n", at, found.start(group))
            at = found.start(group)
            for target in re.split(r",?\s+|(?<=\d[wx]),", found[group]) if group == SRCSET else (found[group],):
                self._places[_meant(target)].append(line)
        for places in self._places.values():
            places.reverse()

    def line(self, target: str) -> int | None:
        """The line, from 0, of the next mention of this target."""
        places = self._places.get(target)
        if not places:
            return None
        return places.pop() if len(places) > 1 else places[0]

    def of(self, target: str) -> int:
        """The line, from 0, of the next mention of this target; else that in which it first stands; else 0."""
        line = self.line(target)
        return self.first(target) if line is None else line

    def next(self, words: str) -> int | None:
        """The line, from 0, where these words stand behind the last place that was given for them."""
        words = words.lower()
        at = self._folded.find(words, self._reached.get(words, 0)) if words else -1
        self._reached[words] = at + 1 if at >= 0 else 0
        return self._folded.count("\n", 0, at) if at >= 0 else None

    def second_id(self, name: str) -> int:
        """The line, from 0, where this id is given for the second time; 0 where it is not found so often."""
        if self._ids is None:
            self._ids = defaultdict(list)
            line = at = 0
            for found in GIVEN_ID.finditer(self._body):
                line += self._body.count("\n", at, found.start())
                at = found.start()
                self._ids[unescape(found[1])].append(line)
        return self._ids[name][1] if len(self._ids.get(name, ())) > 1 else 0

    def first(self, words: str) -> int:
        """The line, from 0, where these words first stand; 0 where they do not."""
        return self._body.count("\n", 0, max(0, self._body.find(words)))


def written_in(prose: str) -> Iterator[re.Match[str]]:
    """Where a target stands in a text whose code is blanked."""
    has_others = "=" in prose or "]:" in prose
    return (WRITTEN if has_others else ONLY_LINKS).finditer(prose)


def _meant(written: str) -> str:
    """The target that stands there as it is written, without its escapes."""
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", unescape(written))


def linked(body: str, prose: str) -> Iterator[str | Link]:
    """The body, cut where its text leads to this site. `prose` is the body with its code blanked."""
    at = 0
    for found in written_in(prose):
        group = found.lastindex or 0
        target = _meant(found[group])
        is_note = DEFINED_NOTE.match(found[0])
        if group != SRCSET and target and not is_note and not FOREIGN.match(target):
            yield body[at : found.start(group)]
            yield Link(decoded(target.strip()), 0)
            at = found.end(group)
    yield body[at:]


EMPTY_LINE = re.compile(r"\n[ \t>]*(?=\n)")
BLOCK_START = re.compile(r"[ \t>*+\-\d.)]*\Z")
"""What may stand in a line before a comment that goes on over empty lines."""


def without_comments(text: str, prose: str) -> str:
    """The text without the comments of HTML. `prose` is as long, with the code blanked: there they are found."""
    kept, at, start, end, empty = [], 0, 0, -1, -1
    while (start := prose.find("<!--", start)) >= 0:
        end = prose.find("-->", start) if end < start else end
        if end < 0:
            break
        if empty < start:
            found = EMPTY_LINE.search(prose, start)
            empty = found.start() if found else len(prose)
        is_block = BLOCK_START.match(prose, prose.rfind("\n", 0, start) + 1, start)
        if end > empty and not is_block:
            start += 1
            continue
        kept.append(text[at:start])
        at = start = end + len("-->")
    return "".join((*kept, text[at:]))


def without_open_comments(text: str, document: Block) -> str:
    """The text without those comments that nothing closes, each to the end of its block."""
    lines = text.split("\n")
    dropped: set[int] = set()
    for block in within(document):
        start = open_comment(block.text) if block.kind == "html" else -1
        if start >= 0:
            first = block.line + block.text.count("\n", 0, start)
            earlier = block.text.count("<!--", block.text.rfind("\n", 0, start) + 1, start)
            lines[first] = "<!--".join(lines[first].split("<!--")[: earlier + 1])
            dropped.update(range(first + 1, block.line + len(block.lines)))
    return "\n".join(line for number, line in enumerate(lines) if number not in dropped)


def decoded(target: str) -> str:
    """The target without percent-escapes, but for those that stand for a sign with a meaning of its own."""
    return re.sub(r"(?:%[0-9A-Fa-f]{2})+", lambda found: _decoded_run(found[0]), target)


def _decoded_run(escapes: str) -> str:
    try:
        text = unquote(escapes, errors="strict")
    except UnicodeDecodeError:
        return escapes
    return text if all(char not in "%?#/\\&=+" and (char == " " or char.isprintable()) for char in text) else escapes
