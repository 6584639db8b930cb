"""A new post: a draft with a title, a day, tags that are registered, and an id that it keeps under any name."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from unicodedata import normalize
from urllib.parse import quote, urlsplit

from anyascii import anyascii

from trigpoint.content import dates
from trigpoint.content.registries.authors import author_named, unregistered_author
from trigpoint.content.registries.tags import tag_named, unregistered
from trigpoint.content.slugs import CHARACTERS, slug_fault, slugified
from trigpoint.inventory import SUFFIX
from trigpoint.web.site import Site
from trigpoint.writing.files import create
from trigpoint.writing.header_text import written
from trigpoint.writing.refusal import WritingError
from trigpoint.writing.sources import checked, refuse_taken, refuse_there, rules_of

GERMAN = {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"}
NORDIC = {"å": "aa", "ø": "oe", "æ": "ae", "Å": "Aa", "Ø": "Oe", "Æ": "Ae"}
KANA = re.compile("[\u3041-\u309f\u30a1-\u30fa\u30fd-\u30ff\uff66-\uff9f]")
"""What only Japanese is written with; how its other signs are read, only who reads it can say."""

AS_WRITTEN = {"de": GERMAN, "da": NORDIC, "nb": NORDIC, "nn": NORDIC, "no": NORDIC}
"""How these languages write their own letters where only Latin ones can be had; else an `ö` is an `o`."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an author says of a new post. `date` is as it was typed, "" for today; `slug` "" for that of the title."""

    title: str
    tags: tuple[str, ...] = ()
    date: str = ""
    in_folder: bool = False
    slug: str = ""
    authors: tuple[str, ...] = ()


def new_post(site: Site, wanted: Wanted, now: dt.datetime) -> str:
    """Write a new draft; gives its path below pages/. Raises WritingError, OSError."""
    slug = _chosen(wanted.slug) if wanted.slug else slug_of_title(wanted.title, site.settings.language)
    path = f"posts/{slug}/index{SUFFIX}" if wanted.in_folder else f"posts/{slug}{SUFFIX}"
    refuse_taken(site, f"/posts/{slug}/")
    refuse_there(site, "posts", slug)
    day = _day(site, wanted.date, now)
    names = _tag_names(site, wanted.tags)
    authors = _author_names(site, wanted.authors)
    raw = _text(wanted.title, day, names, authors, _identity(site, slug, now)).encode()
    checked(site, path, raw)
    try:
        create(site.settings.pages_folder / path, raw)
    except FileExistsError as error:
        raise WritingError(f"{site.settings.pages}/{path} is there already: nothing was changed.") from error
    return path


def _chosen(slug: str) -> str:
    if reason := slug_fault(slug):
        raise WritingError(f'The slug is "{slug}", but {reason}. Write `--slug {slug_of_title(slug)}`.')
    return slug


def slug_of_title(title: str, language: str = "en") -> str:
    """The slug of a title in Latin letters, cut at a word: `Crème brûlée & Co` gives `creme-brulee-co`.

    Signs without a name in Latin letters stay, and so does Japanese, whose signs would be read as Chinese. Raises
    WritingError for a title without any.
    """
    words = " ".join(title.split())
    latin = words if KANA.search(words) else _in_latin_letters(words, language)
    slug = slugified(latin) or slugified(words)
    if not any(map(str.isalnum, latin + words)):  # The numbers of its signs would be the address.
        raise WritingError('A title is wanted: `flask new "What a queue does under load"`.')
    while len(slug) > CHARACTERS:
        head, dash, _ = slug[: CHARACTERS + 1].rpartition("-")
        slug = head if dash else slug[:CHARACTERS].rstrip("-_.")
    if reason := slug_fault(slug):
        raise WritingError(f'The address would be "{slug}", but {reason}. Choose another: `--slug …`.')
    return slug


def _in_latin_letters(text: str, language: str) -> str:
    own = AS_WRITTEN.get(language.partition("-")[0].lower(), {})
    return anyascii("".join(own.get(character, character) for character in normalize("NFC", text)))


def _day(site: Site, typed: str, now: dt.datetime) -> str:
    if not typed:
        return f"{now.astimezone(site.settings.zone).date()}"
    try:
        dates.moment(typed, site.settings.zone)
    except ValueError as reason:
        raise WritingError(f'The date is "{typed}", but {reason}. {dates.FORM}') from reason
    return typed


def _tag_names(site: Site, typed: Iterable[str]) -> tuple[str, ...]:
    """The tags by the names that the registry has for them. Raises WritingError."""
    rules = rules_of(site)
    names = []
    for each in typed:
        tag = tag_named(each, rules)
        if tag is None:
            raise WritingError(" ".join(unregistered(each, rules)))
        names.append(tag.name)
    return tuple(dict.fromkeys(names))


def _author_names(site: Site, typed: Iterable[str]) -> tuple[str, ...]:
    """The authors by their slugs; where none are registered, by the names as they are typed. Raises WritingError."""
    rules = rules_of(site)
    names = []
    for each in typed:
        author = author_named(each, rules)
        if author is None:
            raise WritingError(" ".join(unregistered_author(each, rules)))
        names.append(author.slug or author.name)
    return tuple(dict.fromkeys(names))


def _identity(site: Site, slug: str, now: dt.datetime) -> str:
    """An id that no other post has, and that no other name of this one changes. Source: RFC 4151."""
    host = urlsplit(site.settings.base_url).hostname or "localhost"
    return f"tag:{host},{now.date()}:{quote(slug)}"


def _text(title: str, day: str, tags: Iterable[str], authors: Iterable[str], identity: str) -> str:
    listed, by = (", ".join(map(written, names)) for names in (tags, authors))
    lines = (
        f"title: {json.dumps(title, ensure_ascii=False)}",
        f"date: {day}",
        f"tags: [{listed}]",
        *([f"authors: [{by}]"] if by else []),
        "draft: true",
        f"id: {json.dumps(identity)}",
    )
    return "---\n" + "".join(f"{line}\n" for line in lines) + "---\n\n"


def file_of(site: Site, path: str) -> Path:
    """Where the source with this path lies."""
    return site.settings.pages_folder / path
