"""Blocks become HTML: they are poured into Python-Markdown's tree, and it reads what is inside of them.

The only door to markdown and pymdownx. Code blocks and the author's HTML are kept aside and marked, so that
nothing in them is taken for Markdown.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as etree
from html import escape
from typing import Any

import markdown
from markdown.blockparser import BlockParser
from markdown.blockprocessors import EmptyBlockProcessor, ParagraphProcessor, ReferenceProcessor
from markdown.extensions.abbr import AbbrExtension
from markdown.extensions.attr_list import AttrListExtension
from markdown.extensions.footnotes import FootnoteExtension
from markdown.extensions.tables import TableProcessor
from markdown.inlinepatterns import SubstituteTagInlineProcessor
from markdown.util import AtomicString
from pymdownx.magiclink import MagiclinkExtension  # type: ignore[import-untyped]
from pymdownx.tilde import DeleteSubExtension  # type: ignore[import-untyped]

from blog.markup import code, formulas
from blog.markup.blocks import Block, within
from blog.markup.document import Code, Drawing
from blog.markup.formulas import Formula
from blog.markup.inclusion import Shelf
from blog.markup.prose_checks import check_dropped, check_prose
from blog.markup.uncoded import uncoded_prose

FIGURE = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)|\{figure:\s*([^{}\n]+?)\s*\}", re.S)
OPENERS = re.compile(r"[\[!*_~`<&]|https?:|www\.")
COSTLIEST = 4_000_000
"""Length times openers of the costliest paragraph that Python-Markdown, which looks ahead from each, is given."""
NO_HEADING = re.compile(r"#{2,6}[^\W\d_]")
FOREIGN_MARK = re.compile(r"\[TOC\]|\[\[toc\]\]|\{:[^{}]*\}", re.I)
"""Other dialects' marks that mean nothing here and are no text: a contents' place, attributes of what is no text."""
PROSE = frozenset(("text", "heading", "table", "term"))
LEAKED = re.compile("\x02(?:klzzwxh|wzxhzdk):\\d+\x03?|(?:klzzwxh|wzxhzdk):\\d+\x03")
"""A mark of Python-Markdown's own that it lost track of, as it does where emphasis and tags overlap."""
RAW = re.compile(r"<(?:[A-Za-z][\w-]*(?=[\s/>])|[/!?])")
BOX = '<input type="checkbox" disabled'
PIPE = "\x13"
"""Stands for an escaped pipe in a table, which Python-Markdown would show with its backslash in code."""


class _Parser(BlockParser):
    """Python-Markdown's reader of blocks, but the blocks are found already: it only reads leaves."""

    md: Reader

    def parseDocument(self, lines: Any) -> Any:
        root = etree.Element(self.md.doc_tag)
        self.md.note_footnotes()
        self.md.pour(root, self.md.document.children)
        return etree.ElementTree(root)

    def parseChunk(self, parent: etree.Element, text: str) -> None:
        """Footnotes are poured late, when Python-Markdown asks for them by what it believes to be their text."""
        self.md.pour(parent, self.md.notes[text].children)
        if not len(parent):
            etree.SubElement(parent, "p").text = ""


