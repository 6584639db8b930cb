"""Marks of Markdown dialects that this one has not: boxes, tabs, kramdown's and Python-Markdown's own. Pure.

Each function takes a text and the same with its code blanked, and gives the text; code stays as it is.
"""

from __future__ import annotations

import re
from textwrap import dedent, indent

from trigpoint.importing.dialects.emojis import emojized
from trigpoint.importing.dialects.prose import masked_code
from trigpoint.markup.foreign.calls import inline
from trigpoint.markup.foreign.masking import Sought
from trigpoint.markup.foreign.meanings import KINDS, code, commented_tab
from trigpoint.markup.pairs import pair

BOX = re.compile(
    r"^(?P<margin>[ \t]*)(?P<mark>:{3,})[ \t]*(?=[{.\w-])(?:\{[ \t]*(?:\#[\w:.-]+[ \t]*)?)?\.?(?P<kind>[\w-]*)"
    r"[^\n\w\[\"]*(?:[ \t]+)?(?P<rest>[^\n]*)$",
    re.M,
)
SLASH_BOX = re.compile(
    r"^(?P<margin>[ \t]*)(?P<mark>/{3,})[ \t]*(?P<kind>[\w-]+)(?:[ \t]*\|[ \t]*(?P<rest>[^\n]*))?$", re.M
)
TAB = re.compile(r"^(?P<margin>[ \t]*)===[!+]?[ \t]+\"(?P<title>[^\"\n]*)\"[ \t]*$", re.M)
EMPTY_CONTENTS = re.compile(r"^#{1,6}[ \t]+(?:toc|table[ -]of[ -]contents?)[ \t]*\n+(?=#{1,6}[ \t])", re.I | re.M)
"""A heading below which a program would have put the contents."""
TOC = re.compile(
    r"^[ \t]*(?:\[\[?_?TOC_?\]?\]|@\[toc\](?:\([^()\n]*\))?|\$\{toc\}|<!--\s*toc\s*-->"
    r"|\*\*Table of Contents\*\*[ \t]*(?=\n+\[\[?toc)"
    r"|(?:[*+-]|1\.)[ \t]+\S[^\n]*\n[ \t]*\{:[ \t]*\.?toc[^}\n]*\}"
    r"|\{:[ \t]*toc[^}\n]*\}(?:\n[ \t]*(?:[*+-]|1\.)[ \t]+[^\n]*)?)"
    r"[ \t]*(?:\n[ \t]*(?=\n)|$)",
    re.M | re.I,
)
NO_TOC = re.compile(r"[ \t]*\{:?[ \t]*\.no_toc[ \t]*\}")
KRAMDOWN = re.compile(r"^[ \t]*\{::?/?(?:options|nomarkdown|comment)[^}\n]*/?\}[ \t]*$", re.M)
KRAMDOWN_COMMENT = pair(r"\{::comment\}", r"\{:/(?:comment)?\}")
KEYS = re.compile(r"(?<!\{)\+\+(?=\S)(?P<keys>[\w-]+(?:\+[\w\"-]+)*)\+\+")
BLOCK_ATTRIBUTES = re.compile(r"^(?P<margin>[ \t]*)\{(?P<inside>[.#][\w-][^{}\n]*)\}[ \t]*$", re.M)
"""Hugo's attributes of the block above."""
HEXO_TAB = re.compile(r"<!--\s*tab\b(?P<title>[^>\n]*?)-->")
HEXO_TAB_END = re.compile(r"^[ \t]*<!--\s*endtab\s*-->[ \t]*\n?", re.M)
EMOJI = re.compile(r"(?<![\w:/]):[a-z0-9_+-]{2,40}:(?![\w/])")
MARKED = re.compile(r"(?<![=\w{])==(?=[^\s=])(?P<text>[^=\n]+?)(?<=[^\s=])==(?![=\w}])")
MORE = re.compile(
    r"<!--\s*(?:more|TEASER_END[^>]*|PELICAN_END_SUMMARY|truncate|excerpt|end[_ -]?excerpt|read ?more)\s*-->"
    r"|\{/\*\s*truncate\s*\*/\}",
    re.I,
)
MATERIAL_ICON = re.compile(r":(?:material|fontawesome|octicons|simple|fa|mdi)-[\w-]+:(?:\{[^{}\n]*\})?[ ]?")
ANNOTATE = re.compile(r"[ \t]*\{[ \t]*\.(?:annotate|md-button|grid|card|md-button--primary)[^}\n]*\}")


