"""A post or page gets another name: its file moves, its old address leads on, and links to it name the new one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from posixpath import basename, dirname, splitext

from trigpoint.content import dates
from trigpoint.content.other_generators import DAY
from trigpoint.content.pages import Page, Post
from trigpoint.content.slugs import slug_fault
from trigpoint.freezing.releases import Releases
from trigpoint.inventory import is_source, on_disk
from trigpoint.library.library import Library
from trigpoint.library.snapshot import hidden_because
from trigpoint.loading.git import GitError, completed
from trigpoint.markup.targets import decoded
from trigpoint.web.site import Site
from trigpoint.writing.files import remove_leftovers, write_all
from trigpoint.writing.header_text import (
    HeaderText,
    header_text,
    value_of,
    with_field,
    with_item,
    without_item,
    written,
)
from trigpoint.writing.links import IsMeant
from trigpoint.writing.listing import unread
from trigpoint.writing.new import slug_of_title
from trigpoint.writing.refusal import WritingError
from trigpoint.writing.relinking import Relinking, relinked_source
from trigpoint.writing.sources import checked, page_named, refuse_faulty, refuse_more, refuse_taken, refuse_there


@dataclass(frozen=True, slots=True)
class Renaming:
    """What is done: paths below pages/, addresses, and the sources whose links were rewritten.

    `alias` is the old address where it leads on, "" where no reader ever had it. `unread`: sources with errors, whose
    links nobody knows, and in which the old name stands.
    """

    old: str
    new: str
    address: str
    alias: str
    relinked: tuple[str, ...]
    unread: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Move:
    """What moves on the disk (a file, or the folder of an `index.md`), below pages/, and by which slug it goes then."""

    source: str
    target: str
    page: str
    slug: str

    @property
    def is_folder(self) -> bool:
        return self.source != self.page

    def path(self, old: str) -> str:
        """Where a source lies afterwards."""
        return self.target + old[len(self.source) :] if self.covers(old) else old

    def covers(self, path: str) -> bool:
        return path == self.source or (self.is_folder and path.startswith(f"{self.source}/"))


def rename_page(site: Site, name: str, slug: str) -> Renaming:
    """Give the page that goes by this name another slug. Raises WritingError, OSError, RestoreError."""
    page = page_named(site, name)
    refuse_faulty(site, page)
    move = _move(site, page, slug)
    changes, address, alias = _changes(site, page, move)
    folder = site.settings.pages_folder
    remove_leftovers(folder)
    write_all(
        {Path(on_disk(folder, path)): content for path, content in changes.items()},
        move=(Path(on_disk(folder, move.source)), folder / move.target),
    )
    others = tuple(sorted(set(changes) - {page.path}))
    return Renaming(page.path, move.path(page.path), address, alias, others, tuple(_naming(site, page, move)))


def _naming(site: Site, page: Page, move: _Move) -> Iterator[str]:
    """The sources with errors in which the old name stands: their links are not known."""
    names = (basename(move.source).encode(), page.address.encode())
    library, folder = site.loader.library, site.settings.pages_folder
    for path in unread(library.snapshot.pages, library.faults, site.settings.pages):
        with suppress(OSError):
            raw = Path(on_disk(folder, path)).read_bytes()
            if any(name in raw for name in names):
                yield path


def _cure(site: Site, typed: str) -> str:
    try:
        return f" Write `{slug_of_title(typed, site.settings.language)}`."
    except WritingError:
        return ""


def _move(site: Site, page: Page, slug: str) -> _Move:
    if reason := slug_fault(slug):
        raise WritingError(f'The new name is "{slug}", but {reason}.{_cure(site, slug)}')
    stem, suffix = splitext(basename(page.path))
    is_index = stem.lower() == "index"
    if is_index and dirname(page.path) in ("", "posts"):
        raise WritingError(f"{site.settings.pages}/{page.path} is the page of its folder, and has no name of its own.")
    source = dirname(page.path) if is_index else page.path
    name = _date_before(basename(source), page, site.settings.is_lenient) + slug
    target = f"{dirname(source)}/{name}".lstrip("/") + ("" if is_index else suffix)
    if target == source:
        raise WritingError(f"{site.settings.pages}/{page.path} has that name already.")
    refuse_there(site, dirname(source), name)
    return _Move(source, target, page.path, slug)


def _date_before(name: str, page: Page, is_lenient: bool) -> str:
    """What of the name of a post's file or folder says its day, with the sign behind it."""
    if not isinstance(page, Post):
        return ""
    date = dates.prefix(name)[0]
    found = DAY.match(name) if is_lenient and not date else None
    return found[0] if found else date and f"{date}-"


