"""Which addresses lead on to which: old ones of pages, tags and feeds. Pure."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping

from trigpoint.content.pages import Page, Tag
from trigpoint.library.clashes import frozen_place, place_of, redirect_address


def redirects(
    pages: Iterable[Page],
    tags: Iterable[Tag],
    feed_aliases: Iterable[str],
    owners: Mapping[str, str],
    taken: Container[str],
) -> dict[str, str]:
    """The address behind each alias, in order. `owners` has the path of the page that each place belongs to; what is
    `taken` is a page, and no alias."""
    wanted = ((redirect_address(alias), page) for page in pages for alias in page.aliases)
    of_pages = {alias: page.address for alias, page in wanted if owners.get(place_of(alias)) == page.path}
    of_tags = {f"/tags/{alias}/": f"/tags/{tag.slug}/" for tag in tags for alias in tag.aliases}
    of_feeds = {redirect_address(alias): "/feed.xml" for alias in feed_aliases}
    found = sorted((of_feeds | of_tags | of_pages).items())
    return {alias: to for alias, to in found if frozen_place(alias) not in taken}
