"""kramdown's tables and extensions, and how Pelican, Zola and Nikola name a file. Pure."""

from __future__ import annotations

import re

from trigpoint.markup.block_reader import cells
from trigpoint.markup.foreign.masking import Rule, written
from trigpoint.markup.foreign.tags import address_of
from trigpoint.markup.inline.attributes import attributes_of
from trigpoint.markup.pairs import pair


def nothing(text: str, found: re.Match[str]) -> str:
    return ""


def _read(text: str, found: re.Match[str]) -> str:
    """An attribute list as we read it; one that we do not is left out, as kramdown leaves out what it does not know."""
    inside = re.sub(r"[ \t]*:[ \t]*\Z", "", found["inside"])
    return f"{found['margin']}{{:{inside}}}" if attributes_of(inside) else found["margin"]


def _without(text: str, found: re.Match[str]) -> str | None:
    """What stands before an attribute list that gives attributes to nothing we know: an item, a line, a note's mark."""
    inside = next(found[name] for name in ("inside", "first", "last") if found[name] is not None)
    kept = "note" if found["note"] else "line" if found["line"] else ""
    return None if not attributes_of(inside) else written(text, found, kept) if kept else ""


def _file(text: str, found: re.Match[str]) -> str | None:
    """`{filename}/a/b.md#c`, `{static}/images/a.png`, `@/blog/b.md`, `link://slug/b`."""
    if not text[max(0, found.start() - 3) : found.start()].endswith(OPENINGS):
        return None
    kind, path = found["kind"] or found["bar"] or found["link"] or "filename", found["path"]
    if found["link"]:
        return f"/tags/{path.strip('/')}/" if kind in ("tag", "category") else address_of(path)
    if kind in ("static", "attach"):
        return path
    if kind == "index":
        return "/"
    if kind == "author":
        return "/"
    if kind in ("tag", "category"):
        return f"/tags/{path.strip('/')}/"
    is_beside = found["kind"] and "/" not in path
    return path if is_beside or not re.search(r"\.(?:md|markdown|rst)\b", path) else address_of(path)


def _delimited(text: str, found: re.Match[str]) -> str | None:
    """The line below a table's head with as many columns as the head, as kramdown counts no other."""
    wanted, marks = len(cells(written(text, found, "head"))), cells(found["line"])
    if len(marks) == wanted:
        return None
    marks = (marks + ["---"] * wanted)[:wanted]
    return f"{written(text, found, 'head')}\n|{'|'.join(marks)}|"


OPENINGS = ("](", "]: ", "](<", '="', "='", '("', "('")
"""What stands before the address of a link, or before a parameter: `"@/b"` may be a name in a text."""

FILES = ("filename", "{static}", "{attach}", "{tag}", "{category}", "{author}", "{index}", "|static|", "|attach|",
         "link://", "@/")  # fmt: skip
RULES: tuple[Rule, ...] = (
    (
        ("-|", "- |", ":|", ": |"),
        re.compile(
            r"^(?<![^\n]\n)(?P<head>[ ]{0,3}\S[^\n]*\|[^\n]*)\n"
            r"(?P<line>[ ]{0,3}(?:\|[ \t]*:?-+:?|:?-+:?[ \t]*\|)[-:| \t]*)$",
            re.M,
        ),
        _delimited,
    ),
    ("{::", pair(r"\{::comment\}", r"\{:/(?:comment)?\}"), nothing),
    ("{", re.compile(r"\{::(?:nomarkdown|options|comment)\b[^{}\n]*\}|\{:/(?:nomarkdown|comment|options)?\}"), nothing),
    (
        "{:",
        re.compile(r"^[ \t]*(?:[-*+]|\d+\.)[ \t][^\n]*(?:\n[ \t]*)?\{:[ \t]*toc\b[^{}\n]*\}[ \t]*$", re.M | re.I),
        nothing,
    ),
    (
        "{:",
        re.compile(r"^[ \t]*\{:[ \t]*toc\b[^{}\n]*\}[ \t]*\n[ \t]*(?:[-*+]|\d+\.)[ \t][^\n]*$", re.M | re.I),
        nothing,
    ),
    ("{:", re.compile(r"^[ \t]*\{:[ \t]*[\w-]+:[^{}\n]*\}[ \t]*$", re.M), nothing),
    ("{:", re.compile(r"\{:[ \t]*[A-Za-z][\w-]*[ \t]*\}"), nothing),
    (
        "{:",
        re.compile(r"(?P<margin>^[ \t>]*|(?<=[)\]\0}]))\{:(?![:/])(?P<inside>[^{}\n]*)\}", re.M),
        _read,
    ),
    (
        "{:",
        re.compile(
            r"(?<=\[\^)(?P<note>[^\[\]\s]+\])\{:(?P<inside>[^{}\n]*)\}"
            r"|(?<=[-*+][ ])\{:(?P<first>[^{}\n]*)\}[ \t]*(?=\S)"
            r"|^(?P<line>(?![ \t]*\#)[^\n]*\S)[ \t]+\{:(?P<last>[^{}\n]*)\}[ \t]*$",
            re.M,
        ),
        _without,
    ),
    (("toc", "TOC", "Toc"), re.compile(r"^(?:@\[toc\](?:\([^()\n]*\))?|\[\[_?toc_?\]\])[ \t]*$", re.M | re.I), nothing),
    ("^", re.compile(r"(?<=\n\n)\^[ \t]*(?=\n)"), nothing),
    ("{:", re.compile(r"\{:(?<=[*_>~]\{:)[ \t]*[.#\w][^{}\n]*\}"), nothing),
    (
        FILES,
        re.compile(
            r"(?:\{(?P<kind>filename|static|attach|tag|category|author|index)\}|\|(?P<bar>filename|static|attach)\|"
            r"|link://(?P<link>slug|filename|tag|category)/|@/)"
            r"(?P<path>[^\s()<>\"']*)"
        ),
        _file,
    ),
)
