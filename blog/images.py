"""How a page shows a picture: its size, its smaller forms, and the one that stands in for it in the dark.

A Document says where pictures are; what is known of the files is asked of the Library when the page is made
(decision 0015).
"""

from __future__ import annotations

import re
from html import escape

from blog.library import Library
from blog.markup import Image

IN_TEXT = "(min-width: 48rem) 44rem, calc(100vw - 2rem)"
IN_CARD = "(min-width: 70rem) 34rem, calc(100vw - 2rem)"
"""How wide a picture is shown, as `sizes` says it: in the column of text, in a card."""

AS_ASKED = re.compile(r"\s(?:width|height)=")


def image_html(image: Image, library: Library, path: str, eager: bool = False) -> str:
    """The HTML of an image in the page at `path`; one that is in sight at once is `eager`."""
    target = library.target(image.link.target, path)
    if eager:
        image = Image(image.link, image.before, image.behind.replace(' loading="lazy"', ' fetchpriority="high"'))
    has_size = AS_ASKED.search(image.before + image.behind)
    more = attributes(library, target.file, IN_TEXT, with_size=not has_size)
    shown = image.html(target.address, more)
    dark = library.dark(target.file)
    if not dark:
        return shown
    sources = srcset(library, dark) or escape(library.file_address(dark))
    source = f'<source media="(prefers-color-scheme: dark)" srcset="{sources}" sizes="{IN_TEXT}">'
    return f"<picture>{source}{shown}</picture>"


def attributes(library: Library, file: str, sizes: str, with_size: bool = True) -> str:
    """The size and the forms of the picture at this path below pages/, as HTML attributes; "" where not known."""
    picture = library.picture(file)
    if picture is None or not picture.width:
        return ""
    said = [f'width="{picture.width}" height="{picture.height}"'] if with_size else []
    forms = srcset(library, file)
    if forms:
        said.append(f'srcset="{forms}" sizes="{sizes}"')
    return " ".join(said)


def srcset(library: Library, file: str) -> str:
    """The WebP forms of the picture at this path, as HTML; "" where it has none."""
    picture = library.picture(file)
    address = escape(library.file_address(file))
    return ", ".join(f"{address}.{width}.webp {width}w" for width in picture.widths) if picture else ""
