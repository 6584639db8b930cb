"""Pandoc's notes in a line, `^[text]`, as footnotes of ours. Pure."""

from __future__ import annotations

import re

from trigpoint.markup.foreign.masking import masked

NOTE = re.compile(r"(?<![\\\w$])\^\[|(?<=[\w.,;:!?)*_\"'\u201d])\^\[")
WORDS = re.compile(r"(?=.*[^\W\d_].*[^\W\d_])(?:.*\s|.{6})", re.S)
"""What a note says, and no formula and no pattern of signs."""


def with_inline_notes(body: str) -> str:
    """The body with a footnote for each note in a line; their texts come last."""
    if "^[" not in body:
        return body
    prose, pieces, notes, at = masked(body), [], list[str](), 0
    for found in NOTE.finditer(prose):
        end = _end(prose, found.end())
        if found.start() < at or not WORDS.match(prose[found.end() : end]):
            continue
        notes.append(" ".join(body[found.end() : end].split()))
        lines = "\n" * body.count("\n", found.end(), end)
        pieces += [body[at : found.start()], f"[^in-line-{len(notes)}]", lines]
        at = end + 1
    if not notes:
        return body
    told = "\n".join(f"[^in-line-{number}]: {note}\n" for number, note in enumerate(notes, 1))
    return f"{''.join([*pieces, body[at:]])}\n\n{told}"


def _end(prose: str, at: int) -> int:
    """Where the bracket closes that opens before this place; 0 where it does not, in its paragraph."""
    depth = 1
    for place in range(at, min(at + 3000, len(prose))):
        depth += (prose[place] == "[") - (prose[place] == "]")
        if not depth:
            return place
        if prose.startswith("\n\n", place):
            return 0
    return 0
