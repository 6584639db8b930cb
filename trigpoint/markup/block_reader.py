"""What a Block is, and how each kind of it starts: the patterns that `block_grammar` reads lines by.

Patterns are of CommonMark and GitHub, with footnotes, definitions and admonitions besides; each is matched
against a line from its first character that is not white. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(slots=True)
class Block:
    """A block and its first line (from 0). It grows while it is being read.

    `kind` is one of: document, quote, callout, list, item, footnote, term, definition (these hold `children`);
    text, heading, table, code, math, html, rule (these hold `lines`). `note` is what the opening line said besides: a
    fence's info, a list's marker, a callout's kind, a footnote's label. `title` is a callout's. `number` is a
    heading's level or a list's first number. `column` is where a container's content starts. `spaced` says
    that a blank line stands before it.
    """

    kind: str
    line: int
    lines: list[str] = field(default_factory=list)
    children: list[Block] = field(default_factory=list)
    note: str = ""
    title: str | None = None
    number: int = 0
    column: int = 0
    closing: re.Pattern[str] | None = None
    closed: bool = False
    spaced: bool = False
    blank: bool = False

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    @property
    def loose(self) -> bool:
        """Whether a list's items stand as paragraphs: somewhere between them, or in one, is a blank line."""
        return any(item.spaced for item in self.children[1:]) or any(
            child.spaced for item in self.children for child in item.children[1:]
        )


