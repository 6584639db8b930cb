"""All articles of a site, as their author asks for them: those that readers do not see, too."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator

from trigpoint.content.pages import Page, Post
from trigpoint.faults import Fault, errors
from trigpoint.inventory import is_source
from trigpoint.library.snapshot import begins_of

STATES = ("published", "draft", "future", "expired")


def state_of(page: Page, now: dt.datetime) -> str:
    """One of STATES: what hides the page from readers, or that nothing does."""
    if page.draft or page.hidden_by:
        return "draft"
    begins = begins_of(page)
    if begins and begins > now:
        return "future"
    return "expired" if page.expires and page.expires <= now else "published"


def listed(pages: Iterable[Page], states: Iterable[str], now: dt.datetime) -> list[Post]:
    """The posts in one of these states, the newest first; in any state where none is named."""
    wanted = frozenset(states) or frozenset(STATES)
    found = [page for page in pages if isinstance(page, Post) and state_of(page, now) in wanted]
    return sorted(found, key=lambda post: (-post.date.timestamp(), post.path))


def unread(pages: Iterable[Page], faults: Iterable[Fault], folder: str) -> tuple[str, ...]:
    """The paths below pages/ of sources that have errors, and of which no version is known."""
    known = {page.path for page in pages}
    paths = {fault.path.removeprefix(f"{folder}/") for fault in errors(faults) if fault.path.startswith(f"{folder}/")}
    return tuple(sorted(path for path in paths - known if is_source(path, lenient=True)))


def as_table(posts: Iterable[Post], now: dt.datetime, folder: str) -> Iterator[str]:
    """A line for each: its day, its state, its file, its title."""
    for post in posts:
        day = f"{post.date.date()}" if post.dated else "-" * 10
        yield f"{day}  {state_of(post, now):<9}  {folder}/{post.path}  {post.title}"


def as_json(posts: Iterable[Post], now: dt.datetime, folder: str) -> str:
    """A list of objects."""
    return json.dumps([_plain(post, now, folder) for post in posts], ensure_ascii=False, indent=1)


def _plain(post: Post, now: dt.datetime, folder: str) -> dict[str, object]:
    return {
        "file": f"{folder}/{post.path}",
        "slug": post.slug,
        "address": post.address,
        "title": post.title,
        "state": state_of(post, now),
        "date": post.date.isoformat() if post.dated else None,
        "updated": post.updated.isoformat() if post.updated else None,
        "expires": post.expires.isoformat() if post.expires else None,
        "tags": [tag.name for tag in post.tags],
        "aliases": list(post.aliases),
    }
