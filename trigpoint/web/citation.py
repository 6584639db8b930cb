"""How an article is cited: a line for people, and an entry of BibTeX for their programs."""

from __future__ import annotations

import re
from dataclasses import dataclass

from trigpoint.content.pages import Post
from trigpoint.settings import Settings
from trigpoint.web.wording.words import Words

SPECIAL = re.compile(r"[\\{}$&#^_~%]")
ESCAPES = {"\\": r"\textbackslash{}", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}"}
"""What LaTeX has for signs that a backslash does not name. Source: The LaTeX Companion, 2.1."""


@dataclass(frozen=True, slots=True)
class Citation:
    """Two forms of one source."""

    line: str
    bibtex: str


def citation(settings: Settings, post: Post, words: Words) -> Citation:
    """How this article is cited, with day and quotes in these words. Its address is the one that readers have."""
    address = settings.absolute(settings.link(post.address))
    names = [author.name for author in post.authors]
    who = f"{', '.join(names)}: " if names else ""
    when = f", {words.day(post.date)}" if post.dated else ""
    fields = {
        "author": " and ".join(f"{{{_escaped(name)}}}" for name in names),
        "title": f"{{{_escaped(post.title)}}}",
        "organization": _escaped(settings.title),
        "date": f"{post.date.date()}" if post.dated else "",
        "url": address,
    }
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
    key = re.sub(r"[^\w-]", "", post.slug)
    title = words.plain("“{title}”", title=post.title)
    return Citation(f"{who}{title}, {settings.title}{when}, {address}", f"@online{{{key},\n{lines}}}")


def _escaped(text: str) -> str:
    """The text as LaTeX reads it; the double braces around a title keep its capitals."""
    return SPECIAL.sub(lambda found: ESCAPES.get(found[0], f"\\{found[0]}"), text)
