"""What a page says of itself to machines: its head, and its JSON-LD."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from trigpoint.content.pages import Author, Post
from trigpoint.settings import Settings
from trigpoint.web.templating import iso

SITE_CARD = "/social/site/card.png"
"""The address of the picture that stands for a page that is no article where a link to it is shared."""


@dataclass(frozen=True, slots=True)
class Alternate:
    """Another form of a page: a feed, a Markdown version."""

    type: str
    title: str
    href: str


@dataclass(frozen=True, slots=True)
class Head:
    """What <head> says. `canonical` and `image` are whole addresses; `published` and `modified` are RFC 3339 or ""."""

    title: str
    description: str
    canonical: str
    kind: str = "website"
    image: str = ""
    image_alt: str = ""
    published: str = ""
    modified: str = ""
    tags: tuple[str, ...] = ()
    robots: str = ""
    alternates: tuple[Alternate, ...] = ()
    json_ld: Markup | str = ""


def head_of_site(
    settings: Settings,
    address: str,
    title: str = "",
    description: str = "",
    robots: str = "",
    alternates: tuple[Alternate, ...] = (),
) -> Head:
    """The head of a page that is no article. `address` is as `url_for` gives it."""
    whole = f"{title} · {settings.title}" if title else settings.title
    kind = "WebPage" if title else "WebSite"
    canonical = settings.absolute(address)
    described = description or settings.description
    json_ld = _json_ld({"@type": kind, "name": title or settings.title, "url": canonical, "description": described})
    image = settings.absolute(settings.link(SITE_CARD))
    return Head(
        whole,
        described,
        canonical,
        "website",
        image,
        settings.title,
        robots=robots,
        alternates=alternates,
        json_ld=json_ld,
    )


def head_of_post(settings: Settings, post: Post, image: str, alternates: tuple[Alternate, ...]) -> Head:
    """The head of an article."""
    canonical = settings.absolute(settings.link(post.address))
    modified = iso(post.updated or post.date)
    article: dict[str, object] = {
        "@type": "BlogPosting",
        "headline": post.title,
        "description": post.description,
        "url": canonical,
        "datePublished": iso(post.date),
        "dateModified": modified,
        "inLanguage": post.lang or settings.language,
        "keywords": [tag.name for tag in post.tags],
        "timeRequired": f"PT{post.minutes}M",
        "author": [_person(settings, author) for author in post.authors],
        "isPartOf": {"@type": "Blog", "name": settings.title, "url": settings.absolute(settings.link("/"))},
    }
    if image:
        article["image"] = image
    return Head(
        f"{post.title} · {settings.title}",
        post.description,
        canonical,
        "article",
        image,
        post.cover.alt if post.cover and not has_card(post) else post.title,
        iso(post.date),
        modified,
        tuple(tag.name for tag in post.tags),
        "noindex" if post.draft else "",
        alternates,
        _json_ld(article),
    )


def has_card(post: Post) -> bool:
    """Whether a social card is drawn for this post: its own cover serves, unless it is a drawing, which none shows."""
    return post.cover is None or post.cover.image.lower().endswith(".svg")


def _person(settings: Settings, author: Author) -> Mapping[str, str]:
    """An author for machines: by the page here, and where there is one, by a page elsewhere."""
    urls = {"url": address_of(settings, author), "sameAs": author.url}
    return {"@type": "Person", "name": author.name, **{key: url for key, url in urls.items() if url}}


def address_of(settings: Settings, author: Author) -> str:
    """The whole address of an author's page; "" for one who has none."""
    return settings.absolute(settings.link(quote(author.address))) if author.address else ""


OF_POST = re.compile(r"/posts/[^/]+/")
"""An address that this site gives to posts; a blog that moved here had others."""


def entry_id(settings: Settings, post: Post) -> str:
    """A post's id in feeds, which never changes: its own, else a tag URI of its day and first address (RFC 4151)."""
    host = urlsplit(settings.base_url).hostname or "localhost"
    return post.id or f"tag:{host},{post.date:%Y-%m-%d}:{settings.link(first_address(post))}"


def first_address(post: Post) -> str:
    """The address that a post had first on this site: the oldest alias of the form that posts have, else its own."""
    return next((alias for alias in post.aliases if OF_POST.fullmatch(alias)), post.address)


def _json_ld(thing: Mapping[str, object]) -> Markup:
    return htmlsafe_json_dumps({"@context": "https://schema.org", **thing}, ensure_ascii=False, separators=(",", ":"))
