"""Why an act of the author's cannot be done: one line, and what to do instead."""

from __future__ import annotations


class WritingError(Exception):
    """Nothing was changed; the text says why, and how it can be done."""
