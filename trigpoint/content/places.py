"""Where a file's page stands on the site, and where it stood before."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from unicodedata import normalize
from urllib.parse import unquote

from trigpoint import characters
from trigpoint.content import dates
from trigpoint.content.pages import Author
from trigpoint.content.slugs import BYTES, slug_from
from trigpoint.languages import OWN_NAMES, is_language

POSTS = "posts/"
SUFFIX = re.compile(r"\.(?:md|markdown|mdown|mkdn?|mdx|[qr]md|rmarkdown)$", re.IGNORECASE)
OWN = frozenset(
    "tags archive page posts series static search feed.xml feed.json sitemap.xml robots.txt 404 404.html index.html"
    " favicon.ico CNAME _headers _redirects .nojekyll site.webmanifest opensearch.xml llms.txt".lower().split()
)
"""First segments of the site's own addresses, which no page may take. A test derives them from the kinds of pages."""

DEEPEST = 100
"""Parts of an alias: each is a folder in a release."""

LONGEST = 2000
"""Bytes of an alias: with the folder of its release before it, it must stay below the 4,096 of Linux."""

UNSAFE = re.compile(rf"[{characters.CONTROLS}\t\n\r\x85\\<>\"|*{characters.NONCHARACTERS}{characters.SEPARATORS}]")


def is_post(path: str) -> bool:
    """Is the file at this path (relative to pages/) a post?"""
    return path.startswith(POSTS)


def is_index(path: str) -> bool:
    """Is the source at this path the text of the folder in which it lies?"""
    return SUFFIX.sub("", path).rpartition("/")[2].lower() == "index" and "/" in path


def name_of(path: str) -> str:
    """The name that a file goes by, its date still on it: `posts/a.md` -> `a`, `posts/a/index.md` -> `a`."""
    return _segments(path)[-1] if _segments(path) else ""


def slug_of(path: str) -> str:
    """The slug of a file that names none; "" where its place gives none (`posts/index.md`)."""
    if path.count("/") == 1 and name_of(path) == "posts":
        return ""
    return slug_from(dates.prefix(name_of(path))[1] if is_post(path) else name_of(path))


def page_address(path: str, slug: str) -> str:
    """The address of a page that is no post: `docs/index.md` -> `/docs/`; `slug` stands for its last segment."""
    segments = [slug_from(segment) for segment in _segments(path)]
    if slug and segments:
        segments[-1] = slug
    return "/" + "".join(f"{segment}/" for segment in segments)


def language_in(path: str) -> tuple[str, str]:
    """The language at the end of a file's name, as other generators mark a translation, and the name without it.

    `posts/hello.de.md` -> `de`, `hello`; twice "" where there is none.
    """
    stem, dot, code = SUFFIX.sub("", path).rpartition("/")[2].rpartition(".")
    is_known = code.partition("-")[0].lower() in OWN_NAMES and is_language(code)
    return (code, stem) if stem and dot and is_known else ("", "")


@lru_cache(maxsize=50_000)
def address_by_name(path: str) -> str:
    """The address that a file's own path gives its page, where the page asks for no other by `slug:`."""
    return f"/posts/{slug_of(path)}/" if is_post(path) else page_address(path, "")


def is_own(address: str) -> bool:
    """Does the site itself need this address?"""
    return address == "/" or address.split("/")[1].casefold() in OWN


def is_of_author(address: str, authors: Iterable[Author]) -> bool:
    """Is this the page of one of these authors, or below it? /authors/ itself is free, and all else there."""
    folded = address.casefold()
    return any(folded.startswith(author.address.casefold()) for author in authors)


def alias(written: str) -> str:
    """An old address in the one form that redirects are looked up by: `old` -> `/old/`.

    Raises ValueError with a reason to follow "…, but".
    """
    if re.match(r"[A-Za-z][\w+.-]*:", written) or written.startswith("//"):
        raise ValueError("a path on this site is wanted, not a full address")
    if "?" in written or "#" in written:
        raise ValueError("an old address ends before any ? or #")
    path = normalize("NFC", unquote(written, errors="surrogateescape"))
    if UNSAFE.search(path):
        raise ValueError("it holds characters that no file name can have")
    segments = path.strip("/").split("/")
    if path.strip("/") == "":
        raise ValueError("that is the front page")
    if "//" in path or any(segment in (".", "..") or segment != segment.strip() for segment in segments):
        raise ValueError('its parts may not be empty, "." or ".."')
    if any(segment.startswith(".") and segment != ".well-known" for segment in segments):
        raise ValueError('a part of it begins with a dot, and such files are hidden (but for ".well-known")')
    if any(len(segment.encode()) > BYTES for segment in segments):
        raise ValueError(f"a part of it is longer than {BYTES} bytes")
    if len(path.encode()) > LONGEST:
        raise ValueError(f"it is longer than {LONGEST} bytes")
    if len(segments) > DEEPEST:
        raise ValueError(f"it has more than {DEEPEST} parts")
    ends_as_file = "." in segments[-1] and not path.endswith("/")
    return "/" + "/".join(segments) + ("" if ends_as_file else "/")


def _segments(path: str) -> list[str]:
    """The path's names without suffix and without a last `index`."""
    segments = SUFFIX.sub("", path).split("/")
    return segments[:-1] if segments[-1].lower() == "index" else segments
