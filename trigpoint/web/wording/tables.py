"""A table of words as its file has it: templates/words/<language>.toml becomes Entries and Problems. Pure.

The keys are English sentences, as templates and scripts write them. What is wrong is left out, so that the English
stands in; `flask check` names it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from trigpoint.toml_lines import TomlError, load_toml
from trigpoint.web.wording.plurals import FORMS

FOLDER = "words/"
"""Where tables lie, below templates/."""
ENDING = ".toml"
SECTIONS = ("pages", "scripts")
"""The words of pages, and those that a page hands to its scripts."""
PLACE = re.compile(r"\[([^\[\]]+)\]\((\w+)\)|\{(\w+)\}")
"""`[words](name)` is a link to a value; `{name}` stands for one."""
MONTHS = 12

Word = str | Mapping[str, str]
"""A sentence; or one for each form of a word behind a number, by the names of CLDR."""


@dataclass(frozen=True, slots=True)
class Dates:
    """How a language writes a day, with its year and below the heading of its year."""

    day: str
    day_in_year: str
    months: tuple[str, ...]
    short_months: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in a table: a line, a sentence and its cure."""

    line: int
    sentence: str
    cure: str


@dataclass(frozen=True, slots=True)
class Entries:
    """The words of one file by their English, in their sections; `dates` is None where it has none."""

    pages: Mapping[str, Word] = field(default_factory=dict)
    scripts: Mapping[str, Word] = field(default_factory=dict)
    dates: Dates | None = None

    def over(self, other: Entries) -> Entries:
        """These words, and the other's where there are none."""
        return Entries({**other.pages, **self.pages}, {**other.scripts, **self.scripts}, self.dates or other.dates)


def read_entries(text: str) -> tuple[Entries, tuple[Problem, ...]]:
    """The sound words of a file, and what is wrong with the others."""
    try:
        table = load_toml(text)
    except TomlError as error:
        return Entries(), (Problem(error.line, f"This is not TOML: {error.reason}.", "Texts stand in quotes."),)
    problems: list[Problem] = []
    for name in sorted(table.keys() - {*SECTIONS, "dates"}):
        problems.append(
            Problem(line_of(text, name), f'"{name}" is no section.', "Write [dates], [pages] or [scripts].")
        )
    read = {name: dict(_sound(text, table.get(name, {}), problems)) for name in SECTIONS}
    return Entries(**read, dates=_dates(text, table.get("dates"), problems)), tuple(problems)


def placeholders(sentence: str) -> frozenset[str]:
    """The names of the values that a sentence has places for."""
    return frozenset(found[2] or found[3] for found in PLACE.finditer(sentence))


def line_of(text: str, key: str) -> int:
    """The line of a file at which the entry of a word begins; 0 where none does."""
    starts = (json.dumps(key, ensure_ascii=False), f"'{key}'", f"{key} ", f"{key}=", f"[{key}]")
    lines = enumerate(text.splitlines(), 1)
    return next((number for number, line in lines if line.lstrip().startswith(starts)), 0)


def _sound(text: str, section: Any, problems: list[Problem]) -> Iterator[tuple[str, Word]]:
    if not isinstance(section, dict):
        problems.append(Problem(0, "A section is no table.", "Write [pages], and the words below it."))
        return
    for key, word in section.items():
        wrong = _wrong(key, word)
        if wrong:
            problems.append(Problem(line_of(text, key), *wrong))
        else:
            yield key, word


def _wrong(key: str, word: Any) -> tuple[str, str] | None:
    """What is wrong with a word, and its cure; None where nothing is."""
    if isinstance(word, str):
        return _misplaced(key, word, placeholders(key))
    if not isinstance(word, dict) or not all(isinstance(each, str) for each in word.values()):
        return f'"{key}" is neither a text nor a table of forms.', 'Write `{ one = "…", other = "…" }`.'
    if unknown := word.keys() - {*FORMS}:
        return f'"{key}" has a form "{min(unknown)}".', f"The forms are {', '.join(FORMS)}."
    if "other" not in word:
        return f'"{key}" has no form "other".', "It stands behind every number that has no form of its own."
    # A form of one number alone may say that number in its words.
    wanted = {form: placeholders(key) - ({"count"} - placeholders(each)) for form, each in word.items()}
    wanted["other"] = placeholders(key)
    return next((wrong for form, each in word.items() if (wrong := _misplaced(key, each, wanted[form]))), None)


def _misplaced(key: str, sentence: str, wanted: frozenset[str]) -> tuple[str, str] | None:
    found = placeholders(sentence)
    if found == wanted:
        return None
    stray, lacking = sorted(found - wanted), sorted(wanted - found)
    what = f'has a place for "{stray[0]}"' if stray else f'has no place for "{lacking[0]}"'
    return f'"{key}" {what}.', f"Its places are those of the English: {', '.join(sorted(wanted)) or 'none'}."


def _dates(text: str, dates: Any, problems: list[Problem]) -> Dates | None:
    if dates is None:
        return None
    try:
        read = Dates(str(dates["day"]), str(dates["day_in_year"]), tuple(dates["months"]), tuple(dates["short_months"]))
        for pattern in (read.day, read.day_in_year):
            pattern.format(day=1, month="", short_month="", number=1, year=1)
    except (KeyError, TypeError, ValueError, IndexError):
        read = None
    if read is None or not all(
        len(names) == MONTHS and all(isinstance(name, str) for name in names)
        for names in (read.months, read.short_months)
    ):
        cure = "It has `day`, `day_in_year` and twelve `months` and `short_months`, as in templates/words/de.toml."
        problems.append(Problem(line_of(text, "dates"), "[dates] says not how a day is written.", cure))
        return None
    return read
