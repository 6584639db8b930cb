"""Markdown that others read and GitHub does not: headings without a space, addresses with one, old references. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from unicodedata import category, lookup

from trigpoint.markup.foreign.emoji_names import SIGNS
from trigpoint.markup.foreign.masking import Rule, defined_labels, masked, without_fences, written

FILE = r"[^()<>\n\"\'\0]*?\.[A-Za-z][A-Za-z0-9]{1,4}"


def _emoji(text: str, found: re.Match[str]) -> str | None:
    """`:tada:` as the sign of that name, or of the name that Unicode has for it."""
    if (sign := SIGNS.get(found["name"])) is not None:
        return sign
    try:
        sign = lookup(found["name"].replace("_", " "))
    except KeyError:
        return None
    return sign if sign >= "\U0001f300" and category(sign) == "So" else None


def _target(text: str, found: re.Match[str]) -> str | None:
    """`![a](my file.png)`, `![a](a.png =300x200)`: a file whose name has spaces, a picture with its size."""
    path, size = found["path"].strip(), ""
    if found["size"]:
        width, _, height = found["size"].partition("x")
        size = "".join(f" {name}={value}" for name, value in (("width", width), ("height", height)) if value)
    if not size and not re.search(r"\s", path):
        return None
    return f"](<{path}>{found['title'] or ''}){f'{{{size.strip()}}}' if size else ''}"


def _reference(text: str, found: re.Match[str]) -> str | None:
    """`[text] [label]`, as the first Markdown had it, where only the label is defined."""
    labels = defined_labels(text)
    is_old = found["label"].casefold() in labels and found["text"].casefold() not in labels
    return f"[{written(text, found, 'text')}][{found['label']}]" if is_old else None


def _heading(text: str, found: re.Match[str]) -> str:
    """A heading without a space behind its mark; the same mark at its end, or any behind a space, closes it."""
    words = re.sub(r"[ \t]+#+[ \t]*\Z", "", written(text, found, "text"))
    return f"{found['mark']} {words.removesuffix(found['mark']) if len(found['mark']) > 1 else words}"


def _note(text: str, found: re.Match[str]) -> str:
    return f"^[{' '.join(written(text, found, 'text').split())}]"


def _distill_code(text: str, found: re.Match[str]) -> str:
    """Distill's element for code, in a line or in lines of its own."""
    inside = written(text, found, "text")
    if "block" not in found["props"]:
        return f"``{inside}``" if "`" in inside else f"`{inside}`"
    language = re.search(r"language=[\"']([\w+#-]+)", found["props"])
    return f"```{language[1] if language else ''}\n{inside.strip(chr(10))}\n```"


def _strong(text: str, found: re.Match[str]) -> str | None:
    """`**a:**b`: GitHub shows the stars. Other pairs stay, and are looked at for what stands between two of them."""
    if not found["next"] or re.search(r"[\w\0]\Z", found["text"]):
        return None
    return f"<strong>{written(text, found, 'text')}</strong>"


RULES: tuple[Rule, ...] = (
    (
        "<details",
        re.compile(
            r"<details(?P<before>[^<>\n]{0,300}?)[ ]markdown(?:=[\"']?\w+[\"']?)?"
            r"(?P<behind>[^<>\n]*>[ \t]*<summary\b[^\n]*</summary>[ \t]*)(?=\n[ \t]*\n)"
        ),
        lambda text, found: f"<details{found['before']}{written(text, found, 'behind')}",
    ),
    ("<d-", re.compile(r"<d-footnote>(?P<text>(?:(?!<d-footnote|\n[ \t]*\n).)*?)</d-footnote>", re.S), _note),
    ("<d-", re.compile(r"<d-code(?P<props>[^<>]*)>(?P<text>(?:(?!<d-code).)*?)</d-code>", re.S), _distill_code),
    ("<escape", re.compile(r"</?escape>"), lambda text, found: ""),
    ("<d-", re.compile(r"[ ]?<d-cite\b[^<>]*>(?:[ \n]*</d-cite>)?"), lambda text, found: ""),
    (":", re.compile(r":(?<![\w:/.]:)(?P<name>x|[a-z0-9_+-]{2,40}):(?![\w/])"), _emoji),
    (
        " ",
        re.compile(
            rf"\]\((?=[^()\n]*[ ])(?P<path>{FILE})(?P<title>[ ]+\"[^\"\n]*\")?(?:[ ]+=(?P<size>\d*%?x\d*%?|\d+))?[ ]*\)"
        ),
        _target,
    ),
    (
        "align=",
        re.compile(r"\]\((?P<path>[^()\s<>\"\0]+)[ ]+align=\"(?:left|center|right)\"[ ]*\)"),
        lambda text, found: f"]({found['path']})",
    ),
    ("] [", re.compile(r"\[(?<![!\]\\\w]\[)(?P<text>[^\[\]\n]+)\] \[(?P<label>[^\[\]\n]+)\](?![(\[:])"), _reference),
    ("##", re.compile(r"(?P<mark>\#\#(?<![^\n]\#\#)\#{0,4})(?P<text>[^\s\#.!][^\n]*)$", re.M), _heading),
    ("#", re.compile(r"^(?<![^\n]\n)(?P<mark>\#)(?P<text>[A-Z\u4e00-\u9fff][^\#\n]*)$", re.M), _heading),
    ("**", re.compile(r"\*\*(?<![\\*\w]\*\*)(?=[^\s*])(?P<text>[^*\n]+)(?<!\s)\*\*(?=(?P<next>[^\W_])?)"), _strong),
)


