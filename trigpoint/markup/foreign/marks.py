"""Small marks of other dialects: MkDocs's keys and icons, Obsidian's links, CriticMarkup, kramdown's tables. Pure."""

from __future__ import annotations

import re
from html import escape

from trigpoint.markup.block_reader import HEADLESS
from trigpoint.markup.foreign.masking import Rule, defined_labels, written
from trigpoint.markup.foreign.meanings import commented_tab
from trigpoint.markup.foreign.tags import address_of
from trigpoint.markup.pairs import pair

PICTURE = re.compile(r"\.(?:png|jpe?g|gif|webp|avif|svg|bmp)\Z", re.I)
KEY = re.compile(
    r"enter|return|esc(?:ape)?|tab|ctrl|control|alt|option|shift|cmd|command|meta|win(?:dows)?|space|back(?:space)?|del(?:ete)?"
    r"|home|end|page-?(?:up|down)|(?:arrow-)?(?:up|down|left|right)|f\d\d?|[a-z0-9]",
    re.I,
)
SEPARATOR = re.compile(r"[ \t]*(?:\|[ \t]*)?:?[-=]+:?[ \t]*(?:[|+][ \t]*:?[-=]+:?[ \t]*)*(?:[|+][ \t]*)?$")


USUAL = (
    r"[ ]{0,3}\|[^\n]*\n[ ]{0,3}\|[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*(?:\n|\Z)"
    r"(?:[ ]{0,3}\|(?![ \t]*:?[-=]{2})[^\n]*(?:\n|\Z))*(?![ ]{0,3}[|+])"
)
"""A table as everybody reads it: a head, a line below it, and rows."""


ELEMENTS = {"underline": "u", "ul": "u", "mark": "mark", "hl": "mark", "kbd": "kbd"}
"""What the classes of a span say, as elements."""


def nothing(text: str, found: re.Match[str]) -> str:
    return ""


def _around(name: str):  # type: ignore[no-untyped-def]
    return lambda text, found: f"<{name}>{written(text, found, 'text')}</{name}>"


def _text(text: str, found: re.Match[str]) -> str:
    return written(text, found, "text")


def _keys(text: str, found: re.Match[str]) -> str | None:
    if not re.search(r"[+\"]", found["keys"]) and not KEY.fullmatch(found["keys"]):
        return None
    names = [name for name in found["keys"].split("+") if name]
    return "+".join(f"<kbd>{escape(_shown_key(name))}</kbd>" for name in names)


def _shown_key(name: str) -> str:
    """What stands on a key; in quotes as it is written."""
    if name.startswith('"'):
        return name.strip('"')
    return name.capitalize() if len(name) > 1 else name.upper()


def _critic(text: str, found: re.Match[str]) -> str:
    inside = written(text, found, "text")
    if found["mark"] == "~~":
        old, _, new = inside.partition("~>")
        return f"<del>{old}</del><ins>{new}</ins>"
    name = {"--": "del", "++": "ins", "==": "mark"}.get(found["mark"])
    return f"<{name}>{inside}</{name}>" if name else ""


def _wiki(text: str, found: re.Match[str]) -> str | None:
    """`[[Name#Part|text]]` leads to the post of that name; `![[a.png|300]]` is a picture."""
    name, shown = found["name"].strip(), (found["text"] or "").strip()
    if found["bang"] and PICTURE.search(name):
        width = f"{{width={shown.split('x')[0]}}}" if re.fullmatch(r"\d+(?:x\d+)?", shown) else ""
        alt = "" if width else shown
        return f"![{alt or re.split(r'[/.]', name)[-2]}](<{name}>){width}"
    if name.casefold() in defined_labels(text):
        return None
    part = found["part"] or ""
    label = shown or f"{name} {part[1:]}".strip()
    fragment = re.sub(r"[^\w-]+", "-", part[1:].lower())
    return f"[{label}]({address_of(name)}{'#' if fragment else ''}{fragment})"


def _picture_alone(text: str, found: re.Match[str]) -> str | None:
    return _wiki(text, found) if found["bang"] and PICTURE.search(found["name"].strip()) else None


def _hexo_tab(text: str, found: re.Match[str]) -> str:
    title = commented_tab(found["text"] or "")
    return f"**{title}**  " if title else ""


def _of_root(text: str, found: re.Match[str]) -> str:
    """Docusaurus's own folder, and its way to leave an address alone."""
    return "/" if found[0].startswith("@") else ""


def _span(text: str, found: re.Match[str]) -> str | None:
    """Pandoc's `[text]{.class}`, where no link has this label."""
    shown, name = written(text, found, "text"), ELEMENTS.get(found["class"] or "")
    if shown.casefold() in defined_labels(text):
        return None
    return f"<{name}>{shown}</{name}>" if name else shown


def _attributes(text: str, found: re.Match[str]) -> str | None:
    return f"{found['margin']}{{: {found['inside'].strip()}}}"


def _table(text: str, found: re.Match[str]) -> str | None:
    """kramdown's table: lines may part its body, and it needs no head."""
    lines = written(text, found, "rows").rstrip("\n").split("\n")
    rows = [line for line in lines if not SEPARATOR.match(line)]
    head = lines.index(rows[0]) + 1 if rows else 0
    if not rows or any(row.count("|") < 2 for row in rows):
        return None
    if head < len(lines) and SEPARATOR.match(lines[head]):
        delimiters = lines[head].replace("+", "|").replace("=", "-")
        rows.insert(1, delimiters)
    else:
        rows[0] = HEADLESS + rows[0].lstrip()
    end = found["rows"][len(found["rows"].rstrip("\n")) :]
    return "\n".join(rows) + end


