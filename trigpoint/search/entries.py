"""What the results of a search show of a post or a page. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from trigpoint.content.pages import Page, Post

EXCERPT = 110
"""Characters of an excerpt: enough to tell articles apart."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A post or a page as the search shows it; `tags` are names. A page has neither those nor a `date`."""

    address: str
    title: str
    excerpt: str
    tags: tuple[str, ...]
    date: datetime | None


def entry_of(page: Page) -> Entry:
    """A post or a page as the search shows it."""
    excerpt = page.summary
    if len(excerpt) > EXCERPT:
        excerpt = excerpt[:EXCERPT].rsplit(" ", 1)[0].rstrip(",;:.") + " …"
    if not isinstance(page, Post):
        return Entry(page.address, page.title, excerpt, (), None)
    tags = tuple(tag.name for tag in page.tags)
    return Entry(page.address, page.title, excerpt, tags, page.date if page.dated else None)
