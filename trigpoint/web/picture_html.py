"""How a page shows a picture: its size, its smaller variants, and the one that stands in for it in the dark; and cards,
which are posts with their covers.

A Document says where pictures are; what is known of the files is asked of the Library when the page is made
(decision 0015).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from html import escape

from markupsafe import Markup

from trigpoint.content.pages import Author, Post, Tag
from trigpoint.content.registries.authors import AUTHORS
from trigpoint.library.library import Library
from trigpoint.markup.document import Image
from trigpoint.web.site import current_settings

IN_TEXT = "(min-width: 48rem) 44rem, calc(100vw - 2rem)"
IN_CARD = "(min-width: 70rem) 34rem, calc(100vw - 2rem)"
ACROSS = "(min-width: 72rem) 70rem, calc(100vw - 2rem)"
"""How wide a picture is shown, as `sizes` says it: in the column of text, in a card, across the page."""

TEXT, LONG_TEXT = 240, 360
"""Characters of a summary on a card, and on that of the newest article."""

SENTENCE_END = re.compile(r"""(?<=[^\s.][^\s.])[.!?…]["'”’»)]*(?=\s)|[。！？]""")
"""Behind two letters: an initial or "e.g." ends none."""

LINE, CHIP, LETTER = 304, 29.5, 7.4
"""Pixels: of a line of chips on the narrowest card; of a chip but for its letters, with its gap; of a letter."""

PORTRAIT = 96
"""How wide the picture of an author is, in pixels."""

DARK = ' media="(prefers-color-scheme: dark)"'
DRAWN_SIZE = 'width="1280" height="720"'
AS_ASKED = re.compile(r"\s(?:width|height)=")


@dataclass(frozen=True, slots=True)
class Cover:
    """A post's cover for templates: its address; its size and WebP variants as attributes of an <img>; <source>s of
    what is smaller still, for the <picture> around it."""

    address: str
    attributes: Markup
    sources: Markup


@dataclass(frozen=True, slots=True)
class Card:
    """A post as lists show it: its summary in whole sentences, as many as a card has room for and as the newest has;
    the tags that tell most, in two lines, and those that are left."""

    post: Post
    cover: Cover
    text: str
    long_text: str
    tags: tuple[Tag, ...]
    more: tuple[Tag, ...]


def cards(posts: Iterable[Post], library: Library, drawn: Callable[[Post], str]) -> tuple[Card, ...]:
    """The cards of these posts; `drawn` gives the address of the cover that is drawn for a post without one."""
    return tuple(_card(post, library, drawn) for post in posts)


def _card(post: Post, library: Library, drawn: Callable[[Post], str]) -> Card:
    tags, text = library.telling_tags(post.path) or post.tags, partial(whole_sentences, post.summary)
    shown = in_two_lines([tag.name for tag in tags])
    return Card(post, cover(post, library, drawn, IN_CARD), text(TEXT), text(LONG_TEXT), tags[:shown], tags[shown:])


def whole_sentences(text: str, most: int) -> str:
    """The first sentences of a text, of so many characters at most; where one alone is longer, its first words."""
    if len(text) <= most:
        return text
    ends = [found.end() for found in SENTENCE_END.finditer(text[: most + 1])]
    if ends:
        return text[: ends[-1]].rstrip()
    return text[: most - 1].rpartition(" ")[0].rstrip(" ,;:–—-") + "…"


def in_two_lines(names: Sequence[str]) -> int:
    """How many of these tags a card shows: all, or as many as stand in two lines with a sign for the others."""
    line, used = 1, 0.0
    for place, name in enumerate(names):
        width = CHIP + LETTER * (len(name) + 1)
        sign = CHIP + LETTER * 3 if place + 1 < len(names) else 0.0
        if line == 2 and used and used + width + sign > LINE:
            return place
        if used and used + width > LINE:
            line, used = 2, 0.0
        used += width
    return len(names)


