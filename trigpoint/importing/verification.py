"""Whether each old address leads somewhere on the new site: those of an old build's folder, or of its sitemap.

Asks the application itself, as a reader would. Where an old build is given, words are compared besides.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from trigpoint.importing.generators import ImportStopped
from trigpoint.importing.reading.folders import Folder
from trigpoint.importing.reading.permalinks import clean_address

LOCATION = re.compile(r"<loc>\s*([^<\s]+)\s*</loc>", re.I)
ARTICLE = re.compile(r"<(article|main)\b.*?</\1>", re.S | re.I)
WITHOUT_TEXT = re.compile(r"<(script|style|nav|footer|head|svg|math|form)\b.*?</\1>|<!--.*?-->|<[^>]*>", re.S | re.I)
REFRESH = re.compile(r"http-equiv\s*=\s*[\"']?refresh", re.I)
"""A page that only leads on."""
LISTS = re.compile(
    r"^/(?:[a-z]{2}(?:-[a-z]{2,4})?/)?(?:(?:blog|posts)/)?(?:(?:page|tags?|categor(?:y|ies)|archives?|authors?|series|search|drafts?)(?:/|\.html|$)"
    r"|(?:\d{4}(?:/\d\d){0,2}/?)?$)",
    re.I,
)
"""Addresses of lists, which this site makes its own."""
LOST = 0.9
"""A page that has less than this share of its words lost some."""

Answer = tuple[int, str, str]
"""Status, the address that it came from in the end, and the text of an answer."""


@dataclass(frozen=True, slots=True)
class Verified:
    """What became of one old address: `status` is the new site's answer; `share` is of the words, 1 for all."""

    address: str
    status: int
    new: str = ""
    share: float = 1.0

    @property
    def is_list(self) -> bool:
        return LISTS.match(self.address) is not None


def old_addresses(source: Path, note: Callable[[str], object]) -> list[tuple[str, str]]:
    """The addresses of an old build's pages, or of a sitemap, with their HTML ("" where there is only a sitemap).

    A page that cannot be read is noted, and has its address alone. Raises ImportStopped, OSError.
    """
    if source.is_dir():
        folder = Folder.of(source)
        pages = [(_address(path), _html(folder, path, note)) for path in folder.below("", ".html", ".htm")]
        if not pages:
            raise ImportStopped(
                f"{source} holds no page (.html): build the old blog first and name the folder that comes of it, or "
                "give its sitemap."
            )
        return sorted(page for page in pages if not page[0].startswith("/404"))
    if not source.is_file():
        raise ImportStopped(f"{source} is not there.")
    found = _listed(source, note)
    if not found:
        raise ImportStopped(
            f"{source} names no address: a sitemap, a list of addresses or the folder of an old build is wanted."
        )
    return sorted({(unquote(urlsplit(unescape(each)).path) or "/", "") for each in found})


def _listed(source: Path, note: Callable[[str], object]) -> list[str]:
    """The addresses that a sitemap or a list names; those of an index are in the sitemaps beside it."""
    text = source.read_text("utf-8", "replace")
    found = LOCATION.findall(text)
    if "<sitemapindex" not in text:
        return found or [line.strip() for line in text.splitlines() if line.strip().startswith(("/", "http"))]
    pages: list[str] = []
    for name in (urlsplit(unescape(each)).path.rpartition("/")[2] for each in found):
        beside = source.parent / name
        if name and beside != source and beside.is_file():
            pages += LOCATION.findall(beside.read_text("utf-8", "replace"))
        else:
            note(f"{beside}: this sitemap is not there. Put it beside {source.name}, which names it.")
    return pages


def _html(folder: Folder, path: str, note: Callable[[str], object]) -> str:
    try:
        return folder.text(path)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        note(f"{folder.root / path}: this cannot be read, so that its words are not compared: {reason}.")
        return ""


def _address(path: str) -> str:
    return unquote(clean_address("/" + quote(path)))


def verified(pages: list[tuple[str, str]], ask: Callable[[str], Answer]) -> Iterator[Verified]:
    """What the new site answers to each old address."""
    for address, html in pages:
        status, new, answer = ask(quote(address))
        is_page = html and status == 200 and address != "/" and not REFRESH.search(html)
        found = share(html, answer) if is_page else 1.0
        yield Verified(address, status, new, found)


def share(old: str, new: str) -> float:
    """How many of the old page's words the new one has."""
    before, after = words(old), words(new)
    return sum(min(count, after.get(word, 0)) for word, count in before.items()) / max(1, sum(before.values()))


def words(html: str) -> dict[str, int]:
    """How often each word stands in a page's article."""
    article = ARTICLE.search(html)
    found = re.findall(r"\w+", unescape(WITHOUT_TEXT.sub(" ", article[0] if article else html)).casefold())
    counts: dict[str, int] = {}
    for word in found:
        counts[word] = counts.get(word, 0) + 1
    return counts


def likeliest(address: str, posts: dict[str, str]) -> str:
    """The post that an old address probably meant, by the last part of its path; "" where none is so called."""
    name = re.sub(r"\.html?$", "", address.strip("/").rpartition("/")[2]).casefold()
    return posts.get(name, "")
