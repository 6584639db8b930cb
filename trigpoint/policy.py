"""Which other hosts a page may load from: `[policy]` of site.toml, checked and typed.

What browsers are told of it stands in web/headers.py; the words here are those of the Content Security Policy, level 3.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any
from urllib.parse import urlsplit

HOST_SOURCE = re.compile(
    r"(?:(?:https?|wss?)://)?(?P<host>(?:\*\.)?[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*)"
    r"(?P<port>:\d{1,5})?(?:/[A-Za-z0-9._~%!$&()*+=:@/-]*)?"
)
"""A host, or all below one (`*.example.org`), with or without scheme, port and path. Without a `;` or `,`: these would
end a directive or a policy."""

EVERY_HOST = frozenset(("*", "http:", "https:", "http://*", "https://*"))
SCHEMES = {"img": ("data:", "blob:"), "font": ("data:",), "media": ("data:", "blob:"), "connect": ("blob:",)}
SCHEMES |= {"frame": ("blob:",)}
HASH = re.compile(r"'sha(?:256|384|512)-[A-Za-z0-9+/=_-]+'")
KEYWORDS = {"script": ("'unsafe-inline'", "'unsafe-eval'", "'wasm-unsafe-eval'"), "style": ("'unsafe-inline'",)}
RUNS_ANYTHING = frozenset(("'unsafe-inline'", "'unsafe-eval'"))
"""With one of these for scripts, the policy protects readers from nothing that finds its way into a page."""

PORTS = range(1, 65_536)
DEFAULT_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443}
EXAMPLE = 'Write one such as "https://giscus.app" or "https://*.example.org".'


@dataclass(frozen=True, slots=True)
class AllowedHosts:
    """The sources besides the site itself that pages may use, by what they are used for."""

    script: tuple[str, ...] = ()
    style: tuple[str, ...] = ()
    img: tuple[str, ...] = ()
    frame: tuple[str, ...] = ()
    connect: tuple[str, ...] = ()
    form: tuple[str, ...] = ()
    font: tuple[str, ...] = ()
    media: tuple[str, ...] = ()

    @property
    def embeds(self) -> bool:
        """Whether pages hold what another host sends, which need not say that it may stand there."""
        return any((self.script, self.style, self.img, self.frame, self.font, self.media))

    def wide(self) -> Iterator[tuple[str, str]]:
        """The name of each list that allows everything, with the source by which it does."""
        for name in USES:
            for source in getattr(self, name):
                if source in EVERY_HOST or (name == "script" and source in RUNS_ANYTHING):
                    yield name, source


USES = tuple(each.name for each in fields(AllowedHosts))
"""The names of the lists, in the order of docs/settings.md."""


def allowed_sources(use: str, value: Any) -> tuple[str, ...]:
    """The sources of one list, each once. Raises ValueError with a reason and a cure."""
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise ValueError("a list of hosts is wanted", f'Write `{use} = ["https://giscus.app"]`.')
    return tuple(dict.fromkeys(_source(use, each) for each in value))


def _source(use: str, written: str) -> str:
    source = written.strip()
    if source in EVERY_HOST or source in (*SCHEMES.get(use, ()), *KEYWORDS.get(use, ())):
        return source
    if use in KEYWORDS and HASH.fullmatch(source):
        return source
    if source.strip("'") in ("self", "none"):
        raise ValueError(f'"{written}" is no host: the site itself is always allowed', EXAMPLE)
    scheme, mark, rest = source.rpartition("://")
    host, slash, path = rest.partition("/")
    source = f"{scheme.lower()}{mark}{host.lower()}{slash}{path}"
    found = HOST_SOURCE.fullmatch(source)
    if not found or not (mark or found["port"] or "." in found["host"] or found["host"] == "localhost"):
        raise ValueError(f'"{written}" is no host', EXAMPLE)
    if found["port"] and int(found["port"][1:]) not in PORTS:
        raise ValueError(f'"{written}" is no host: a port is a number from 1 to {PORTS[-1]}', EXAMPLE)
    return source


def matches(source: str, target: str) -> bool:
    """Whether a source allows what a whole address names. Source: Content Security Policy, level 3, 6.7.2.8.

    Raises ValueError where the target is no address.
    """
    parts = urlsplit(target)
    scheme = parts.scheme.lower() or "https"
    if source == "*":
        return scheme in ("http", "https")
    if source.endswith(":"):
        return _is_scheme(scheme, source[:-1])
    wanted = urlsplit(source if "://" in source else f"//{source}")
    if wanted.scheme and not _is_scheme(scheme, wanted.scheme):
        return False
    port = wanted.port or DEFAULT_PORTS.get(wanted.scheme or scheme)
    found = parts.port or DEFAULT_PORTS.get(scheme)
    is_port = port == found or (wanted.port is None and found == DEFAULT_PORTS["https"])
    return is_port and _is_host(parts.hostname or "", wanted.hostname or "") and _is_path(parts.path, wanted.path)


def _is_scheme(found: str, wanted: str) -> bool:
    """A source of `http:` allows the safe one, too."""
    return found == wanted or (found == "https" and wanted == "http")


def _is_host(found: str, wanted: str) -> bool:
    return found == wanted or wanted == "*" or (wanted.startswith("*.") and found.endswith(wanted[1:]))


def _is_path(found: str, wanted: str) -> bool:
    """A path that ends with a slash allows all below it, any other itself."""
    return not wanted or (found.startswith(wanted) if wanted.endswith("/") else found == wanted)
