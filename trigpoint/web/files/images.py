"""The pictures that the site makes itself: covers, social cards, and smaller variants of what lies beside the pages.

They are ordinary addresses: made when they are asked for, frozen like any page, kept by what they are made from.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import lru_cache, partial
from typing import TypeVar
from urllib.parse import quote, urlsplit

from flask import Response, abort, current_app, make_response, redirect

from trigpoint.background import NotReadyError
from trigpoint.code_digest import maker_digest
from trigpoint.content.pages import Post
from trigpoint.images import covers
from trigpoint.images.contours import Line
from trigpoint.inventory import Mark, mark_of
from trigpoint.library.library import Library
from trigpoint.notes import DependsOn, ask, declare, digest_of, digest_of_bytes
from trigpoint.web.files.author import file_at, media_type
from trigpoint.web.head import SITE_CARD, has_card
from trigpoint.web.kinds import kind, once
from trigpoint.web.site import current_library, current_settings, current_site

Drawn = TypeVar("Drawn")

Marks = tuple[tuple[str, Mark], ...]
"""Files by their names."""

RETRY = 60.0
"""Seconds for which a picture that could not be drawn stays blank, before it is tried again."""
DRAWABLE = declare("drawable", "whether a picture can be drawn", DependsOn.UNWATCHED, lambda site: digest_of(_turn()))
"""Asked where one could not: the reason (memory, a font) may pass without a trace in what the picture is made from."""

SYSTEM_FONTS = declare(
    "system_fonts", "this machine's set of fonts", DependsOn.UNWATCHED, lambda site: digest_of(_system_fonts())
)
"""Asked where a card has letters that the fonts of static/ lack."""

FONTS = ("fonts/sans.woff2", "fonts/sans-western.woff2", "fonts/sans-central.woff2")
"""Of static/: what the words of a social card are set in, where they are there."""

INLINE = str.maketrans({sign: quote(sign, safe="!$()*,-./:;=?@[]_~'") for sign in map(chr, range(128))})
"""What the signs of a drawing, which is all ASCII, are in a data address within double quotes."""

INLINED = 1024
"""Drawn covers that are kept in memory as addresses, of about 9 kB each: every list and related article shows some."""

BLANK_COVER = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1280 720"/>'
BLANK_INLINE = f"data:image/svg+xml,{BLANK_COVER.decode().translate(INLINE)}"
BLANK_CARD = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x00\x00\x00\x00:~\x9bU"
    b"\x00\x00\x00\nIDATx\x9cc\xf8\x0f\x00\x01\x01\x01\x00\xb18\xf6\x14\x00\x00\x00\x00IEND\xaeB`\x82"
)
"""What stands for a picture that cannot be drawn."""


def posts_without_cover(library: Library) -> Iterable[Mapping[str, object]]:
    return ({"slug": post.slug} for post in library.posts if post.cover is None)


def posts_with_card(library: Library) -> Iterable[Mapping[str, object]]:
    return ({"slug": post.slug} for post in library.posts if has_card(post))


def picture_variants(library: Library) -> Iterable[Mapping[str, object]]:
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
    return _drawn(f"The cover of {post.path}", lambda: _inlined(post.title, _tags(post)), BLANK_INLINE)[0]


@lru_cache(maxsize=INLINED)
def _inlined(title: str, tags: tuple[str, ...]) -> str:
    return f"data:image/svg+xml,{_svg(title, tags).translate(INLINE)}"


@kind("/social/<slug>.png", posts_with_card)
def social_card(slug: str) -> Response:
    """What stands for an article where a link to it is shared."""
    post = _post(slug, has_card)
    return _card(post.title, _tags(post))


@kind(SITE_CARD, once)
def site_card() -> Response:
    """What stands for every page that is no article where a link to it is shared."""
    return _card(current_settings().title, ())


def _card(title: str, tags: tuple[str, ...]) -> Response:
    settings, fonts = current_settings(), _fonts()
    site = urlsplit(settings.base_url)
    said = (title, tags, settings.title, site.netloc + site.path)
    key = (said, [digest_of_bytes(font) for font in fonts], _borrowed("".join((title, *tags, *said[2:])), fonts))

    def drawn() -> bytes:
        from trigpoint.images.social_cards import CardText, card  # With Pillow: only who draws a card waits for it.

        return card(CardText(*said), _hills(title), fonts)

    return Response(_kept("socialcards", key, drawn, BLANK_CARD), content_type="image/png")


def _borrowed(text: str, fonts: tuple[bytes, ...]) -> Marks:
    """Which fonts this machine has, where a card needs one of them. Noted."""
    if text.isascii():  # Then it needs not even Pillow to say so.
        return ()
    from trigpoint.images.lettering import lacking

    return ask(SYSTEM_FONTS, (), _system_fonts) if lacking(text, fonts) else ()


def _system_fonts() -> Marks:
    from trigpoint.images.lettering import system_fonts

    found = []
    for name in system_fonts():
        with suppress(OSError):  # It went a moment ago.
            found.append((name, mark_of(name)))
    return tuple(found)


def can_draw_title(title: str) -> bool:
    """Whether anything of this title can be seen on a social card."""
    from trigpoint.images.lettering import drawable

    return bool(drawable(title, _fonts()))


def damaged_fonts() -> Iterator[str]:
    """The names, in static/, of the fonts of social cards that can't be opened. Browsers could not either."""
    for name in FONTS:
        if (asset := current_site().assets.asset(name)) and not _is_font(asset.content):
            yield name


