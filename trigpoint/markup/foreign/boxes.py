"""Boxes, quotes and tabs of other dialects, as callouts, quotes and paragraphs of ours; each keeps its lines. Pure."""

from __future__ import annotations

import re
from textwrap import dedent

from trigpoint.markup.foreign.html_form import in_its_place
from trigpoint.markup.foreign.masking import Rule, masked, written
from trigpoint.markup.foreign.meanings import LOOKS, PULLED, cited, shown_before_colours
from trigpoint.markup.pairs import pair

KINDS = (
    "note|tip|info|hint|warning|warn|caution|danger|important|success|error|example|question|bug|abstract|todo|attention"
    "|notice|alert|callout|admonition|message|failure|aside|primary|secondary|noteblock"
)
FOLDED = "details?|expand|spoiler|collapse|fold|folding|hidetoggle|toggle|hideblock"
QUOTES = "blockquote|quote|pullquote|epigraph"
NAMES = f"{KINDS}|{FOLDED}|{QUOTES}"
WORD = re.compile(
    r"(?:(?P<key>[\w-]+)[=:](?!//)[ \t]*)?"
    r"(?:\"(?P<double>(?:[^\"\\]|\\.)*)\"|'(?P<single>(?:[^'\\]|\\.)*)'|(?P<bare>[^\s\"'=]+))",
    re.S,
)
GENERIC = ("notice", "alert", "callout", "admonition", "message", "primary", "secondary", "aside", "noteblock")


def arguments(written: str) -> tuple[list[str], dict[str, str]]:
    """What stands behind the name of a tag: values by place, and by name."""
    plain, named = [], {}
    for found in WORD.finditer(written):
        value = next((found[name] for name in ("double", "single", "bare") if found[name] is not None), "")
        value = re.sub(r"\\([\"'])", r"\1", value)
        if found["key"]:
            named[found["key"].lower()] = value
        else:
            plain.append(value)
    return plain, named


def box(name: str, written: str) -> str:
    """The first line of the callout or quote that a tag of this name opens."""
    name = name.lower()
    plain, named = arguments(re.sub(r"\A\s*\w+::(?=\S)", "", written))  # A colour.
    if name in QUOTES.split("|"):
        return ">"
    if re.fullmatch(FOLDED, name):
        title = (
            next((named[key] for key in ("summary", "title", "text", "label") if named.get(key)), "")
            or shown_before_colours(name, written)
            or " ".join(filter(None, map(_title, plain)))
            or "Details"
        )
        return f"> [!NOTE]- {title}"
    looks = (named.get(key, "") for key in ("type", "kind", "class", "style", "color"))
    kind = next((look for look in looks if re.fullmatch(KINDS, look, re.I)), "") or named.get("type") or name
    if kind in GENERIC:
        kind = plain.pop(0) if plain and re.fullmatch(KINDS, plain[0], re.I) else "note"
    elif plain and re.fullmatch(KINDS, plain[0], re.I):
        kind = plain.pop(0)
    is_icon = re.compile(r"[a-z0-9-]+" if name in ("alert", "tip") else r"[a-z0-9]+(?:[-_][a-z0-9]+)+")
    words = (word for word in map(_title, plain) if re.search(r"\w", word) and not is_icon.fullmatch(word))
    title = named.get("title") or " ".join(words)
    return f"> [!{re.sub(r'[^A-Za-z-]', '', kind).upper() or 'NOTE'}] {title}".rstrip()


def _title(word: str) -> str:
    """A word of a title; "" where it says how the box looks."""
    parts = word.strip(",").split()
    return "" if all(map(LOOKS.fullmatch, parts)) else word.removeprefix("title:")


def _author(written: str) -> str:
    """Who said it, of what stands behind the name of a quote's tag."""
    _, named = arguments(written)
    by = next((named[name] for name in ("author", "by", "source", "cite", "caption") if name in named), "")
    return by or ("" if "=" in written else " ".join(written.split()).strip("\"'"))


SUMMARY = re.compile(
    r"\s*\{%-?[ \t]*(?P<name>\w*summary)[ \t]*-?%\}(?P<title>[^{}]*)\{%-?[ \t]*end(?P=name)[ \t]*-?%\}", re.I
)
"""A folded part's title, in a tag of its own."""