RULES: tuple[Rule, ...] = (
    # mkdocstrings's, in whose place stands what it reads from a program
    (":::", re.compile(r"^:::[ \t]+\w+(?:\.\w+)+[ \t]*$(?:\n+(?:[ ]{4}|\t|\0)[^\n]*)*", re.M), nothing),
    ("8<", pair(r"^[ \t]*;?-{1,}8<-{1,}[ \t]*\n", r"^[ \t]*-{1,}8<-{1,}[ \t]*$", re.M, barrier=r"^\n"), nothing),
    (("8<-", "{!"), re.compile(r"^[ \t]*;?-{1,}8<-{1,}[ \t]*[\"'][^\n]*$|^[ \t]*\{![^\n{}]+!\}[ \t]*$", re.M), nothing),
    ("-", re.compile(r":(?:material|fontawesome|octicons|simple|fa|mdi)-[\w-]+:(?:\{[^{}\n]*\})?[ ]?"), nothing),
    ("{", re.compile(r"\{(?P<mark>--|\+\+|==|>>|~~)(?P<text>(?:(?!\{\S\S).)*?)(?:--|\+\+|==|<<|~~)\}"), _critic),
    (
        "++",
        re.compile(
            r"\+\+(?<![\w+]\+\+)(?=\S)(?P<keys>(?:[\w-]+|\"[^\"\n]+\")(?:\+(?:[\w-]+|\"[^\"\n]+\"))*)\+\+(?!\+)"
        ),
        _keys,
    ),
    ("++", re.compile(r"\+\+(?<![\w+]\+\+)(?=[^\s+])(?P<text>[^+{}\n]+?)(?<=[^\s+])\+\+(?![+\w])"), _around("ins")),
    ("<!--", re.compile(r"<!--[ \t]*(?:tab|timeline|node)(?:[ \t](?P<text>[^<>\n]*?))?-->", re.I), _hexo_tab),
    (("@site/", "pathname://"), re.compile(r"(?<=[(\"'])(?:@site/(?:static/)?|pathname://(?=/))"), _of_root),
    # VuePress's and VitePress's
    ("@tab", re.compile(r"^@tab(?::active)?[ \t]+(?P<text>[^\n#]+?)(?:\#[^\n]*)?[ \t]*$", re.M), _hexo_tab),
    (("<<<", "@[code"), re.compile(r"^(?:<<<[ ]?[@.~/][^\n]*|@\[code[^\[\]\n]*\]\([^()\n]*\)[ \t]*)$", re.M), nothing),
    # Quarto's
    ("{#eq-", re.compile(r"[ ]?\{\#eq-[^{}\n]*\}"), nothing),
    ("{#tbl", re.compile(r"^(?::|Table:)[ \t]+(?P<text>[^\n]*?)[ \t]*\{\#tbl[^{}\n]*\}[ \t]*$", re.M), _text),
    ("<--->", re.compile(r"^<--->[ \t]*$", re.M), nothing),
    ("==", re.compile(r"==(?<![=\w]==)(?=[^\s=])(?P<text>[^=\n]+?)(?<=[^\s=])==(?![=\w])"), _around("mark")),
    ("^^", re.compile(r"\^\^(?=\S)(?P<text>[^\^\n]+?)(?<=\S)\^\^"), _around("ins")),
    ("^", re.compile(r"\^(?<=\w\^)(?P<text>[\w+-]{1,12})\^(?!\^)"), _around("sup")),
    ("~", re.compile(r"~(?<=\w~)(?P<text>\d{1,3}|[a-z]{1,2})~(?!~)"), _around("sub")),
    ("%%", re.compile(r"(?<!\S)%%[^%\n]+%%(?!\S)|^%%[ \t]*\n(?:[^%]|%(?!%))*?^%%[ \t]*$", re.M), nothing),
    (
        "^",
        re.compile(r"(?m)^[ \t]*\^(?=[A-Za-z0-9-]*[A-Za-z])[A-Za-z0-9-]+[ \t]*$|[ \t]\^[A-Za-z0-9-]{4,}[ \t]*$"),
        nothing,
    ),
    (
        "[[",
        re.compile(
            r"(?<![\[\\])(?P<bang>!?)\[\[(?=[^\W_])(?P<name>[^\[\]|#\n^,=\0]+)(?P<part>#[^\[\]|\n]+)?(?:\|(?P<text>[^\[\]\n]+))?\]\](?![\[(\]])"
        ),
        _wiki,
    ),
    (
        "]{",
        re.compile(
            r"\[(?<![!\]\\]\[)(?P<text>(?:[^\[\]\n]|!?\[[^\[\]\n]*\])+)\]"
            r"\{[ ]?(?:\.(?P<class>[\w-]+)|[.#]|[\w-]+=)[^{}\n]*\}"
        ),
        _span,
    ),
    (
        ("{.", "{#", "{ .", "{ #"),
        re.compile(r"^(?P<margin>[ \t>]*)\{[ \t]*(?P<inside>[.#][\w-][^{}\n]*)\}[ \t]*$", re.M),
        _attributes,
    ),
    (
        "|",
        re.compile(
            rf"^(?<![^\n]\n)(?!{USUAL})" r"(?P<rows>(?:[ ]{0,3}(?:\||[+][-=+|: ]*(?:\t[ \t]*)?$)[^\n]*(?:\n|\Z)){2,})",
            re.M,
        ),
        _table,
    ),
)
WITHOUT_LINKS: tuple[Rule, ...] = tuple(
    (sign, pattern, _picture_alone if meaning is _wiki else meaning) for sign, pattern, meaning in RULES
)
"""The same where only pictures in `![[…]]` are read."""