BLOCK_TAGS = (
    "address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|dialog|dir|div|dl|dt|"
    "fieldset|figcaption|figure|footer|form|frame|frameset|h1|h2|h3|h4|h5|h6|head|header|hr|html|iframe|legend|li|"
    "link|main|menu|menuitem|nav|noframes|ol|optgroup|option|p|param|search|section|summary|table|tbody|td|tfoot|th|"
    "thead|title|tr|track|ul"
)
BLANK = re.compile(r"\A\s*\Z")
HTML_STARTS = (
    (
        re.compile(r"<(?:script|pre|style|textarea)(?=[\s>]|$)", re.I),
        re.compile(r"</(?:script|pre|style|textarea)>", re.I),
    ),
    (re.compile(r"<!--"), re.compile(r"-->")),
    (re.compile(r"<\?"), re.compile(r"\?>")),
    (re.compile(r"<![A-Za-z]"), re.compile(r">")),
    (re.compile(r"<!\[CDATA\["), re.compile(r"\]\]>")),
    (re.compile(rf"</?(?:{BLOCK_TAGS})(?=\s|/?>|$)", re.I), BLANK),
)
"""CommonMark's six kinds of HTML block that may follow a text line: how each starts, how it ends."""
LONE_TAG = re.compile(
    r"""(?:<[A-Za-z][\w-]*(?:\s+[A-Za-z_:][\w.:-]*(?:\s*=\s*(?:[^\s"'=<>`]+|'[^']*'|"[^"]*"))?)*\s*/?>|</[A-Za-z][\w-]*\s*>)\s*$"""
)
MARKDOWN_BEHIND = re.compile(
    r"(<(?P<tag>div|section|article|aside|details|blockquote|figure|main|nav|header|footer|center|li|dd|td|th)"
    r"\b[^<>]*>)(?=[ \t]*\S)",
    re.I,
)
"""The start of HTML that may hold Markdown on its own line."""
MARKDOWN_INSIDE = re.compile(r"""\s+markdown(?:\s*=\s*["']?(?:1|block|span)["']?)?(?=[\s>])""", re.I)
LEADING_TAG = re.compile(r"[ \t]*<[a-z][^<>]*>", re.I)
MARKER = re.compile(r"(?:([-+*])|(\d{1,9})([.)]))(?=[ \t]|$)")
RULE = re.compile(r"(?:(?:-[ \t]*){3,}|(?:_[ \t]*){3,}|(?:\*[ \t]*){3,})$")
FENCE = re.compile(r"(?:(`{3,})([^`]*)|(~{3,})(.*))$")
HEADING = re.compile(r"(#{1,6})(?:[ \t]+(.*?))??(?:[ \t]+#+)?[ \t]*$")
UNDERLINE = re.compile(r"(=+|-+)[ \t]*$")
DELIMITERS = re.compile(r"\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
FOOTNOTE = re.compile(r"\[\^([^\]\s]+)\]:[ \t]*")
ADMONITION = re.compile(r"(!!!|\?\?\?\+?) ?([\w-]+(?: +[\w-]+)*)(?: +\"(.*)\")?[ \t]*$")
CALLOUT = re.compile(r"\[!([\w-]+)\]([-+]?)[ \t]*(.*)$")
DEFINITION = re.compile(r":[ \t]+(?=\S)")
HEADLESS = "\ue0ff"
"""Before the first row of a table without a head, which only other dialects have: a sign of no alphabet."""

ENDED = "\ue0fe"
"""Behind a line of HTML that ends there though no empty line follows, as only other dialects read it."""

MARGIN = re.compile(r"(?:[ \t>]|[-+*](?=[ \t])|\d{1,9}[.)](?=[ \t]))*+")
FORMULA = re.compile(r"\$\$(?!\$)(?:(?!.*\$\$)|.+\$\$[ \t]*$)")
"""The start of a formula on lines of its own; it may end on the same line."""
FORMULA_END = re.compile(r"\$\$[ \t]*$")
VERBATIM = frozenset(("code", "math", "html"))
"""Blocks whose lines are not read as Markdown."""
STARTERS = frozenset("#$`~<->+*=_|:![?0123456789")
"""No block but a paragraph starts with any other character."""
CELL = re.compile(r"(?:\\.|[^|\\]+|\\\Z)*+")
CELL_WITH_CODE = re.compile(r"(?:\\.|(?<!`)(`+)(?!`)[^`]*\1(?!`)|`|[^|\\`]+|\\\Z)*")
"""The same with its code whole. (Python 3.11 fails where a group stands in a possessive repeat.)"""


def unmarked(text: str) -> str:
    """The text without the marks that only the reader of blocks knows, for who shows or compares it."""
    return text.replace(HEADLESS, "").replace(ENDED, "")


def width(line: str) -> int:
    """How many columns of white space a line starts with; tabs stop at every fourth."""
    start = len(line) - len(line.lstrip(" \t"))
    return len(line[:start].expandtabs(4)) if "\t" in line[:start] else start


def untabbed(line: str) -> str:
    """The line with spaces for the tabs that decide how deep it stands."""
    end = MARGIN.match(line).end()  # type: ignore[union-attr]
    return line[:end].expandtabs(4) + line[end:]


def dedented(line: str, columns: int) -> str:
    """The line without its first so many columns, if they are white; of tabs that are cut, whole ones are left."""
    if line[:columns] == " " * columns:
        return line[columns:]
    start = len(line) - len(line.lstrip(" \t"))
    for taken in range(start + 1):
        seen = len(line[:taken].expandtabs(4))
        if seen == columns:
            return line[taken:]
        if seen > columns:
            break
    left = max(0, width(line) - columns)
    tabs = left // 4 if "\t" in line[:start] else 0
    return "\t" * tabs + " " * (left - 4 * tabs) + line[start:]


def inside(box: Block, line: str) -> str | None:
    """What this container holds of the line, or None where the line is outside."""
    if not box.column:
        text = line.lstrip(" \t")
        if text[:1] != ">" or width(line) > 3:
            return None
        return text[2:] if text[1:2] == " " else " " * 2 + text[2:] if text[1:2] == "\t" else text[1:]
    if not line or line.isspace():
        return None if box.kind == "item" and not box.children else ""
    return dedented(line, box.column) if width(line) >= box.column else None


def leaf(text: str, indent: int, line: int) -> Block | None:
    """The heading, fence, rule or HTML that may stand even right after a line of text."""
    first = text[0]
    if first == "#" and (found := HEADING.match(text)):
        return Block("heading", line, [found[2] or ""], number=len(found[1]))
    if first in "`~" and (found := FENCE.match(text)):
        mark = found[1] or found[3]
        closing = re.compile(rf"{re.escape(mark[0])}{{{len(mark)},}}$")
        return Block("code", line, note=(found[2] or found[4] or "").strip(), column=indent, closing=closing, title="")
    if first == "$" and FORMULA.match(text):
        closed = FORMULA_END.search(text, 2) is not None
        return Block("math", line, [text], closing=FORMULA_END, closed=closed)
    if first in "-_*" and RULE.match(text):
        return Block("rule", line)
    if first == "<":
        for start, closing in HTML_STARTS:
            if start.match(text):
                return Block("html", line, [text], closing=closing)
    return None


def holds_markdown(line: str) -> bool:
    """Whether the line begins with a tag that says `markdown="1"`: it ends the HTML before it."""
    tag = LEADING_TAG.match(line) if "markdown" in line else None
    return tag is not None and MARKDOWN_INSIDE.search(tag[0]) is not None


def headless(row: str, line: int) -> Block:
    """A table without a head, by its first row: the lines of one with an empty head, which stand nowhere."""
    return Block("table", line - 2, ["", "|".join(["-"] * len(cells(row))), row])


def within(block: Block) -> Iterator[Block]:
    """Every block inside of this one, at any depth, in the order of the source."""
    for child in block.children:
        yield child
        yield from within(child)


def cells(row: str, most: int = 0) -> list[str]:
    """The cells of a table's row, with their escaped pipes as pipes. `most` is how many its head has (0: any number).

    A pipe in code parts cells, as on GitHub; but where that makes more cells than the head has, it is code.
    """
    row = row.strip(" \t").removeprefix("|")
    found = _parted(row, CELL)
    if most and len(found) > most and "`" in row:
        found = _parted(row, CELL_WITH_CODE)
    return [cell.replace("\\|", "|").strip(" \t") for cell in found]


def _parted(row: str, cell: re.Pattern[str]) -> list[str]:
    found, at = [], 0
    while at <= len(row):
        end = cell.match(row, at).end()  # type: ignore[union-attr]
        found.append(row[at:end])
        at = end + 1
    return found[:-1] if len(found) > 1 and not found[-1].strip() else found
