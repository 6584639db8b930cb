"""Feeds as Atom and JSON, of the site, of each tag and each author, and articles as plain Markdown."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape, unescape
from urllib.parse import unquote

from flask import Response, abort, render_template, url_for

from trigpoint.content.pages import Post
from trigpoint.library.library import Library
from trigpoint.lru_cache import LruCache
from trigpoint.markup.document import Link
from trigpoint.markup.typography import typeset
from trigpoint.settings import Settings
from trigpoint.web.files.author import file_at
from trigpoint.web.head import address_of, entry_id
from trigpoint.web.kinds import kind, once
from trigpoint.web.site import current_library, current_settings, current_words
from trigpoint.web.templating import iso
from trigpoint.web.wording.bodies import labelled

ENTRIES = 20
"""Posts in the site's feed: a reader that comes once a month misses nothing."""

TAG_ENTRIES = 10
"""Posts in the feed of a tag or an author. There are many of them, and each holds whole articles."""

POST = re.compile(r"/posts/([^/?]+)/")
"""The address of a post."""

_set: LruCache[tuple[str, str], str] = LruCache(2_000_000, len)
"""Articles of feeds that were set in print lately, by their HTML and language; bounded by their characters."""

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class Person:
    """Who wrote an entry; `url` is the whole address of the author's page, or ""."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A post in a feed; `content` is its whole HTML with whole addresses, times are RFC 3339."""

    title: str
    id: str
    address: str
    published: str
    updated: str
    summary: str
    content: str
    tags: tuple[str, ...]
    authors: tuple[Person, ...]
    language: str


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed; `address` is that of the page it follows, `self` its own.

    `author` is never empty: Atom wants one, of a blog without an author too.
    """

    title: str
    subtitle: str
    id: str
    updated: str
    address: str
    self: str
    author: str
    entries: tuple[Entry, ...]


def tags_with_posts(library: Library) -> Iterable[Mapping[str, object]]:
    return ({"slug": each.tag.slug} for each in library.tags())


def authors_with_posts(library: Library) -> Iterable[Mapping[str, object]]:
    return ({"slug": each.author.slug} for each in library.authors())


@kind("/feed.xml", once)
def feed() -> Response:
    return _atom(_site_feed(url_for("feed")))


@kind("/feed.json", once)
def feed_json() -> Response:
    return _json_feed(_site_feed(url_for("feed_json")))


@kind("/tags/<slug>/feed.xml", tags_with_posts)
def tag_feed(slug: str) -> Response:
    return _atom(_tag_feed(slug, url_for("tag_feed", slug=slug)))


@kind("/tags/<slug>/feed.json", tags_with_posts)
def tag_feed_json(slug: str) -> Response:
    return _json_feed(_tag_feed(slug, url_for("tag_feed_json", slug=slug)))


@kind("/authors/<author:slug>/feed.xml", authors_with_posts)
def written_by_feed(slug: str) -> Response:
    made = _author_feed(slug, url_for("written_by_feed", slug=slug))
    return _atom(made) if made else file_at(f"authors/{slug}/feed.xml")


@kind("/authors/<author:slug>/feed.json", authors_with_posts)
def written_by_feed_json(slug: str) -> Response:
    made = _author_feed(slug, url_for("written_by_feed_json", slug=slug))
    return _json_feed(made) if made else file_at(f"authors/{slug}/feed.json")


@kind("/posts/<slug>/index.md", lambda library: ({"slug": post.slug} for post in library.posts))
def markdown_version(slug: str) -> Response:
    """The article as its Markdown, for readers that prefer it to HTML: a title and the body, no front matter."""
    library = current_library()
    post = library.post(slug) or abort(404)
    canonical = _whole(current_settings(), post.address)
    head = f"# {as_markdown(post.title)}\n\n> {as_markdown(post.summary)}\n\n{post.date:%Y-%m-%d} · <{canonical}>"
    markdown = library.shown_document(post.path).markdown(lambda link: _in_markdown(link, post))
    return Response(f"{head}\n\n{markdown.strip()}\n", mimetype="text/markdown")


def as_markdown(text: str) -> str:
    """Plain text as Markdown: nothing in it is a link or a tag."""
    return re.sub(r"([\\\[\]<])", r"\\\1", text)


def _in_markdown(link: Link, post: Post) -> str:
    """Where a link of this post leads, for who has its Markdown: another article's Markdown, or a whole address."""
    library, settings = current_library(), current_settings()
    target = library.target(link.target, post.path)
    is_here = link.target.startswith(("#", "?"))
    if is_here or not (target.page or target.file or link.target.startswith("/")):
        return link.target
    path, mark, fragment = target.address.partition("#")
    slug = POST.fullmatch(path) if target.page else None
    place = url_for("markdown_version", slug=unquote(slug[1])) if slug else settings.link(path)
    return settings.absolute(place) + mark + fragment