def hexo_tabs(text: str, prose: str) -> str:
    """The text with the name of each of Hexo's tabs above what stands in it."""
    text = substituted(text, prose, HEXO_TAB_END)
    pieces, at = [], 0
    for found in HEXO_TAB.finditer(masked_code(text)):
        title = commented_tab(text[slice(*found.span("title"))])
        pieces += [text[at : found.start()], f"\n**{title}**\n" if title else "\n"]
        at = found.end()
    return "".join([*pieces, text[at:]])


def substituted(text: str, prose: str, pattern: Sought, by: str = "") -> str:
    """The text without what the pattern finds in prose; `by` may name its groups (`\\g<text>`)."""
    pieces, at = [], 0
    for found in pattern.finditer(prose):
        pieces += [text[at : found.start()], found.expand(by) if "\\" in by else by]
        at = found.end()
    return "".join([*pieces, text[at:]]) if pieces else text


def boxes(text: str, prose: str) -> str:
    """`:::note Title` … `:::` and `/// note | Title` … `///` as callouts; the inner ones too."""
    for pattern in (BOX, SLASH_BOX):
        sign = ":::" if pattern is BOX else "///"
        if sign in prose:
            text, prose = _boxes(text, prose, pattern, sign[0])
    return text


def _boxes(text: str, prose: str, pattern: re.Pattern[str], sign: str) -> tuple[str, str]:
    lines, shown = text.split("\n"), prose.split("\n")
    out: list[str] = []
    open_boxes: list[tuple[int, str, str, str, str]] = []
    for line, prosaic in zip(lines, shown, strict=True):
        found = pattern.match(prosaic)
        is_close = re.fullmatch(rf"[ \t]*{re.escape(sign)}{{3,}}[ \t]*", prosaic) is not None
        if found and not is_close:
            rest = line[found.start("rest") :] if found["rest"] is not None else ""
            open_boxes.append((len(out), found["margin"], found["kind"].lower(), rest.strip(), line))
        elif is_close and open_boxes:
            start, margin, kind, rest, _ = open_boxes.pop()
            inside = out[start:]
            del out[start:]
            out += indent(_box(kind, rest, dedent("\n".join(inside))), margin).split("\n")
        elif not is_close:
            out.append(line)
    for start, _, _, _, line in reversed(open_boxes):
        out.insert(start, line)
    whole = "\n".join(out)
    return whole, whole


def _quarto(kind: str, rest: str, inside: str) -> tuple[str, str, str]:
    """Kind, title and text of `::: {.callout-tip collapse="true"}`: its title is a heading in it, or an attribute."""
    heading = re.match(r"\s*#{1,6}[ \t]+(?P<title>[^\n]*)\n?", inside)
    named = re.search(r"\btitle=\"([^\"]*)\"", rest)
    is_folded = re.search(r"\bcollapse=\"?true", rest) is not None
    inside = inside[heading.end() :] if heading and not named else inside
    title = named[1] if named else heading["title"].strip() if heading else ""
    return "details" if is_folded else kind.removeprefix("callout-"), title, inside


def _box(kind: str, rest: str, inside: str) -> str:
    if kind.startswith("callout-"):
        kind, rest, inside = _quarto(kind, rest, inside)
    title = re.sub(r"^(?:\[(?P<in>.*)\])$", r"\g<in>", rest.strip())
    title = re.sub(r"\{[^}]*\}", "", title).strip().strip("\"'")
    body = inside.strip("\n")
    if kind in ("details", "spoiler", "collapse", "expand"):
        return f"\n<details>\n<summary>{title or 'Details'}</summary>\n\n{body}\n\n</details>\n"
    if kind in KINDS:
        first = f"> [!{KINDS[kind].upper()}]{' ' + title if title else ''}"
        return "\n" + "\n".join([first, *(f"> {line}".rstrip() for line in body.split("\n"))]) + "\n"
    return f"\n{body}\n"


def tabs(text: str, prose: str) -> str:
    """MkDocs's `=== "Title"`: each tab's text behind the one before, under its title."""
    if '=== "' not in prose and '===! "' not in prose and '===+ "' not in prose:
        return text
    lines, out = text.split("\n"), []
    shown = prose.split("\n")
    at = 0
    while at < len(lines):
        found = TAB.match(lines[at]) if TAB.match(lines[at]) and "===" in lines[at] else None
        if not found or (shown[at].strip("\0") == "" and shown[at]):
            out.append(lines[at])
            at += 1
            continue
        width = len(found["margin"].expandtabs(4)) + 4
        end = at + 1
        while end < len(lines) and (not lines[end].strip() or _width(lines[end]) >= width):
            end += 1
        inside = dedent("\n".join(lines[at + 1 : end])).strip("\n")
        inside = tabs(inside, inside)
        out += indent(f"**{found['title']}**\n\n{inside}\n", found["margin"]).split("\n")
        at = end
    return "\n".join(out)