def _changes(site: Site, page: Page, move: _Move) -> tuple[dict[str, bytes], str, str]:
    """The new content of each source that changes, by its path until now; the new address, and the alias."""
    library = Library(replace(site.loader.library.snapshot, preview=True))  # Links to drafts lead somewhere, too.
    folder = site.settings.pages_folder
    address = page.address.removesuffix("/").rpartition("/")[0] + f"/{move.slug}/"
    refuse_taken(site, address, page)
    names = {basename(move.source): basename(move.target), page.address.strip("/").rpartition("/")[2]: move.slug}
    changes: dict[str, bytes] = {}
    for each in library.snapshot.pages:
        raw = Path(on_disk(folder, each.path)).read_bytes()
        changed = relinked_source(site, each, raw, Relinking(_is_meant(library, each, move), names))
        if changed != raw:
            changes[each.path] = changed
    text = header_text(changes.get(page.path) or Path(on_disk(folder, page.path)).read_bytes())
    if text is None:
        raise WritingError(f"{site.settings.pages}/{page.path} has no header between two lines of `---`.")
    alias = page.address if _was_seen(site, page) else ""
    changes[page.path] = _renamed_header(site, page, text, move, address, alias).raw
    return changes, address, alias


def _renamed_header(site: Site, page: Page, text: HeaderText, move: _Move, address: str, alias: str) -> HeaderText:
    before = text.raw
    if value_of(text, "slug"):
        text = with_field(text, "slug", written(move.slug))
    text = without_item(text, "aliases", address)  # A name that it had before is its own again.
    text = with_item(text, "aliases", json.dumps(alias) if text.opening.startswith("+") else alias) if alias else text
    path = move.path(move.page)
    after = checked(site, path, text.raw)
    is_read = is_source(path, site.settings.is_lenient) and getattr(after, "date", None) == getattr(page, "date", None)
    if not is_read or after.address != address or (alias and alias not in after.aliases) or address in after.aliases:
        cure = f"Rename the file, and write `aliases: [{alias}]` into it by hand; nothing was changed."
        raise WritingError(f"The front matter of {site.settings.pages}/{move.page} can't be changed safely. {cure}")
    refuse_more(site, move.page, before, after, ("slug", "aliases"))
    return text


def _is_meant(library: Library, page: Page, move: _Move) -> IsMeant:
    """Whether a target of this page leads to what moves."""

    def is_meant(target: str) -> bool:
        found = library.target(decoded(target), page.path)
        return found.page == move.page or move.covers(found.file or "\0")

    return is_meant


def _was_seen(site: Site, page: Page) -> bool:
    """Whether readers may know the address: a release has it, or they see the page now.

    Where there are releases and none has it, it must have been committed for that: another machine may publish it.
    """
    kept = tuple(release for release in Releases.of(site.settings).all() if release.is_described)
    if any(page.address in release.ledger.records for release in reversed(kept)):
        return True
    is_shown = not hidden_because(page, site.loader.library.snapshot.now)
    return is_shown and (not kept or _was_committed(site, page.path))


def _was_committed(site: Site, path: str) -> bool:
    """Whether a commit of any branch has this source by this name; also where git is not there to say it."""
    try:
        return bool(completed(site.settings.pages_folder, "log", "--all", "-1", "--format=%h", "--", path).stdout)
    except GitError:
        return True
