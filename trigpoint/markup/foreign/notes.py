"""Pandoc's notes in a line, `^[text]`, as footnotes of ours. Pure."""

from __future__ import annotations

import re

from trigpoint.markup.foreign.masking import masked

NOTE = re.compile(r"(?<![\\\w$])\^\[|(?<=[\w.,;:!?)*_\"'\u201d])\^\[")
WORDS = re.compile(r"(?=.*[^\W\d_].*[^\W\d_])(?:.*\s|.{6})", re.S)
"""What a note says, and no formula and no pattern of signs."""


LONGEST = 3000
"""The characters of a note."""


def with_inline_notes(body: str) -> str:
    """The body with a footnote for each note in a line; their texts come last."""
    if "^[" not in body:
        return body
    prose, pieces, notes, at = masked(body), [], list[str](), 0
    ends = _ends(prose)
    for found in NOTE.finditer(prose):
        end = ends.get(found.end() - 1, 0)
        if found.start() < at or end - found.end() > LONGEST or not WORDS.match(prose[found.end() : end]):
            continue
        notes.append(" ".join(body[found.end() : end].split()))
        lines = "\n" * body.count("\n", found.end(), end)
        pieces += [body[at : found.start()], f"[^in-line-{len(notes)}]", lines]
        at = end + 1
    if not notes:
        return body
    told = "\n".join(f"[^in-line-{number}]: {note}\n" for number, note in enumerate(notes, 1))
    return f"{''.join([*pieces, body[at:]])}\n\n{told}"


def _ends(prose: str) -> dict[int, int]:
    """Where each bracket closes that closes in its paragraph, by the place where it opens."""
    ends: dict[int, int] = {}
    opened: list[int] = []
    for sign in re.finditer(r"[\[\]]|\n\n", prose):
        if sign[0] == "[":
            opened.append(sign.start())
        elif sign[0] == "]" and opened:
            ends[opened.pop()] = sign.start()
        elif sign[0] == "\n\n":
            opened.clear()
    return ends