DEFINITION = re.compile(
    r"^[ ]{0,3}\[(?P<label>[^\[\]\n^][^\[\]\n]{0,200})\]:[ \t]+<?[^\s<>]+>?"
    r"(?:[ \t]+(?:\"[^\"\n]*\"|'[^'\n]*'|\([^()\n]*\)))?[ \t]*$"
)
"""Where a reference leads to."""


def with_definitions_apart(text: str) -> str:
    """The text with the addresses of references behind it that stand right below other lines.

    Markdown.pl and Python-Markdown take them from there; to CommonMark they are a part of the paragraph.
    """
    lines = text.split("\n")
    below = dict(_below_text(lines)) if "]:" in text else {}
    used = {label.casefold() for label in re.findall(r"\[([^\[\]\n]+)\](?!:)", text)} if below else set()
    prose = masked(text).split("\n") if used & set(below.values()) else []
    moved = [at for at, label in below.items() if prose and prose[at] == lines[at] and label in used]
    found = [lines[at].strip() for at in moved]
    for at in moved:
        lines[at] = ""
    return "\n".join([*lines, "", *found]) if moved else text


def _below_text(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """The lines that define a label right below a text, and that label."""
    is_text = False
    for at, line in enumerate(lines):
        found = DEFINITION.match(line) if is_text and "]:" in line else None
        if found:
            yield at, found["label"].casefold()
        else:
            is_text = bool(line) and line[0] not in " \t>#`~" and not line.isspace() and not DEFINITION.match(line)


ITEM = re.compile(r"(?:[ ]{1,3}(?:\d{1,3}[.)]|[-*+])[ ]{2,3}|\d{2,3}[.)][ ]{1,3})(?=\S)")
"""An item of a list whose text may begin behind the fourth column, as Python-Markdown's users like them."""


def with_deeper_items(text: str) -> str:
    """The text with what is indented by four below such an item at the item's own text.

    To Python-Markdown four spaces are in the item; CommonMark counts from its text, and takes less for code.
    """
    if not re.search(rf"^{ITEM.pattern}", text, re.M):
        return text
    lines, prose, at = text.split("\n"), masked(text).split("\n"), 0
    behind = _behind_paragraphs(lines)
    while at < len(lines):
        found, start, at = ITEM.match(prose[at]), behind[at], at + 1
        if not found or start == len(lines) or not 4 <= _columns(lines[start]) < len(found[0]):
            continue
        at = next(
            (end for end in range(start, len(lines)) if lines[end].strip() and _columns(lines[end]) < 4), len(lines)
        )
        missing = " " * (len(found[0]) - 4)
        lines[start:at] = [missing + line if line.strip() else line for line in lines[start:at]]
    return "\n".join(lines)


def _behind_paragraphs(lines: Sequence[str]) -> list[int]:
    """For each line: the next one with something in it behind an empty one."""
    behind, text = [len(lines)] * (len(lines) + 1), len(lines)
    for at in range(len(lines) - 1, -1, -1):
        text = at if lines[at].strip() else text
        behind[at] = behind[at + 1] if text == at else text
    return behind


def _columns(line: str) -> int:
    line = line.expandtabs(4)
    return len(line) - len(line.lstrip())


TAG = re.compile(
    r"<(?P<close>/)?(?P<name>div|section|article|table|tbody|thead|tr|td|th|ul|ol|dl|figure|details|blockquote|center|nav|aside)\b"
    r"(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>",
    re.I,
)
INDENTED = re.compile(r"^(?P<indent>[ ]{4,}|[ ]*\t[ \t]*)(?=</?[a-z!])", re.I)


def with_whole_html(text: str) -> str:
    """The text with HTML that is indented below an empty line at the place of the element that holds it.

    To GitHub that is code; kramdown and Python-Markdown read an element to its end.
    """
    if "\n\n" not in text or not re.search(r"\n[ \t]*\n(?:[ ]{4,}|\t)[ \t]*</?[a-z]", text, re.I):
        return text
    lines, shown = text.split("\n"), without_fences(text).split("\n")
    starts = [0]
    for line in shown:
        starts.append(starts[-1] + len(line) + 1)
    whole = "\n".join(shown)
    ends = _ends(whole)
    end, margin = -1, ""
    for at, line in enumerate(shown):
        if starts[at] < end:
            if INDENTED.match(line) and not shown[at - 1].strip():
                _dedent(lines, at, margin)
        elif (opened := TAG.search(line)) and not opened["close"] and not INDENTED.match(line):
            end = ends.get(starts[at] + opened.start(), -1)
            margin = line[: len(line) - len(line.lstrip())]
    return "\n".join(lines)


def _ends(whole: str) -> dict[int, int]:
    """Where each element ends, by the place where it starts."""
    ends: dict[int, int] = {}
    opened: dict[str, list[int]] = {}
    for tag in TAG.finditer(whole):
        starts = opened.setdefault(tag["name"].lower(), [])
        if not tag["close"]:
            starts.append(tag.start())
        elif starts:
            ends[starts.pop()] = tag.end()
    return ends


def _dedent(lines: list[str], at: int, margin: str) -> None:
    for each in range(at, len(lines)):
        if not lines[each].strip():
            return
        lines[each] = margin + lines[each].lstrip(" \t")
