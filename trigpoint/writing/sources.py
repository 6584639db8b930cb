"""Which source an author means, and its changes on the disk: all of them, or none."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from trigpoint.content.pages import Page, Post
from trigpoint.content.read_page import read_page
from trigpoint.faults import did_you_mean, errors
from trigpoint.inventory import SUFFIX
from trigpoint.web.site import Site
from trigpoint.writing.refusal import WritingError


def page_named(site: Site, name: str) -> Page:
    """The page that an author calls so: by its slug, its address, or the path of its file.

    Raises WritingError where there is none, or its file has faults.
    """
    pages = {page.path: page for page in site.loader.library.snapshot.pages}
    path = _path_below(site, name)
    wanted = "/" + name.strip("/") + "/"
    found = [
        page
        for page in pages.values()
        if page.path == path or page.address == wanted or (isinstance(page, Post) and page.slug == name)
    ]
    if len(found) > 1:
        raise WritingError(f'"{name}" is {" and ".join(_shown(site, page.path) for page in found)}. Name the file.')
    if not found:
        raise WritingError(_why_not(site, name, path))
    if faults := _errors_of(site, found[0].path):
        raise WritingError(faults)
    return found[0]


def _why_not(site: Site, name: str, path: str) -> str:
    if path.startswith("../"):
        return f"{name} lies outside of {site.settings.pages}/, where the articles are."
    for each in (path, f"posts/{name}{SUFFIX}", f"posts/{name}/index{SUFFIX}"):
        if each and (faults := _errors_of(site, each)):
            return faults
    known = [page.slug if isinstance(page, Post) else page.address for page in site.loader.library.snapshot.pages]
    return f'There is no article "{name}". {did_you_mean(name, known) or "`flask list` names all."}'


def _errors_of(site: Site, path: str) -> str:
    shown = _shown(site, path)
    found = errors(fault for fault in site.loader.library.faults if fault.path == shown)
    return f"{found[0]} Mend it first; nothing was changed." if found else ""


def _path_below(site: Site, name: str) -> str:
    """The path below pages/ that was named; one that begins with ../ lies outside. "" for what is no path."""
    if "/" not in name and not name.endswith(SUFFIX):
        return ""
    folder = site.settings.pages_folder.resolve()
    for base in (Path.cwd(), site.settings.root, folder):
        place = (base / name).resolve()
        if place.is_dir():
            place /= f"index{SUFFIX}"
        if place.is_file():
            return Path(os.path.relpath(place, folder)).as_posix()
    return ""


def _shown(site: Site, path: str) -> str:
    return f"{site.settings.pages}/{path}"


def refuse_taken(site: Site, address: str, owner: Page | None = None) -> None:
    """Raise WritingError where another page than the `owner` has this address now or had it before, seen or not."""
    for page in site.loader.library.snapshot.pages:
        if page is not owner and (address == page.address or address in page.aliases):
            raise WritingError(f"{address} is an address of {_shown(site, page.path)}: nothing was changed.")


def refuse_there(site: Site, folder: str, name: str) -> None:
    """Raise WritingError where this folder below pages/ holds a source of that name, in either form."""
    for path in (f"{folder}/{name}{SUFFIX}", f"{folder}/{name}"):
        if os.path.lexists(site.settings.pages_folder / path):
            raise WritingError(f"{_shown(site, path.lstrip('/'))} is there already: nothing was changed.")


def checked(site: Site, path: str, raw: bytes) -> Page:
    """The page that the site would read from these bytes at this path. Raises WritingError where it would refuse it."""
    rules = site.loader.sources.rules
    assert rules
    page, faults = read_page(path, raw, rules)
    if page is None:
        fault = errors(faults)[0]
        raise WritingError(f"{fault.sentence} {fault.cure}".rstrip())
    return page


def write_all(changes: Mapping[Path, bytes]) -> None:
    """Write these files, each whole and at once; where one can't be, all are as they were. Raises OSError."""
    done: dict[Path, bytes] = {}
    try:
        for path, content in changes.items():
            before = path.read_bytes()
            _replace(path, content)
            done[path] = before
    except OSError:
        for path, before in done.items():
            _replace(path, before)
        raise


def _replace(path: Path, content: bytes) -> None:
    """Put this content in the place of a file, which keeps its rights; a link keeps leading to it."""
    place = path.resolve()
    handle, name = tempfile.mkstemp(prefix=f".{place.name}.", dir=place.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        shutil.copymode(place, name)
        os.replace(name, place)
    finally:
        with suppress(OSError):
            os.unlink(name)


def create(path: Path, content: bytes) -> None:
    """Write a file that is not there. Raises FileExistsError, OSError; then nothing is there that was not before."""
    missing = [folder for folder in path.parents if not folder.exists()]
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with _gone_if_it_fails(path), path.open("xb") as file:
            file.write(content)
    except OSError:
        for folder in missing:
            with suppress(OSError):
                folder.rmdir()
        raise


@contextmanager
def _gone_if_it_fails(path: Path) -> Iterator[None]:
    was_there = os.path.lexists(path)
    try:
        yield
    except OSError:
        if not was_there:
            with suppress(OSError):
                path.unlink()
        raise