def _boxed(text: str, found: re.Match[str]) -> str | None:
    """The lines between two tags with a quote's sign before each."""
    inside = written(text, found, "inside")
    if "pull" in found["name"].lower():
        inside = PULLED.sub(r"\g<text>", inside)
    args = written(text, found, "args")
    head = box(found["name"], args)
    if "summary" in inside.lower() and head.startswith("> [!NOTE]-") and (summary := SUMMARY.match(inside)):
        head = f"> [!NOTE]- {' '.join(summary['title'].split())}"
        inside = "\n" * summary[0].count("\n") + inside[summary.end() :]
    lines = dedent(inside.strip("\n")).split("\n")
    by = cited(_author(args)) if head == ">" and "pull" not in found["name"].lower() else ""
    above = inside[: len(inside) - len(inside.lstrip("\n"))].count("\n")
    gap = [">"] * max(0, above - 1)
    indent = found["indent"]
    author = [] if not by else [">", f"> — {by}"] if inside.endswith("\n\n") else [f"> — {by}"]
    quoted = [head, *gap, *(f"> {line}" for line in lines), *author]
    is_followed = re.compile(r"\n[ \t]*\S").match(text, found.end()) and len(quoted) > inside.count("\n")
    return "\n".join(f"{indent}{line}".rstrip() for line in [*quoted, *([""] if is_followed else [])])


FENCED = re.compile(
    r"^(?P<indent>[ \t]*)"
    r"(?:(?P<mark>:{3,})[ \t]*(?=[{.A-Za-z])(?:\{[ \t]*(?:\#[\w:.-]+[ \t]*)?)?\.?|(?P<slashes>/{3,})[ \t]+(?=[A-Za-z]))"
    r"(?P<name>(?:[A-Za-z][\w-]*)?)\}?(?P<args>[^\n]*)$"
)
DEEPEST = 100
"""Boxes that are open at once, at most: each quotes its lines once more."""

FENCED_END = re.compile(r"^[ \t]*(?P<mark>:{3,}|/{3,})[ \t]*$")


def fenced(text: str) -> str:
    """The text with callouts for what stands between `:::note` and `:::`, or `/// note` and `///`; they may nest."""
    if ":::" not in text and "///" not in text:
        return text
    lines, open_boxes = text.split("\n"), list[tuple[int, re.Match[str]]]()
    for at, line in enumerate(masked(text).split("\n")):
        if found := FENCED.match(line):
            open_boxes = [*open_boxes[-DEEPEST:], (at, found)]
        elif end := FENCED_END.match(line):
            number = _opened_by(open_boxes, end["mark"])
            for start, opened in open_boxes[number : number + 1]:
                _close(lines, start, at, opened)
            del open_boxes[number:]
    return "\n".join(lines)


def _opened_by(open_boxes: list[tuple[int, re.Match[str]]], end: str) -> int:
    """The number of the innermost box that this mark closes: of one as long, else of any; past the last if none is."""
    marks = [opened["mark"] or opened["slashes"] for _, opened in open_boxes]
    same = [number for number, mark in enumerate(marks) if mark == end]
    alike = [number for number, mark in enumerate(marks) if mark[0] == end[0]]
    return max(same or alike, default=len(marks))


def _close(lines: list[str], start: int, end: int, opened: re.Match[str]) -> None:
    """Quote the lines between the two that open and close a box; one of no known kind is its text alone."""
    indent, name = opened["indent"], opened["name"].lower().removeprefix("callout-")
    head = _head(name, lines[start][opened.start("args") :]) if re.fullmatch(NAMES, name) else ""
    if head and name != opened["name"].lower():
        head = _titled(lines, start, head)
    if opened["slashes"]:
        for at in range(start + 1, end):
            if not re.match(r"[ \t]{4,}[\w-]+:[ \t]", lines[at]):
                break
            lines[at] = ""
    if head:
        for at in range(start + 1, end):
            lines[at] = f"{indent}> {lines[at].removeprefix(indent)}".rstrip()
    lines[start] = f"{indent}{head}" if head else ""
    lines[end] = ""


