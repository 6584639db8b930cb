"""What this blog and GitHub add to a line of CommonMark: formulas, bare addresses, figures, attributes, boxes to tick.

Each rule is asked at its first character, adds its tokens and moves on; or says False, and the character is text.
"""

from __future__ import annotations

import re

from markdown_it.rules_inline import StateInline

from trigpoint.characters import HAN_AND_KANA, HANGUL
from trigpoint.markup.inline.attributes import attributes_of

BESIDE = f"{HAN_AND_KANA}{HANGUL}"
"""Letters that stand beside a formula with no space between."""

FORMULA = re.compile(
    r"\$`(?P<ticked>[^`]{1,5000}+)`\$"
    r"|\$\$(?!\$)(?P<display>(?:\\.|[^\\$]){1,5000}+)\$\$(?!\$)"
    r"|\$(?![\s$]|\d[\d.,]*+[kKmMbB]?\s+[A-Za-z]{2})(?P<inline>(?:\\.|[^\\$]){1,5000}+)(?<!\s)\$"
    rf"(?:(?![\w${{(\[`@#])|(?<![{BESIDE}]\$)(?=[{BESIDE}]))",
    re.S,
)
"""A formula. No space is inside of its dollars; what follows the last is neither a letter nor a digit, nor a sign that
starts something: so prices (`$5 or $6`) and names of the shell (`$HOME/$USER`) are text. Source: GitHub. A letter of a
script without spaces may stand there: `设$x$是`."""
IN_TARGET = re.compile(r"\]\([^()\n]*\Z|(?:https?:|www\.)\S*\Z")
"""The end of a text that breaks off in a link's address."""
TAG = re.compile(r"</?[A-Za-z][^<>]*>")
PARENTHESES = re.compile(r"\\(?:\(([^\n]{1,200}?)\\\)|\[([^\n]{1,200}?)\\\])")
MATHS = re.compile(r"[\\^_=]")
SYMBOLS = re.compile(r"(?=.*[^\W\d_])(?!.*[^\W\d_]{3})")
"""What may be a formula by its letters: it has some, and no word of three."""
FIGURE = re.compile(r"\{figure:\s*([^{}\n]+?)\s*\}")
BRACES = re.compile(r"\{:?[ \t]*([^{}\n]*)\}")
ADDRESS = re.compile(
    r"(?:(?:https?|ftp)://|www\.)[^\s<\u3000-\u303f\uff01\uff08\uff09\uff0c\uff1a\uff1b\uff1f\u2018-\u201d]{0,4000}",
    re.I,
)
"""A bare address: up to the next space, `<` or sign of Chinese or Japanese."""
HOST = re.compile(
    r"(?:(?:https?|ftp)://(?:[^\s/@:]*(?::[^\s/@]*)?@)?(?:[\w-]|%[0-9a-f]{2}|\[[0-9a-f:.]+\])|www\.[\w-]+\.\w)", re.I
)
MAIL = re.compile(r"[A-Za-z0-9][\w.+\-]*@[A-Za-z0-9][\w-]*(?:\.[\w-]+)+", re.A)
TOP_LEVEL = re.compile(r"\.[A-Za-z]+\Z")
"""How a mail address ends: `glob@8.0.3` is a version of a package."""
ENTITY = re.compile(r"&[A-Za-z0-9]+;\Z")
TRAILING = "?!.,:;*_~'\""
CLOSING = {")": "(", "]": "[", "}": "{"}
HELD = frozenset(("image", "link_close", "code_inline"))
"""Elements that may have attributes behind them."""


def formula(state: StateInline, silent: bool) -> bool:
    """`$x$`, `$$x$$` or GitHub's form with backticks. Code, tags and links' targets bind tighter."""
    src, pos = state.src, state.pos
    found = FORMULA.match(src, pos)
    if found is None or not may_begin(src, pos) or not _is_whole(state, found):
        end = pos + 2 if src.startswith("$$", pos) else pos + 1
        state.append_pending(src[pos:end])
        state.pos = end
        return True
    token = state.push("formula", "", 0)
    token.content = found["ticked"] or found["display"] or found["inline"]
    token.markup = found[0]
    token.block = found["display"] is not None
    token.meta["at"] = pos
    state.pos = found.end()
    return True


def may_begin(text: str, at: int) -> bool:
    """Whether a formula may begin here: not behind a letter, unless that is of a script without spaces."""
    before = text[at - 1] if at else " "
    if before in ("_", "$") or not before.isalnum():
        return before not in ("_", "$")
    return re.match(f"[{BESIDE}]\\$[^{BESIDE}]", text[at - 1 : at + 2]) is not None


