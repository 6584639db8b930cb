"""Tokens become elements of Python-Markdown's tree: its step that reads inline text, done by `parser`.

A text waits in the tree as `Prose` until all blocks are poured, for a line may point to what is defined below it.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as etree
from bisect import bisect_left
from typing import TYPE_CHECKING
from urllib.parse import quote

from markdown.treeprocessors import Treeprocessor
from markdown.util import AMP_SUBSTITUTE, AtomicString

from trigpoint.markup import elements, formulas
from trigpoint.markup.inline import parser

if TYPE_CHECKING:
    from markdown_it.token import Token

    from trigpoint.markup.python_markdown import Reader

ENTITY = re.compile(r"&(?=(?:#[0-9]+|#x[0-9a-f]+|[0-9a-z]+);)", re.I)
"""What Python-Markdown would take for an entity; all of them are read before."""
DEEPEST = 100
"""Elements within each other that a line may have; what is deeper has no element of its own."""
SIMPLE = re.compile(r"[^\n&$*<\[\\\]_`{~\x0e\x0f!@:]*\Z")
"""A text in which no sign means anything."""
TEXTS = frozenset(("text", "text_special"))
TO_DO, DONE = "\x0e", "\x0f"
"""Stand at the start of an item for its box to tick."""
FOREIGN = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:|//")
SAFE = "!#$%&'()*+,-./:;=?@[]_~\x02\x03"
UNSAFE = re.compile(rf"[^A-Za-z0-9{re.escape(SAFE)}]")
"""What an address of another site has percent-escapes for."""
BOX = '<input type="checkbox" disabled{} aria-label="{}">'


class Prose(str):
    """Text that is still to be read as Markdown. `line` is its first line, from 0; `behind` follows it as it is."""

    __slots__ = ("behind", "line")
    line: int
    behind: str

    def __new__(cls, text: str, line: int, behind: str = "") -> Prose:
        prose = super().__new__(cls, text)
        prose.line, prose.behind = line, behind
        return prose

    def __add__(self, other: str) -> Prose:
        return Prose(str(self), self.line, self.behind + other)


class InlineProcessor(Treeprocessor):
    """Python-Markdown's step of this name."""

    md: Reader

    def run(self, root: etree.Element) -> None:
        children = list(root)
        if isinstance(root.text, Prose):
            grown = self._grown(root.text)
            root.text = grown.text
            root[:0] = list(grown)
        for child in children:
            self.run(child)
            if isinstance(child.tail, Prose):
                grown = self._grown(child.tail)
                child.tail = grown.text
                at = list(root).index(child) + 1
                root[at:at] = list(grown)

    def _grown(self, prose: Prose) -> etree.Element:
        self.md.check(prose)
        if SIMPLE.match(prose) and "ww." not in prose.lower():
            plain = etree.Element("x")
            plain.text = str(prose) + prose.behind
            return plain
        return Branch(self.md, prose).grown()


class Branch:
    """The elements of one text, while they grow."""

    def __init__(self, reader: Reader, prose: Prose) -> None:
        self._reader, self._text, self._line, self._behind = reader, str(prose), prose.line, prose.behind
        self._stack = [etree.Element("x")]
        self._last: etree.Element | None = None
        self._pieces: list[str] = []
        self._skipped = 0
        self._ends: list[int] | None = None
        self._tags: list[tuple[int, str]] = []

    def grown(self) -> etree.Element:
        """An element with this text inside."""
        for token in parser.read(self._text, self._reader.known, self._tell):
            if token.type in TEXTS:
                self._pieces.append(token.content)
            elif token.type == "softbreak":
                self._pieces.append("\n")
            elif token.nesting:
                self._bend(token)
            else:
                getattr(self, f"_add_{token.type}")(token)
        self._pieces.append(self._behind)
        self._flush()
        if self._tags:
            self._reader.fragments.append((self._line, self._html()))
        return self._stack[0]

    def _html(self) -> str:
        """The author's tags alone, on their lines."""
        text, line = [], self._line
        for at, tag in self._tags:
            text.append("\n" * (at - line) + tag)
            line = max(line, at) + tag.count("\n")
        return "".join(text)

    def _tell(self, at: int, sentence: str, cure: str, kind: str) -> None:
        if self._reader.included_files:
            self._reader.included_files.findings.warning(self._line_of(at), sentence, cure, kind)

    def _line_of(self, at: int) -> int:
        if self._ends is None:
            self._ends = [found.start() for found in re.finditer("\n", self._text)]
        return self._line + bisect_left(self._ends, at)

    def _flush(self) -> None:
        if not self._pieces:
            return
        text = ENTITY.sub(AMP_SUBSTITUTE + "amp;", "".join(self._pieces))
        self._pieces = []
        if self._last is None:
            self._stack[-1].text = text
        else:
            self._last.tail = text

    def _put(self, tag: str, text: str | None = None, attributes: dict[str, str] | None = None) -> etree.Element:
        self._flush()
        self._last = etree.SubElement(self._stack[-1], tag, attributes or {})
        if text is not None:
            self._last.text = AtomicString(ENTITY.sub(AMP_SUBSTITUTE + "amp;", text))
        return self._last

    def _bend(self, token: Token) -> None:
        """An element starts or ends here."""
        if token.nesting > 0:
            if len(self._stack) > DEEPEST:
                self._skipped += 1
                return
            self._stack.append(self._put(token.tag, None, _attributes(token)))
            self._last = None
        elif self._skipped:
            self._skipped -= 1
        else:
            self._flush()
            self._last = self._stack.pop()

    def _add_code_inline(self, token: Token) -> None:
        self._put("code", token.content, _attributes(token))

    def _add_hardbreak(self, token: Token) -> None:
        self._put("br")

    def _add_image(self, token: Token) -> None:
        self._put("img", None, _attributes(token))

    def _add_html_inline(self, token: Token) -> None:
        self._tags.append((self._line_of(token.meta["at"]), token.content))
        self._mark(f"\x14{self._reader.kept(elements.opened_and_closed(token.content))}\x15")

    def _add_box(self, token: Token) -> None:
        box = BOX.format(" checked", "Done") if token.content == DONE else BOX.format("", "To do")
        self._mark(f"\x14{self._reader.kept(box)}\x15")

    def _add_note(self, token: Token) -> None:
        if self._reader.included_files:  # An excerpt has no notes.
            self._flush()
            self._last = self._reader.note(token.content)
            self._stack[-1].append(self._last)

    def _add_figure(self, token: Token) -> None:
        included_files = self._reader.included_files
        value = included_files.figure(token.content, self._line_of(token.meta["at"])) if included_files else None
        self._pieces.append(token.markup if value is None else value)

    def _add_formula(self, token: Token) -> None:
        included_files, tex = self._reader.included_files, token.content
        if included_files is None:
            self._pieces.append(formulas.plain(tex))
            return
        make = formulas.displayed if token.block else formulas.in_line
        self._reader.formulas.append(make(tex, self._line_of(token.meta["at"]), included_files.findings))
        self._mark(f"\x17{len(self._reader.formulas) - 1}\x18")

    def _mark(self, mark: str) -> None:
        """A place that is filled when the tree has become text; no step of Python-Markdown looks into it."""
        self._put("x", mark)


def _attributes(token: Token) -> dict[str, str]:
    given = {name: ENTITY.sub(AMP_SUBSTITUTE + "amp;", str(value)) for name, value in token.attrs.items()}
    for name in ("href", "src"):
        if name in given and FOREIGN.match(given[name]) and UNSAFE.search(given[name]):
            given[name] = quote(given[name], safe=SAFE)
    return given
