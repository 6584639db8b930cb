"""The authors of a site: authors.toml read, and an author found in it by slug or name."""

from __future__ import annotations

import re

from trigpoint.content.pages import Author, Rules
from trigpoint.content.registries.tables import Table, read_tables
from trigpoint.content.slugs import slugified
from trigpoint.faults import Fault, nearest

AUTHORS = "authors.toml"
"""The file of the registry, below pages/."""

FIELDS = ("name", "url", "picture", "about")


def author_named(name: str, rules: Rules) -> Author | None:
    """The author of this slug or name; without a page where there is no registry; None where it has none such."""
    found = rules.authors_by_name.get(name.casefold()) or rules.authors_by_name.get(slugified(name))
    return found or (Author("", name) if rules.authors_open or rules.lenient else None)


def unregistered_author(name: str, rules: Rules) -> tuple[str, str]:
    """The sentence and the cure for an author that the registry lacks."""
    near = nearest(name, [spelling for author in rules.authors for spelling in (author.slug, author.name)])
    guess = f'Did you mean "{near}"? ' if near else ""
    return (
        f'The author "{name}" is not registered.',
        f"{guess}A new author gets a table [{slugified(name)}] in {rules.folder}/authors.toml.",
    )


def read_authors(path: str, raw: bytes) -> tuple[tuple[Author, ...], tuple[Fault, ...]]:
    """The authors of authors.toml, in its order, and all its Faults.

    Shape: a table per author, named by the slug, with `name`, and perhaps `url`, `picture` and `about`.
    """
    return read_tables(path, raw, "author", FIELDS, _author)


def _author(table: Table) -> Author:
    url = table.text("url")
    if url and not re.fullmatch(r"https?://[^\s/\"<>]+[^\s\"<>]*", url):
        sentence = f'The url of "{table.slug}" is "{url}", but an address of the web is expected.'
        table.error("url", sentence, 'Write url = "https://…", the whole address.')
    line = table.lines.spot(table.slug, "picture").line
    return Author(table.slug, table.text("name"), url, table.text("picture"), table.text("about"), line)