def _is_font(content: bytes) -> bool:
    from trigpoint.images.lettering import is_font

    return _kept("fonts", digest_of_bytes(content), lambda: is_font(content))


def _fonts() -> tuple[bytes, ...]:
    assets = [current_site().assets.asset(name) for name in FONTS]
    return tuple(asset.content for asset in assets if asset)


@kind("/<path:original>.<number:width>.<any(webp, avif):ending>", picture_variants)
def variant(original: str, width: int, ending: str) -> Response:
    """A picture that lies beside the pages, made smaller. A file that lies there under this name comes first."""
    library, own = current_library(), f"{original}.{width}.{ending}"
    if library.file(f"/{own}"):
        return make_response(file_at(own))
    found = library.file(f"/{original}") or abort(404)
    pictures = current_site().loader.inputs.pictures
    known = pictures.picture(found.path)
    if known is None or width not in known.widths or ending not in known.kinds:
        abort(404)
    try:
        made = _soon(partial(pictures.variant, found.path, width, ending))
    except NotReadyError:
        return _for_now(original)
    if made is None:  # Pages name it already. Browsers look at the content, and show what there is of the original.
        name = f"{current_settings().pages}/{found.path}"
        current_app.logger.warning("%s is damaged: %s px of it could not be made; it is served as it is.", name, width)
        made = pictures.original(found.path)
    return Response(made, content_type=f"image/{ending}")


def _soon(make: Callable[[], bytes | None]) -> bytes | None:
    """What this makes, in the background where it takes long. Raises NotReadyError where it takes longer than that."""
    try:
        return make()
    except NotReadyError as missing:
        if not current_site().loader.begin_picture(missing).is_done_soon():
            raise
    return make()


def _for_now(original: str) -> Response:
    """To the picture itself, while a smaller one is made of it: who asks again finds that."""
    return make_response(redirect(current_settings().link(quote(f"/{original}")), 307))


def _cover(post: Post) -> bytes:
    """Drawn each time: once its hills are known, that takes no longer than to look a file up."""
    return _drawn(f"The cover of {post.path}", lambda: _svg(post.title, _tags(post)).encode(), BLANK_COVER)[0]


def _svg(title: str, tags: tuple[str, ...]) -> str:
    return covers.cover(title, tags, _hills(title))


def _hills(title: str) -> list[list[Line]]:
    """The hills that an article's cover and card have in common."""
    return _kept("hills", title, lambda: covers.hills(title))


def _post(slug: str, wanted: Callable[[Post], bool]) -> Post:
    found = current_library().post(slug)
    return found if found and wanted(found) else abort(404)


def _tags(post: Post) -> tuple[str, ...]:
    """What tells most first: it gives the colour."""
    return tuple(tag.name for tag in current_library().telling_tags(post.path) or post.tags)


def _kept(folder: str, made_from: object, make: Callable[[], Drawn], blank: Drawn | None = None) -> Drawn:
    """What was drawn from the same before, by the same program, or is drawn now. A `blank` is not kept."""
    cache = current_site().loader.cache
    key = digest_of((made_from, maker_digest("drawings")))
    kept: Drawn | None = cache.value(folder, key)
    if kept is not None:
        return kept
    made, is_drawn = _drawn(f"{folder} of {made_from!r}", make, blank)
    if is_drawn:
        cache.keep(folder, key, made)
    return made


def _drawn(name: str, make: Callable[[], Drawn], blank: Drawn | None) -> tuple[Drawn, bool]:
    """What this draws, and whether it could: where not, `blank` stands for it, as no drawing costs readers a page.

    It is tried again by the next freeze, and for readers after a while. Without a `blank` the error is raised.
    """
    try:
        return make(), True
    except Exception:  # A title may hold anything, and fonts are programs.
        if blank is None:
            raise
        current_app.logger.exception("%s could not be drawn; it stays blank.", name)
        ask(DRAWABLE, (), _turn)
        return blank, False


def _turn() -> int:
    """A number that is another one after RETRY seconds."""
    return int(time.time() / RETRY)
