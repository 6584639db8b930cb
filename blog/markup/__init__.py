"""Markdown text becomes a Document. The only door to markdown, markdown_it, pygments and selectolax.

What the floors above may use is named here. A body passes through `dialect`
(text to blocks, as GitHub reads them), `tree` (blocks to Python-Markdown's
tree), `inline` (what is inside a line, by markdown-it-py's rules), `code` and `inclusion` (fences,
and the files that they name) and `html` (the last pass: headings, links, whole
HTML). `prose` takes quick looks at a text that is not rendered.

`render`, `plain` and `excerpt` are loaded when they are first asked for: they bring
Python-Markdown and Pygments with them, and most runs of the program need
neither.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from blog.markup.document import Document, Drawing, Heading, Image, Link, Resource
from blog.markup.prose import word_count

if TYPE_CHECKING:
    from blog.markup.body import excerpt, plain, render

__all__ = [
    "Document",
    "Drawing",
    "Heading",
    "Image",
    "Link",
    "Resource",
    "excerpt",
    "plain",
    "render",
    "word_count",
]


def __getattr__(name: str) -> object:
    if name in ("excerpt", "plain", "render"):
        return getattr(import_module("blog.markup.body"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
