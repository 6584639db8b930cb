"""The files of static/: served under addresses that name their digest, so that browsers may keep them for good.

The stylesheets are many while they are written and one when they are sent:
`css/site.css` is made of STYLESHEETS, in that order, without comments and indentation.
`js/site.js` is made of MODULES, each in a scope of its own; `js/search.js` of SEARCH_MODULES,
which import from each other, in one scope. Both are without comments and indentation. What is not
joined is sent as it is written.
"""

from __future__ import annotations

import mimetypes
import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from trigpoint.file_reading import steady
from trigpoint.inventory import Stamp
from trigpoint.notes import DependsOn, ask, declare, digest_of, digest_of_bytes
from trigpoint.theme import Overlay

STYLESHEETS = ("tokens", "fonts", "base", "layout", "prose", "components", "syntax", "print")
MODULES = (
    "words",
    "tools",
    "theme-switch",
    "code",
    "contents",
    "scale",
    "footnotes",
    "tables",
    "video",
    "zoom",
    "search-button",
)
SEARCH_MODULES = ("query", "ranking", "snippet", "dialog")
SITE_CSS, SITE_JS, SEARCH_JS = "css/site.css", "js/site.js", "js/search.js"
OWN_CSS = "css/own.css"
"""The one part that the theme has not: a site's own rules, last and outside of the layers, so that they win."""
JOINED = {
    SITE_CSS: (*(f"css/{each}.css" for each in STYLESHEETS), OWN_CSS),
    SITE_JS: tuple(f"js/{each}.js" for each in MODULES),
    SEARCH_JS: tuple(f"js/{each}.js" for each in SEARCH_MODULES),
}
"""The assets that are sent as one, and what each is made of, in this order."""

PARTS = {part for parts in JOINED.values() for part in parts}
NAMED_BY_DIGEST = ("css/", "js/", "fonts/", "images/")
"""The folders whose files have addresses with their digest, too; what lies elsewhere is asked for by its name alone."""
DIGEST_IN_NAME = re.compile(r"^(?P<stem>.+)\.(?P<digest>[0-9a-f]{10})(?P<ending>\.[a-z0-9]+)$")
CSS_URL = re.compile(r"url\(\s*+[\"']?+(?![a-z]+:|#)([^\"')(\n]++)[\"']?+\s*+\)")
CSS_COMMENT_OR_INDENT = re.compile(r"^\s*+/\*.*?(?:\*/\s*+|\Z)|^\s++", re.MULTILINE | re.DOTALL)
JS_IMPORT = re.compile(r"^import .*\n", re.MULTILINE)
JS_LEFT_OUT = re.compile(r"^(?:\s*//.*\n|import .*\n|\s+)", re.MULTILINE)
"""Lines that readers have no use for, of what is joined (docs/performance.md says what a minifier would bring)."""

JS_TEXT = re.compile(
    r"""//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?P<template>(?:\\.|[^`\\])*)`""", re.DOTALL
)
"""Comments and strings; a template may go over lines, which then are no code."""

AS_WRITTEN = "surrogateescape"
"""Bytes that are not UTF-8 go out as they came in, so that pages keep their style; `flask check` names the file."""

MOST_KNOWN = 1000
"""Names that are remembered: addresses of things that are not there are without number."""

MEDIA_TYPES = {
    ".atom": "application/atom+xml",
    ".avif": "image/avif",
    ".css": "text/css",
    ".ico": "image/x-icon",
    ".js": "text/javascript",
    ".json": "application/json",
    ".md": "text/markdown",
    ".mjs": "text/javascript",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".toml": "text/plain",
    ".txt": "text/plain",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
    ".xml": "application/xml",
    ".zip": "application/zip",
}


def register_media_types() -> None:
    """Say what our endings mean, whatever this machine's own table says: the same answers everywhere."""
    for ending, media_type in MEDIA_TYPES.items():
        mimetypes.add_type(media_type, ending)


def sources_of(name: str) -> tuple[str, ...]:
    """The files that an asset is made of, where they are there."""
    return JOINED.get(name, (name,))


@dataclass(frozen=True, slots=True)
class Asset:
    """A file of static/ as it is served. `name` is below static/, without digest."""

    name: str
    content: bytes
    digest: str

    @property
    def address_name(self) -> str:
        """The name by which pages ask for it: with the digest in it where that is served: `css/site.3f2a9c01bd.css`."""
        stem, ending = posixpath.splitext(self.name)
        return f"{stem}.{self.digest[:10]}{ending}" if self.name.startswith(NAMED_BY_DIGEST) else self.name

    @property
    def media_type(self) -> str:
        return mimetypes.guess_type(self.name)[0] or "application/octet-stream"


FILE = "the file static/{0}"
ASSET = declare("asset", FILE, DependsOn.OUTSIDE, lambda site, name: digest_of(site.assets.digest(name)))
KEPT = declare(
    "kept_assets",
    "the names of files in static/ that hold their digests",
    DependsOn.OUTSIDE,
    lambda site: digest_of(site.assets.kept()),
)
STATIC = declare("static", FILE, DependsOn.OUTSIDE, lambda site, name: digest_of(site.assets.served(name)))