def _titled(lines: list[str], start: int, head: str) -> str:
    """The first line of Quarto's `::: {.callout-tip collapse="true"}`: its title is a heading below it."""
    head = head.replace("]", "]-", 1) if re.search(r"\bcollapse=\"?true", lines[start]) else head
    heading = re.match(r"[ \t]*#{1,6}[ \t]+(?P<title>[^\n]*?)[ \t]*$", lines[start + 1])
    if heading is None or not head.endswith(("]", "]-")):
        return head
    lines[start + 1] = ""
    return f"{head} {heading['title']}"


def _head(name: str, args: str) -> str:
    """The first line of a box between fences: what stands behind its name is its title."""
    attribute = re.search(r"(?:\{[^}]*|[^{}]*)\btitle=\"([^\"]*)\"[^{}]*\}", args)
    args = re.sub(r"[ \t]*:{3,}[ \t]*\Z", "", args)
    is_list = args.rstrip().endswith("}") and "{" not in args  # What was left of Pandoc's attributes.
    title = attribute[1] if attribute else "" if is_list else re.sub(r"\{[^}]*\}?", "", args).strip(" \t|}")
    title = re.sub(r"\A(?:\[(.*)\]|\"(.*)\"|'(.*)')\Z", lambda found: "".join(filter(None, found.groups())), title)
    return box(name, f'title="{title.replace(chr(34), chr(39))}"' if title else "")


def _tab(text: str, found: re.Match[str]) -> str:
    """`=== "Tab"` with what is indented below it: a paragraph with the tab's name, and the rest as it is."""
    indent = found["indent"]
    lines = written(text, found, "inside").split("\n")
    ends = (
        at for at, line in enumerate(lines) if line.strip() and not line.startswith((f"{indent}    ", f"{indent}\t"))
    )
    end = next(ends, len(lines))
    inside = [indent + _outdented(line.removeprefix(indent)) if line.strip() else "" for line in lines[:end]]
    apart = "  " if inside and inside[0] else ""
    return "\n".join([f"{indent}**{written(text, found, 'title')}**{apart}", *inside, *lines[end:]])


def _outdented(line: str) -> str:
    return line[4:] if line.startswith("    ") else line.removeprefix("\t")


TAB: Rule = (
    "===",
    re.compile(
        r"^(?P<indent>[ ]*)===[!+]?[ \t]+\"(?P<title>[^\"\n]+)\"[ \t]*\n"
        r"(?P<inside>(?:[ \t]*\n|(?:(?P=indent)(?:[ ]{4}|\t)|\0)[^\n]*(?:\n|\Z))*)",
        re.M,
    ),
    _tab,
)
NESTED = 3
"""Tabs that stand in each other: each time the outer ones are found."""

RULES: tuple[Rule, ...] = (
    (
        "{%",
        pair(
            rf"^(?P<indent>[ \t]*)\{{%-?[ \t]*(?P<name>{NAMES})(?![\w-])(?P<args>[^%\n]*?)-?%\}}",
            r"\{%-?[ \t]*(?:end|/[ \t]*)(?P=name)[ \t]*-?%\}",
            re.M | re.I,
        ),
        in_its_place(_boxed),
    ),
    (
        "{{",
        pair(
            rf"^(?P<indent>[ \t]*)\{{\{{[<%][ \t]*(?P<name>{NAMES})(?![\w-])(?P<args>[^\n]*?)[>%]\}}\}}",
            r"\{\{[<%]\s*/\s*(?P=name)\s*[>%]\}\}",
            re.M | re.I,
        ),
        in_its_place(_boxed),
    ),
    (
        "{%",
        pair(
            rf"^(?P<indent>[ \t]*)\{{%-?[ \t]*(?P<name>{NAMES})\((?P<args>[^%\n]*?)\)[ \t]*-?%\}}",
            r"\{%-?[ \t]*end\w*[ \t]*-?%\}",
            re.M | re.I,
        ),
        in_its_place(_boxed),
    ),
    *(TAB,) * NESTED,
)