def _whole(settings: Settings, address: str) -> str:
    """The whole address of an address of the site."""
    return settings.absolute(settings.link(address))


def _site_feed(own: str) -> Feed:
    settings = current_settings()
    return _feed(
        settings, settings.title, settings.description, url_for("listing"), own, current_library().newest(ENTRIES)
    )


def _tag_feed(slug: str, own: str) -> Feed:
    library, settings = current_library(), current_settings()
    tag = library.tag(slug) or abort(404)
    title = f"{tag.name} · {settings.title}"
    return _feed(
        settings, title, tag.description, url_for("tag", slug=slug), own, library.newest_tagged(slug, TAG_ENTRIES)
    )


def _author_feed(slug: str, own: str) -> Feed | None:
    """The feed of this author; None where there is no such author: then the site may have a file of its own there."""
    library, settings = current_library(), current_settings()
    author = library.author(slug)
    if author is None:
        return None
    title, page = f"{author.name} · {settings.title}", url_for("written_by", slug=slug)
    return _feed(settings, title, author.about, page, own, library.newest_by(slug, TAG_ENTRIES))


def _feed(settings: Settings, title: str, subtitle: str, page: str, own: str, posts: tuple[Post, ...]) -> Feed:
    updated = max((post.updated or post.date for post in posts), default=EPOCH)
    address = settings.absolute(page)
    return Feed(
        title,
        subtitle,
        address,
        iso(updated),
        address,
        settings.absolute(own),
        settings.author or settings.title,
        tuple(_entry(settings, post) for post in posts),
    )


def _entry(settings: Settings, post: Post) -> Entry:
    return Entry(
        post.title,
        entry_id(settings, post),
        _whole(settings, post.address),
        iso(post.date),
        iso(post.updated or post.date),
        _summary(settings, post),
        _absolute_html(settings, post),
        tuple(tag.name for tag in post.tags),
        tuple(Person(author.name, address_of(settings, author)) for author in post.authors),
        post.lang or settings.language,
    )


def _summary(settings: Settings, post: Post) -> str:
    """The summary as plain text, in the signs that its language prints."""
    text = post.summary
    return unescape(_in_print(escape(text), post.lang or settings.language)) if settings.typography else text


def _absolute_html(settings: Settings, post: Post) -> str:
    library = current_library()

    def absolute(link: Link) -> str:
        address = library.target(link.target, post.path).address
        return _whole(settings, post.address + address if address.startswith(("#", "?")) else address)

    html = labelled(library.shown_document(post.path).html(absolute), current_words().of(post.lang))
    return _in_print(html, post.lang or settings.language) if settings.typography else html


def _in_print(html: str, language: str) -> str:
    """The HTML as `typeset` makes it: once for the feeds of all its tags, which hold the same articles."""
    known = _set.get((html, language))
    if known is None:
        known = typeset(html, language)
        _set.put((html, language), known)
    return known


def _atom(feed: Feed) -> Response:
    return xml_response(render_template("feed.xml", feed=feed))


def xml_response(text: str) -> Response:
    """As application/xml: browsers show it, and every static host calls a `.xml` file so."""
    return Response(text, mimetype="application/xml")


def _json_feed(feed: Feed) -> Response:
    items = [
        {
            "id": entry.id,
            "url": entry.address,
            "title": entry.title,
            "summary": entry.summary,
            "content_html": entry.content,
            "date_published": entry.published,
            "date_modified": entry.updated,
            "tags": list(entry.tags),
            "authors": [{"name": each.name, **({"url": each.url} if each.url else {})} for each in entry.authors],
            "language": entry.language,
        }
        for entry in feed.entries
    ]
    settings = current_settings()
    hubs = {"hubs": [{"type": "WebSub", "url": settings.websub_hub}]} if settings.websub_hub else {}
    return json_response(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": feed.title,
            "description": feed.subtitle,
            "home_page_url": feed.address,
            "feed_url": feed.self,
            "language": settings.language,
            **hubs,
            "items": items,
        },
        "application/json",
    )


def json_response(thing: Mapping[str, object], media_type: str) -> Response:
    return Response(json.dumps(thing, ensure_ascii=False, indent=1) + "\n", content_type=f"{media_type}; charset=utf-8")
