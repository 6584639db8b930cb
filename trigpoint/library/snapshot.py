"""What a Library is made from, and the one rule of what its readers see.

The loader fills it in, the Library answers from it.
"""

from __future__ import annotations

import datetime as dt
import posixpath
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from trigpoint.content.pages import Author, Page, Post, Tag
from trigpoint.content.places import is_index
from trigpoint.content.visibility import in_hidden_folder
from trigpoint.faults import Fault, counted
from trigpoint.inventory import Stamp, is_source
from trigpoint.markup.document import Document
from trigpoint.notes import Digest
from trigpoint.search.index import Index


@dataclass(frozen=True, slots=True)
class File:
    """A file beside the pages: its path below pages/, and a stamp that a change changes."""

    path: str
    stamp: tuple[int, ...] = field(compare=False)


@dataclass(frozen=True, slots=True)
class Picture:
    """What the header of a picture says: its size in pixels as it is shown (0: not known), the widths of the smaller
    variants that it has, its problem, and their kinds, the smallest first.

    Problems are "", "unknown" (it is no picture), "lfs" (it stands for one), "too large", "too heavy" and "cut off".
    """

    width: int = 0
    height: int = 0
    widths: tuple[int, ...] = ()
    problem: str = ""
    kinds: tuple[str, ...] = ("webp",)


