"""What stylesheets and scripts of static/ name and the site does not have: a picture, a font, another module."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterator
from urllib.parse import unquote, urlsplit

from trigpoint.faults import Fault
from trigpoint.library.suggestions import place_suggestion
from trigpoint.settings import Settings
from trigpoint.web.assets import JOINED
from trigpoint.web.site import Site

STATIC = "/static/"
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


def dead_assets(site: Site, addresses: Collection[str]) -> Iterator[Fault]:
    """A Fault for each target in static/ that is no address of the site. `addresses` are not percent-encoded."""
    for name in site.loader.overlay("static").stamps:
        pattern = PATTERNS.get(posixpath.splitext(name)[1])
        if pattern:
            yield from _dead(site, name, pattern, addresses)


def _dead(site: Site, name: str, pattern: re.Pattern[str], addresses: Collection[str]) -> Iterator[Fault]:
    file = site.loader.overlay("static").shown(name, site.settings.root)
    try:
        text = (site.settings.root / file).read_text(errors="replace")
    except OSError:  # It went a moment ago.
        return
    text = COMMENT.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)
    for found in pattern.finditer(text):
        target = next(group for group in found.groups() if group is not None)
        reason = _why_past_the_site(target, name, site.settings) or _why_dead(target, name, addresses)
        if reason:
            line = text.count("\n", 0, found.start(found.lastindex or 0)) + 1
            yield Fault(file, line, 0, f'"{target}" {reason[0]}', reason[1], kind="asset-dead", subject=target)


def _why_past_the_site(target: str, name: str, settings: Settings) -> tuple[str, str] | None:
    """Sentence and cure, where a target begins at the root of the host, and the site stands below a path of it."""
    if not settings.base_path or not target.startswith("/") or target.startswith("//"):
        return None
    relative = posixpath.relpath(target, posixpath.dirname(f"{STATIC}{name}"))
    return f"leads past the site, which stands below {settings.base_path}.", f'Write "{relative}".'


def _why_dead(target: str, name: str, addresses: Collection[str]) -> tuple[str, str] | None:
    """Sentence and cure, where the target in this file of static/ leads nowhere."""
    try:
        parts = urlsplit(target)
    except ValueError:
        return "is no address.", ""
    if parts.scheme or parts.netloc or not parts.path:
        return None
    if not name.endswith(".css") and not parts.path.startswith(("/", "./", "../")):
        return "is no path, so no browser finds it.", f'Write "./{target}".'
    wanted = posixpath.normpath(posixpath.join(posixpath.dirname(f"{STATIC}{name}"), unquote(parts.path)))
    if wanted in addresses or _are_joined(name, wanted.removeprefix(STATIC)):
        return None
    return "names a file that the site does not have.", place_suggestion(wanted, tuple(sorted(addresses)))


def _are_joined(name: str, other: str) -> bool:
    """Whether two modules are sent as one script, from which the imports between them are taken."""
    return any({name, other} <= set(parts) for parts in JOINED.values())
