"""A release as the objects of a store: which file each is, and what the store must say of it.

Types, times and redirects are those that the live server sends and `_headers` and `_redirects` say. They are taken from
the release alone, so that an earlier one is deployed as it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from mimetypes import guess_type
from pathlib import Path
from urllib.parse import urljoin

from trigpoint.freezing.ledger import Ledger, Record
from trigpoint.freezing.release import Release
from trigpoint.notes import Digest, digest_of
from trigpoint.settings import Settings
from trigpoint.web.assets import DIGEST_IN_NAME
from trigpoint.web.files.author import headers_against_scripts, media_type
from trigpoint.web.files.machine import HIDDEN, spellings
from trigpoint.web.headers import FOR_GOOD

AGAIN = "no-cache"
"""Kept, and asked for again by its ETag."""

LEADS_ON = re.compile(rb'<meta http-equiv="refresh" content="0; url=([^"]+)">')
"""Where the page of an alias leads: templates/alias.html."""

REDIRECT = "redirect"
"""The question that is noted of the page of an alias."""

ASSETS, POSTS, PAGES, LISTS = range(4)
"""In this order things become live: what pages load, articles, what leads to articles, what programs find them by."""

NAMING = ("feed.xml", "feed.json", "sitemap.xml", "llms.txt", "docs.json")
"""The names of files in which programs find the pages."""


@dataclass(frozen=True, slots=True)
class StoredObject:
    """An object to be: the path below the prefix, the file of the release that is in it, and what is said of it.

    `redirect` is the whole address to which a website leads who asks for it, "" for none.
    """

    path: str
    file: str
    digest: Digest
    media_type: str
    cache: str
    redirect: str = ""

    @property
    def fingerprint(self) -> Digest:
        """Stands for all that the store has of it."""
        return digest_of((self.digest, self.media_type, self.cache, self.redirect))


def objects_of(release: Release, ledger: Ledger, settings: Settings) -> dict[str, StoredObject]:
    """The objects of a release, by their paths. Raises OSError where a file of it is gone.

    Without its compressed files, between which no store chooses, and without what is for other hosts alone.
    """
    found = {}
    for address, record in ledger.records.items():
        if record.path not in HIDDEN:
            found.update({each.path: each for each in _objects(release.path, address, record, ledger, settings)})
    return found


def _objects(folder: Path, address: str, record: Record, ledger: Ledger, settings: Settings) -> Iterator[StoredObject]:
    redirect = _redirect(folder, record, ledger, settings)
    told = type_of(record.path, settings.author_scripts), cache_of(record.path)
    yield StoredObject(record.path, record.path, record.digest, *told, redirect)
    if redirect:
        others = (each[1:] for each in spellings(address) if each != address)
        yield from (StoredObject(each, record.path, record.digest, *told, redirect) for each in others)


def _redirect(folder: Path, record: Record, ledger: Ledger, settings: Settings) -> str:
    """Where an alias leads, as a whole address: a store would else name itself in the place of the site's host."""
    if all(ledger.table[number].name != REDIRECT for number in record.notes):
        return ""
    found = LEADS_ON.search((folder / record.path).read_bytes())
    return urljoin(f"{settings.base_url}/", unescape(found[1].decode())) if found else ""


def type_of(path: str, author_scripts: bool) -> str:
    """The Content-Type of a file of a release."""
    plain = guess_type(path)[0] or "application/octet-stream"
    is_authors = not author_scripts and not path.startswith("static/")
    return (headers_against_scripts(plain) if is_authors else {}).get("Content-Type", media_type(plain))


def cache_of(path: str) -> str:
    """The Cache-Control of a file of a release."""
    name = path.removeprefix("static/")
    return FOR_GOOD if name != path and DIGEST_IN_NAME.match(name) else AGAIN


def stage_of(path: str) -> int:
    """When an object becomes live; it goes in the opposite order."""
    if path.rpartition("/")[2] in NAMING:
        return LISTS
    if not path.endswith(".html"):
        return ASSETS
    return POSTS if path.startswith("posts/") else PAGES
