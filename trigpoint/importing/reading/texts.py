"""The texts of a folder, each with its header and body apart; what cannot be read is a Finding."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from trigpoint.importing.reading.entries import Finding
from trigpoint.importing.reading.folders import Folder
from trigpoint.importing.reading.headers import Parted, parted
from trigpoint.inventory import COMPUTED_SUFFIXES, FOREIGN_SUFFIXES, is_knitted
from trigpoint.markup.foreign.html_form import one_block

HTML_WITH_HEADER = re.compile(r"(?:^|/)(?:_posts|_drafts|posts|content)/[^\n]*\.html?$", re.I)
"""Where a generator takes HTML for a post if it has a header; elsewhere it is a template, or lists others."""

TEMPLATE = re.compile(r"(?:^|/)(?:_?posts?|blog|articles|writing)/[^\n]*\.(?:njk|liquid|html?)$", re.I)
"""Where Eleventy takes a template for a post if it has a header, and makes no list of others."""

OTHERS = (".rst", ".adoc", ".asciidoc", ".org", ".ipynb", ".textile", ".pandoc", ".haml", ".slim")
"""Texts in other languages than Markdown: they are named, and not read."""
NO_TEXT = re.compile(
    r"(?:^|/)(?:readme|license|licence|changelog|contributing|code_of_conduct|security|todo|authors|copying)"
    r"(?:\.[\w-]+)?\.\w+$",
    re.I,
)
MADE_BY_US = re.compile(
    r"^(?:index|404|tags?|categor(?:y|ies)|archives?|search|feed|posts|blog|series|topics|sitemap)$", re.I
)
"""Names of pages that list the posts: this site makes its own."""


@dataclass
class Texts:
    """Reads texts of one folder and gathers what went wrong."""

    folder: Folder
    bare: bool = True
    findings: list[Finding] = field(default_factory=list)

    def read(self, path: str) -> Parted | None:
        """The parts of this file; None where it cannot be read, which is then a finding."""
        try:
            found = parted(self.folder.text(path), self.bare)
        except (OSError, ValueError) as error:
            self.findings.append(Finding("unreadable", str(getattr(error, "strerror", None) or error), path))
            return None
        if found.problem:
            self.findings.append(Finding("header-unreadable", found.problem, path, 1))
        return found

    def all(self, paths: Iterable[str], html: re.Pattern[str] = HTML_WITH_HEADER) -> Iterator[tuple[str, Parted]]:
        """The texts among these files; `html` says which of the others are posts in HTML, if they have a header."""
        for path in paths:
            if path.lower().endswith(OTHERS):
                self.findings.append(Finding("other-language", path.rpartition(".")[2], path))
            elif path.lower().endswith(COMPUTED_SUFFIXES) and self._is_knitted(path):
                continue
            elif path.lower().endswith(FOREIGN_SUFFIXES) and not NO_TEXT.search(path) and (found := self.read(path)):
                yield path, found
            elif html.search(path) and (found := self.read(path)) and found.fields and "pagination" not in found.fields:
                yield path, replace(found, body=one_block(found.body.strip("\n")))

    def _is_knitted(self, path: str) -> bool:
        """Whether what came of this text is read in its place: Markdown beside it, or HTML with a header."""
        html = f"{path.rpartition('.')[0]}.html"
        has_html = html in self.folder.names and HTML_WITH_HEADER.search(html) is not None
        return is_knitted(path, self.folder.names) or (
            has_html and (made := self.read(html)) is not None and bool(made.fields)
        )


def stem(path: str) -> str:
    """A file's name without its folders and suffix."""
    return path.rpartition("/")[2].rpartition(".")[0] or path.rpartition("/")[2]


def folder_of(path: str) -> str:
    return path.rpartition("/")[0]


def own_name(path: str) -> str:
    """The name that a text goes by: its file's, or its folder's where the file is called index."""
    name = stem(path)
    if name.split(".")[0].casefold() in ("index", "_index", "readme") and "/" in path:
        return folder_of(path).rpartition("/")[2]
    return name


LANGUAGE = re.compile(r"^(?P<name>.+)\.(?P<lang>[a-z]{2}(?:[-_][A-Za-z]{2,4})?)$")


def language_in_name(name: str, known: Iterable[str]) -> tuple[str, str]:
    """A name without its language, and the language: `index.fr` -> ("index", "fr"), where the site has that one."""
    found = LANGUAGE.match(name)
    return (found["name"], found["lang"]) if found and found["lang"] in set(known) else (name, "")
