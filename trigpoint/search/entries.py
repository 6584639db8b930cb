"""What the results of a search show of a post. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from trigpoint.content.pages import Post

EXCERPT = 110
"""Characters of an excerpt: enough to tell articles apart."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A post as the search shows it; `tags` are names, and `date` is none where the post has no date."""

    slug: str
    title: str
    excerpt: str
    tags: tuple[str, ...]
    date: datetime | None


def entry_of(post: Post) -> Entry:
    """A post as the search shows it."""
    excerpt = post.summary
    if len(excerpt) > EXCERPT:
        excerpt = excerpt[:EXCERPT].rsplit(" ", 1)[0].rstrip(",;:.") + " …"
    return Entry(
        post.slug, post.title, excerpt, tuple(tag.name for tag in post.tags), post.date if post.dated else None
    )
