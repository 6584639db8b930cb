"""Whether a generated file reveals a hidden page: by a link to it, or by its title where titles stand.

A search of the bytes is the first filter: most files hold no address and no title of a hidden page. One that does is
parsed as HTML, XML, JSON or text, and its links and texts are compared. What an author wrote in an article (a sample of
code, an announcement) is no leak.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from html.parser import HTMLParser
from typing import Any
from urllib.parse import unquote, urlsplit

from trigpoint.markup.elements import VOID

BEFORE = rb"""(?:\A|[\s"'=(<>:;,\[])"""
"""What stands before an address that is a whole one."""

MARKDOWN = re.compile(
    r"\[(?P<text>[^\]\n]+)\]\((?P<link>[^)\s]+)\)|<(?P<bare>https?://[^>\s]+)>|^#+ (?P<head>.+)$", re.M
)
TAG_URI = re.compile(r"tag:[^:/]+:(/.+)")
REFRESH = re.compile(r"\d+;\s*url=(.+)", re.I)
SPOKEN = frozenset(("alt", "title", "aria-label"))
"""Attributes that are text."""
PLACES = frozenset(("loc", "id"))
"""Elements of maps and feeds whose text is an address."""
HEAD_OF_MARKDOWN = 5
"""Lines that we write above an article's Markdown."""


@dataclass(slots=True)
class Mentions:
    """What a file says: where its links lead, as written, and the texts of its elements, each in one line."""

    links: set[str] = field(default_factory=set)
    texts: set[str] = field(default_factory=set)

    def add_text(self, text: str) -> None:
        line = " ".join(text.split())
        self.texts.update((line, *line.split(" · ")))

    def add_value(self, text: str) -> None:
        """A text that may be an address, as JSON and our XML have them."""
        self.add_text(text)
        line = text.strip()
        if line.startswith(("/", "http://", "https://")):
            self.links.add(line)
        elif found := TAG_URI.fullmatch(line):
            self.links.add(found[1])


class _Markup(HTMLParser):
    """HTML, or the XML of our feeds and maps."""

    def __init__(self, mentions: Mentions) -> None:
        super().__init__()
        self._mentions = mentions
        self._open: list[tuple[str, list[str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            refresh = REFRESH.fullmatch(value or "")
            if name in SPOKEN:
                self._mentions.add_text(value or "")
            else:
                self._mentions.add_value(refresh[1] if refresh else value or "")
            if name in ("srcset", "imagesrcset"):
                self._mentions.links.update(part.split()[0] for part in (value or "").split(",") if part.split())
            elif name in ("href", "src"):
                self._mentions.links.add(value or "")
        if tag not in VOID or not attrs:
            self._open.append((tag, []))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_data(self, data: str) -> None:
        for _, texts in self._open[-8:]:
            texts.append(data)

    def handle_endtag(self, tag: str) -> None:
        if not any(tag == name for name, _ in self._open):
            return
        while self._open:
            name, texts = self._open.pop()
            self._close(name, "".join(texts))
            if name == tag:
                return

    def _close(self, name: str, text: str) -> None:
        if name == "script" and text.lstrip().startswith("{"):
            _read_json(text, self._mentions)
        elif name == "content":  # The whole article, as a feed has it.
            self._mentions.links |= links_in(text)
        elif name in PLACES:
            self._mentions.add_value(text)
        else:
            self._mentions.add_text(text)


def links_in(html: str) -> set[str]:
    """Where the elements of this HTML lead, as written."""
    mentions = Mentions()
    reader = _Markup(mentions)
    reader.feed(html)
    reader.close()
    return mentions.links


def mentions_in(path: str, content: bytes) -> Mentions:
    """What the file at this path of a release says, if we made it."""
    mentions, text = Mentions(), content.decode(errors="replace")
    if path.endswith((".html", ".xml")):
        reader = _Markup(mentions)
        reader.feed(text)
        reader.close()
    elif path.endswith((".json", ".webmanifest")):
        _read_json(text, mentions)
    else:
        _read_text("\n".join(text.split("\n")[:HEAD_OF_MARKDOWN]) if path.endswith("/index.md") else text, mentions)
    return mentions


def _read_json(text: str, mentions: Mentions) -> None:
    try:
        _walk(json.loads(text), mentions)
    except (ValueError, RecursionError):
        mentions.add_text(text)


def _walk(value: Any, mentions: Mentions, key: str = "") -> None:
    if isinstance(value, dict):
        for name, each in value.items():
            _walk(each, mentions, name)
    elif isinstance(value, list):
        for each in value:
            _walk(each, mentions, key)
    elif isinstance(value, str) and key == "content_html":
        mentions.links |= links_in(value)
    elif isinstance(value, str):
        mentions.add_value(value)


def _read_text(text: str, mentions: Mentions) -> None:
    for found in MARKDOWN.finditer(text):
        mentions.add_text(found["text"] or found["bare"] or found["head"])
        mentions.links |= {found["link"]} if found["link"] else set()
    for line in text.split("\n"):
        mentions.links.update(word for word in line.split() if word.startswith("/"))


def path_on_site(link: str, base_url: str) -> str:
    """The path, not percent-encoded, that a link written on this site leads to; "" where it leads elsewhere."""
    try:
        parts, own = urlsplit(link), urlsplit(base_url)
    except ValueError:
        return ""
    is_here = not parts.netloc and not parts.scheme
    is_below = f"{parts.path}/".startswith(f"{own.path}/")
    if is_here or (is_below and parts.netloc.lower() == own.netloc.lower()):
        return unquote(parts.path.removeprefix(own.path) if is_below else parts.path)
    return ""


def hidden_address(path: str, hidden: Container[str], known: Container[str]) -> str:
    """The address of the hidden page that a path leads to, or into whose folder; "" where it leads to neither."""
    if path in known:
        return ""
    while path and path not in hidden and f"{path}/" not in hidden:
        path = path.rstrip("/").rpartition("/")[0]
    return "" if not path else path if path in hidden else f"{path}/"


@lru_cache(maxsize=1024)
def _whole(address: bytes, base_url: str) -> re.Pattern[bytes]:
    host, path = (re.escape(part.encode()) for part in urlsplit(base_url)[1:3])
    return re.compile(rb"(?:" + BEFORE + rb"|//" + host + rb")(?:" + path + rb")?" + re.escape(address))


def may_lead_to(address: bytes, base_url: str, content: bytes) -> bool:
    """Whether an address stands somewhere by itself, or behind the site's host and path: the second sieve."""
    return _whole(address, base_url).search(content) is not None


@dataclass(frozen=True, slots=True)
class Gate:
    """What is hidden on a site: addresses, with the source of each, and the addresses that readers have.

    `explained` says whether the article in a file says this title itself.
    """

    base_url: str
    hidden: Mapping[str, str]
    known: Container[str]
    explained: Callable[[str, str], bool]

    def confirmed(self, address: str, path: str, content: bytes, found: Mapping[str, str]) -> Iterator[str]:
        """Those of the addresses and titles found in a file that it tells of; `found` says which of both each is."""
        mentions = mentions_in(path, content)
        leads = {hidden_address(path_on_site(link, self.base_url), self.hidden, self.known) for link in mentions.links}
        for value, what in found.items():
            is_title = what == "title" and " ".join(value.split()) in mentions.texts
            if value in leads if what == "address" else is_title and not self.explained(address, value):
                yield value