Role = Literal["first", "change", "edge"]
"""A commit with which an article came, one that changed it, and one behind which nothing is known of it."""


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit of git that changed an article: its whole id, when it was committed and when written (in the zone of the
    site), the first line of its message, and where it left the source, below pages/."""

    id: str
    committed: dt.datetime
    written: dt.datetime
    subject: str
    path: str
    role: Role


PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".svg")
"""How the names of pictures end, in lower case."""

Location = Literal["", "removable", "fixed"]
"""Whether a file says where it was taken: no; yes, and that is taken out when it is served; yes, and it cannot be."""

LOCATED = (
    ".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp", ".avif", ".heic", ".heif", ".tif", ".tiff", ".dng", ".gif",
    ".svg", ".mp4", ".m4v", ".mov", ".3gp",
)  # fmt: skip
"""How the names of files end that may say where they were taken, in lower case."""

FileDigest = Callable[[str], Digest]
Render = Callable[[Page, FileDigest], Document]
Indexing = Callable[[Sequence[Page], FileDigest], Index]


def digests_beside(names: Iterable[str], page: Page, file_digest: FileDigest) -> tuple[Digest, ...]:
    """The digests of files beside a page, by the names that the page has for them."""
    folder = posixpath.dirname(page.path)
    return tuple(file_digest(posixpath.normpath(posixpath.join(folder, name))) for name in names)


@dataclass(frozen=True)
class Snapshot:
    """All that a Library is made from: what was read, and the moment for which it is true.

    `render` gives a page's Document, `index` that of pages and posts, from the oldest; `file_digest` the digest of a
    file's content by its path below pages/, "" where there is none; `picture` what
    the header of a picture says, None for what is no picture. `preview` shows
    what readers do not see yet. `owners` says which page had each address and alias before.
    Where `lenient`, what two pages of another blog both want is settled, not refused, and links
    to files that are elsewhere here find them, in static/ too, whose names are `assets`.
    `held` are the paths of pages whose file has errors now: what is wrong with their last good version
    stands at no line of it, and is not told.
    `feed_aliases` are addresses that the feed had. `commits` are those of each article whose
    history is shown, by its path, the newest first.
    """

    pages: tuple[Page, ...]
    registry: tuple[Tag, ...]
    files: tuple[File, ...]
    faults: tuple[Fault, ...]
    now: dt.datetime
    posts_per_page: int
    render: Render
    index: Indexing
    file_digest: FileDigest
    stamps: Mapping[str, Stamp]
    picture: Callable[[str], Picture | None] = lambda path: None
    preview: bool = False
    feed_aliases: tuple[str, ...] = ()
    folder: str = "pages"
    owners: Mapping[str, str] = field(default_factory=dict)
    lenient: bool = False
    assets: tuple[str, ...] = ()
    held: frozenset[str] = frozenset()
    commits: Mapping[str, tuple[Commit, ...]] = field(default_factory=dict)
    authors: tuple[Author, ...] = ()


def begins_of(page: Page) -> dt.datetime | None:
    """The moment before which no reader sees this page, whatever else is said of it."""
    moments = (page.date if isinstance(page, Post) else None, page.appears)
    return max((moment for moment in moments if moment), default=None)


def hidden_because(page: Page, now: dt.datetime) -> str:
    """Why readers do not have this page now, as a sentence; "" where they do. The one rule of what is published."""
    if has_expired(page, now):
        return f"This expired on {page.expires:%Y-%m-%d %H:%M %Z}: readers no longer see it."
    return _withheld_because(page, now)


def has_expired(page: Page, now: dt.datetime) -> bool:
    """Whether readers had this page, and do not any more as its time is over."""
    return page.expires is not None and page.expires <= now and not _withheld_because(page, now)


def expired_addresses(snapshot: Snapshot) -> frozenset[str]:
    """The addresses that readers had until their time was over."""
    return frozenset(page.address for page in snapshot.pages if has_expired(page, snapshot.now))


def _withheld_because(page: Page, now: dt.datetime) -> str:
    """Why readers have not had this page yet."""
    if page.hidden_by:
        return f'"{page.hidden_by}" hides this: readers do not see it.'
    if page.draft:
        return "This is a draft: readers do not see it."
    begins = begins_of(page)
    if begins and begins > now:
        return f"This appears on {begins:%Y-%m-%d %H:%M %Z}: until then readers do not see it."
    return ""


def next_change(snapshot: Snapshot) -> dt.datetime | None:
    """The first moment after `now` at which a page appears or expires."""
    moments = [
        moment
        for page in snapshot.pages
        if not page.draft
        for moment in (begins_of(page), page.expires)
        if moment and moment > snapshot.now
    ]
    return min(moments, default=None)


def hidden_pages(snapshot: Snapshot) -> list[Page]:
    """The pages that readers do not see now."""
    return [page for page in snapshot.pages if hidden_because(page, snapshot.now)]


def hidden_summary(snapshot: Snapshot) -> tuple[str, ...]:
    """What readers do not see, in a few lines: how many pages and why; none where they see all."""
    pages = hidden_pages(snapshot)
    coming = [begins for page in pages if not page.draft and (begins := begins_of(page)) and begins > snapshot.now]
    drafts = sum(page.draft for page in pages)
    expired = len(pages) - drafts - len(coming)
    counts = [
        counted(drafts, "draft") if drafts else "",
        f"{len(coming)} to come (next on {min(coming):%Y-%m-%d %H:%M %Z})" if coming else "",
        f"{expired} expired" if expired else "",
    ]
    return (f"Not published: {', '.join(filter(None, counts))}.", *_reasons(pages, snapshot.folder)) if pages else ()


def _reasons(pages: Iterable[Page], folder: str) -> Iterator[str]:
    """A line for each entry of a foreign header, or folder, that makes drafts of pages."""
    hidden: dict[str, list[str]] = defaultdict(list)
    for page in sorted(pages, key=lambda page: page.path):
        if page.hidden_by:
            hidden[page.hidden_by].append(f"{folder}/{page.path}")
    for reason, paths in sorted(hidden.items()):
        more = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
        yield f'note: "{reason}" hides {paths[0]}{more}.'


def shown_files(snapshot: Snapshot, published: Iterable[Page]) -> list[str]:
    """The paths of the files that readers may have: all but those of a bundle whose page they do not see, or nobody can
    read, and those in a folder such as `_drafts/`. posts/ itself is the bundle of none of its posts."""
    bundles = frozenset(
        posixpath.dirname(path) for path in snapshot.stamps if is_source(path, snapshot.lenient) and is_index(path)
    ) - {"posts"}
    hidden = bundles - {posixpath.dirname(page.path) for page in published if is_index(page.path)}
    return [
        file.path
        for file in snapshot.files
        if bundle_of(file.path, bundles) not in hidden
        and (snapshot.preview or not in_hidden_folder(file.path, snapshot.lenient))
    ]


def bundle_of(path: str, bundles: frozenset[str]) -> str:
    """The folder of a page in which this file lies, the nearest; "" where it lies in none."""
    folder = posixpath.dirname(path)
    while folder and folder not in bundles:
        folder = posixpath.dirname(folder)
    return folder
