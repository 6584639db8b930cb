"""Boxes, quotes and tabs of other dialects, as callouts, quotes and paragraphs of ours; each keeps its lines. Pure."""

from __future__ import annotations

import re

KINDS = (
    "note|tip|info|hint|warning|warn|caution|danger|important|success|error|example|question|bug|abstract|todo|attention"
    "|notice|alert|callout|admonition|success|failure|aside|primary|secondary"
)
FOLDED = "details|expand|spoiler|collapse|fold"
QUOTES = "blockquote|quote|pullquote|epigraph"
NAMES = f"{KINDS}|{FOLDED}|{QUOTES}"
WORD = re.compile(r"(?:(?P<key>[\w-]+)[=:][ \t]*)?(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<bare>[^\s\"'=]+))")
GENERIC = ("notice", "alert", "callout", "admonition", "primary", "secondary", "aside")


def arguments(written: str) -> tuple[list[str], dict[str, str]]:
    """What stands behind the name of a tag: values by place, and by name."""
    plain, named = [], {}
    for found in WORD.finditer(written):
        value = next((found[name] for name in ("double", "single", "bare") if found[name] is not None), "")
        if found["key"]:
            named[found["key"].lower()] = value
        else:
            plain.append(value)
    return plain, named


def box(name: str, written: str) -> str:
    """The first line of the callout or quote that a tag of this name opens."""
    name = name.lower()
    plain, named = arguments(written)
    if name in QUOTES.split("|"):
        return ">"
    if name in FOLDED.split("|"):
        title = named.get("summary") or named.get("title") or " ".join(plain) or "Details"
        return f"> [!NOTE]- {title}"
    kind = named.get("type") or named.get("kind") or named.get("class") or name
    if kind in GENERIC:
        kind = plain.pop(0) if plain and re.fullmatch(KINDS, plain[0], re.I) else "note"
    elif plain and re.fullmatch(KINDS, plain[0], re.I):
        kind = plain.pop(0)
    title = named.get("title") or " ".join(
        word for word in plain if re.search(r"\w", word) and word not in ("no-icon",)
    )
    return f"> [!{re.sub(r'[^A-Za-z-]', '', kind).upper() or 'NOTE'}] {title}".rstrip()


def _boxed(text: str, found: re.Match[str]) -> str | None:
    """The lines between two tags with a quote's sign before each."""
    inside = text[slice(*found.span("inside"))]
    lines = inside.strip("\n").split("\n")
    head = box(found["name"], text[slice(*found.span("args"))])
    by = " ".join(found["args"].split()) if head == ">" else ""
    above = inside[: len(inside) - len(inside.lstrip("\n"))].count("\n")
    gap = [">"] * max(0, above - 1)
    indent = found["indent"]
    author = [] if not by else [">", f"> — {by}"] if inside.endswith("\n\n") else [f"> — {by}"]
    quoted = [head, *gap, *(f"> {line.removeprefix(indent)}" for line in lines), *author]
    return "\n".join(f"{indent}{line}".rstrip() for line in quoted)


def _fenced_box(text: str, found: re.Match[str]) -> str | None:
    if re.fullmatch(NAMES, found["name"], re.I):
        return _boxed(text, found)
    inside = text[slice(*found.span("inside"))]
    return inside if re.fullmatch(r"[\w-]+", found["name"]) else None


def _tab(text: str, found: re.Match[str]) -> str:
    """`=== "Tab"` with what is indented below it: a paragraph with the tab's name, and the rest as it is."""
    indent = found["indent"]
    lines = text[slice(*found.span("inside"))].split("\n")
    ends = (
        at for at, line in enumerate(lines) if line.strip() and not line.startswith((f"{indent}    ", f"{indent}\t"))
    )
    end = next(ends, len(lines))
    inside = [indent + _outdented(line.removeprefix(indent)) if line.strip() else "" for line in lines[:end]]
    return "\n".join([f"{indent}**{found['title']}**", *inside, *lines[end:]])


def _outdented(line: str) -> str:
    return line[4:] if line.startswith("    ") else line.removeprefix("\t")


RULES = (
    (
        re.compile(
            rf"^(?P<indent>[ \t]*)\{{%-?[ \t]*(?P<name>{NAMES})\b(?P<args>[^%\n]*?)-?%\}}(?P<inside>.*?)"
            r"\{%-?[ \t]*end(?P=name)[ \t]*-?%\}",
            re.S | re.M | re.I,
        ),
        _boxed,
    ),
    (
        re.compile(
            rf"^(?P<indent>[ \t]*)\{{\{{[<%][ \t]*(?P<name>{NAMES})\b(?P<args>[^\n]*?)[>%]\}}\}}(?P<inside>.*?)"
            r"\{\{[<%][ \t]*/[ \t]*(?P=name)[ \t]*[>%]\}\}",
            re.S | re.M | re.I,
        ),
        _boxed,
    ),
    (
        re.compile(
            r"^(?P<indent>[ \t]*)(?P<mark>:{3,})[ \t]*\{?\.?(?P<name>[\w-]+)\}?(?P<args>[^\n]*)\n(?P<inside>.*?)"
            r"^[ \t]*(?P=mark)[ \t]*$",
            re.S | re.M,
        ),
        _fenced_box,
    ),
    (
        re.compile(
            r"^(?P<indent>[ ]*)===[!+]?[ \t]+\"(?P<title>[^\"\n]+)\"[ \t]*\n"
            r"(?P<inside>(?:[ \t]*\n|(?:(?P=indent)(?:[ ]{4}|\t)|\0)[^\n]*(?:\n|\Z))*)",
            re.M,
        ),
        _tab,
    ),
)
