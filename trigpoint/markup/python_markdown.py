"""Blocks become HTML: they are poured into Python-Markdown's tree, and `inline/` reads what is inside of them.

The only door to markdown, with `inline/tree`. Code blocks and the author's HTML are kept aside and marked, so that
nothing in them is taken for Markdown.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as etree
from collections.abc import Mapping
from typing import Any

import markdown
from markdown.blockparser import BlockParser
from markdown.extensions.abbr import AbbrExtension
from markdown.util import AtomicString

from trigpoint.faults import counted
from trigpoint.markup import code, elements
from trigpoint.markup.annotations import item_id
from trigpoint.markup.block_reader import Block, cells, within
from trigpoint.markup.checks.prose_checks import check_dropped, check_prose
from trigpoint.markup.code_mask import uncoded_prose
from trigpoint.markup.document import Code, Drawing
from trigpoint.markup.formulas import Formula
from trigpoint.markup.includes import IncludedFiles
from trigpoint.markup.inline import attributes, extensions, parser, references
from trigpoint.markup.inline.footnotes import Footnotes
from trigpoint.markup.inline.tree import DONE, TO_DO, InlineProcessor, Prose

NO_HEADING = re.compile(r"#{2,6}[^\W\d_]")
FOREIGN_MARK = re.compile(r"\[TOC\]|\[\[toc\]\]|\{:[ \t]*(?:toc|\.?no_toc)[ \t]*\}", re.I)
"""Other dialects' marks of where the contents stand. Here they have their place, and these are no text."""
PROSE = frozenset(("text", "heading", "table", "term"))
NOTE = re.compile(r"\[\^([^\]\s]+)\]")
MARK = re.compile("<(?:figure|x)>\x14(\\d+)\x15</(?:figure|x)>|<x>(\x17\\d+\x18)</x>")
"""A place of the author's HTML, or of a formula in a line."""
WHOLE = re.compile("(.*)", re.S)
TICK = re.compile(r"\[([ xX])\][ \t]+(?=\S)")


