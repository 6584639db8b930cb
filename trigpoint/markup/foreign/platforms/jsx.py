"""HTML in MDX, in which all that stands between two tags is Markdown, however it is indented. Line for line, pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from trigpoint.markup.foreign.html_form import as_html
from trigpoint.markup.foreign.masking import without_fences

ATTRIBUTES = r"(?P<attributes>(?:[^<>\"'\n]|\"[^\"\n]*\"|'[^'\n]*')*)"
OPENED = re.compile(
    r"[ \t]*<(?P<name>div|section|article|aside|figure|center|main|header|footer|blockquote|details"
    r"|td|th|li|p|summary|figcaption)\b"
    rf"(?![^<>\n]*\bmarkdown\b){ATTRIBUTES}(?<!/)>[ \t]*\Z"
)
CLOSED = re.compile(r"[ \t]*</(?P<name>[a-z]+)>[ \t]*\Z")
MARKS = re.compile(r"!\[|\]\(|\*\*|(?<![\w*])[*_](?=\w)|`|^\s*(?:[-*+]|\d{1,3}\.|#{1,6})[ ]\S", re.M)
ONE_LINE = re.compile(
    rf"<(?P<name>summary|figcaption|p|td|th|li|h[1-6]|caption|dt|dd)\b{ATTRIBUTES}>(?P<inner>[^\n]{{1,2000}}?)</(?P=name)>"
)
CODE = re.compile(r"(?<!`)(?P<mark>`{1,2})(?!`)(?P<code>[^`\n]+)(?P=mark)(?!`)")
EMPHASIS = re.compile(r"(?<![\w*\\])(?P<mark>[*_])(?=[^\s*_])(?P<text>[^*_\n<>]+)(?<=\S)(?P=mark)(?![\w*])")
WITHIN = ("td", "th", "li", "p", "summary", "figcaption")
"""Elements that stand in others, or hold no blocks."""

DEEPEST = 30
"""Elements in each other that are looked into."""


def with_read_html(text: str) -> str:
    """The text with HTML in which others read Markdown, too."""
    return _with_blocks(_with_lines(text)) if "<" in text else text


def _with_lines(text: str) -> str:
    """Elements of one line, their Markdown as HTML."""
    pieces, at = [], 0
    for found in ONE_LINE.finditer(without_fences(text)):
        start, end = found.span("inner")
        if MARKS.search(text, start, end):
            pieces += [text[at:start], _as_html(text[start:end])]
            at = end
    return "".join([*pieces, text[at:]]) if pieces else text


def _as_html(markdown: str) -> str:
    html = as_html(CODE.sub(lambda code: f"<code>{escape(code['code'].strip(), quote=False)}</code>", markdown))
    return EMPHASIS.sub(r"<em>\g<text></em>", html)


def _with_blocks(text: str) -> str:
    """Elements over lines that hold Markdown, with the mark that has it read, and without their indentation."""
    lines, opened = text.split("\n"), list[tuple[int, str]]()
    for at, line in enumerate(without_fences(text).split("\n")):
        if found := OPENED.match(line):
            opened = [*opened[-DEEPEST:], (at, found["name"])]
        elif (closed := CLOSED.match(line)) and opened and opened[-1][1] == closed["name"]:
            start, name = opened.pop()
            (_read if name in WITHIN else _mark)(lines, start, at)
    return "\n".join(lines)


def _mark(lines: list[str], start: int, end: int) -> None:
    inside = lines[start + 1 : end]
    if not MARKS.search("\n".join(inside)):
        return
    margin = re.match(r"[ \t]*", lines[start])[0]  # type: ignore[index]
    columns = _columns(inside)
    lines[start + 1 : end] = [f"{margin}{line[columns:]}" if line.strip() else "" for line in inside]
    lines[start] = re.sub(r">[ \t]*\Z", ' markdown="1">', lines[start])


def _read(lines: list[str], start: int, end: int) -> None:
    """Markdown as HTML; where empty lines part it, GitHub reads it if it is not indented."""
    inside = lines[start + 1 : end]
    if any(not line.strip() for line in inside):
        columns = _columns(inside)
        lines[start + 1 : end] = [line[columns:] for line in inside]
    elif MARKS.search("\n".join(inside)):
        lines[start + 1 : end] = map(_as_html, inside)


def _columns(lines: Sequence[str]) -> int:
    """By how much all of these lines are indented."""
    return min((len(line) - len(line.lstrip(" \t")) for line in lines if line.strip()), default=0)
