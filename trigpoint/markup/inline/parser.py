"""What stands inside a line, read as GitHub reads it: text in, tokens out. With its neighbours `links` and `emphasis`
the only door to markdown-it-py.

The rules for code, escapes, entities, tags, emphasis and line breaks are the library's. Its loop asks every rule at
every sign; ours goes from sign to sign and asks the one rule that the sign has.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.common.utils import normalizeReference
from markdown_it.rules_inline import StateInline, autolink, backtick, entity, escape, html_inline, newline
from markdown_it.token import Token

from trigpoint.markup import elements
from trigpoint.markup.inline import emphasis, extensions, links

SIGNS = r"[\n&$*<\[\\\]_`{~\x0e\x0f]|!\["
ADDRESS = r"|(?<![A-Za-z0-9])(?:[hH][tT][tT][pP][sS]?://|[fF][tT][pP]://|(?<![!-')+-Z\\^`a-}])[wW]{3}\.)(?=[^\s<])"
MAIL = r"|(?<![\w.+\-/])[A-Za-z0-9][\w.+\-]{0,63}@(?=[A-Za-z0-9][\w-]*\.[\w-])"
PLAIN = re.compile(SIGNS)
WITH_ADDRESSES = re.compile(SIGNS + ADDRESS)
WITH_MAIL = re.compile(SIGNS + ADDRESS + MAIL, re.A)
HANDLED = re.compile(r"https?://|ftp://|www\.", re.I)

Tell = Callable[[int, str, str, str], None]
"""Says of a place in the text: a sentence, its cure, and the kind of the fault."""


class Library(MarkdownIt):
    """markdown-it-py, which takes any address as it is: the last pass over the HTML judges them."""

    def validateLink(self, url: str) -> bool:
        return True

    def normalizeLink(self, url: str) -> str:
        return url

    def normalizeLinkText(self, link: str) -> str:
        return link


LIBRARY = Library("commonmark")


def nothing(*said: object) -> None:
    """Findings are not reported."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a line is read with: the link references of its document, its footnotes' labels by their folded form, and
    whether it has formulas."""

    references: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    has_formulas: bool = False


def labelled(labels: Collection[str]) -> Known:
    """What is known where only the labels are: links lead nowhere, footnotes begin with `^`."""
    references = {normalizeReference(label): {"href": "#", "title": ""} for label in labels if label[0] != "^"}
    return Known(references, {label[1:].casefold(): label[1:] for label in labels if label[0] == "^"})


def read(text: str, known: Known, tell: Tell = nothing) -> list[Token]:
    """The tokens of a text, with elements of ours: `note`, `formula`, `figure`, `box`."""
    env: dict[str, Any] = {
        "references": known.references,
        "notes": known.notes,
        "has_formulas": known.has_formulas,
        "brackets": [],
        "ends": {},
        "draws": "<" in text and elements.OUTER.search(text) is not None,
        "hidden": set(),
        "tell": tell,
        "undefined": partial(_undefined, tell),
    }
    state = emphasis.State(text, LIBRARY, env, [])
    _tokenize(state, _pattern(text))
    emphasis.paired(state, 0)
    return state.tokens


def _pattern(text: str) -> re.Pattern[str]:
    """The pattern that finds the next sign of this text; addresses are looked for where there are some."""
    if "@" in text:
        return WITH_MAIL
    return WITH_ADDRESSES if HANDLED.search(text) else PLAIN


def _tokenize(state: StateInline, signs: re.Pattern[str]) -> None:
    src, end = state.src, state.posMax
    while state.pos < end:
        found = signs.search(src, state.pos)
        at = found.start() if found else end
        if at > state.pos:
            state.append_pending(src[state.pos : at])
            state.pos = at
        if found and not RULES.get(found[0], extensions.addressed)(state, False):
            state.append_pending(src[at])
            state.pos = at + 1
    if state.pending:
        state.pushPending()


def _undefined(tell: Tell, label: str, at: int) -> None:
    shown = " ".join(label.split())
    cure = f"Write `[{shown}]: address` on a line of its own, or put it in code."
    tell(at, f'"[{shown}]" is defined nowhere.', cure, "reference-undefined")


def _escaped(state: StateInline, silent: bool) -> bool:
    extensions.warn_of_parentheses(state)
    return escape(state, silent)


def _tagged(state: StateInline, silent: bool) -> bool:
    """`<`: an address in angles or a tag. A tag of no element that is known is text."""
    if autolink(state, silent):
        return True
    start = state.pos
    if not html_inline(state, silent):
        if state.src.startswith("<!--", start):
            sentence = "A comment is not closed in this paragraph; it is shown as text."
            state.env["tell"](start, sentence, "Write `-->` at its end, or put it in backticks.", "html")
        return False
    token = state.tokens[-1]
    wrong = _wrong_with(token.content, state)
    if wrong:
        token.type = "text"
        shown = " ".join(token.content.split())
        state.env["tell"](start, f"`{shown}` {wrong}; it is shown as text.", "Put it in backticks.", "html")
    else:
        token.meta["at"] = start
    return True


def _wrong_with(tag: str, state: StateInline) -> str:
    """Why this tag would show nothing, or hide what stands behind it; "" where it is right."""
    name = elements.name_of(tag)
    if not elements.is_known(name, state.env["draws"]):
        return "is no element of HTML"
    if name not in elements.HIDING or tag.endswith("/>"):
        return ""
    ends: dict[str, int] = state.env["ends"]
    if name not in ends:
        ends[name] = state.src.lower().rfind(f"</{name}")
    if tag[1] == "/":
        return "" if name in state.env["hidden"] else "closes nothing"
    if ends[name] < state.pos:
        return "is not closed in this paragraph"
    state.env["hidden"].add(name)
    return ""


RULES: dict[str, Callable[[StateInline, bool], bool]] = {
    "\n": newline,
    "\\": _escaped,
    "`": backtick,
    "*": emphasis.stressed,
    "_": emphasis.stressed,
    "~": emphasis.struck,
    "[": links.opening,
    "![": links.opening,
    "]": links.closing,
    "<": _tagged,
    "&": entity,
    "$": extensions.formula,
    "{": extensions.braced,
    "\x0e": extensions.box,
    "\x0f": extensions.box,
}
"""What each sign may start; any other piece that the pattern finds is an address."""
