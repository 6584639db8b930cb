"""The authors of an import: the tables that `authors.toml` needs for those it has not. Pure."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from trigpoint.content.pages import Author
from trigpoint.content.slugs import folded, slug_fault, slugified
from trigpoint.importing.reading.configuration import text_of

ADDRESSES = ("url", "website", "site", "homepage", "web", "uri", "link")
ABOUT = ("description", "bio", "about", "excerpt", "tagline")
"""What other generators call a page of an author's elsewhere, and the sentence about one."""


def profiles(known: Mapping[str, Any]) -> tuple[Author, ...]:
    """The authors of a file of them, as Jekyll and MkDocs have it: what is said of each, by a short name."""
    return tuple(_profile(key, said) for key, said in known.items() if isinstance(said, dict))


def _profile(key: str, said: Mapping[str, Any]) -> Author:
    name = " ".join((text_of(said, "name") or key).split())
    urls = (text_of(said, each).strip() for each in ADDRESSES)
    url = next((each for each in urls if each.startswith(("https://", "http://")) and len(each.split()) == 1), "")
    about = next((text for each in ABOUT if (text := " ".join(text_of(said, each).split()))), "")
    return Author(slugified(key), name, url, "", about)


def new_authors(
    known: Iterable[Author], written: Iterable[str], there: Iterable[Author], taken: Collection[str]
) -> list[Author]:
    """The authors that the registry lacks: those who are known, and all others whom an article names.

    `there` are those that it has; `taken` are addresses of pages, at which no author may have one.
    """
    spellings = {word for each in there for word in (each.slug, folded(each.name), slugified(each.name))}
    new = []
    for author in (*known, *(Author(slugified(name), name) for name in dict.fromkeys(written))):
        slug = author.slug if not slug_fault(author.slug) else f"author-{slugified(author.name)}"[:60].strip("-_.")
        while f"/authors/{slug}/" in taken:
            slug = f"{slug}-2"
        words = {slug, folded(author.name), slugified(author.name)}
        if not words & spellings and author.name.isprintable():
            spellings |= words
            new.append(Author(slug, author.name, author.url, "", author.about))
    return new


def tables(authors: Iterable[Author]) -> str:
    """The tables of these authors, to stand at the end of authors.toml."""
    return "".join(_table(author) for author in authors)


def _table(author: Author) -> str:
    fields = (("name", author.name), ("url", author.url), ("about", author.about))
    lines = (f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in fields if value)
    slug = author.slug if author.slug.isascii() else json.dumps(author.slug, ensure_ascii=False)
    return f"\n[{slug}]\n{''.join(lines)}"
