"""What stylesheets and scripts of static/ have a browser load from other hosts, with the line of each. Pure."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from trigpoint.markup.document import Resource

COMMENT = re.compile(r"/\*.*?\*/|^[ \t]*//[^\n]*", re.S | re.M)
IN_STYLE = re.compile(
    r"""url\(\s*(?:"([^"\n]*)"|'([^'\n]*)'|([^"'()\s]+))\s*\)|@import\s+(?:"([^"\n]*)"|'([^'\n]*)')""", re.I
)
IN_SCRIPT = re.compile(
    r"""^[ \t]*(?:import|export)\b(?:[^"'`;()]*?\bfrom)?\s*(?:"([^"\n]*)"|'([^'\n]*)')"""
    r"""|\bimport\s*\(\s*(?:"([^"\n]*)"|'([^'\n]*)')""",
    re.M,
)
PATTERNS = {".css": IN_STYLE, ".js": IN_SCRIPT, ".mjs": IN_SCRIPT}
"""What names another file, by the ending of the one in which it stands."""

FONT_FACE = re.compile(r"@font-face\s*\{[^}]*\}", re.I)
BEFORE = re.compile(r"@(import|namespace)\s+(?:[\w-]+\s+)?\Z", re.I)
"""What stands before a `url(…)` that is no picture: a stylesheet that is loaded, or a name that is not."""


def targets_in(name: str, text: str) -> Iterator[tuple[str, int, int]]:
    """What a file of static/ names: the target, the place where its statement begins, and its line."""
    pattern = PATTERNS.get(posixpath.splitext(name)[1])
    if not pattern:
        return
    text = without_comments(text)
    for found in pattern.finditer(text):
        target = next(group for group in found.groups() if group is not None)
        yield target, found.start(), text.count("\n", 0, found.start(found.lastindex or 0)) + 1


def without_comments(text: str) -> str:
    """The text with its comments blanked: every line stays where it is."""
    return COMMENT.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)


def remote_resources(name: str, text: str) -> Iterator[Resource]:
    """What a file of static/ has loaded from somewhere else than the site."""
    plain = without_comments(text)
    fonts = tuple(found.span() for found in FONT_FACE.finditer(plain))
    for target, start, line in targets_in(name, text):
        element = _element(name, plain, start, any(first <= start < last for first, last in fonts))
        if element and _is_whole(target):
            shown = target.partition(",")[0] if target.startswith("data:") else target
            yield Resource(element, "src", shown, line)


def _is_whole(target: str) -> bool:
    try:
        parts = urlsplit(target)
    except ValueError:
        return False
    return bool(parts.scheme or parts.netloc)


def _element(name: str, text: str, start: int, is_font: bool) -> str:
    """What loads it, in the words of the policy's check: an element that no page has. "" where nothing is loaded."""
    if not name.endswith(".css"):
        return "(module)"
    statement = BEFORE.search(text, max(0, start - NEAR), start)
    if text.startswith("@", start) or (statement and statement[1].lower() == "import"):
        return "(stylesheet)"
    if statement:
        return ""
    return "(font)" if is_font else "(css)"


NEAR = 200
"""So many characters before a `url(…)` are looked at: a search from the start of a long file for each takes long."""
