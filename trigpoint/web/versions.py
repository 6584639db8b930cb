"""What stands beside an article: the same in other languages, and the newer one that has taken its place."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from flask import url_for

from trigpoint.content.pages import Post
from trigpoint.languages import own_name
from trigpoint.library.library import Library
from trigpoint.settings import Settings


@dataclass(frozen=True, slots=True)
class Version:
    """A link to another article. `lang` is a language tag, "" for one elsewhere."""

    href: str
    name: str
    lang: str = ""


def translations(post: Post, library: Library, settings: Settings) -> tuple[Version, ...]:
    """The article in each of its languages, its own among them; none where it has one alone."""
    spoken = ((each, each.lang or settings.language) for each in library.translations(post.path))
    return tuple(Version(url_for("post", slug=each.slug), own_name(lang), lang) for each, lang in spoken)


def successor(post: Post, library: Library, settings: Settings) -> Version | None:
    """What has taken the place of this article; None where nothing has."""
    if not post.superseded_by:
        return None
    if urlsplit(post.superseded_by).netloc:
        return Version(post.superseded_by, host(post.superseded_by))
    target = library.target(post.superseded_by, post.path)
    if not target.page and library.leads_to_expired(post.superseded_by, post.path):
        return None
    newer = library.post(unquote(urlsplit(target.address).path).strip("/").removeprefix("posts/"))
    return Version(settings.link(target.address), newer.title if newer else target.address)


def host(address: str) -> str:
    """The host of an address of the web, without `www.`."""
    return (urlsplit(address).hostname or address).removeprefix("www.")
