"""GitHub's Markdown, read line by line into blocks: text in, a tree of Blocks out, pure.

Python-Markdown reads blocks by rules of its own: lists nest by four columns, a list or a table after a text
line is text, a fence closes a list. Authors write what GitHub shows, so the blocks are found here, by
CommonMark's rules, and `inline/` reads what stands inside of them. Each Block knows its line.
"""

from __future__ import annotations

import re

from trigpoint import characters
from trigpoint.markup import block_reader as grammar
from trigpoint.markup.block_reader import Block, dedented, width
from trigpoint.markup.inline import attributes
from trigpoint.markup.inline.references import only_define

UNWANTED = re.compile(f"[{characters.CONTROLS}\r\x85{characters.SEPARATORS}{characters.NONCHARACTERS}]")
"""What XML 1.0 forbids, and line ends that are none in Markdown."""
SEPARATORS = "\x0b\x0c\x85\u2028\u2029"
DEEPEST = 50
"""Quotes and lists nested deeper than this are refused: a browser would not show them, and time is lost."""


class TooDeepError(ValueError):
    """Quotes or lists are nested more than DEEPEST levels; `line` counts from 0."""

    def __init__(self, line: int) -> None:
        super().__init__(f"nested more than {DEEPEST} levels deep")
        self.line = line