def cover(post: Post, library: Library, drawn: Callable[[Post], str], sizes: str) -> Cover:
    """The cover of a post, its own or the drawn one; `sizes` says how wide it is shown."""
    file = library.target(post.cover.image, post.path).file if post.cover else ""
    return Cover(
        cover_address(post, library, drawn),
        Markup(attributes(library, file, sizes) or DRAWN_SIZE),
        Markup(sources(library, file, sizes)),
    )


def cover_address(post: Post, library: Library, drawn: Callable[[Post], str]) -> str:
    """The address of a post's cover: its own, or the one that is drawn for it."""
    if post.cover is None:
        return drawn(post)
    return current_settings().link(library.target(post.cover.image, post.path).address)


def portrait(author: Author, library: Library) -> Markup | str:
    """The picture of an author as an <img>; "" without one. No words: the name stands beside it."""
    if not author.picture:
        return ""
    target = library.target(author.picture, AUTHORS)
    address = escape(current_settings().link(target.address))
    known = library.picture(target.file) if target.file else None
    height = round(PORTRAIT * known.height / known.width) if known and known.width else PORTRAIT
    variants = srcset(library, target.file, "webp")
    said = f' srcset="{variants}" sizes="{PORTRAIT}px"' if variants else ""
    return Markup(f'<img class="u-photo" src="{address}" alt="" width="{PORTRAIT}" height="{height}"{said}>')


def image_html(image: Image, library: Library, path: str, eager: bool = False) -> str:
    """The HTML of an image in the page at `path`; one that is in sight at once is `eager`."""
    target = library.target(image.link.target, path)
    if eager:
        image = Image(image.link, image.before, image.behind.replace(' loading="lazy"', ' fetchpriority="high"'))
    has_size = AS_ASKED.search(image.before + image.behind)
    link = current_settings().link(target.address)
    shown = image.html(link, attributes(library, target.file, IN_TEXT, with_size=not has_size))
    more = dark_sources(library, target.file, IN_TEXT) + sources(library, target.file, IN_TEXT)
    return f"<picture>{more}{shown}</picture>" if more else shown


def attributes(library: Library, file: str, sizes: str, with_size: bool = True) -> str:
    """The size and the WebP variants of the picture at this path below pages/, as attributes; "" where not known."""
    picture = library.picture(file) if file else None
    if picture is None or not picture.width:
        return ""
    said = [f'width="{picture.width}" height="{picture.height}"'] if with_size else []
    variants = srcset(library, file, "webp")
    if variants:
        said.append(f'srcset="{variants}" sizes="{sizes}"')
    return " ".join(said)


def sources(library: Library, file: str, sizes: str, media: str = "") -> str:
    """The variants that are smaller than WebP, as HTML for a <picture>; "" where there are none."""
    variants = srcset(library, file, "avif")
    return f'<source{media} type="image/avif" srcset="{variants}" sizes="{sizes}">' if variants else ""


def dark_sources(library: Library, file: str, sizes: str) -> str:
    """What stands in for this picture in the dark, as HTML for a <picture>; "" where nothing does."""
    dark = library.dark_variant(file) if file else ""
    if not dark:
        return ""
    variants = srcset(library, dark, "webp") or _link(library, dark)
    return sources(library, dark, sizes, DARK) + f'<source{DARK} srcset="{variants}" sizes="{sizes}">'


def srcset(library: Library, file: str, kind: str) -> str:
    """The variants of one kind of the picture at this path, as HTML; "" where it has none."""
    picture = library.picture(file) if file else None
    if picture is None or kind not in picture.kinds:
        return ""
    address = _link(library, file)
    return ", ".join(f"{address}.{width}.{kind} {width}w" for width in picture.widths)


def _link(library: Library, file: str) -> str:
    """The address of the file at this path, as HTML."""
    return escape(current_settings().link(library.file_address(file)))
