"""What an author's targets can't lead to, whatever the site has: a file of one machine, nothing, a part that is not
there. Each is told where the last pass over the HTML meets it.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from html import unescape
from urllib.parse import unquote, urlsplit

from trigpoint.fault_list import BodyFaults
from trigpoint.markup.targets import Lines

OF_MACHINE = re.compile(r"\s*(?:file:|[A-Za-z]:)", re.I)
"""A file of whoever wrote it: `file:///home/x`, `C:\\x.md`. No scheme has one letter."""
OF_WEB = re.compile(r"\s*(?:https?:|//)", re.I)
MAY_BE_EMPTY = frozenset(("action", "formaction", "cite"))
"""Attributes that mean this page, or nothing, where they are empty."""
MAP_NAME = re.compile(r'<map\b[^<>]*?\sname="([^"]*)"', re.I)
USEMAP = re.compile(r'\susemap="([^"]*)"', re.I)
REFRESH = re.compile(r'\shttp-equiv="refresh"', re.I)


def check_foreign(target: str, lines: Lines, findings: BodyFaults) -> None:
    """Tell of a target with a scheme, which looks as if it led to another site: a file of one machine, or no host."""
    if OF_MACHINE.match(target):
        target = unquote(target)
        sentence = f'"{target.strip()}" is a file of your own machine, which readers cannot reach.'
        cure = "Put it beside the article, and write its path from there."
        findings.error(lines.of(target), sentence, cure, "link-local", target)
    elif OF_WEB.match(target) and not _has_host(target):
        cure = "Write the whole address, as a browser shows it."
        findings.doubt(lines.of(target), f'"{target.strip()}" is no address: it names no host.', cure, "link-dead")


def _has_host(target: str) -> bool:
    try:
        return bool(urlsplit(target.strip()).hostname)
    except ValueError:
        return False


def check_empty(target: str, attribute: str, lines: Lines, findings: BodyFaults) -> None:
    """Tell of a link or picture without a target."""
    if not target.strip() and attribute not in MAY_BE_EMPTY:
        what = "link" if attribute in ("href", "xlink:href", "longdesc") else "picture or file"
        cure = "Write where it leads, or take it out."
        line = lines.line(target)
        line = lines.next(f"{attribute}>") if line is None else line  # An attribute without a value.
        findings.doubt(line or 0, f"This {what} has an empty target.", cure, "link-empty")


def check_part(target: str, ids: Collection[str], lines: Lines, findings: BodyFaults) -> None:
    """Tell of `<use href="#x">` where nothing in the article has that id."""
    if unquote(target[1:]) not in ids and target[1:] not in ids:
        sentence = f'"{target}" is no part of a drawing: nothing here has that id.'
        findings.error(lines.of(target), sentence, "Write the id of the part.", "link-dead", target)


def map_names(html: str) -> frozenset[str]:
    """The names of the maps of links in this HTML."""
    return frozenset(map(unescape, MAP_NAME.findall(html)))


def check_map(tag: str, maps: Collection[str], lines: Lines, findings: BodyFaults) -> None:
    """Tell of a start tag with `usemap="#x"` where the article has no map of that name."""
    found = USEMAP.search(tag)
    target = unescape(found[1]) if found else ""
    if found and target.removeprefix("#") not in maps:
        sentence = f'"{target}" is no map of links: there is no `<map name="{target.removeprefix("#")}">` here.'
        findings.error(lines.of(target), sentence, "Write the map, or take `usemap` out.", "link-dead", target)


def check_refresh(tag: str, lines: Lines, findings: BodyFaults) -> None:
    """Tell of a `<meta>` that takes readers away from the page."""
    if REFRESH.search(tag):
        sentence = '`<meta http-equiv="refresh">` takes readers away from this page.'
        cure = "Take it out; for an address that has moved, write `aliases:` in the header of the new one."
        findings.warning(lines.next("http-equiv") or 0, sentence, cure, "html")