class Reader(markdown.Markdown):
    """Python-Markdown for one document at a time. `figures` are its code blocks as HTML, `formulas`
    those in its text, `fragments` the pieces of
    source in which HTML stands, each with its line from 0."""

    def __init__(self) -> None:
        self.footnotes = FootnoteExtension(BACKLINK_TITLE="Back to reference {}", USE_DEFINITION_ORDER=False)
        extensions = [
            AttrListExtension(),
            AbbrExtension(),
            self.footnotes,
            DeleteSubExtension(subscript=False),
            MagiclinkExtension(),
        ]
        super().__init__(extensions=extensions, output_format="html")
        self.parser.blockprocessors.deregister("footnote")
        self.inlinePatterns.register(SubstituteTagInlineProcessor(r"\\\n", "br"), "backslash_break", 181)
        # A list is indexed faster than their registry, which sorts itself at each look: a tenth of a page's cost.
        self.treeprocessors["inline"].inlinePatterns = list(self.inlinePatterns)  # type: ignore[attr-defined]
        self.table = TableProcessor(self.parser, {"use_align_attribute": True})
        self._begin(Block("document", 0), None)

    def build_parser(self) -> Reader:
        super().build_parser()
        self.parser = _Parser(self)
        self.parser.blockprocessors.register(EmptyBlockProcessor(self.parser), "empty", 100)
        self.parser.blockprocessors.register(ReferenceProcessor(self.parser), "reference", 15)
        self.parser.blockprocessors.register(ParagraphProcessor(self.parser), "paragraph", 10)
        self.preprocessors.deregister("normalize_whitespace")
        self.preprocessors.deregister("html_block")
        return self

    def converted(self, document: Block, shelf: Shelf | None) -> str:
        """The HTML of a document, with marks for its code blocks, which `figures` then holds."""
        self._begin(document, shelf)
        html = LEAKED.sub("", self.convert("x"))  # Any text but none: the blocks are given.
        return re.sub("<figure>\x14(\\d+)\x15</figure>", lambda found: self.raw[int(found[1])], html)

    @property
    def holds_html(self) -> bool:
        """Whether the author's own HTML stands in what was converted last."""
        stashed = (str(piece) for piece in self.htmlStash.rawHtmlBlocks)
        return bool(self.raw) or any(piece[0] == "<" and not piece.startswith(BOX) for piece in stashed if piece)

    def _begin(self, document: Block, shelf: Shelf | None) -> None:
        self.reset()
        self.parser.state.clear()
        self.document, self.shelf = document, shelf
        self.notes: dict[str, Block] = {}
        self.labels: set[str] = set()
        self.figures: list[str | Drawing | Code] = []
        self.formulas: list[Formula] = []
        self.raw: list[str] = []
        self.fragments: list[tuple[int, str]] = []
        self.tables = self.callouts = 0

    def pour(self, parent: etree.Element, children: list[Block], tight: bool = False) -> None:
        """These blocks as elements of the parent; the paragraphs of a tight list have none of their own."""
        for block in children:
            if block.kind == "text":
                self._pour_text(parent, block, tight)
            else:
                getattr(self, f"_pour_{block.kind}")(parent, block)

    def _pour_text(self, parent: etree.Element, block: Block, tight: bool = False) -> None:
        text = block.text.rstrip()
        if FOREIGN_MARK.fullmatch(text):
            if self.shelf:
                check_dropped(text, block.line, self.shelf.findings)
            return
        if self.shelf and NO_HEADING.match(text):
            self.shelf.findings.warn(
                block.line, "`#` without a space makes no heading.", "Write a space after it.", "heading"
            )
        if tight:
            self.parser.state.set("list")
        if self._is_intricate(block):
            etree.SubElement(parent, "p").text = AtomicString(text)
        else:
            self.parser.parseBlocks(parent, [self._prose(text, block.line)])
        if tight:
            self.parser.state.reset()

    def _pour_heading(self, parent: etree.Element, block: Block) -> None:
        text = AtomicString(block.text) if self._is_intricate(block) else self._prose(block.text, block.line)
        etree.SubElement(parent, f"h{block.number}").text = text

    def _pour_rule(self, parent: etree.Element, block: Block) -> None:
        etree.SubElement(parent, "hr")

    def _pour_quote(self, parent: etree.Element, block: Block) -> None:
        self.pour(etree.SubElement(parent, "blockquote"), block.children)

    def _pour_list(self, parent: etree.Element, block: Block) -> None:
        ordered_list = block.note in ".)"
        box = etree.SubElement(parent, "ol" if ordered_list else "ul")
        if ordered_list and block.number != 1:
            box.set("start", str(block.number))
        tight = not block.loose
        for item in block.children:
            element = etree.SubElement(box, "li")
            self._tick(element, item)
            self.pour(element, item.children, tight=tight)

    def _tick(self, element: etree.Element, item: Block) -> None:
        """`[ ]` or `[x]` at the start of an item is a box to tick."""
        first = item.children[0] if item.children else None
        found = re.match(r"\[([ xX])\][ \t]+(?=\S)", first.lines[0]) if first and first.kind == "text" else None
        if first and found:
            state, label = ("", "To do") if found[1] == " " else (" checked", "Done")
            box = self.htmlStash.store(f'{BOX}{state} aria-label="{label}">')
            first.lines[0] = f"{box} {first.lines[0][found.end() :]}"
            element.set("class", "task-list-item")

    def _pour_callout(self, parent: etree.Element, block: Block) -> None:
        kind, fold = block.note.rstrip("+-"), block.note[-1]
        box = etree.SubElement(parent, "details" if fold in "+-" else "aside", {"class": f"callout callout-{kind}"})
        if fold == "+":
            box.set("open", "open")
        if block.title:
            self.callouts += 1
            title = etree.SubElement(box, "summary" if fold in "+-" else "p", {"class": "callout-title"})
            title.text = self._prose(block.title, block.line)
            title.set("id", f"callout-{self.callouts}")
        if fold not in "+-":
            box.set("role", "note")
            box.set(
                "aria-labelledby" if block.title else "aria-label", f"callout-{self.callouts}" if block.title else kind
            )
        self.pour(box, block.children)

    def note_footnotes(self) -> None:
        """Tell Python-Markdown of all footnotes, but for those that nothing refers to: they lead back to nowhere."""
        every = list(within(self.document))
        notes = [block for block in every if block.kind == "footnote"]
        self.labels = {block.note for block in notes}
        prose = "\n\n".join(uncoded_prose(block.text) for block in every if block.kind in PROSE) if notes else ""
        referenced = set(re.findall(r"\[\^([^\]\s]+)\]", prose))
        for block in notes:
            name = f"\x16{block.line}"
            if block.note in referenced:
                self.notes[name] = block
                self.footnotes.footnotes.setdefault(block.note, name)
            elif self.shelf:
                sentence = f'Nothing refers to the footnote "{block.note}".'
                self.shelf.findings.warn(block.line, sentence, "It is left out.", "footnote-unused")

    def _pour_footnote(self, parent: etree.Element, block: Block) -> None:
        """Where it stands in the source it shows nothing."""

    def _pour_term(self, parent: etree.Element, block: Block) -> None:
        last = parent[-1] if len(parent) else None
        box = last if last is not None and last.tag == "dl" else etree.SubElement(parent, "dl")
        for number, line in enumerate(block.lines):
            etree.SubElement(box, "dt").text = self._prose(line.strip(), block.line + number)

    def _pour_definition(self, parent: etree.Element, block: Block) -> None:
        box = parent[-1] if len(parent) and parent[-1].tag == "dl" else etree.SubElement(parent, "dl")
        self.pour(etree.SubElement(box, "dd"), block.children, tight=len(block.children) == 1)

    def _pour_table(self, parent: etree.Element, block: Block) -> None:
        text = self._prose(block.text.replace("\\|", PIPE), block.line)
        if self._is_intricate(block) or not self.table.test(parent, text):
            etree.SubElement(parent, "p").text = AtomicString(block.text)
            return
        self.tables += 1
        label = f"Table {self.tables}" if self.tables > 1 else "Table"
        box = etree.SubElement(
            parent, "div", {"class": "table", "role": "region", "tabindex": "0", "aria-label": label}
        )
        self.table.run(box, [text])
        for cell in box.iter():
            if "align" in cell.attrib:
                cell.set("class", f"align-{cell.attrib.pop('align')}")

    def _pour_html(self, parent: etree.Element, block: Block) -> None:
        self.fragments.append((block.line, block.text))
        if self.shelf:
            check_prose(block.text, block.line, self.labels, self.shelf.findings)
        etree.SubElement(parent, "figure").text = AtomicString(f"\x14{len(self.raw)}\x15")
        self.raw.append(block.text)

    def _pour_code(self, parent: etree.Element, block: Block) -> None:
        etree.SubElement(parent, "figure").text = AtomicString(f"\x11{len(self.figures)}\x12")
        self.figures.append(code.figure_of(block, self.shelf) if self.shelf else "")

    def _pour_math(self, parent: etree.Element, block: Block) -> None:
        etree.SubElement(parent, "figure").text = AtomicString(f"\x11{len(self.figures)}\x12")
        self.figures.append(code.formula_of(block, self.shelf) if self.shelf else "")

    def _formula(self, found: re.Match[str], line: int) -> str:
        if found[0] == "\\$":
            return "$"
        if not (found["inline"] or found["display"]):
            return found[0]
        if self.shelf is None:
            return self.htmlStash.store(escape(formulas.plain(found["inline"] or found["display"]), quote=False))
        line += found.string.count("\n", 0, found.start())
        make = formulas.in_line if found["inline"] else formulas.displayed
        tex = (found["inline"] or found["display"]).replace(PIPE, "|")
        self.formulas.append(make(tex, line, self.shelf.findings))
        return f"\x17{len(self.formulas) - 1}\x18"

    def _prose(self, text: str, line: int) -> str:
        """The text with its formulas and figures filled in; its HTML is kept for lint."""
        if "$" in text:
            text = formulas.INLINE.sub(lambda found: self._formula(found, line), text)
        if "<" in text and RAW.search(text):
            self.fragments.append((line, text))
        if self.shelf:
            check_prose(text, line, self.labels, self.shelf.findings)
        return FIGURE.sub(lambda found: self._filled(found, line), text) if "{figure:" in text else text

    def _filled(self, found: re.Match[str], line: int) -> str:
        if not found[2] or self.shelf is None:
            return found[0]
        value = self.shelf.figure(found[2], line + found.string.count("\n", 0, found.start()))
        return found[0] if value is None else self.htmlStash.store(escape(value, quote=False))

    def _is_intricate(self, block: Block) -> bool:
        """Whether Python-Markdown would take too long over this; it is shown as typed."""
        if not _is_costly(block.text):
            return False
        if self.shelf:
            what = "table" if block.kind == "table" else "paragraph"
            sentence = f"This {what} has more links and marks than can be read in time; it is shown as typed."
            self.shelf.findings.error(
                block.line, sentence, "Part it with empty lines, or put it in a code block.", "too-intricate"
            )
        return True


def _is_costly(text: str) -> bool:
    """Whether looking ahead from each of its signs would take about a second."""
    if len(text) < 1000:
        return False
    unmatched = text.count("[") - text.count("]")
    return len(text) * max(len(OPENERS.findall(text)), unmatched * 10) > COSTLIEST


READER = Reader()
"""The one instance of Python-Markdown: making one costs more than a page."""
