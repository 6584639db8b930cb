"""Links, pictures and references to footnotes: what brackets mean in a line of text.

CommonMark's own algorithm: an opening bracket is put on a stack, and a closing one looks at what follows it. So each
bracket is looked at once, however they are nested. (The library's rules for links read ahead from each opening one.)
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from markdown_it.common.utils import normalizeReference
from markdown_it.helpers import parseLinkDestination, parseLinkTitle
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from trigpoint.markup.inline.emphasis import paired

NOTE = re.compile(r"\[\^([^\]\[\s]+)\]")
PLAIN_TARGET = re.compile(r"\(([^\s()<>\\&\x00-\x20\x7f]*)\)")
"""What most links have: an address without signs of a meaning of their own, and no title."""
LABEL = re.compile(r"\[((?:[^\[\]\\]|\\.){0,999}+)\]", re.S)
SPACES = re.compile(r"[ \t\n]*")
RANGE = re.compile(r"\w-\w")
LONGEST = 999
"""Characters of a label, by CommonMark."""
DEEPEST = 500
"""Open brackets that may still close; the outermost of more are text."""


@dataclass(slots=True)
class Bracket:
    """An opening bracket: its token, where its text starts, and how many delimiters stand before it."""

    token: int
    start: int
    delimiters: int
    is_image: bool
    active: bool = True
    holds_bracket: bool = False


def opening(state: StateInline, silent: bool) -> bool:
    """`[` or `![`: noted, or a reference to a footnote."""
    src, pos = state.src, state.pos
    found = NOTE.match(src, pos)
    if found and (label := state.env["notes"].get(found[1].casefold())) is not None:
        state.push("note", "", 0).content = label
        state.pos = found.end()
        return True
    is_image = src[pos] == "!"
    token = state.push("text", "", 0)
    token.content = "![" if is_image else "["
    state.pos += len(token.content)
    brackets = state.env["brackets"]
    if brackets:
        brackets[-1].holds_bracket = True
    if len(brackets) > DEEPEST:
        del brackets[: DEEPEST // 2]
    brackets.append(Bracket(len(state.tokens) - 1, state.pos, len(state.delimiters), is_image))
    return True


def closing(state: StateInline, silent: bool) -> bool:
    """`]`: with what follows it, the end of a link or a picture; else text."""
    brackets = state.env["brackets"]
    opener = brackets.pop() if brackets else None
    target = _target(state, opener) if opener and opener.active else None
    if opener is None or target is None:
        state.append_pending("]")
        state.pos += 1
        return True
    href, title, end = target
    if state.pending:
        state.pushPending()
    paired(state, opener.delimiters)
    attributes: dict[str, str | int | float] = {"title": title} if title else {}
    if opener.is_image:
        _picture(state, opener.token, {"src": href, **attributes})
    else:
        _link(state, opener.token, {"href": href, **attributes})
        for each in reversed(brackets):
            if not each.is_image:
                if not each.active:
                    break
                each.active = False
    state.pos = end
    return True


def _target(state: StateInline, opener: Bracket) -> tuple[str, str, int] | None:
    """Address, title and end of the link that closes here; None where it is none."""
    src, after = state.src, state.pos + 1
    if src.startswith("(", after):
        if found := PLAIN_TARGET.match(src, after):
            return found[1], "", found.end()
        if (inline := _inline(src, after + 1, state.posMax)) is not None:
            return inline
    return _reference(state, opener, after)


def _inline(src: str, pos: int, maximum: int) -> tuple[str, str, int] | None:
    """What stands in `(address "title")`, from behind its first parenthesis."""
    pos = SPACES.match(src, pos).end()  # type: ignore[union-attr]
    href = title = ""
    if not src.startswith(")", pos):
        address = parseLinkDestination(src, pos, maximum)
        if not address.ok:
            return None
        href, pos = address.str, address.pos
    behind = SPACES.match(src, pos).end()  # type: ignore[union-attr]
    if behind > pos and src[behind : behind + 1] in ("'", '"', "("):
        found = parseLinkTitle(src, behind, maximum)
        if not found.ok:
            return None
        title = found.str
        behind = SPACES.match(src, found.pos).end()  # type: ignore[union-attr]
    return (href, title, behind + 1) if src.startswith(")", behind) else None


def _reference(state: StateInline, opener: Bracket, after: int) -> tuple[str, str, int] | None:
    """`[text][label]`, `[label][]` or `[label]`, where the label is defined."""
    src = state.src
    found = LABEL.match(src, after)
    is_full = found is not None and bool(found[1].strip())
    label, end = (
        (found[1], found.end()) if found and is_full else ("", found.end() if found and not found[1] else after)
    )
    if not is_full:
        if opener.holds_bracket or state.pos - opener.start > LONGEST:
            return None
        label = src[opener.start : state.pos]
    defined = state.env["references"].get(normalizeReference(label)) if label.strip() else None
    if defined is None:
        if end > after and _looks_meant(src, opener, label, end):
            state.env["undefined"](label, opener.start)
        return None
    return defined["href"], defined["title"], end


def _looks_meant(src: str, opener: Bracket, label: str, end: int) -> bool:
    """Whether `[text][label]` was meant as a link: it is neither an index (`a[i][j]`) nor a class of signs."""
    before = src[opener.start - 2 : opener.start - 1] if opener.start > 1 else " "
    behind = src[end : end + 1] or " "
    is_part = before.isalnum() or before in "])`_}|^\\" or behind.isalnum() or behind in "[_(+*?{:="
    return not is_part and any(map(str.isalnum, label)) and not RANGE.fullmatch(label) and label[0] not in "^$:"


def _link(state: StateInline, at: int, attributes: dict[str, str | int | float]) -> None:
    """The tokens from this one on as a link. It holds no other: bare addresses in it are text, notes follow it."""
    inner = state.tokens[at + 1 :]
    notes = [token for token in inner if token.type == "note"]
    if notes:
        inner = [token for token in inner if token.type != "note"]
    for token in inner:
        if token.markup == "autolink":
            token.type, token.nesting, token.content = "text", 0, ""
    opened = Token("link_open", "a", 1, attrs=attributes)
    state.tokens[at:] = [opened, *inner, Token("link_close", "a", -1), *notes]


def _picture(state: StateInline, at: int, attributes: dict[str, str | int | float]) -> None:
    """The tokens from this one on as a picture, whose words they are."""
    inner = state.tokens[at + 1 :]
    words = "".join(_words(token) for token in inner)
    notes = [token for token in inner if token.type == "note"]
    picture = Token("image", "img", 0, attrs={"alt": words, **attributes})
    state.tokens[at:] = [picture, *notes]


def _words(token: Token) -> str:
    match token.type:
        case "text" | "text_special" | "code_inline":
            return token.content
        case "softbreak" | "hardbreak":
            return "\n"
        case "formula":
            return token.markup
        case "image":
            return str(token.attrs["alt"])
    return ""
