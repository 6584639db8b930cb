"""Which source an author means, what stands in the way of a new one, and how the site would read it."""

from __future__ import annotations

import os
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from posixpath import splitext
from unicodedata import normalize

from trigpoint.content.other_generators import entries
from trigpoint.content.pages import Page, Post, Rules, Source
from trigpoint.content.places import is_index, is_post, name_of, slug_of
from trigpoint.content.read_page import read_page, read_source
from trigpoint.content.yaml_nodes import Node, Scalar, Sequence
from trigpoint.fault_list import FaultList
from trigpoint.faults import did_you_mean, errors
from trigpoint.inventory import SUFFIX, is_source, on_disk
from trigpoint.web.site import Site
from trigpoint.writing.refusal import WritingError


def page_named(site: Site, name: str) -> Page:
    """The page that an author calls so: by its slug, its address, or the path of its file. Raises WritingError."""
    pages = {page.path: page for page in site.loader.library.snapshot.pages}
    path = _path_below(site, name)
    wanted = "/" + name.strip("/") + "/"
    found = [
        page
        for page in pages.values()
        if page.path == path or page.address == wanted or (isinstance(page, Post) and page.slug == name)
    ]
    if len(found) > 1:
        raise WritingError(f'"{name}" is {" and ".join(shown(site, page.path) for page in found)}. Name the file.')
    if not found:
        raise WritingError(_why_not(site, name, path))
    return found[0]


def refuse_faulty(site: Site, page: Page) -> None:
    """Raise WritingError where the file of this page has errors."""
    if faults := _errors_of(site, page.path):
        raise WritingError(faults)


def _why_not(site: Site, name: str, path: str) -> str:
    if path.startswith("../"):
        return f"{name} lies outside of {site.settings.pages}/, where the articles are."
    files = site.loader.inputs.sources.inventory.stamps
    for each in (path, *(each for each in files if is_post(each) and name in (name_of(each), slug_of(each)))):
        if each and (faults := _errors_of(site, each)):
            return faults
    pages = site.loader.library.snapshot.pages
    titled = [page for page in pages if page.title.casefold() == name.casefold()]
    if titled:
        return f'"{name}" is the title of {shown(site, titled[0].path)}. Name the file, or its slug.'
    known = [page.slug if isinstance(page, Post) else page.address for page in pages]
    return f'There is no article "{name}". {did_you_mean(name, known) or "`flask list` names all."}'


def _errors_of(site: Site, path: str) -> str:
    file = shown(site, path)
    found = errors(fault for fault in site.loader.library.faults if fault.path == file)
    return f"{found[0]} Mend it first; nothing was changed." if found else ""


def _path_below(site: Site, name: str) -> str:
    """The path below pages/ that was named; one that begins with ../ lies outside. "" for what is no path."""
    is_lenient = site.settings.is_lenient
    if "/" not in name and not is_source(f"posts/{name}", is_lenient):
        return ""
    folder = site.settings.pages_folder.resolve()
    for base in (Path.cwd(), site.settings.root, folder, folder / "posts"):
        place = (base / name).resolve()
        if place.is_dir():
            inside = (each.name for each in place.iterdir() if is_source(each.name, is_lenient))
            place /= next((each for each in inside if is_index(f"/{each}")), f"index{SUFFIX}")
        if place.is_file():
            return Path(os.path.relpath(place, folder)).as_posix()
    return ""


def shown(site: Site, path: str) -> str:
    """A path below pages/ as messages name it."""
    return f"{site.settings.pages}/{path}"


def refuse_taken(site: Site, address: str, owner: Page | None = None) -> None:
    """Raise WritingError where another page than the `owner` has this address now or had it before, seen or not."""
    for page in site.loader.library.snapshot.pages:
        if page is not owner and (address == page.address or address in page.aliases):
            raise WritingError(f"{address} is an address of {shown(site, page.path)}: nothing was changed.")


def refuse_there(site: Site, folder: str, name: str) -> None:
    """Raise WritingError where this folder below pages/ holds a source of that name, in any form, or a folder."""
    there: list[str] = []
    with suppress(FileNotFoundError):
        there = [normalize("NFC", each) for each in os.listdir(on_disk(site.settings.pages_folder, folder))]
    for each in sorted(there):
        path = f"{folder}/{each}".lstrip("/")
        if each == name or (splitext(each)[0] == name and is_source(path, site.settings.is_lenient)):
            raise WritingError(f"{shown(site, path)} is there already: nothing was changed.")


def rules_of(site: Site) -> Rules:
    """What the site reads its sources by, once it has looked at them."""
    rules = site.loader.inputs.sources.rules
    assert rules
    return rules


def checked(site: Site, path: str, raw: bytes) -> Page:
    """The page that the site would read from these bytes at this path. Raises WritingError where it would refuse it."""
    page, faults = read_page(path, raw, rules_of(site))
    if page is None:
        fault = errors(faults)[0]
        raise WritingError(f"{fault.sentence} {fault.cure}".rstrip())
    return page


def refuse_more(site: Site, path: str, before: bytes, after: Page, meant: Collection[str]) -> None:
    """Raise WritingError where more of the file at this path would be another than these fields of its header."""
    source = read_source(path, before, rules_of(site))
    old, new = fields_of(source) if source else {}, fields_of(after.source)
    names = [name for name in (*old, *new) if name.casefold() not in meant and old.get(name) != new.get(name)]
    if source is None or names or source.body != after.source.body:
        what = f'"{names[0]}"' if names else "the text"
        cure = f"Write {' and '.join(f'`{name}`' for name in meant)} by hand; nothing was changed."
        raise WritingError(f"With the header of {shown(site, path)}, {what} would be changed, too. {cure}")


def fields_of(source: Source) -> dict[str, object]:
    """The fields of a header as plain values."""
    found = entries(source, FaultList(source.path, forgiving=True))
    return {name: _plain(node) for name, (_, node) in found.entries.items()} if found else {}


def _plain(node: Node) -> object:
    if isinstance(node, Scalar):
        return node.text, node.kind
    if isinstance(node, Sequence):
        return list(map(_plain, node.items))
    return {name: _plain(value) for name, (_, value) in node.entries.items()}
