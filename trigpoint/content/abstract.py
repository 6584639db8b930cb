"""What lists show of a body that is not rendered: a summary from its first words, and the number of words.

The summary is read by Markdown, and some texts make that run for minutes or crash. So it is called in a worker process
(`loading/rendering`), which may be lost.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from trigpoint.markup.prose import word_count

EXCERPT = 280
"""The characters of a summary that is taken from the text, at most."""


@dataclass(frozen=True, slots=True)
class Abstract:
    """A summary as plain text ("" where the text has none, or none was wanted), and the number of words in the body."""

    summary: str
    words: int


Abstracting = Callable[[str, bool], Abstract]
"""Gives the Abstract of a body; whether its summary is wanted."""


def abstract(body: str, is_summary_wanted: bool = True) -> Abstract:
    """The Abstract of this body."""
    return Abstract(_summary(body) if is_summary_wanted else "", word_count(body))


def without_reading(body: str) -> Abstract:
    """What stands in for an Abstract that cannot be had."""
    return Abstract("", len(body.split()))


def _summary(body: str) -> str:
    from trigpoint.markup.render import excerpt  # With Python-Markdown: only who reads a body waits for it.

    return _excerpt(excerpt(body))


def _excerpt(text: str) -> str:
    """The text, or its first words and an ellipsis where it is too long for a card."""
    if len(text) <= EXCERPT:
        return text
    cut = text[: EXCERPT - 1]
    whole = cut if text[EXCERPT - 1].isspace() else cut.rpartition(" ")[0] or cut
    return whole.rstrip(" ,;:–—-") + "…"