class Assets:
    """The site's static/ over the theme's, read anew when a file's stamp changes."""

    def __init__(self, look: Callable[[], Overlay]) -> None:
        self._look = look
        self._looked: tuple[Mapping[str, Stamp], dict[str, Asset | None]] = ({}, {})
        self._read = lru_cache(maxsize=256)(self._made)

    def asset(self, name: str) -> Asset | None:
        """The asset of that name; None where there is none. Noted: its digest is the answer. Raises OSError."""
        digest = ask(ASSET, (name,), lambda: self.digest(name))
        return self._current(name) if digest else None

    def missing(self, name: str) -> str:
        """The file for want of which there is no such asset."""
        stamps = self._look().stamps
        return next((part for part in sources_of(name) if part not in stamps and part != OWN_CSS), name)

    def digest(self, name: str) -> str:
        """The digest of an asset, "" where there is none."""
        asset = self._current(name)
        return asset.digest if asset else ""

    def requested(self, name: str) -> tuple[Asset | None, bool]:
        """The asset that an address names, and whether the name holds its digest (and the answer never changes)."""
        return ask(STATIC, (name,), lambda: self._requested(name), lambda _: digest_of(self.served(name)))

    def served(self, name: str) -> tuple[str, bool]:
        """The digest of what is served under this name, "" for nothing, and whether the name holds it."""
        asset, named_by_digest = self._requested(name)
        return (asset.digest if asset else ""), named_by_digest

    def _requested(self, name: str) -> tuple[Asset | None, bool]:
        found = DIGEST_IN_NAME.match(name)
        if found and name.startswith(NAMED_BY_DIGEST):
            asset = self._current(found["stem"] + found["ending"])
            if asset:
                return asset, asset.digest.startswith(found["digest"])
        return self._current(name), False

    def kept_names(self) -> tuple[str, ...]:
        """The names that hold a digest, in order: whoever has one of these files may keep it for good."""
        return ask(KEPT, (), self.kept)

    def kept(self) -> tuple[str, ...]:
        """As `kept_names`, not noted."""
        return tuple(sorted(name for name in self.names() if DIGEST_IN_NAME.match(name)))

    def names(self) -> Iterator[str]:
        """Every name under which an asset is served: plain, and that by which pages ask for it."""
        for name in self._plain_names():
            if asset := self._current(name):
                yield from dict.fromkeys((asset.address_name, name))

    def _plain_names(self) -> Iterator[str]:
        yield from JOINED
        yield from (name for name in self._look().stamps if name not in PARTS and name not in JOINED)

    def _current(self, name: str) -> Asset | None:
        """The asset as the last look at the folder found it; what was asked of that look already is remembered."""
        stamps = self._look().stamps
        if self._looked[0] is not stamps:
            self._looked = (stamps, {})
        known = self._looked[1]
        if name not in known and len(known) < MOST_KNOWN:
            known[name] = self._made_or_kept(name, stamps)
        return known[name] if name in known else self._made_or_kept(name, stamps)

    def _made_or_kept(self, name: str, stamps: Mapping[str, Stamp]) -> Asset | None:
        if name in PARTS:
            return None
        parts = tuple(part for part in sources_of(name) if part != OWN_CSS or part in stamps)
        try:
            return self._read(name, parts, tuple(stamps[each] for each in (*parts, *self._named_in(name))))
        except KeyError:  # An OSError is no answer: whoever asks again reads again.
            return None

    def _named_in(self, name: str) -> Iterator[str]:
        """What an asset may name by its digest: the stylesheet does that with pictures and fonts."""
        if name == SITE_CSS:
            others = (each for each in self._plain_names() if each not in JOINED)
            yield from (each for each in others if each.startswith(NAMED_BY_DIGEST))

    def _made(self, name: str, sources: tuple[str, ...], stamps: tuple[Stamp, ...]) -> Asset:
        files = zip(sources, stamps, strict=False)  # Further stamps are of what is named in it.
        found = self._look()
        parts = [steady(str(found.path(part) or part), stamp) for part, stamp in files]
        content = self._joined(name, parts) if name in JOINED else parts[0]
        return Asset(name, content, digest_of_bytes(content))

    def _joined(self, name: str, parts: list[bytes]) -> bytes:
        texts = [part.decode("utf-8", AS_WRITTEN) for part in parts]
        if name == SITE_CSS:
            joined = CSS_URL.sub(self._css_url, CSS_COMMENT_OR_INDENT.sub("", "".join(texts)))
        else:
            modules = [compacted(text) for text in texts]
            joined = "".join(map(scoped, modules) if name == SITE_JS else modules)
        return joined.encode("utf-8", AS_WRITTEN)

    def _css_url(self, found: re.Match[str]) -> str:
        """A `url(../fonts/a.woff2)` of a stylesheet, led to the address with the digest."""
        name = posixpath.normpath(posixpath.join("css", found[1]))
        asset = None if name in JOINED else self._current(name)
        return f'url("../{asset.address_name}")' if asset else found[0]


def compacted(module: str) -> str:
    """A module without imports; and, where none of its strings goes over lines, without comments and indentation."""
    goes_over_lines = any("\n" in (text["template"] or "") for text in JS_TEXT.finditer(module))
    return (JS_IMPORT if goes_over_lines else JS_LEFT_OUT).sub("", module)


def scoped(module: str) -> str:
    """A module as a part of a larger one: in a block its names are its own, its functions' too."""
    return f"{{\n{module.strip()}\n}}\n"
