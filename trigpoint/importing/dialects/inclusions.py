"""Files that a text includes, in the places where it names them, in code too.

Jekyll's `include_relative`, Hugo's and Quarto's `include`, the snippets of MkDocs (`--8<-- "a.md"`).

Only files of the old blog's folder are read, as much of them as a text may hold, and none within itself.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from textwrap import indent

from trigpoint.importing.reading.folders import Folder, is_hidden
from trigpoint.inventory import COMPUTED_SUFFIXES
from trigpoint.markup.code_mask import BLANK
from trigpoint.markup.foreign.calls import parameters
from trigpoint.markup.pairs import pair

RAW = pair(r"\{%-?\s*(?P<name>raw|verbatim)\s*-?%\}", r"\{%-?\s*end(?P=name)\s*-?%\}")
SNIPPET = re.compile(
    r"^(?P<margin>[ \t]*)-{1,}8<-{1,}[ \t]+[\"'](?P<snippet>[^\"'\n:]+)(?P<part>(?::[^\"'\n]*)?)[\"'][ \t]*$", re.M
)
INCLUDED = re.compile(
    rf"{SNIPPET.pattern}"
    r"|\{%-?\s*include_relative\s+(?P<file>[^\s%{}\"']+)(?P<given>[^%{}]*?)-?%\}"
    r"|(?<!\{)\{\{[<%]\s*(?:include|readfile|include-md|markdown-file)\s+(?P<arguments>[^<>%{}\n]*?)\s*/?\s*[>%]\}\}",
    re.M,
)
HOLE = re.compile(r"\{\{-?\s*include\.(?P<name>[\w-]+)\s*-?\}\}")
HEADER = re.compile(r"\A(?:---[ \t]*\n.*?^---|\+\+\+[ \t]*\n.*?^\+\+\+)[ \t]*\n", re.S | re.M)
TEXTS = (".md", ".markdown", ".html", ".htm", ".txt")
DEEPEST = 10
"""Files that include each other, at most."""

LONGEST = 1_000_000
"""Characters that a text grows by, at most."""


def with_included(text: str, path: str, folder: Folder) -> str:
    """The text with the files that it includes; `path` is its own. What is not there stays named."""
    if not INCLUDED.search(text):
        return text
    return _with_included(text, (path,), folder, [LONGEST])


def missing(text: str) -> Iterator[str]:
    """What MkDocs would have included in a text whose other files are in it."""
    return (f"{found['snippet']}{found['part']}" for found in SNIPPET.finditer(text))


def _with_included(text: str, above: tuple[str, ...], folder: Folder, room: list[int]) -> str:
    """`above` are the files that include each other down to this text, `room` is how much may still be added."""
    pieces, at = [], 0
    for found in INCLUDED.finditer(RAW.sub(lambda raw: BLANK * len(raw[0]), text)):
        inside = _inside(found, above, folder, room) if len(above) <= DEEPEST else None
        if inside is not None:
            pieces += [text[at : found.start()], inside]
            at = found.end()
    return "".join([*pieces, text[at:]])


def _inside(found: re.Match[str], above: tuple[str, ...], folder: Folder, room: list[int]) -> str | None:
    """What stands for a tag; None where its file is not there, includes itself, or is too long."""
    file, given = _named(found, above[-1], folder)
    try:
        text = HEADER.sub("", folder.text(file)).strip("\n") if file and file not in above else None
    except (OSError, ValueError):
        return None
    room[0] -= len(text or "")
    if text is None or room[0] < 0:
        return None
    text = HOLE.sub(lambda hole: given.get(hole["name"].lower(), ""), text) if found["file"] else text
    return indent(_with_included(text, (*above, file), folder, room), found["margin"] or "")


def _named(found: re.Match[str], here: str, folder: Folder) -> tuple[str, dict[str, str]]:
    """The file that a tag names ("" where there is none), and what it gives it by name."""
    if found["snippet"]:
        return "" if found["part"] else _existing(folder, _places(found["snippet"], here)), {}
    positional, given = parameters((found["given"] or found["arguments"] or "").strip())
    if found["file"]:
        return _existing(folder, (posixpath.join(posixpath.dirname(here), found["file"]),)), given
    written = given.get("file") or given.get("path") or given.get("src") or "".join(positional[:1])
    is_text = written.lower().endswith(TEXTS) or here.lower().endswith(COMPUTED_SUFFIXES)
    if not is_text or given.get("code", "").lower() == "true":
        return "", given
    return _existing(folder, _places(written, here)), given


def _places(written: str, here: str) -> Iterator[str]:
    if not written.startswith("/"):
        yield posixpath.join(posixpath.dirname(here), written)
    for start in ("content", "", "docs", "assets", "static"):
        yield posixpath.join(start, written.lstrip("/"))


def _existing(folder: Folder, paths: Iterator[str] | tuple[str, ...]) -> str:
    plain = (posixpath.normpath(path) for path in paths)
    return next((path for path in plain if path in folder.names and not is_hidden(path)), "")
