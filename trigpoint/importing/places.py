"""Where everything of the old site was: which text or file a reference meant, however it was written. Pure look-ups."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from html import unescape
from unicodedata import normalize
from urllib.parse import unquote, urljoin

from trigpoint.content.slugs import slugified
from trigpoint.importing.reading.entries import Entry, OldSite
from trigpoint.importing.reading.folders import Folder, is_hidden
from trigpoint.importing.reading.permalinks import clean_address, key_of, name_without_date
from trigpoint.importing.reading.texts import own_name
from trigpoint.inventory import FOREIGN_SUFFIXES

MARK = "\x01{}\x02"
"""Stands for the file of an entry until all files have their names."""
MARKED = re.compile("\x01(?P<number>\\d+)\x02")
SPECIAL = re.compile(r"^(?:\{(?P<kind>\w+)\}|\|(?P<old>\w+)\||@/|link://(?P<link>[\w-]+)/)")
FOREIGN = re.compile(r"^(?:[a-z][a-z0-9+.-]*:|//)", re.I)
PHOTON = re.compile(r"^(?:https?:)?//i\d\.wp\.com/")
"""A host that hands out pictures of other hosts, whose addresses follow it."""
KEY = re.compile(r"\?(?:p|page_id)=(\d+)")
COPY = re.compile(r"-\d{1,4}x\d{1,4}(?=\.\w{3,4}$)")
ARCHIVES = {
    "/archives": "/archive/",
    "/archive": "/archive/",
    "/tags": "/tags/",
    "/categories": "/tags/",
    "/posts": "/",
    "/blog": "/",
    "/": "/",
}
TEXT = (*FOREIGN_SUFFIXES, ".html", ".htm", ".rst")


@dataclass(frozen=True, slots=True)
class Place:
    """What a reference meant: the entry of this number, a file below the root, another address; or nothing known."""

    number: int = -1
    file: str = ""
    address: str = ""
    suffix: str = ""
    is_own: bool = True


@dataclass(frozen=True)
class Places:
    """The entries by address, file and name, and the files of the folder."""

    site: OldSite
    folder: Folder
    tags: dict[str, str]
    by_address: dict[str, int] = field(default_factory=dict)
    by_path: dict[str, int] = field(default_factory=dict)
    by_name: dict[str, int] = field(default_factory=dict)
    feeds: frozenset[str] = frozenset()
    hidden: frozenset[int] = frozenset()
    """The entries that readers do not see."""

    @classmethod
    def of(cls, site: OldSite, folder: Folder, tags: Iterable[str], hidden: frozenset[int] = frozenset()) -> Places:
        slugs = {slugified(tag): slugified(tag) for tag in tags}
        places = cls(site, folder, slugs, feeds=frozenset(map(key_of, site.feeds)), hidden=hidden)
        for number, entry in sorted(enumerate(site.entries), key=lambda numbered: bool(numbered[1].lang)):
            for address in (entry.address, *entry.aliases):
                if address:
                    places.by_address.setdefault(key_of(address), number)
            places.by_path.setdefault(normalize("NFC", entry.path).casefold(), number)
            for name in (
                entry.path.rpartition("/")[2],
                own_name(entry.path),
                entry.name,
                name_without_date(own_name(entry.path))[1],
            ):
                places.by_name.setdefault(name.casefold(), number)
        return places

    def address_of_file(self, written: str, entry: Entry) -> str:
        """Where a text was whose file is named from this entry's own (`../a/b.md#c`); "" for any other target."""
        path, sign, fragment = written.partition("#")
        if path.startswith("/") or FOREIGN.match(path) or not path.lower().endswith(FOREIGN_SUFFIXES):
            return ""
        whole = posixpath.normpath(posixpath.join("/", posixpath.dirname(entry.path), path))
        roots = (f"/{folder}/" for start, folder in self.site.statics if start == "/" and folder)
        root = next((root for root in roots if whole.startswith(root)), "/")
        place = re.sub(r"(?:(?<=/)(?:index|readme))?\.\w+$", "/", whole.removeprefix(root), flags=re.I)
        return clean_address(f"/{place}") + sign + fragment

    def is_hidden_from(self, entry: Entry, number: int) -> bool:
        """Whether readers of this entry must not be sent to the text of this number, which they cannot see."""
        return number in self.hidden and self.by_path.get(normalize("NFC", entry.path).casefold()) not in self.hidden

    def fetched(self, written: str) -> str:
        """The file of a picture that was fetched from this address; "" for any other target."""
        address = unescape(written.strip()) if self.site.fetched else ""
        return self.site.fetched.get(f"https:{address}" if address.startswith("//") else address, "")

    def place(self, reference: str, entry: Entry) -> Place:
        """What this reference, written in the entry, meant."""
        written = normalize("NFC", unescape(reference.strip()))
        path, sign, rest = re.match(r"([^?#]*)([?#]?)(.*)", written, re.S).groups()  # type: ignore[union-attr]
        suffix = sign + rest
        fragment = "#" + suffix.partition("#")[2] if "#" in suffix else ""
        if marked := MARKED.search(path):
            return Place(int(marked[1]), suffix=fragment)
        if special := SPECIAL.match(path):
            return self._special(path, special, entry, fragment)
        path = self._without_host(path)
        if suffix.startswith("?attachment_id="):
            return Place()
        if (number := self._by_key(suffix, entry)) >= 0:
            return Place(number, suffix=fragment)
        if not path or FOREIGN.match(path):
            return Place(is_own=False)
        if path.startswith("/") and key_of(path) in self.feeds:
            return Place(address="/feed.xml")
        for reading in dict.fromkeys((path, unquote(path))):
            number = self._entry(reading, entry)
            if number >= 0:
                return Place(number, suffix=fragment)
            if file := self.file(reading, entry):
                return Place(file=file, suffix=fragment)
        address = self._address(path, entry)
        if address == "/tags/" and (tag := self._tag(fragment[1:])):
            return Place(address=tag)
        return Place(address=address, suffix=fragment if address not in ARCHIVES.values() else "")

    def _without_host(self, path: str) -> str:
        """A path of this site, with neither its host nor the folder in which the site stood."""
        host = self.site.base_url
        path = PHOTON.sub("https://", path)
        bare = re.sub(r"^https?:", "", host)
        for start in (host, bare, f"https:{bare}", f"http:{bare}") if host else ():
            if path.startswith((start + "/", start + "?")) or path == start:
                path = path[len(start) :] or "/"
                break
        base = self.site.base_path
        return path[len(base) :] or "/" if base and (path == base or path.startswith(base + "/")) else path

    def _by_key(self, query: str, entry: Entry) -> int:
        """The entry that WordPress knows by this number (`?p=12`), which an export has in its path."""
        found = KEY.match(query) if "wordpress" in self.site.dialects else None
        return self.by_path.get(f"{entry.path.partition('#')[0]}#{found[1]}".casefold(), -1) if found else -1

    def _entry(self, path: str, entry: Entry) -> int:
        if not path.startswith("/"):
            beside = posixpath.normpath(posixpath.join(posixpath.dirname(entry.path), path)).casefold()
            for name in (beside, f"{beside}.md", f"{beside}/index.md", re.sub(r"\.html?$", ".md", beside)):
                if name in self.by_path:
                    return self.by_path[name]
        whole = urljoin(entry.address or "/", path)
        number = self.by_address.get(key_of(whole), -1)
        if number < 0 and path.lower().endswith(FOREIGN_SUFFIXES):
            number = self._by_end(path)
        return number

    def _by_end(self, path: str) -> int:
        """The entry whose file is called so, seen from the root of the texts, else from anywhere."""
        found = self._from_root(path)
        return found if found >= 0 else self.by_name.get(path.rstrip("/").rpartition("/")[2].casefold(), -1)

    def _from_root(self, path: str) -> int:
        wanted = posixpath.normpath(path).strip("/").casefold()
        for start in (
            "",
            "content/",
            "source/_posts/",
            "source/",
            "docs/",
            "src/",
            "_posts/",
            "posts/",
            *(f"{folder}/" for _, folder in self.site.statics if folder),
        ):
            if start + wanted in self.by_path:
                return self.by_path[start + wanted]
        return -1

    def named(self, name: str) -> int:
        """The entry of this name or path, as `ref`, `post_url` and wiki links give it; -1 where there is none."""
        wanted = unquote(name.strip().strip("/")).casefold()
        files = (wanted, f"{wanted}.md", f"{wanted}/index.md", f"{wanted}.markdown")
        for find in (self._from_root, self._by_end):
            if (number := next((number for each in files if (number := find(each)) >= 0), -1)) >= 0:
                return number
        found = self.by_name.get(wanted.rpartition("/")[2], -1)
        return found if found >= 0 else self.by_address.get(key_of("/" + wanted), -1)

    def in_language_of(self, entry: Entry, number: int) -> int:
        """The translation of this text into the language of the entry that names it, else the text itself."""
        stem, dot, suffix = self.site.entries[number].path.rpartition(".") if number >= 0 else ("", "", "")
        translation = f"{stem}.{entry.lang}{dot}{suffix}".casefold() if entry.lang else ""
        return self.by_path.get(translation, number)

    def file(self, path: str, entry: Entry) -> str:
        """The file below the root that a path means, or ""; of a smaller copy that WordPress made, the picture."""
        from_root = re.sub(r"^(?:\.{0,2}/)+", "", path)
        if path.startswith("/"):
            found = self._static(path) or (self._static(COPY.sub("", path)) if COPY.search(path) else "")
            return found or self._existing(from_root)
        folder = posixpath.dirname(entry.path)
        beside = (
            posixpath.join(folder, path),
            posixpath.join(folder, own_name(entry.path), path),
            posixpath.join(folder, entry.path.rpartition("/")[2].rpartition(".")[0], path),
        )
        found = next((file for each in beside if (file := self._existing(each))), "")
        found = found or self._static(urljoin(entry.address or "/", path)) or self._static(f"/{from_root}")
        return found or self._existing(from_root)

    def _static(self, address: str) -> str:
        address = posixpath.normpath(address)
        for start, folder in self.site.statics:
            if address == start.rstrip("/") and (found := self._existing(folder)):
                return found
            if address.startswith(start) and (found := self._existing(posixpath.join(folder, address[len(start) :]))):
                return found
        return ""

    def _existing(self, path: str) -> str:
        path = posixpath.normpath(path)
        if is_hidden(path) or path.startswith("/") or path.lower().endswith((*FOREIGN_SUFFIXES, ".rst")):
            return ""
        return path if path in self.folder.names else self.folder.folded.get(path.casefold(), "")

    def _special(self, path: str, special: re.Match[str], entry: Entry, fragment: str) -> Place:
        """Pelican's `{filename}x.md`, Zola's `@/x.md`, Nikola's `link://slug/x`."""
        rest = path[special.end() :]
        kind = special["kind"] or special["old"] or special["link"] or "filename"
        if kind in ("tag", "category", "tags", "categories"):
            return Place(address=self._tag(rest) or "/tags/", suffix=fragment)
        if kind in ("index", "archive"):
            return Place(address="/" if kind == "index" else "/archive/")
        if kind in ("static", "attach", "photo", "image", "lightbox") or not rest.lower().endswith(TEXT):
            found = self.file(unquote(rest), entry)
            if found:
                return Place(file=found, suffix=fragment)
        number = self._entry(unquote(rest), entry) if not rest.startswith("/") and path[0] != "@" else -1
        number = number if number >= 0 else self.named(rest)
        return Place(number, suffix=fragment)

    def _address(self, path: str, entry: Entry) -> str:
        """One of this site's own addresses that stands for an old one: a tag's, the archive's, the feed's."""
        address = clean_address(urljoin(entry.address or "/", self.address_of_file(path, entry) or path))
        key = key_of(address)
        if key in self.feeds and key != "/":
            return "/feed.xml"
        if key in ARCHIVES or key in self.site.lists:
            return ARCHIVES.get(key) or "/"
        for prefix in self.site.tag_prefixes:
            if address.startswith(prefix):
                return (
                    self._tag(address[len(prefix) :].strip("/").removesuffix(".html").removesuffix("/feed")) or "/tags/"
                )
        return ""

    def _tag(self, name: str) -> str:
        slug = self.tags.get(slugified(unquote(name).rpartition("/")[2].replace("-", " "))) or self.tags.get(
            slugified(unquote(name))
        )
        return f"/tags/{slug}/" if slug else ""