def _is_whole(state: StateInline, found: re.Match[str]) -> bool:
    """Whether what the dollars hold is neither part of code, of a tag or of a link."""
    if found["ticked"]:
        return True
    text = found["display"] or found["inline"]
    if "`" in text or IN_TARGET.search(text):
        return False
    angle = text.rfind("<")
    if angle >= 0 and (tag := TAG.match(state.src, found.start(found.lastgroup or 0) + angle)):
        return tag.end() <= found.end()
    return not (state.env["brackets"] and re.search(r"\][(\[]", text) and text.count("]") > text.count("["))


def warn_of_parentheses(state: StateInline) -> None:
    r"""Say that `\(x\)` is no formula here, as it is none on GitHub."""
    found = PARENTHESES.match(state.src, state.pos)
    if found and (MATHS.search(found[1] or found[2]) or _is_symbol(state, found)):
        cure = "Write `$…$` around a formula, or put code in backticks."
        state.env["tell"](state.pos, f"`{found[0]}` is no formula: its backslashes are left out.", cure, "formula-form")


def _is_symbol(state: StateInline, found: re.Match[str]) -> bool:
    r"""Whether `\(z\)` stands beside formulas of the same article; `f\(x\)` and `file\(s\)` are code and text."""
    before = state.src[found.start() - 1 : found.start()] or " "
    is_apart = found[1] is not None and not before.isalnum()
    return is_apart and state.env["has_formulas"] and SYMBOLS.match(found[1]) is not None


def braced(state: StateInline, silent: bool) -> bool:
    """`{figure: name}`, or attributes of the element that ends here."""
    if found := FIGURE.match(state.src, state.pos):
        token = state.push("figure", "", 0)
        token.content, token.markup, token.meta["at"] = found[1], found[0], state.pos
        state.pos = found.end()
        return True
    found = BRACES.match(state.src, state.pos)
    if found is None:
        return False
    given = attributes_of(found[1])
    last = state.tokens[-1] if state.tokens and not state.pending else None
    if given and last is not None and last.type in HELD:
        _give(state, given)
        state.pos = found.end()
        return True
    if found[0].startswith("{:") and found[1].strip():
        cure = "Write it behind a heading, a picture, a link or code, or on a line of its own under a block."
        state.env["tell"](
            state.pos, f"`{found[0]}` gives attributes to nothing; it is shown as text.", cure, "attributes"
        )
    return False


def _give(state: StateInline, given: dict[str, str]) -> None:
    token = state.tokens[-1]
    if token.type == "link_close":
        token = next(each for each in reversed(state.tokens) if each.type == "link_open")
    for name, value in given.items():
        token.attrs[name] = f"{token.attrs[name]} {value}" if name == "class" and "class" in token.attrs else value


def box(state: StateInline, silent: bool) -> bool:
    """The box of a task, which the list has put there."""
    state.push("box", "", 0).content = state.src[state.pos]
    state.pos += 1
    return True


def addressed(state: StateInline, silent: bool) -> bool:
    """A bare address or mail address; what a browser would not follow is text."""
    src, pos = state.src, state.pos
    if state.linkLevel > 0:
        found, scheme = ADDRESS.match(src, pos) or MAIL.match(src, pos), ""
        state.append_pending(found[0] if found else src[pos])
        state.pos = found.end() if found else pos + 1
        return True
    if HOST.match(src, pos):
        found = ADDRESS.match(src, pos)
        text = _trimmed(found[0]) if found else ""
        scheme = "http://" if text[:4].lower() == "www." else ""
    else:
        found = MAIL.match(src, pos)
        text = found[0] if found and TOP_LEVEL.search(found[0]) else ""
        scheme = "mailto:"
    if not text:
        return False
    opened = state.push("link_open", "a", 1)
    opened.attrs, opened.markup = {"href": scheme + text}, "autolink"
    state.push("text", "", 0).content = text
    state.push("link_close", "a", -1).markup = "autolink"
    state.pos = pos + len(text)
    return True


def _trimmed(address: str) -> str:
    """The address without what belongs to the sentence around it; a closing bracket is its own if its partner is."""
    depth = 0
    for at, char in enumerate(address):
        depth += (char == "[") - (char == "]")
        if depth < 0:
            address = address[:at]
            break
    while address:
        found = ENTITY.search(address, max(0, address.rfind("&"))) if address.endswith(";") else None
        bare = address[: found.start()] if found else address.rstrip(TRAILING)
        if bare[-1:] in CLOSING and bare.count(bare[-1]) > bare.count(CLOSING[bare[-1]]):
            bare = bare[:-1]
        if bare == address:
            break
        address = bare
    return address
