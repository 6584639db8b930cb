"""The words of one language, as templates and views call them: `_("Read article")`; and the book of all languages.

English is what is written there, so that an English site reads no table. What is asked of the book is noted, by the
digest of the tables that the answer comes from.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from markupsafe import Markup, escape

from trigpoint.file_reading import steady
from trigpoint.inventory import Stamp
from trigpoint.languages import direction, isolated
from trigpoint.notes import DependsOn, Digest, ask, declare, digest_of, digest_of_bytes
from trigpoint.theme import Overlay
from trigpoint.web.wording.plurals import plural_form
from trigpoint.web.wording.tables import ENDING, FOLDER, PLACE, Dates, Entries, Word, read_entries

SOURCE = "en"
"""The language that templates, views and scripts are written in."""

ENGLISH_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
ENGLISH = Dates(
    "{day} {month} {year}", "{day} {short_month}", ENGLISH_MONTHS, tuple(name[:3] for name in ENGLISH_MONTHS)
)
HANT = frozenset(("TW", "HK", "MO"))
"""Where Chinese is written in traditional characters, unless the tag says otherwise."""


def tables_of(language: str) -> tuple[str, ...]:
    """The names of the tables of a language, from the general to the special: `de-AT` has those of `de` and `de-AT`."""
    first, *rest = language.split("-")
    subtags = [first.lower(), *(each.title() if len(each) == 4 else each.upper() for each in rest)]
    names = ["-".join(subtags[: end + 1]) for end in range(len(subtags))]
    if subtags[0] == "zh" and not any(len(each) == 4 for each in subtags[1:]):
        names.insert(1, "zh-Hant" if HANT & set(subtags) else "zh-Hans")
    return tuple(names)


NO_TABLE = Digest("")


@dataclass(frozen=True)
class Words:
    """The words of one language. `is_known` is whether there is a table, or nothing to translate; `direction` is
    that of the language which was asked for."""

    language: str = SOURCE
    entries: Entries = field(default_factory=Entries)
    is_known: bool = True
    direction: str = "ltr"
    digest: Digest = NO_TABLE

    def __call__(self, text: str, plural: str = "", **values: object) -> Markup:
        """The words for this English as HTML, with values in their places. With a `plural`, `count` chooses between
        both."""
        sentence = escape(self._sentence(text, plural, values))
        return Markup(self._filled(str(sentence), {name: escape(value) for name, value in values.items()}))

    def plain(self, text: str, plural: str = "", **values: object) -> str:
        """As a call, but as plain text."""
        return self._filled(self._sentence(text, plural, values), values)

    def _sentence(self, text: str, plural: str, values: dict[str, object]) -> str:
        count = values.get("count")
        word: Word | None = self.entries.pages.get(plural or text)
        if word is None:
            return plural if plural and count != 1 else text
        if isinstance(word, str):
            return word
        return word.get(plural_form(self.language, count if isinstance(count, int) else 0)) or word["other"]

    def _filled(self, sentence: str, values: dict[str, object]) -> str:
        """The sentence with its values, texts in their own direction; a link is HTML."""

        def value(found: re.Match[str]) -> str:
            if found[2]:
                return f'<a href="{values[found[2]]}">{found[1]}</a>'
            shown = str(values[found[3]])
            return shown if shown.isdecimal() else self.isolated(shown)

        return PLACE.sub(value, sentence) if values else sentence

    def isolated(self, text: str) -> str:
        """A text that may be in another direction than the words around it: `C++` in Arabic, say."""
        return isolated(text) if self.direction == "rtl" else text

    def day(self, moment: dt.date) -> str:
        """A day as readers write it: `3 May 2026`."""
        return _written(moment, self._dates.day, self._dates)

    def day_in_year(self, moment: dt.date) -> str:
        """A day below the heading of its year: `3 May`, `14 Sep`."""
        return _written(moment, self._dates.day_in_year, self._dates)

    @property
    def _dates(self) -> Dates:
        return self.entries.dates or ENGLISH

    @property
    def forward(self) -> str:
        """The arrow to what comes next."""
        return "←" if self.direction == "rtl" else "→"

    @property
    def back(self) -> str:
        """The arrow to what was before."""
        return "→" if self.direction == "rtl" else "←"

    @cached_property
    def scripts(self) -> str:
        """The words of the scripts as JSON; "" where they are in English."""
        words = dict(self.entries.scripts)
        return json.dumps(words, ensure_ascii=False, separators=(",", ":")) if words else ""


def _written(moment: dt.date, pattern: str, dates: Dates) -> str:
    number = moment.month
    month, short = dates.months[number - 1], dates.short_months[number - 1]
    return pattern.format(day=moment.day, month=month, short_month=short, number=number, year=moment.year)


WORDS = declare(
    "words", "the words of the language {0}", DependsOn.OUTSIDE, lambda site, language: site.words.digest(language)
)


class WordBook:
    """The words of all languages, as the tables of the site and of the theme have them now."""

    def __init__(self, look: Callable[[], Overlay]) -> None:
        self._look = look
        self._read: dict[str, tuple[tuple[Stamp, ...], Words]] = {}

    def words(self, language: str) -> Words:
        """The words of a language; the English where it has no table. Noted. Raises OSError."""
        return ask(WORDS, (language,), lambda: self._words(language), lambda words: words.digest)

    def digest(self, language: str) -> Digest:
        """The digest of all that the words of a language are made of; "" where it has no table."""
        try:
            return self._words(language).digest
        except OSError:  # Who asks for the words meets it again; it is not remembered.
            return NO_TABLE

    def _words(self, language: str) -> Words:
        files = tuple(files_of(self._look(), language))
        stamps = tuple(stamp for _, stamp in files)
        known = self._read.get(language)
        if known is None or known[0] != stamps:
            known = self._read[language] = (stamps, _words_in(language, [path for path, _ in files]))
        return known[1]


def files_of(look: Overlay, language: str) -> Iterator[tuple[Path, Stamp]]:
    """The tables of a language, each before those over which it lies: the special over the general, of each the site's
    over the theme's."""
    for name in reversed(tables_of(language)):
        file = f"{FOLDER}{name}{ENDING}"
        for layer in look.layers:
            if path := layer.path(file):
                yield path, layer.found.stamps[file]


def _words_in(language: str, files: list[Path]) -> Words:
    is_source = tables_of(language)[0] == SOURCE
    if not files:
        return Words(language if is_source else SOURCE, is_known=is_source, direction=direction(language))
    texts = [steady(str(path)) for path in files]
    entries = Entries()
    for text in texts:
        entries = entries.over(read_entries(text.decode("utf-8-sig", "replace"))[0])
    return Words(language, entries, True, direction(language), digest_of(tuple(map(digest_of_bytes, texts))))


class WordsOfPage:
    """The words of the site's language, found when a page first wants one: what says nothing depends on no table."""

    def __init__(self, book: WordBook, language: Callable[[], str]) -> None:
        self._book, self._language = book, language

    @cached_property
    def _words(self) -> Words:
        return self._book.words(self._language())

    def __call__(self, text: str, plural: str = "", **values: object) -> Markup:
        """As `Words` has it."""
        return self._words(text, plural, **values)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._words, name)

    def of(self, language: str) -> Words:
        """The words of this language where there are any, else those of the site."""
        words = self._book.words(language) if language else self._words
        return words if words.is_known else self._words
