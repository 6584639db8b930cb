"""Values of settings: each parser gives the value as its setting's type.

A ValueError says what is wanted instead, and may have a cure as its second argument.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from trigpoint import characters
from trigpoint.editors import EDITORS
from trigpoint.languages import is_language, nearest_language
from trigpoint.policy import USES, allowed_sources

OF_POLICY = "policy."
"""How the name of a list of `[policy]` begins."""

HOST = re.compile(r"[^\s\"'<>\\@]+")
HOST_NAME = re.compile(r"(?!-)[^\s\"'<>\\@/:?#,]+(?<![-])")
"""A host, and a port: no name and password, and nothing that would end an attribute."""


PATH = re.compile(r"(?:/(?!\.{1,2}(?:/|$))[A-Za-z0-9._~-]+)*")
"""The path of `base_url`: it means the same in a link, a rule of a host and a request, with nothing to escape."""

CONTROL = re.compile(f"[{characters.CONTROLS}\r\x85{characters.NONCHARACTERS}]")
"""What neither XML nor a terminal can take. Tabs and line ends are white space."""


@dataclass(frozen=True, slots=True)
class NavigationItem:
    """One link of the header or the footer; `path` is absolute on the site."""

    label: str
    path: str


KEY = re.compile(r"[A-Za-z0-9-]{8,128}")
"""A key of IndexNow. Source: https://www.indexnow.org/documentation"""

OLD_FEED = re.compile(r"(?!/feed\.(?:xml|json)/?$)(?:/(?!\.+(?:/|$))[A-Za-z0-9._~-]{1,100}){1,10}/?")
"""An address that a feed had before."""


def _no_table(value: Any) -> None:
    raise ValueError("a table is wanted", 'Write `[policy]`, and below it such as `frame = ["https://giscus.app"]`.')


def _text(value: Any) -> str:
    if isinstance(value, bool | list | dict) or value is None:
        raise ValueError("a text in quotes is wanted")
    if CONTROL.search(str(value)):
        raise ValueError("it holds a control character, which no page or feed can")
    return str(value)


def _title(value: Any) -> str:
    """A text that readers see as a name: pages, feeds and link previews are nothing without it."""
    text = _text(value).strip()
    if not text:
        raise ValueError("readers would see no name there")
    return text


def _count(value: Any, least: int = 0) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        is_quoted = isinstance(value, str) and value.isdecimal()
        raise ValueError(f"a whole number from {least} is wanted", *["Take the quotes away."] * is_quoted)
    return value