def _width(line: str) -> int:
    return len(line.expandtabs(4)) - len(line.expandtabs(4).lstrip())


def emoji(text: str, prose: str) -> str:
    """`:tada:` as the sign itself, where its library is installed and knows the name."""
    pieces, at = [], 0
    for found in EMOJI.finditer(prose):
        sign = emojized(found[0])
        if sign != found[0]:
            pieces += [text[at : found.start()], sign]
            at = found.end()
    return "".join([*pieces, text[at:]]) if pieces else text


def keys(text: str, prose: str) -> str:
    """`++ctrl+c++` as keys."""
    pieces, at = [], 0
    for found in KEYS.finditer(prose):
        names = [part.strip('"') for part in found["keys"].split("+") if part]
        pieces += [
            text[at : found.start()],
            "+".join(f"<kbd>{name.capitalize() if len(name) > 1 else name.upper()}</kbd>" for name in names),
        ]
        at = found.end()
    return "".join([*pieces, text[at:]]) if pieces else text


def kramdown_math(text: str, prose: str) -> str:
    """`$$x$$` within a line is a formula of the line to kramdown; so are `\\\\(x\\\\)` to MathJax."""
    if "$$" in prose:
        pattern = re.compile(
            r"(?P<before>(?<=[^\s$])[ \t]*|(?<=[^\s$])|^)\$\$(?P<math>[^$\n]{1,500}?)\$\$(?P<after>(?=[ \t]*[^\s$])|)",
            re.M,
        )
        pieces, at = [], 0
        for found in pattern.finditer(prose):
            line_start = prose.rfind("\n", 0, found.start()) + 1
            line_end = prose.find("\n", found.end())
            rest = prose[line_start : found.start()] + prose[found.end() : line_end if line_end >= 0 else None]
            if not rest.strip(" \t>*-+0123456789."):
                continue
            math = text[found.start("math") : found.end("math")].strip()
            pieces += [text[at : found.start()], found["before"], f"$`{math}`$"]
            at = found.end()
        text = "".join([*pieces, text[at:]]) if pieces else text
    return text


def mathjax(text: str, prose: str) -> str:
    """`\\\\(x\\\\)` and `\\\\[x\\\\]`, as MathJax's users escape them, as formulas."""
    if "\\\\(" not in prose and "\\\\[" not in prose:
        return text
    text = _math(text, prose, re.compile(r"\\\\\((?P<math>[^\n]{1,800}?)\\\\\)"), lambda math: f"$`{inline(math)}`$")
    if "\\\\[" in text:
        text = _math(
            text,
            text,
            re.compile(r"\\\\\[(?P<math>.{1,4000}?)\\\\\]", re.S),
            lambda math: f"\n$$\n{math.strip()}\n$$\n",
        )
    return text


def _math(text: str, prose: str, pattern: re.Pattern[str], shown) -> str:  # type: ignore[no-untyped-def]
    pieces, at = [], 0
    for found in pattern.finditer(prose):
        pieces += [text[at : found.start()], shown(text[found.start("math") : found.end("math")])]
        at = found.end()
    return "".join([*pieces, text[at:]]) if pieces else text


CODEHILITE = re.compile(
    r"(?:(?<=\n\n)|(?<=\A))(?P<block>(?: {4}|\t)(?::::|#!)(?P<language>[\w+#.-]+)[^\n]*\n"
    r"(?:(?:(?: {4}|\t)[^\n]*|[ \t]*)(?:\n|\Z))*)"
)


def codehilite(text: str) -> str:
    """Python-Markdown's `:::python` at the top of indented code names its language: a fence does."""
    if ":::" not in text and "#!" not in text:
        return text

    def fenced(found: re.Match[str]) -> str:
        lines = found["block"].rstrip().split("\n")
        if lines[0].strip().startswith("#!") and "/" in lines[0]:
            return found[0]
        inside = "\n".join(line[4:] if line.startswith("    ") else line.lstrip("\t") for line in lines[1:])
        return code(inside, found["language"].lower()) + "\n\n"

    return CODEHILITE.sub(fenced, text)


ANCHOR = re.compile(r"<a\s+name\s*=\s*(?=[\"'])", re.I)
"""HTML of old: a heading's place by the name of a link."""
