"""What a stylesheet opens and never closes, or closes and never opened: browsers pass over rules without a word."""

from __future__ import annotations

import re
from collections.abc import Iterator

from trigpoint.faults import Fault

TOKEN = re.compile(
    r"""/\*(?:[^*]|\*(?!/))*+(?:\*/)?  # A comment.
    |"(?:\\[\s\S]|[^"\\\n])*+"?|'(?:\\[\s\S]|[^'\\\n])*+'?
    |url\(\s*+(?!["'])(?:\\[\s\S]|[^)\\])*+
    |\\[\s\S]
    |[{}]""",
    re.VERBOSE | re.IGNORECASE,
)
"""What may hold a brace that opens or closes nothing, and the braces themselves. Source: CSS Syntax 3, section 4."""


def stylesheet_faults(file: str, text: str) -> Iterator[Fault]:
    """A warning where a comment, a text or a block of this stylesheet has no end, or an end no beginning."""
    opened: list[int] = []
    for found in TOKEN.finditer(text):
        token, at = found[0], found.start()
        if token == "{":
            opened.append(at)
        elif token == "}" and not opened:
            yield _fault(file, text, at, "This } closes nothing, and the next rule is passed over.", "Take it out.")
        elif token == "}":
            opened.pop()
        elif token.startswith("/*") and not (token.endswith("*/") and len(token) > 3):
            yield _fault(file, text, at, "This comment is never closed.", "Write */ at its end.")
        elif token[0] in "\"'" and (token[-1] != token[0] or len(token) == 1):
            yield _fault(file, text, at, "This text is not closed in its line.", f"Write {token[0]} at its end.")
    if opened:
        sentence = "The { that opens here is never closed, and all below belongs to it."
        yield _fault(file, text, opened[0], sentence, "Write } at the end of the rule.")


def _fault(file: str, text: str, at: int, sentence: str, cure: str) -> Fault:
    line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
    return Fault(file, line, column, sentence, cure, warning=True, kind="stylesheet")
