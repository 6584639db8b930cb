"""Which address a file has, and where a link that an author wrote leads.

Authors link to files (`[x](../other.md#part)`, `![](pic.png)`): that works in
every editor and on GitHub, and survives a changed slug. Readers get addresses.
Pure: paths and addresses in, addresses out.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from unicodedata import normalize
from urllib.parse import SplitResult, quote, unquote, urljoin, urlsplit

from trigpoint.inventory import FOREIGN_SUFFIXES


@dataclass(frozen=True, slots=True)
class Target:
    """Where a link leads.

    `address` is percent-encoded, ready for an attribute, and has the link's
    query and fragment; `page` is the path of the source file, where it leads to
    a page, `file` that of another file; `found` is false where a file of ours was meant and is not there. A
    path that is neither page nor file (`/tags/`) counts as found: the views may
    have it.
    """

    address: str
    fragment: str = ""
    page: str = ""
    file: str = ""
    found: bool = True


@dataclass(frozen=True)
class Addresses:
    """The addresses of all pages and files, by their paths below pages/; not percent-encoded.

    `strays` are the addresses of the files that are looked for by their names where a link leads nowhere: in a foreign
    folder, whose links name places of another site.
    """

    pages: Mapping[str, str]
    files: Mapping[str, str]
    strays: tuple[str, ...] = ()

    @cached_property
    def page_at(self) -> Mapping[str, str]:
        """The path of the page at an address."""
        return {address: path for path, address in self.pages.items()}

    @cached_property
    def file_at(self) -> Mapping[str, str]:
        """The path of the file at an address."""
        return {address: path for path, address in self.files.items()}

    @cached_property
    def _strays_by_name(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = {}
        for address in self.strays:
            found.setdefault(posixpath.basename(address), []).append(address)
        return found

    @classmethod
    def of(cls, pages: Mapping[str, str], files: Iterable[str], assets: Iterable[str] | None = None) -> Addresses:
        """The addresses of these pages, and of the files beside them; with `assets` (names in static/) also strays."""
        addresses = {path: file_address(path, pages) for path in files}
        strays = () if assets is None else (*addresses.values(), *(f"/static/{name}" for name in assets))
        return cls(pages, addresses, strays)

    def target(self, written: str, path: str) -> Target:
        """Where a link written in the file `path` leads."""
        try:
            parts = urlsplit(normalize("NFC", written))
        except ValueError:
            return Target(written, found=False)
        fragment = normalize("NFC", unquote(parts.fragment))
        if "%" in parts.fragment and fragment != unquote(parts.fragment):
            parts = parts._replace(fragment=quote(fragment))
        here = self.pages.get(path, "/")
        suffix = (f"?{parts.query}" if parts.query else "") + (f"#{parts.fragment}" if parts.fragment else "")
        if not parts.path:
            return Target(suffix or here, parts.fragment, path)
        return self._of_file(parts, suffix, path) or self._of_address(urljoin(here, parts.path), suffix, parts)

    def _of_file(self, parts: SplitResult, suffix: str, path: str) -> Target | None:
        """A relative path read as a file's, as it stands or with its percent-escapes undone."""
        if parts.path.startswith("/"):
            return None
        for reading in (parts.path, normalize("NFC", unquote(parts.path))):
            wanted = posixpath.normpath(posixpath.join(posixpath.dirname(path), reading))
            if wanted in self.pages:
                return Target(quote(self.pages[wanted]) + suffix, parts.fragment, wanted)
            if wanted in self.files:
                return Target(quote(self.files[wanted]) + suffix, parts.fragment, file=wanted)
        return None

    def _of_address(self, address: str, suffix: str, parts: SplitResult) -> Target:
        """A path that is an address already: /tags/, ../other-post/."""
        plain = normalize("NFC", unquote(address))
        page = self.page_at.get(plain) or self.page_at.get(plain + "/")
        if page:
            return Target(quote(self.pages[page]) + suffix, parts.fragment, page)
        if plain not in self.file_at and (stray := self._stray(plain)):
            address = quote(stray)
            plain = stray
        file = self.file_at.get(plain, "")
        means_file = not parts.path.startswith("/") and "." in posixpath.basename(plain)
        return Target(
            quote(address, safe="/%:@") + suffix,
            parts.fragment,
            file=file,
            found=not means_file or bool(file) or plain in self.strays,
        )

    def _stray(self, address: str) -> str:
        """The one file whose path ends as this address does, as far back as only one does; "" where there is none.

        `/blog/img/a.png` is `/static/img/a.png`, or the only `a.png` there is.
        """
        parts = address.strip("/").split("/")
        known = self._strays_by_name.get(parts[-1], ()) if self.strays else ()
        for start in range(len(parts)):
            found = [each for each in known if f"{each}".endswith("/" + "/".join(parts[start:]))]
            if found:
                return found[0] if len(found) == 1 else ""
        return ""


def file_address(path: str, pages: Mapping[str, str]) -> str:
    """The address of a file that is no page: below its bundle's page, else its own path.

    Shape: `posts/x/img/a b.png` -> `/posts/<slug of posts/x/index.md>/img/a b.png`.
    """
    folder = posixpath.dirname(path)
    while folder:
        owners = (pages[index] for suffix in FOREIGN_SUFFIXES if (index := f"{folder}/index{suffix}") in pages)
        if owner := next(owners, ""):
            return owner + path[len(folder) + 1 :]
        folder = posixpath.dirname(folder)
    return "/" + path
