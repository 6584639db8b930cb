"""What the views of one application share, and the parts of it that belong to one request."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Any, cast
from weakref import ref

from flask import Flask, current_app, g

from trigpoint.background import NotReadyError
from trigpoint.code_digest import code_of_site, program_digest
from trigpoint.file_reading import content_digest, steady
from trigpoint.inventory import file_below
from trigpoint.library.library import Library
from trigpoint.library.noted import NotedLibrary
from trigpoint.loading.loader import Loader
from trigpoint.notes import QUESTIONS, DependsOn, Digest, Note, ask, declare, digest_of, digest_of_bytes, first_stale
from trigpoint.settings import Settings
from trigpoint.web.assets import ASSET, Assets, sources_of
from trigpoint.web.kinds import KINDS
from trigpoint.web.response_cache import Remembered, response_cache
from trigpoint.web.templating import OF_THEME, TEMPLATE, NotedSettings
from trigpoint.web.wording.words import WordBook, WordsOfPage


def _digest_of_file(site: Site, path: str) -> Digest:
    found = file_below(site.settings.root, path)
    try:
        return content_digest(found) if found else Digest("")
    except FileNotFoundError:
        return Digest("")


PROGRAM = declare(
    "program",
    "the program (or the path of the site)",
    DependsOn.OUTSIDE,
    lambda site: digest_of(site.program_digest),
)
FILE = declare("file_of_site", "the file {0}", DependsOn.UNWATCHED, _digest_of_file)
APPLICATIONS = ("app.py", "wsgi.py")
"""Where Flask looks for an application that it was not told of."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What an author should know before publishing, and whether there may be more: lines, some of which stand for
    many equal findings, and how many findings these are. Of the errors `here_count` are those of the page that is
    shown: they stand over it, and have no line."""

    errors: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    error_count: int = 0
    warning_count: int = 0
    here_count: int = 0
    is_unfinished: bool = False


class Site:
    """What the views of one application share.

    `preview_faults` gives what the preview shows to the author, on the page of a source or "" elsewhere.
    While `recorded_notes` is a dictionary, the notes of each response are stored in it by address: the freezer sets it,
    views never see it. `headers` are those of every answer. `failed` is what the machine did not give a freeze for the
    last page.
    """

    def __init__(self, app: Flask, settings: Settings, loader: Loader, assets: Assets) -> None:
        self.app, self.settings, self.loader, self.assets = app, settings, loader, assets
        self.recorded_notes: dict[str, tuple[Note, ...]] | None = None
        self.failed: Exception | None = None
        self.preview_faults: Callable[[str], Preview] = lambda path: Preview()
        self.responses = response_cache()
        self.headers: Mapping[str, str] = {}
        self.words = WordBook(partial(loader.inputs.overlay, "templates"))

    @property
    def is_preview(self) -> bool:
        """Whether the author is shown drafts and faults: decided once, by `create_app`."""
        return self.loader.preview

    @cached_property
    def program_digest(self) -> Digest:
        """The digest of the program, and of the site's own code: the application, and what declares kinds of pages; and
        the path of the site, as any page may have an address in it.

        Not of the theme: each page has notes of the files of the theme that it is made from.
        """
        modules = (self.app.import_name, *(each.view.__module__ for each in KINDS))
        files = {Path(file) for name in modules if (file := getattr(sys.modules.get(name), "__file__", None))}
        files |= {file for name in APPLICATIONS if (file := self.settings.root / name).is_file()}
        return digest_of((program_digest(), code_of_site(files, self.settings.root), self.settings.base_path))

    def digest_now(self, note: Note, library: Library) -> Digest:
        """The digest of the answer that a noted question has now."""
        question = QUESTIONS.get(note.name)
        try:
            if question and question.digest and question.depends_on in (DependsOn.OUTSIDE, DependsOn.UNWATCHED):
                return question.digest(self, *note.arguments)
            return library.digest_now(note)
        except (OSError, MemoryError, NotReadyError):
            raise
        except Exception:  # Of a site's own question: the page is made anew, and its view says what is wrong.
            return Digest("")

    def origin(self, note: Note) -> str:
        """Words for where the file that a note is about comes from: " of the theme", or ""."""
        if note.name == TEMPLATE.name:
            return self.loader.inputs.overlay("templates").origin(str(note.arguments[0]).removeprefix(OF_THEME))
        if note.name == ASSET.name:
            return self.loader.inputs.overlay("static").origin(*sources_of(str(note.arguments[0])))
        return ""

    def tell(self, address: str, notes: tuple[Note, ...]) -> None:
        if self.recorded_notes is not None:
            self.recorded_notes[address] = notes

    def recall(self, address: str, library: Library) -> Remembered | None:
        """The response remembered for this address, if it is still true."""
        known = self.responses.get(address)
        if known and (known.is_unwatched or known.library() is not library):
            if first_stale(known.notes, lambda note: self.digest_now(note, library)):
                return None
            known.library = ref(library)
        return known


class _OneLibrary:
    """A loader whose Library is this one."""

    def __init__(self, loader: Loader, library: Library) -> None:
        self._loader, self.library = loader, library

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)


def with_library(site: Site, library: Library) -> Site:
    """The site as it is with another Library: as readers see what the preview shows, or with a draft published."""
    return Site(site.app, site.settings, _OneLibrary(site.loader, library), site.assets)  # type: ignore[arg-type]


def current_site() -> Site:
    site = current_app.extensions["trigpoint"]
    assert isinstance(site, Site)
    return site


def current_settings() -> Settings:
    """The settings; each one that a view looks at is noted."""
    return cast(Settings, NotedSettings(current_site().settings))


def current_library() -> Library:
    """The Library of this request, for views: what they read of it is noted."""
    return cast(Library, NotedLibrary(snapshot()))


def current_words() -> WordsOfPage:
    """The words of the site's language; that they were asked for is noted."""
    return WordsOfPage(current_site().words, lambda: current_settings().language)


def snapshot() -> Library:
    """The Library of this request: one from start to end."""
    if "library" not in g:
        g.library = current_site().loader.library
    library = g.library
    assert isinstance(library, Library)
    return library


def read_file(path: str) -> bytes | None:
    """The bytes of the file at this path below the site's folder, for views of a site's own; None where there is none,
    and for a path that leads out.

    Noted: no response stands that was made from other bytes, live or frozen. Raises OSError.
    """

    def read() -> bytes | None:
        found = file_below(current_site().settings.root, path)
        try:
            return steady(found) if found else None
        except FileNotFoundError:
            return None

    return ask(FILE, (path,), read, lambda content: Digest("") if content is None else digest_of_bytes(content))
