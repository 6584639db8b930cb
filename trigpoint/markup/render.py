"""Markdown text becomes a Document. Pure, and the only part of `markup` that renders for others.

`block_grammar` finds the blocks, `python_markdown` and `inline/` read what is inside of them, `html_pass` puts the
result in order.
Whatever the text, a Document comes out: mistakes are its faults.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from html import escape

from trigpoint.fault_list import BodyFaults
from trigpoint.markup import block_grammar
from trigpoint.markup.block_grammar import UNWANTED, TooDeepError, cleaned
from trigpoint.markup.block_reader import ENDED, HEADLESS, Block
from trigpoint.markup.checks.html_warnings import lint
from trigpoint.markup.code import Listing, listing
from trigpoint.markup.code_mask import uncoded
from trigpoint.markup.document import Document, Part
from trigpoint.markup.html_pass import balanced, filled, nested, ordered, plain_text
from trigpoint.markup.includes import IncludedFiles
from trigpoint.markup.inline import attributes, parser, references
from trigpoint.markup.prose import first_paragraph
from trigpoint.markup.python_markdown import READER
from trigpoint.markup.targets import linked, without_comments, without_open_comments

SIGN = re.compile(r"[\\*_`\[<&~{$@]|://|www\.", re.I)
"""Without one of these a line is its own text."""
FORBIDDEN_REFERENCE = re.compile(
    r"&#(?:0*(?:[0-8]|1[1-9]|2[0-9]|3[01])|x0*(?:[0-8]|[bcef]|1[0-9a-f]))(?:;|(?![0-9a-f]))", re.I
)
"""A control character, written as a number."""


EMPTY_FENCE = re.compile(r"^(?P<mark>`{3,}+|~{3,}+)(?P<info>[^\n`]*+)\n(?P=mark)[ \t]*+$", re.M)
TURN = threading.RLock()
"""Python-Markdown holds what it reads in its one instance: threads take turns."""

FIGURE_NAME = re.compile(r"\{figure: *(?P<name>\w+)\}")


def render(
    body: str,
    *,
    path: str,
    first_line: int,
    title: str,
    beside: Callable[[str], bytes | None],
    lenient: bool = False,
) -> Document:
    """The Document of a Markdown body.

    `path` is what Faults name, `first_line` the body's first line in that file.
    A first heading that is the `title` is left out. `beside` reads a file of
    the article's folder by name. Where `lenient`, formulas and diagrams that
    cannot be drawn are warned of. No text makes this raise.
    """
    body = cleaned(body)
    findings = BodyFaults(path, first_line, lenient)
    included_files = IncludedFiles(beside, findings)
    try:
        with TURN:
            return _rendered(body, title, included_files)
    except TooDeepError as error:
        findings.error(error.line, f"Lists or quotes are {error}.", "Nest fewer.", "nested-too-deep")
    except Exception as error:  # Whatever Python-Markdown trips over costs this page only.
        findings.error(
            0, f"This text cannot be rendered ({type(error).__name__}).", "Look for unusual nesting.", "not-rendered"
        )
    return Document(
        (f"<pre>{escape(body)}</pre>",), text=" ".join(body.split()), faults=tuple(findings.faults), source=(body,)
    )


def plain(text: str, known: parser.Known | None = None) -> str:
    """Some lines of Markdown as plain text: for titles and summaries. `known` is what they may refer to."""
    text = "\n".join(map(str.strip, cleaned(text).strip().split("\n")))
    if not SIGN.search(text):
        return " ".join(text.split())
    try:
        with TURN:
            line = Block("document", 0, children=[Block("heading", 0, [text], number=1)])
            return plain_text(READER.converted(line, None, known))
    except Exception:  # As in render: it is shown as it was written.
        return " ".join(text.split())


LOOKED_AT = 8_000
"""The characters of Markdown that are read for an excerpt: links and formulas are longer than what they show."""


def excerpt(body: str) -> str:
    """The first paragraph of a body as plain text. What it refers to may be defined anywhere in the body."""
    paragraph = first_paragraph(body)[:LOOKED_AT]
    return plain(paragraph, parser.labelled(references.labels(body)) if "[" in paragraph else None)


def _rendered(body: str, title: str, included_files: IncludedFiles) -> Document:
    findings = included_files.findings
    document = block_grammar.read(body)
    prose = uncoded(body, document)
    shown, shown_prose = without_open_comments(body, document), without_open_comments(prose, document)
    _drop_title(document, title)
    html = READER.converted(document, included_files)
    if READER.holds_html:
        lint(READER.fragments, findings)
        html = balanced(html, findings)
    html = FORBIDDEN_REFERENCE.sub("", html)
    formulas = [escape(formula.plain) for formula in READER.formulas]
    text = plain_text(filled(re.sub("\x11\\d+\x12", "", html), formulas))
    done = ordered(html, READER.figures, READER.formulas, prose, findings)
    return Document(
        parts=tuple(_joined(done.out)),
        toc=nested(done.headings),
        ids=tuple(done.ids),
        text=cleaned(text),
        faults=tuple(sorted(findings.faults)),
        included=tuple(included_files.asked),
        source=tuple(
            _filled(part, included_files) if isinstance(part, str) else part
            for part in linked(without_comments(shown, shown_prose), without_comments(shown_prose, shown_prose))
        ),
        resources=tuple(done.resources),
    )


def _filled(body: str, included_files: IncludedFiles) -> str:
    """The body with the code and the figures that it names in their places, for readers of Markdown."""
    quiet = IncludedFiles(included_files.beside, BodyFaults("", 0), included_files.asked, included_files.results)

    def code(fence: re.Match[str]) -> str:
        asked = listing(fence["info"]) if "file" in fence["info"].lower() else Listing()
        text = quiet.code(asked.file, asked.region, 0) if asked.file else None
        return fence[0] if text is None else f"{fence['mark']}{asked.language}\n{text}\n{fence['mark']}"

    def figure(named: re.Match[str]) -> str:
        value = quiet.figure(named["name"], 0)
        return named[0] if value is None else value

    return FIGURE_NAME.sub(figure, EMPTY_FENCE.sub(code, body.replace(HEADLESS, "").replace(ENDED, "\n")))


def _drop_title(document: Block, title: str) -> None:
    first = document.children[0] if document.children else None
    if (
        first
        and first.kind == "heading"
        and first.number == 1
        and plain(attributes.behind(first.text)[0]) == plain(title)
    ):
        del document.children[0]


def _joined(pieces: list[Part]) -> list[Part]:
    """Neighbouring texts as one, without the characters that no XML may hold."""
    joined: list[Part] = []
    texts: list[str] = []
    for piece in pieces:
        if isinstance(piece, str):
            texts.append(piece)
        else:
            joined += [_without_marks("".join(texts)), piece]
            texts = []
    return [*joined, _without_marks("".join(texts))]


def _without_marks(text: str) -> str:
    return UNWANTED.sub("", text)
