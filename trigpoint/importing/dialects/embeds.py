"""Frames, scripts and styles in a body: this site's policy lets none through, so a frame becomes a link. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from itertools import chain

from trigpoint.markup.foreign.calls import comment
from trigpoint.markup.foreign.html_form import as_html
from trigpoint.markup.foreign.masking import html_before
from trigpoint.markup.foreign.meanings import target
from trigpoint.markup.pairs import pair

FRAME = re.compile(r"<(?P<tag>iframe|embed)\b(?P<attributes>[^<>]*)>(?:(?P<inner>[^<]*)</iframe\s*>)?", re.I | re.S)
SCRIPT = pair(r"<(?P<name>script|style)\b[^<>]*>", r"</(?P=name)\s*>", re.I)
LINK = re.compile(r"<(?P<name>link)\b[^<>]*>", re.I)
SOURCE = re.compile(r"\b(?:src|data-src)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>\"']+))", re.I)
TITLE = re.compile(r"\btitle\s*=\s*\"([^\"]+)\"", re.I)
GIST = re.compile(r"https?://gist\.github\.com/[\w/.-]+?(?=\.js)")
HOSTS = (
    (
        re.compile(r"(?:https?:)?//(?:www\.)?youtube(?:-nocookie)?\.com/embed/([\w-]+)"),
        "https://www.youtube.com/watch?v={}",
        "Video on YouTube",
    ),
    (re.compile(r"(?:https?:)?//player\.vimeo\.com/video/(\d+)"), "https://vimeo.com/{}", "Video on Vimeo"),
    (
        re.compile(r"(?:https?:)?//(?:www\.)?slideshare\.net/(.*)"),
        "https://www.slideshare.net/{}",
        "Slides on SlideShare",
    ),
    (re.compile(r"(?:https?:)?//speakerdeck\.com/(.*)"), "https://speakerdeck.com/{}", "Slides on Speaker Deck"),
    (
        re.compile(r"(?:https?:)?//codepen\.io/([\w-]+)/embed/(?:preview/)?([\w-]+).*"),
        "https://codepen.io/{}/pen/{}",
        "CodePen",
    ),
    (re.compile(r"(?:https?:)?//w\.soundcloud\.com/(.*)"), "https://w.soundcloud.com/{}", "Sound on SoundCloud"),
    (re.compile(r"(?:https?:)?//(?:www\.)?google\.com/maps/(.*)"), "https://www.google.com/maps/{}", "Map"),
)


def linked(source: str, title: str = "") -> str:
    """A link to what a frame showed."""
    source = unescape(source.strip())
    for pattern, address, label in HOSTS:
        if found := pattern.match(source):
            title = "" if title.lower() == "youtube video player" else title
            return f"[{label}{': ' + title if title else ''}]({target(address.format(*found.groups()))})"
    source = f"https:{source}" if source.startswith("//") else source
    return f"[{title or 'Embedded page'}]({target(source)})"


def without_embeds(text: str, prose: str, found: Callable[[str, str, int], None]) -> str:
    """The text with links for frames, and comments for scripts. `found(kind, name, at)` hears of each.

    `prose` is the text with Markdown's code blanked.
    """
    if "<" not in prose:
        return text
    pieces, at = [], 0
    matches = chain(FRAME.finditer(prose), SCRIPT.finditer(prose), LINK.finditer(prose))
    for match in sorted(matches, key=re.Match.start):
        if match.start() < at:
            continue
        whole = text[match.start() : match.end()]
        new = _instead(whole, match, found)
        new = as_html(new) if html_before(text, match.start()) else new
        pieces += [text[at : match.start()], new]
        at = match.end()
    return "".join([*pieces, text[at:]]) if pieces else text


def _instead(whole: str, match: re.Match[str], found: Callable[[str, str, int], None]) -> str:
    source = SOURCE.search(whole)
    address = next((group for group in source.groups() if group), "") if source else ""
    if match.re is FRAME:
        title = TITLE.search(whole)
        found("embed", re.sub(r"^(?:https?:)?//(?:www\.)?([^/]+).*", r"\1", address) or "frame", match.start())
        return linked(address, title[1] if title else "") if address else ""
    if gist := GIST.search(whole):
        return f"[Gist {gist[0].partition('.com/')[2]}]({gist[0]})"
    name = match["name"].lower()
    found("script", f"<{name}>", match.start())
    return comment(re.sub(r"\s+", " ", whole)[:200])