def cleaned(text: str) -> str:
    """The text with one kind of line end, and without the characters that no page or feed may hold."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return UNWANTED.sub(lambda found: " " if found[0] in SEPARATORS else "", text)


def read(text: str) -> Block:
    """The document that this text is. Lines end with "\\n"; raises TooDeepError."""
    reader = _Reader()
    for number, line in enumerate(text.split("\n")):
        reader.read(number, line)
    return reader.open[0]


class _Reader:
    """The containers that are open, outermost first, and the leaf that the next line may go on with."""

    def __init__(self) -> None:
        self.open = [Block("document", 0)]
        self.leaf: Block | None = None
        self.line = 0
        self.matched = 0

    @property
    def in_text(self) -> bool:
        return self.leaf is not None and self.leaf.kind == "text"

    def read(self, number: int, line: str) -> None:
        """One line more."""
        self.line = number
        in_fence = self.leaf is not None and self.leaf.kind == "code" and self.leaf.closing is not None
        rest = self._matching(line)
        whole = self.matched == len(self.open)
        if "\t" in line and not (in_fence and whole):  # What stands in a fence keeps its tabs.
            rest = self._matching(grammar.untabbed(line))
            whole = self.matched == len(self.open)
        if whole and self.leaf and self.leaf.closing is grammar.BLANK and grammar.holds_markdown(rest):
            self.leaf, rest = None, rest.lstrip(" \t")
        if whole and self.leaf and self.leaf.kind in grammar.VERBATIM and self._extended(self.leaf, rest):
            return
        if not rest or rest.isspace():
            self._skip()
            return
        opened = self._opened(rest)
        if opened is not None:
            self._take(opened)
        for box in self.open:
            box.blank = False

    def _matching(self, line: str) -> str:
        """What is left of the line within the containers that it goes on with."""
        self.matched = 1
        for box in self.open[1:]:
            inside = grammar.inside(box, line)
            if inside is None:
                break
            line = inside
            self.matched += 1
        return line

    def _extended(self, leaf: Block, rest: str) -> bool:
        """Whether this line belongs to the open code or HTML."""
        if leaf.kind == "math":
            return self._extended_formula(leaf, rest)
        if leaf.kind == "html":
            if rest.endswith(grammar.ENDED):
                leaf.lines.append(rest.removesuffix(grammar.ENDED))
                self.leaf = None
                return True
            ends = leaf.closing is not None and leaf.closing.search(rest) is not None
            if not (ends and leaf.closing is grammar.BLANK):
                leaf.lines.append(rest)
            self.leaf = None if ends else leaf
            return not (ends and leaf.closing is grammar.BLANK)
        if leaf.closing is None:
            return self._extended_indented(leaf, rest)
        if width(rest) < 4 and leaf.closing.match(rest.strip()):
            leaf.closed, self.leaf = True, None
        else:
            leaf.lines.append(dedented(rest, min(leaf.column, width(rest))))
        return True

    def _extended_formula(self, leaf: Block, rest: str) -> bool:
        """A formula holds no empty line, as in LaTeX: so one that is not closed costs one paragraph."""
        if not rest or rest.isspace():
            self.leaf = None
            return False
        leaf.lines.append(rest)
        leaf.closed = grammar.FORMULA_END.search(rest) is not None
        self.leaf = None if leaf.closed else leaf
        return True

    def _extended_indented(self, leaf: Block, rest: str) -> bool:
        if rest and not rest.isspace() and width(rest) < 4:
            self.leaf = None
            return False
        leaf.lines.append(dedented(rest, 4))
        for box in self.open:
            box.blank = not rest or rest.isspace()
        return True

    def _skip(self) -> None:
        """A blank line: ends text, and spaces what comes next, as far out as the next quote."""
        if self.matched < len(self.open):
            self._close_unmatched()
        self.leaf = None
        for box in reversed(self.open):
            box.blank = True
            if box.kind == "quote" or (box.kind == "callout" and not box.column):
                break

    def _opened(self, rest: str) -> str | None:
        """The text left after the blocks that this line opens, or None where it is used up."""
        fresh = False
        while rest and not rest.isspace():
            indent = width(rest)
            if indent >= 4:
                if self.in_text and not fresh:
                    return rest
                self._close_unmatched()
                self._add(Block("code", self.line, [dedented(rest, 4)]), leaf=True)
                return None
            text = rest.lstrip(" \t")
            if text[0] == "<" and self._markdown_opened(text):
                return None
            if text[0] not in grammar.STARTERS:
                return rest
            interrupts = self.in_text and not fresh and self.matched == len(self.open)
            if self._leaf_opened(text, indent, interrupts):
                return None
            inside = self._container_opened(text, indent, interrupts)
            if inside is None:
                return rest
            rest, fresh = inside, True
        return None

    def _leaf_opened(self, text: str, indent: int, interrupts: bool) -> bool:
        """Whether the text is a heading, a fence, HTML or a rule; it is added."""
        if interrupts and self.leaf and (found := grammar.UNDERLINE.match(text)) and not only_define(self.leaf.lines):
            self.leaf.kind, self.leaf.number = "heading", 1 if found[1][0] == "=" else 2
            self.leaf = None
            return True
        block = grammar.leaf(text, indent, self.line)
        if block is None and not interrupts and not self.in_text and grammar.LONE_TAG.match(text):
            block = Block("html", self.line, [text], closing=grammar.BLANK)
        if block is None:
            return False
        self._close_unmatched()
        self._add(block, leaf=block.kind in grammar.VERBATIM and not block.closed)
        if block.kind == "html":
            self._open_html(block, text)
        return True

    def _markdown_opened(self, text: str) -> bool:
        """Whether the text is a tag with `markdown="1"` and, behind it, Markdown; they are added."""
        found = grammar.MARKDOWN_BEHIND.match(text)
        if found is None or not grammar.MARKDOWN_INSIDE.search(found[1]):
            return False
        self._close_unmatched()
        self._add(Block("html", self.line, [grammar.MARKDOWN_INSIDE.sub("", found[1])]))
        inside, end = text[found.end() :].strip(), f"</{found['tag']}>"
        closes = inside.lower().endswith(end.lower())
        self._add(Block("text", self.line, [inside[: -len(end)] if closes else inside]), leaf=not closes)
        if closes:
            self._add(Block("html", self.line, [end]))
        return True

    def _open_html(self, block: Block, text: str) -> None:
        """HTML that ends on its own line, or wants Markdown inside, is no longer open."""
        lone = grammar.MARKDOWN_INSIDE.search(text)
        has_ended = text.endswith(grammar.ENDED)
        block.lines[0] = grammar.MARKDOWN_INSIDE.sub("", text.removesuffix(grammar.ENDED))
        closing = block.closing
        if (
            has_ended
            or (lone and text.rstrip().endswith(">"))
            or (closing and closing is not grammar.BLANK and closing.search(text))
        ):
            self.leaf = None

    def _container_opened(self, text: str, indent: int, interrupts: bool) -> str | None:
        """What is inside of the container that the text opens, or None where it opens none."""
        if text[0] == ">":
            self._push(Block("quote", self.line))
            return (
                text[2:]
                if text[1:2] == " "
                else dedented(" " + text[1:].expandtabs(3), 2)
                if text[1:2] == "\t"
                else text[1:]
            )
        if found := grammar.MARKER.match(text):
            return self._item_opened(found, text, indent, interrupts)
        if found := grammar.FOOTNOTE.match(text):
            self._push(Block("footnote", self.line, note=found[1], column=4))
            return text[found.end() :]
        if found := grammar.ADMONITION.match(text):
            fold = {"!!!": "", "???": "-", "???+": "+"}[found[1]]
            kind = found[2].lower().split()[0]
            title = found[2].split()[0].capitalize() if found[3] is None else found[3]
            self._push(Block("callout", self.line, note=kind + fold, title=title, column=4))
            return ""
        if found := grammar.DEFINITION.match(text):
            return self._definition_opened(found, text, interrupts)
        return None

    def _item_opened(self, found: re.Match[str], text: str, indent: int, interrupts: bool) -> str | None:
        bullet, number, stop = found.groups()
        rest = text[found.end() :]
        empty = not rest or rest.isspace()
        if interrupts and (empty or (number and int(number) != 1)):
            return None
        at = indent + found.end()
        gap = len((" " * (at % 4) + rest[: len(rest) - len(rest.lstrip(" \t"))]).expandtabs(4)) - at % 4
        taken = 1 if empty or gap > 4 else gap
        self._close_unmatched()
        self._push_item(Block("item", self.line, column=at + taken), bullet or stop, int(number or 0))
        return "" if empty else " " * (gap - taken) + rest.lstrip(" \t")

    def _push_item(self, item: Block, marker: str, number: int) -> None:
        """Into the list before it, if that has the same marker, or into a new one."""
        siblings = self.open[-1].children
        if not (siblings and siblings[-1].kind == "list" and siblings[-1].note == marker):
            self._add(Block("list", self.line, note=marker, number=number))
        item.spaced = self.open[-1].blank
        siblings[-1].children.append(item)
        self._enter(item)

    def _definition_opened(self, found: re.Match[str], text: str, interrupts: bool) -> str | None:
        siblings = self.open[self.matched - 1].children
        last = siblings[-1] if siblings else None
        in_term = last is not None and last.kind == "text" and (interrupts or not self.in_text)
        if last is None or not (in_term or last.kind == "definition"):
            return None
        if last.kind == "text":
            last.kind = "term"
        self._push(Block("definition", self.line, column=min(found.end(), 4)))
        return text[found.end() :]

    def _take(self, rest: str) -> None:
        """A line of text: it goes on with the open paragraph (even a lazy one), or starts one."""
        text = rest.lstrip(" \t")
        leaf = self.leaf
        whole = self.matched == len(self.open)
        if leaf and leaf.kind == "table" and whole:
            leaf.lines.append(text)
        elif leaf and leaf.kind == "text" and (whole or not attributes.alone(text)):
            if whole and self._is_table(leaf, text):
                self._turn_into_table(leaf, text)
            else:
                leaf.lines.append(text)
        elif text[0] == grammar.HEADLESS:
            self._close_unmatched()
            self._add(grammar.headless(text[1:], self.line), leaf=True)
        else:
            self._close_unmatched()
            if not self._turn_into_callout(text):
                self._add(Block("text", self.line, [text]), leaf=True)

    def _is_table(self, leaf: Block, text: str) -> bool:
        header = leaf.lines[-1]
        return (
            "|" in text
            and grammar.DELIMITERS.match(text) is not None
            and "|" in header
            and len(grammar.cells(header, len(grammar.cells(text)))) == len(grammar.cells(text))
        )

    def _turn_into_table(self, leaf: Block, text: str) -> None:
        """The paragraph's last line is the head of a table."""
        table = Block("table", self.line - 1, [leaf.lines.pop(), text])
        siblings = self.open[-1].children
        if not leaf.lines:
            table.spaced = siblings.pop().spaced
        siblings.append(table)
        self.leaf = table

    def _turn_into_callout(self, text: str) -> bool:
        """`[!NOTE] title` as a quote's first line makes the quote a callout."""
        box = self.open[-1]
        found = grammar.CALLOUT.match(text) if box.kind == "quote" and not box.children else None
        if found is None:
            return False
        box.kind, box.note, box.title = "callout", found[1].lower() + found[2], found[3] or found[1].capitalize()
        return True

    def _push(self, box: Block) -> None:
        self._close_unmatched()
        self._add(box)
        self._enter(box)

    def _enter(self, box: Block) -> None:
        if len(self.open) > DEEPEST:
            raise TooDeepError(self.line)
        self.open.append(box)
        self.matched = len(self.open)
        self.leaf = None

    def _add(self, block: Block, leaf: bool = False) -> None:
        block.spaced = self.open[-1].blank
        self.open[-1].children.append(block)
        self.leaf = block if leaf else None

    def _close_unmatched(self) -> None:
        if self.matched < len(self.open):
            del self.open[self.matched :]
            self.leaf = None