def _yes_or_no(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("true or false is wanted")
    return value


def _forms(*choices: str) -> Callable[[Any], tuple[str, ...]]:
    def choose(value: Any) -> tuple[str, ...]:
        if not isinstance(value, list) or not all(form in choices for form in value):
            names = [f'"{choice}"' for choice in choices]
            raise ValueError(f"a list of {', '.join(names[:-1])} and {names[-1]} is wanted")
        return tuple(dict.fromkeys(value))

    return choose


def _feed_aliases(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(path, str) and OLD_FEED.fullmatch(path) for path in value):
        raise ValueError('a list of paths such as "/index.xml" is wanted, without those of the feeds themselves')
    return tuple(dict.fromkeys(value))


def _dropped(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(each, str) and each.startswith("/") for each in value):
        raise ValueError('a list of addresses such as "/posts/queues/" is wanted')
    return tuple(dict.fromkeys(value))


def _one_of(*choices: str) -> Callable[[Any], str]:
    def choose(value: Any) -> str:
        if value not in choices:
            raise ValueError("one of " + ", ".join(f'"{choice}"' for choice in choices) + " is wanted")
        return str(value)

    return choose


def _base_url(value: Any) -> str:
    """Scheme, host and path, without a slash at the end."""
    text = _text(value)
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not HOST.fullmatch(parts.netloc):
        raise ValueError("an address such as https://blog.example is wanted")
    whole = f"{parts.scheme}://{parts.netloc.lower()}"
    path = re.sub("/+", "/", parts.path).rstrip("/")
    if "?" in text or "#" in text:
        raise ValueError("a query or fragment cannot stand before the addresses of pages", f'Write "{whole}{path}".')
    if "//" in parts.path:
        raise ValueError("two slashes follow one another in its path", f'Write "{whole}{path}".')
    if not PATH.fullmatch(path):
        raise ValueError("its path holds more than letters and digits of ASCII, and -._~", f'Write "{whole}/blog".')
    return whole + path


def _host(value: Any) -> str:
    name = _text(value)
    if name and not HOST_NAME.fullmatch(name):
        raise ValueError("the name of a host such as blog.example is wanted")
    return name


def _link(value: Any) -> str:
    """A page elsewhere that readers are sent to; "" for none."""
    text = _text(value)
    try:
        parts = urlsplit(text)
    except ValueError:
        parts = urlsplit("")
    if text and (parts.scheme not in ("http", "https") or not parts.netloc or re.search(r"\s", text)):
        raise ValueError("an address that begins with https:// is wanted")
    return text


def _link_to_file(value: Any) -> str:
    """As `_link`, with a place for the path of a file: without one every page would have the same."""
    text = _link(value)
    if text and "{path}" not in text:
        raise ValueError("{path} is wanted in it, where the path of the page's file belongs")
    return text


def _key(value: Any) -> str:
    key = _text(value)
    if key and not KEY.fullmatch(key):
        raise ValueError("8 to 128 letters and digits of ASCII are wanted, and -")
    return key


def _needed_link(value: Any) -> str:
    if not (text := _link(value)):
        raise ValueError("an address that begins with https:// is wanted")
    return text


def _editor(value: Any) -> str:
    """What opens a file in the author's editor: a name of EDITORS, or an address with {path} in it."""
    text = _text(value)
    if text and "{path}" not in text and text not in EDITORS:
        raise ValueError(f"one of {', '.join(EDITORS)} is wanted, or an address with {{path}} in it")
    return text


def _folder(value: Any) -> str:
    folder = posixpath.normpath(_text(value) or ".")
    if folder in (".", "..", "/") or "\0" in folder:
        raise ValueError("the name of a folder is wanted, and not the site's own")
    if folder.startswith("~"):
        raise ValueError("~ stands for no folder here: its whole path is wanted")
    return folder


def _zone(value: Any) -> str:
    try:
        return ZoneInfo(_text(value)).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("a zone of the IANA database is wanted") from None


def _language(value: Any) -> str:
    written = _text(value)
    if is_language(written):
        return written
    meant = nearest_language(written)
    raise ValueError(f'a language tag (BCP 47) such as "{meant or "pt-BR"}" is wanted')


def _navigation(value: Any) -> tuple[NavigationItem, ...]:
    wanted = 'a list of { label = "…", path = "/…/" } is wanted'
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise ValueError(wanted)
    try:
        return tuple(NavigationItem(_title(item["label"]), _place(item["path"])) for item in value)
    except KeyError:
        raise ValueError(wanted) from None


def _place(value: Any) -> str:
    """What a link of the navigation may lead to: a path on the site, or a page of another."""
    text = _text(value)
    try:
        is_whole = urlsplit(text).scheme in ("http", "https", "mailto")
    except ValueError:
        is_whole = False
    if not is_whole and (not text.startswith("/") or text.startswith("//")):
        raise ValueError(f"{shown(text)} is neither a path such as /tags/ nor an address that begins with https://")
    return text


def shown(value: Any) -> str:
    return characters.shortened(printable(json.dumps(value, ensure_ascii=False, default=str)))


def printable(text: str) -> str:
    return CONTROL.sub(lambda found: ascii(found[0])[1:-1], text)


PARSERS: dict[str, Callable[[Any], Any]] = {
    "title": _title,
    "base_url": _base_url,
    "language": _language,
    "time_zone": _zone,
    "cname": _host,
    "repository": _link,
    "indexnow_key": _key,
    "indexnow_url": _needed_link,
    "websub_hub": _link,
    "edit_url": _link_to_file,
    "changes_url": _link_to_file,
    "navigation": _navigation,
    "footer": _navigation,
    "editor": _editor,
    "pages": _folder,
    "output": _folder,
    "cache": _folder,
    "posts_per_page": partial(_count, least=1),
    "precompress": _forms("gz", "br", "zst"),
    "picture_forms": _forms("avif", "webp"),
    "feed_aliases": _feed_aliases,
    "dropped": _dropped,
    "releases": partial(_count, least=1),
    "words_per_minute": partial(_count, least=1),
    "tags": _one_of("registered", "open"),
    "front_matter": _one_of("strict", "lenient"),
    "fonts": _one_of("own", "system"),
    "policy": _no_table,
    **{OF_POLICY + use: partial(allowed_sources, use) for use in USES},
}
"""The parsers of settings whose type says too little, by the settings' names."""

OF_TYPE: dict[str, Callable[[Any], Any]] = {"str": _text, "int": _count, "bool": _yes_or_no}
"""The parsers of all others, by their types."""
