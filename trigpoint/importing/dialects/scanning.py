"""Tags of template languages found in prose, paired, and replaced by what they mean; the inner ones first.

`text` and `prose` are of one length: `prose` has its code blanked, so that nothing in code is ever a tag. Pure.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from textwrap import dedent

from trigpoint.markup.foreign.calls import Call, parameters
from trigpoint.markup.foreign.html_form import as_html
from trigpoint.markup.foreign.masking import is_in_html

LIQUID = re.compile(
    r"\{%-?\s*(?P<close>end)?(?P<name>[A-Za-z_][\w./-]*)(?P<arguments>(?:(?!%\}|\{%).){0,4000}?)\s*-?%\}", re.S
)
HUGO = re.compile(
    r"\{\{(?P<sign>[<%])\s*(?P<close>/)?\s*(?P<name>[A-Za-z_][\w./-]*)(?P<arguments>(?:(?![<%]\}\}|[>%]\}\}|\{\{[<%]).){0,4000}?)\s*(?P<self>/)?\s*[>%]\}\}",
    re.S,
)
ZOLA = re.compile(
    r"\{\{\s*(?P<name>[A-Za-z_]\w*(?:::\w+)?)\((?P<arguments>(?:\"(?:[^\"\\]|\\.)*\"|'[^']*'|`[^`]*`|[^{}()\"'`]|\([^()]*\)){0,4000})\)\s*\}\}"
    r"|\{%-?\s*(?:(?P<bname>[A-Za-z_]\w*)\((?P<barguments>(?:\"(?:[^\"\\]|\\.)*\"|'[^']*'|[^()\"']){0,4000})\)|(?P<close>end)\w*)\s*-?%\}",
    re.S,
)
IN_TARGET = re.compile(r"\]\([^()\n]*\Z|=[\"'][^\"'\n]*\Z")
"""The end of a line that breaks off in an address, in which no comment can stand."""

FORMS = {"liquid": LIQUID, "hugo": HUGO, "zola": ZOLA}
SINGLE_END = "\0end"
"""The name of Zola's closing tag, which fits any opening one."""


@dataclass(slots=True)
class Tag:
    """A tag in the text, from `start` to `end`; once it is paired, `close` is its closing tag."""

    start: int
    end: int
    name: str
    arguments: str
    is_close: bool
    may_close: bool
    close: Tag | None = None
    children: list[Tag] = field(default_factory=list)


Meaning = Callable[[Call], "str"]


def replaced(text: str, prose: str, forms: Iterable[str], meaning: Meaning) -> str:
    """The text with each tag of these forms replaced by its meaning."""
    tags = sorted((tag for form in forms for tag in _tags(text, prose, form)), key=lambda tag: tag.start)
    apart: list[Tag] = []
    for tag in tags:
        if not apart or tag.start >= apart[-1].end:
            apart.append(tag)
    if not apart:
        return text
    return _rendered(text, 0, len(text), _tree(apart), meaning)


def _tags(text: str, prose: str, form: str) -> Iterable[Tag]:
    for found in FORMS[form].finditer(prose):
        groups = found.groupdict()
        close = bool(groups.get("close"))
        name = groups.get("name") or groups.get("bname") or SINGLE_END
        key = "arguments" if groups.get("arguments") is not None else "barguments"
        arguments = text[found.start(key) : found.end(key)] if groups.get(key) is not None else ""
        may_close = not groups.get("self") and (form != "zola" or groups.get("bname") is not None)
        if form == "liquid" and name == "end" and not close:
            close, name = True, SINGLE_END
        yield Tag(found.start(), found.end(), name, arguments, close, may_close)


def _tree(tags: list[Tag]) -> list[Tag]:
    """The outermost tags, each with those between it and its closing tag."""
    root = Tag(0, 0, "", "", False, False)
    open_tags = [root]
    names: Counter[str] = Counter()
    for tag in tags:
        if not tag.is_close:
            open_tags[-1].children.append(tag)
            if tag.may_close:
                open_tags.append(tag)
                names[tag.name] += 1
            continue
        if not (names[tag.name] or (tag.name == SINGLE_END and len(open_tags) > 1)):
            open_tags[-1].children.append(tag)
            continue
        depth = next(
            depth for depth in range(len(open_tags) - 1, 0, -1) if tag.name in (open_tags[depth].name, SINGLE_END)
        )
        names.subtract(each.name for each in open_tags[depth:])
        _close_singles(open_tags, depth + 1)
        open_tags.pop().close = tag
    _close_singles(open_tags, 1)
    return root.children


def _close_singles(open_tags: list[Tag], depth: int) -> None:
    """Those above this depth never close: what was taken for theirs stands behind them."""
    for single in open_tags[depth:]:
        open_tags[depth - 1].children += single.children
        single.children = []
    del open_tags[depth:]


def _rendered(text: str, start: int, end: int, tags: list[Tag], meaning: Meaning) -> str:
    pieces, at = [], start
    for tag in tags:
        last = tag.close or tag
        line = text.rfind("\n", 0, tag.start) + 1
        behind = text.find("\n", last.end)
        behind = len(text) if behind < 0 else behind
        before = text[line : tag.start]
        margin = re.match(r"[ \t]*(?:(?:[-*+]|\d+[.)])[ \t]+)?", before)
        is_alone = margin is not None and margin.end() == len(before) and not text[last.end : behind].strip()
        inner = _rendered(text, tag.end, tag.close.start, tag.children, meaning) if tag.close else ""
        raw = text[tag.end : tag.close.start] if tag.close else ""
        positional, named = parameters(tag.arguments)
        call = Call(
            tag.name,
            text[tag.start : tag.end],
            positional,
            named,
            tag.arguments.strip(),
            inner,
            raw,
            bool(tag.close),
            is_alone,
        )
        if tag.is_close:
            call = replace(call, name=f"/{tag.name}" if tag.name != SINGLE_END else "/end")
        above = text[text.rfind("\n", 0, max(0, line - 1)) + 1 : max(0, line - 1)]
        next_end = text.find("\n", behind + 1)
        below = text[behind : next_end if next_end >= 0 else len(text)]
        result = as_html(meaning(call)) if is_in_html(text, tag.start) else meaning(call)
        result = "" if result.startswith("<!--") and IN_TARGET.search(before) else result
        pieces += [text[at : tag.start], _placed(result, before, above, below, is_alone)]
        at = last.end
    return "".join([*pieces, text[at:end]])


def _placed(result: str, before: str, above: str, behind: str, is_alone: bool) -> str:
    """A result of several lines as blocks of their own, indented as the tag was.

    `before` is what stands in front of the tag in its line; `above` and `behind` are the lines around it.
    """
    if "\n" not in result and not result.startswith(("> ", "```", "<details", "$$")):
        return result
    lines = dedent(result).strip("\n").split("\n")
    if not is_alone:
        return "\n\n" + "\n".join(lines) + "\n\n"
    margin = re.sub(r"[^\t]", " ", before)
    whole = "\n".join([lines[0], *(margin + line if line else "" for line in lines[1:])])
    opening = f"\n{before}" if above.strip() and not before.strip() else ""
    return opening + whole + ("\n" if behind.strip() else "")
