"""kramdown's extensions that show nothing, and Pelican's, Zola's and Nikola's ways to name a file. Pure."""

from __future__ import annotations

import re

from trigpoint.markup.foreign.tags import address_of


def nothing(text: str, found: re.Match[str]) -> str:
    return ""


def _file(text: str, found: re.Match[str]) -> str | None:
    """`{filename}/a/b.md#c`, `{static}/images/a.png`, `@/blog/b.md`, `link://slug/b`."""
    if not text[max(0, found.start() - 3) : found.start()].endswith(("](", "]: ", '"', "'", "](<")):
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


RULES = (
    ("{::", re.compile(r"\{::comment\}.*?\{:/(?:comment)?\}", re.S), nothing),
    ("{", re.compile(r"\{::(?:nomarkdown|options|comment)\b[^{}\n]*\}|\{:/(?:nomarkdown|comment|options)?\}"), nothing),
    (
        "{:",
        re.compile(r"^[ \t]*(?:[-*+]|\d+\.)[ \t][^\n]*(?:\n[ \t]*)?\{:[ \t]*toc\b[^{}\n]*\}[ \t]*$", re.M | re.I),
        nothing,
    ),
    ("{:", re.compile(r"^[ \t]*\{:[ \t]*[\w-]+:[^{}\n]*\}[ \t]*$", re.M), nothing),
    ("{:", re.compile(r"\{:[ \t]*[A-Za-z][\w-]*[ \t]*\}"), nothing),
    ("[", re.compile(r"^(?:@\[toc\]|\[\[_?toc_?\]\])[ \t]*$", re.M | re.I), nothing),
    ("^", re.compile(r"(?<=\n\n)\^[ \t]*(?=\n)"), nothing),
    ("{:", re.compile(r"\{:(?<=[*_>~]\{:)[ \t]*[.#\w][^{}\n]*\}"), nothing),
    (
        "",
        re.compile(
            r"(?:\{(?P<kind>filename|static|attach|tag|category|author|index)\}|\|(?P<bar>filename|static|attach)\|"
            r"|link://(?P<link>slug|filename|tag|category)/|@/)"
            r"(?P<path>[^\s()<>\"']*)"
        ),
        _file,
    ),
)
