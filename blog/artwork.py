"""The pictures that the site makes itself: covers, social cards, and smaller forms of what lies beside the pages.

They are ordinary addresses: made when they are asked for, frozen like any page, kept by what they are made from.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from typing import TypeVar
from urllib.parse import quote, urlsplit

from flask import Response, abort, make_response, request
from werkzeug.routing import RequestRedirect

from blog import covers
from blog.answers import current_library, current_settings, current_site, kind
from blog.content import Post
from blog.contours import Line
from blog.edition import edition
from blog.files import file_at, media_type
from blog.library import Library
from blog.metadata import has_card
from blog.notes import digest_of, digest_of_bytes

Drawn = TypeVar("Drawn")

FONTS = ("fonts/sans.woff2", "fonts/sans-western.woff2", "fonts/sans-central.woff2")
"""Of static/: what the words of a social card are set in, where they are there."""


FORM = re.compile(r"/(.+)\.([1-9][0-9]*)\.(webp|avif)")
"""The path of a form, for who has only that."""

INLINE = str.maketrans({sign: quote(sign, safe="!$()*,-./:;=?@[]_~'") for sign in map(chr, range(128))})
"""What the signs of a drawing, which is all ASCII, are in a data address within double quotes."""


def posts_without_cover(library: Library) -> Iterable[Mapping[str, object]]:
    return ({"slug": post.slug} for post in library.posts if post.cover is None)


def posts_with_card(library: Library) -> Iterable[Mapping[str, object]]:
    return ({"slug": post.slug} for post in library.posts if has_card(post))


def picture_forms(library: Library) -> Iterable[Mapping[str, object]]:
    for address, picture in library.pictures():
        for each in picture.kinds:
            yield from ({"original": address[1:], "width": width, "ending": each} for width in picture.widths)


@kind("/covers/<slug>.svg", posts_without_cover)
def cover(slug: str) -> Response:
    """The cover that is drawn for an article without one."""
    post = _post(slug, lambda post: post.cover is None)
    return Response(_cover(post), content_type=media_type("image/svg+xml"))


def inline_cover(post: Post) -> str:
    """The drawn cover as an address that holds it: where it is shown alone, it is not worth a request."""
    return f"data:image/svg+xml,{_cover(post).decode().translate(INLINE)}"


@kind("/social/<slug>.png", posts_with_card)
def social_card(slug: str) -> Response:
    """What stands for an article where a link to it is shared."""
    post, settings = _post(slug, has_card), current_settings()
    assets = [current_site().assets.asset(name) for name in FONTS]
    fonts = tuple(asset.content for asset in assets if asset)
    said = (post.title, _tags(post), settings.title, urlsplit(settings.base_url).netloc)
    key = (said, [digest_of_bytes(font) for font in fonts])

    def drawn() -> bytes:
        cards = import_module("blog.socialcards")  # With Pillow: only who draws a card waits for it.
        made: bytes = cards.card(cards.Words(*said), _hills(post.title), fonts)
        return made

    return Response(_kept("socialcards", key, drawn), content_type="image/png")


@kind("/<path:original>.<number:width>.<any(webp, avif):ending>", picture_forms)
def form(original: str, width: int, ending: str) -> Response:
    """A picture that lies beside the pages, made smaller. A file that lies there under this name comes first."""
    library = current_library()
    if library.file(request.path):
        return make_response(file_at(request.path[1:]))
    found = library.file(f"/{original}") or abort(404)
    made = current_site().loader.pictures.form(found.path, width, ending) or abort(404)
    return Response(made, content_type=f"image/{ending}")


def file_before_redirect() -> Response | None:
    """Werkzeug takes /posts/pic.png for an article whose slash was forgotten, before it looks for a file or a form."""
    if not isinstance(request.routing_exception, RequestRedirect):
        return None
    if current_library().file(request.path):
        return make_response(file_at(request.path[1:]))
    found = FORM.fullmatch(request.path)
    if found and current_library().file(f"/{found[1]}"):
        return make_response(form(found[1], int(found[2]), found[3]))
    return None


def _cover(post: Post) -> bytes:
    title, tags = post.title, _tags(post)
    return _kept("covers", (title, tags), lambda: covers.cover(title, tags, _hills(title)).encode())


def _hills(title: str) -> list[list[Line]]:
    """The hills that an article's cover and card have in common."""
    return _kept("hills", title, lambda: covers.hills(title))


def _post(slug: str, wanted: Callable[[Post], bool]) -> Post:
    found = current_library().post(slug)
    return found if found and wanted(found) else abort(404)


def _tags(post: Post) -> tuple[str, ...]:
    return tuple(tag.name for tag in post.tags)


def _kept(folder: str, made_from: object, make: Callable[[], Drawn]) -> Drawn:
    """What was drawn from the same before, by the same program, or is drawn now."""
    cache = current_site().loader.cache
    key = digest_of((made_from, [edition(f"{module}.py") for module in ("contours", "covers", "socialcards")]))
    kept: Drawn | None = cache.value(folder, key)
    if kept is not None:
        return kept
    made = make()
    cache.keep(folder, key, made)
    return made