class _Parser(BlockParser):
    """Python-Markdown's reader of blocks, but the blocks are found already: it only reads leaves."""

    md: Reader

    def parseDocument(self, lines: Any) -> Any:
        root = etree.Element(self.md.doc_tag)
        self.md.define()
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
        self.footnotes = Footnotes()
        self.abbreviations: Any = AbbrExtension()
        super().__init__(extensions=[self.abbreviations, self.footnotes], output_format="html")
        for steps, name in ((self.parser.blockprocessors, "footnote"), (self.parser.blockprocessors, "abbr"),
                            (self.treeprocessors, "unescape"), (self.postprocessors, "raw_html")):  # fmt: skip
            steps.deregister(name)
        self.treeprocessors.register(InlineProcessor(self), "inline", 20)
        self._begin(Block("document", 0), None, parser.Known())

    def build_parser(self) -> Reader:
        super().build_parser()
        self.parser = _Parser(self)
        self.preprocessors.deregister("normalize_whitespace")
        self.preprocessors.deregister("html_block")
        return self

    def converted(
        self, document: Block, included_files: IncludedFiles | None, known: parser.Known | None = None
    ) -> str:
        """The HTML of a document, with marks for its code blocks, which `figures` then holds.

        `known` is what its text may refer to besides what it defines itself.
        """
        self._begin(document, included_files, known or parser.Known())
        html = self.convert("x")  # Any text but none: the blocks are given.
        return MARK.sub(lambda found: found[2] or self.raw[int(found[1])], html)

    @property
    def holds_html(self) -> bool:
        """Whether the author's own HTML stands in what was converted last."""
        return bool(self.fragments)

    def kept(self, html: str) -> int:
        """The number under which this HTML is kept aside."""
        self.raw.append(html)
        return len(self.raw) - 1

    def note(self, label: str) -> etree.Element:
        """The reference to a footnote, as Python-Markdown's extension makes it."""
        processor: Any = self.inlinePatterns["footnote"]
        element: etree.Element = processor.handleMatch(WHOLE.match(label), label)[0]
        return element

    def check(self, prose: Prose) -> None:
        """Warn of what this text holds that its reader would not expect; its formulas are none of that."""
        if self.included_files:
            text = (
                extensions.FORMULA.sub(lambda found: re.sub(r"[^\n]", "x", found[0]), prose) if "$" in prose else prose
            )
            check_prose(str(text), prose.line, self.labels, self.included_files.findings)

    def _begin(self, document: Block, included_files: IncludedFiles | None, known: parser.Known) -> None:
        self.reset()
        self.parser.state.clear()
        self.document, self.included_files, self.known = document, included_files, known
        self.notes: dict[str, Block] = {}
        self.labels: set[str] = set()
        self.figures: list[str | Drawing | Code] = []
        self.formulas: list[Formula] = []
        self.raw: list[str] = []
        self.fragments: list[tuple[int, str]] = []
        self.notes_of: dict[int, int] = {}
        self.tables = self.callouts = self.annotated = 0

    def define(self) -> None:
        """Take what the document defines out of its blocks: references, abbreviations, footnotes."""
        found = references.taken(self.document)
        self.abbreviations.abbrs.update(found.abbreviations)
        labels = self._note_footnotes()
        references_and_notes = {**self.known.references, **found.references}, {**self.known.notes, **labels}
        self.known = parser.Known(*references_and_notes, _has_formulas(self.document))

    def pour(self, parent: etree.Element, children: list[Block], tight: bool = False) -> None:
        """These blocks as elements of the parent; the paragraphs of a tight list have none of their own."""
        for block, behind in zip(children, [*children[1:], None], strict=False):
            if block.kind == "text":
                self._pour_text(parent, block, tight)
            elif block.kind == "code":
                self._pour_code(parent, block, behind)
            else:
                getattr(self, f"_pour_{block.kind}")(parent, block)

    def _pour_text(self, parent: etree.Element, block: Block, tight: bool = False) -> None:
        given = self._attributes(parent, block)
        text = block.text.rstrip()
        if not text:
            return
        if FOREIGN_MARK.fullmatch(text):
            if self.included_files:
                check_dropped(text, block.line, self.included_files.findings)
            return
        if self.included_files and NO_HEADING.match(text):
            self.included_files.findings.warning(
                block.line, "`#` without a space makes no heading.", "Write a space after it.", "heading"
            )
        prose = Prose(text, block.line)
        if not tight:
            etree.SubElement(parent, "p", given).text = prose
            return
        _add(parent, given)
        if len(parent):
            parent[-1].tail = prose
        else:
            parent.text = prose

    def _attributes(self, parent: etree.Element, block: Block) -> dict[str, str]:
        """The attributes of a paragraph, in lines of their own above or below it, which are taken out.

        Lines right under another block are that one's.
        """
        given: dict[str, str] = {}
        is_below = not block.spaced and len(parent) > 0
        while block.lines and (found := attributes.alone(block.lines[0])):
            if is_below and parent[-1].tag != "figure":
                _add(parent[-1], found)
            elif len(block.lines) > 1 and not is_below:
                given |= found
            elif self.included_files:
                cure = "Write it under a paragraph, a list, a quote or a table, or in the line of a heading or picture."
                sentence = f"`{block.lines[0].strip()}` gives attributes to nothing."
                self.included_files.findings.warning(block.line, sentence, cure, "attributes")
            block.line += 1
            del block.lines[0]
        while len(block.lines) > 1 and (found := attributes.alone(block.lines[-1])):
            given |= found
            block.lines.pop()
        return given

    def _pour_heading(self, parent: etree.Element, block: Block) -> None:
        text, given = attributes.behind(block.text)
        if self.included_files and not given and (wrong := attributes.misunderstood(text)):
            cure = "Write `{#id}`, `{.class}` or `{key=value}`; a script is never run."
            sentence = f"`{wrong}` gives no attributes; it is shown as text."
            self.included_files.findings.warning(block.line, sentence, cure, "attributes")
        etree.SubElement(parent, f"h{block.number}", given).text = Prose(text.strip(), block.line)

    def _pour_rule(self, parent: etree.Element, block: Block) -> None:
        etree.SubElement(parent, "hr")

    def _pour_quote(self, parent: etree.Element, block: Block) -> None:
        self.pour(etree.SubElement(parent, "blockquote"), block.children)

    def _pour_list(self, parent: etree.Element, block: Block) -> None:
        ordered_list = block.note in ".)"
        box = etree.SubElement(parent, "ol" if ordered_list else "ul")
        if ordered_list and block.number != 1:
            box.set("start", str(block.number))
        group = self.notes_of.get(id(block), 0)
        if group:
            box.set("class", "annotations")
        tight = not block.loose
        for number, item in enumerate(block.children, 1):
            element = etree.SubElement(box, "li", {"id": item_id(group, number)} if group else {})
            self._tick(element, item)
            self.pour(element, item.children, tight=tight)

    def _tick(self, element: etree.Element, item: Block) -> None:
        """`[ ]` or `[x]` at the start of an item is a box to tick."""
        first = item.children[0] if item.children else None
        found = TICK.match(first.lines[0]) if first and first.kind == "text" and first.lines else None
        if first and found:
            first.lines[0] = f"{TO_DO if found[1] == ' ' else DONE} {first.lines[0][found.end() :]}"
            element.set("class", "task-list-item")

    def _pour_callout(self, parent: etree.Element, block: Block) -> None:
        kind, fold = block.note.rstrip("+-"), block.note[-1]
        box = etree.SubElement(parent, "details" if fold in "+-" else "aside", {"class": f"callout callout-{kind}"})
        if fold == "+":
            box.set("open", "open")
        if block.title:
            self.callouts += 1
            title = etree.SubElement(box, "summary" if fold in "+-" else "p", {"class": "callout-title"})
            title.text = Prose(block.title, block.line)
            title.set("id", f"callout-{self.callouts}")
        if fold not in "+-":
            box.set("role", "note")
            box.set(
                "aria-labelledby" if block.title else "aria-label", f"callout-{self.callouts}" if block.title else kind
            )
        self.pour(box, block.children)

    def _note_footnotes(self) -> dict[str, str]:
        """Tell Python-Markdown of all footnotes, but for those that nothing refers to: they lead back to nowhere.

        Gives their labels by the folded form in which they are referred to.
        """
        every = list(within(self.document))
        notes = [block for block in every if block.kind == "footnote"]
        self.labels = {block.note for block in notes}
        prose = "\n\n".join(uncoded_prose(block.text) for block in every if block.kind in PROSE) if notes else ""
        referenced = {label.casefold() for label in NOTE.findall(prose)}
        labels: dict[str, str] = {}
        for block in notes:
            name, folded = f"\x16{block.line}", block.note.casefold()
            is_first = folded not in labels
            if folded in referenced and is_first:
                self.notes[name] = block
                labels[folded] = block.note
                self.footnotes.footnotes[block.note] = name
            elif self.included_files and not is_first:
                sentence = f'There is a footnote "{block.note}" further up.'
                cure = "It is left out: give it another name."
                self.included_files.findings.warning(block.line, sentence, cure, "footnote-unused")
            elif self.included_files:
                sentence = f'Nothing refers to the footnote "{block.note}".'
                self.included_files.findings.warning(block.line, sentence, "It is left out.", "footnote-unused")
        return labels

    def _pour_footnote(self, parent: etree.Element, block: Block) -> None:
        """Where it stands in the source it shows nothing."""

    def _pour_term(self, parent: etree.Element, block: Block) -> None:
        last = parent[-1] if len(parent) else None
        box = last if last is not None and last.tag == "dl" else etree.SubElement(parent, "dl")
        for number, line in enumerate(block.lines):
            etree.SubElement(box, "dt").text = Prose(line.strip(), block.line + number)

    def _pour_definition(self, parent: etree.Element, block: Block) -> None:
        box = parent[-1] if len(parent) and parent[-1].tag == "dl" else etree.SubElement(parent, "dl")
        self.pour(etree.SubElement(box, "dd"), block.children, tight=len(block.children) == 1)

    def _pour_table(self, parent: etree.Element, block: Block) -> None:
        given: dict[str, str] = {}
        while len(block.lines) > 2 and (found := attributes.alone(block.lines[-1])):
            given |= found
            block.lines.pop()
        self.tables += 1
        label = f"Table {self.tables}" if self.tables > 1 else "Table"
        box = etree.SubElement(
            parent, "div", {"class": "table", "role": "region", "tabindex": "0", "aria-label": label}
        )
        table = etree.SubElement(box, "table", given)
        classes = [_aligned(mark.startswith(":"), mark.endswith(":")) for mark in cells(block.lines[1])]
        if block.lines[0]:
            self._pour_row(etree.SubElement(table, "thead"), "th", block.lines[0], block.line, classes)
        body = etree.SubElement(table, "tbody") if len(block.lines) > 2 else table
        for number, line in enumerate(block.lines[2:], 2):
            self._pour_row(body, "td", line, block.line + number, classes)
        if len(block.lines) > 2 and block.lines[0] and not cells(block.lines[0])[0].strip():
            _name_rows(body)

    def _pour_row(self, parent: etree.Element, tag: str, text: str, line: int, classes: list[dict[str, str]]) -> None:
        row = etree.SubElement(parent, "tr")
        found = cells(text, len(classes))
        if len(found) > len(classes):
            if self.included_files:
                sentence = f"This row has {len(found)} cells, and its table {counted(len(classes), 'column')}."
                self.included_files.findings.warning(
                    line, sentence, "Write `\\|` for a pipe that parts nothing.", "table"
                )
            found[len(classes) - 1 :] = [" | ".join(found[len(classes) - 1 :])]
        found += [""] * (len(classes) - len(found))
        for cell, given in zip(found, classes, strict=True):
            # An empty cell is the header of nothing.
            etree.SubElement(row, tag if cell.strip() else "td", given).text = Prose(cell, line)

    def _pour_html(self, parent: etree.Element, block: Block) -> None:
        self.fragments.append((block.line, block.text))
        if self.included_files:
            check_prose(block.text, block.line, self.labels, self.included_files.findings)
        end = "" if elements.open_comment(block.text) < 0 else "-->"  # It hides no more than its own block.
        number = self.kept(elements.unhidden(elements.opened_and_closed(block.text + end)))
        etree.SubElement(parent, "figure").text = AtomicString(f"\x14{number}\x15")

    def _pour_code(self, parent: etree.Element, block: Block, behind: Block | None) -> None:
        etree.SubElement(parent, "figure").text = AtomicString(f"\x11{len(self.figures)}\x12")
        is_list = behind is not None and behind.kind == "list" and behind.note in ".)" and behind.number == 1
        notes = len(behind.children) if behind and is_list else 0
        made = code.figure_of(block, self.included_files, notes, self.annotated + 1) if self.included_files else ""
        self.figures.append(made)
        if behind and isinstance(made, Code) and made.unmarked:
            self.annotated += 1
            self.notes_of[id(behind)] = self.annotated

    def _pour_math(self, parent: etree.Element, block: Block) -> None:
        etree.SubElement(parent, "figure").text = AtomicString(f"\x11{len(self.figures)}\x12")
        self.figures.append(code.formula_of(block, self.included_files) if self.included_files else "")


def _name_rows(body: etree.Element) -> None:
    """Have the first cell of each row be its header: nothing stands above it, and it says what the others are of."""
    for first in (row[0] for row in body if (row[0].text or "").strip()):
        first.tag = "th"
        first.set("scope", "row")


def _has_formulas(document: Block) -> bool:
    """Whether a formula stands anywhere in it, in the one form that is read."""
    return any(
        block.kind == "math"
        or (block.kind == "code" and block.note.strip().lower() == "math")
        or (block.kind in PROSE and "$" in block.text and extensions.FORMULA.search(uncoded_prose(block.text)))
        for block in within(document)
    )


def _aligned(left: bool, right: bool) -> dict[str, str]:
    """The class of a column that has colons at these sides of its dashes."""
    side = "center" if left and right else "left" if left else "right" if right else ""
    return {"class": f"align-{side}"} if side else {}


def _add(element: etree.Element, given: Mapping[str, str]) -> None:
    """Give an element these attributes besides its own."""
    target = element[0] if element.get("class") == "table" and len(element) else element
    for name, value in given.items():
        target.set(name, f"{target.get(name)} {value}" if name == "class" and target.get(name) else value)


READER = Reader()
"""The one instance of Python-Markdown: making one costs more than a page."""
