"""Pictures of other hosts, fetched for a blog that moves: nothing else, over http(s), from public hosts, within bounds.

What was fetched lies in `.import/fetched/`, and is not asked for again. No cookie, no password and no proxy is used.
"""

from __future__ import annotations

import re
import socket
import ssl
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import blake2b
from html import unescape
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from ipaddress import ip_address, ip_network
from pathlib import Path
from posixpath import basename
from urllib.parse import SplitResult, quote, unquote, urljoin, urlsplit

from trigpoint.importing.dialects.prose import masked
from trigpoint.importing.links import REMOTE
from trigpoint.importing.reading.entries import Entry
from trigpoint.importing.writing import replace_file

AT_ONCE = 8
"""Pictures that are fetched at the same time."""

REDIRECTS = 5
CHUNK = 65_536
NAT64 = ip_network("64:ff9b::/96")
DEFINED = re.compile(
    r"^ {0,3}\[[^\]\n]+\]:[ \t]*<?(?P<at>https?://[^\s>]+\.(?:png|jpe?g|gif|webp|avif|svg)[^\s>]*)", re.M | re.I
)
SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", ".png"), (b"\xff\xd8\xff", ".jpg"), (b"GIF87a", ".gif"), (b"GIF89a", ".gif"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much is fetched at most: pictures, bytes of one and of all, seconds for one and for all."""

    count: int = 5_000
    size: int = 20_000_000
    total: int = 2_000_000_000
    seconds: float = 30.0
    whole: float = 1_800.0


@dataclass(frozen=True, slots=True)
class Fetched:
    """A picture by its address: the file in which it lies now, or why there is none."""

    address: str
    file: str = ""
    reason: str = ""


class NotFetchedError(Exception):
    """Why a picture does not come along; a short phrase."""


def remote_pictures(entries: Iterable[Entry]) -> tuple[str, ...]:
    """The addresses of all pictures that these texts show from other hosts, each once."""
    found: dict[str, None] = {}
    for entry in entries:
        body = entry.body if entry.markup == "html" else masked(entry.body)
        for pattern in (REMOTE, DEFINED) if "//" in body else ():
            found.update((whole(match["at"]), None) for match in pattern.finditer(body))
        cover = str(entry.fields.get("cover", "") or entry.fields.get("image", ""))
        found.update({cover: None} if cover.startswith(("http:", "https:")) else {})
    return tuple(found)


def whole(written: str) -> str:
    """An address as it is asked for: without HTML's escapes, and with a scheme."""
    address = unescape(written.strip())
    return f"https:{address}" if address.startswith("//") else address


def fetched(addresses: Iterable[str], folder: Path, bounds: Bounds) -> Iterator[Fetched]:
    """Fetch each picture into this folder, as far as the bounds allow."""
    ends = time.monotonic() + bounds.whole
    left = [bounds.total]

    def one(numbered: tuple[int, str]) -> Fetched:
        number, address = numbered
        place = folder / blake2b(address.encode("utf-8", "surrogateescape"), digest_size=10).hexdigest()
        if known := next(iter(sorted(place.glob("*"))), None) if place.is_dir() else None:
            return Fetched(address, str(known))
        if number >= bounds.count or left[0] <= 0 or time.monotonic() >= ends:
            return Fetched(address, reason="there are too many")
        try:
            content = _content(address, min(ends, time.monotonic() + bounds.seconds), bounds.size)
            left[0] -= len(content)
            file = place / _name(address, _suffix(content))
            replace_file(file, content)
        except NotFetchedError as error:
            return Fetched(address, reason=str(error))
        except (OSError, HTTPException, ValueError) as error:
            return Fetched(address, reason=getattr(error, "strerror", None) or type(error).__name__)
        return Fetched(address, str(file))

    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield from pool.map(one, enumerate(addresses))


def _content(address: str, ends: float, most: int) -> bytes:
    """What is at this address: at most so many bytes, before this moment.

    Raises NotFetchedError, OSError, HTTPException.
    """
    for _ in range(REDIRECTS + 1):
        connection = _connected(urlsplit(address), ends)
        try:
            headers = {"User-Agent": "trigpoint-import", "Accept": "image/*"}
            connection.request("GET", _target(urlsplit(address)), headers=headers)
            response = connection.getresponse()
            if response.status in (301, 302, 303, 307, 308) and (location := response.getheader("Location")):
                address = urljoin(address, location)
                continue
            if response.status != 200:
                raise NotFetchedError(f"the host answers {response.status}")
            return _read(response.read1, ends, most)
        finally:
            connection.close()
    raise NotFetchedError("it redirects too often")


def _target(parts: SplitResult) -> str:
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~")
    return f"{path}?{quote(parts.query, safe='/%:@!$&()*+,;=~?')}" if parts.query else path


def _read(read: Callable[[int], bytes], ends: float, most: int) -> bytes:
    content = bytearray()
    while chunk := read(CHUNK):
        content += chunk
        if len(content) > most:
            raise NotFetchedError("it is too large")
        if time.monotonic() > ends:
            raise NotFetchedError("it takes too long")
    return bytes(content)


def _connected(parts: SplitResult, ends: float) -> HTTPConnection:
    """A connection to the host of this address, which is a public one: the very address that was looked at."""
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None:
        raise NotFetchedError("only http and https are asked")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    addresses = [str(each[4][0]) for each in found]
    if not addresses or not all(map(is_public, addresses)):
        raise NotFetchedError("its host is no public one")
    seconds = max(0.1, ends - time.monotonic())
    plain = socket.create_connection((addresses[0], port), timeout=seconds)
    if parts.scheme == "http":
        connection = HTTPConnection(parts.hostname, port, timeout=seconds)
        connection.sock = plain
        return connection
    context = ssl.create_default_context()
    try:
        secured = context.wrap_socket(plain, server_hostname=parts.hostname)
    except BaseException:
        plain.close()
        raise
    connection = HTTPSConnection(parts.hostname, port, timeout=seconds, context=context)
    connection.sock = secured
    return connection


def is_public(address: str) -> bool:
    """Whether an IP address is one of the internet, however it is dressed up."""
    found = ip_address(address.partition("%")[0])
    if found.version == 6:
        if found.ipv4_mapped:
            return is_public(str(found.ipv4_mapped))
        if found.sixtofour or found.teredo or found in NAT64:
            return False
    return found.is_global and not found.is_multicast


def _suffix(content: bytes) -> str:
    """The ending for what these bytes are. Raises NotFetchedError where they are no picture that a page shows."""
    for signature, suffix in SIGNATURES:
        if content.startswith(signature):
            return suffix
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return ".webp"
    if content[4:8] == b"ftyp" and content[8:12] in (b"avif", b"avis"):
        return ".avif"
    if re.match(
        rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*|<!--.*?-->\s*|<!DOCTYPE[^>]*>\s*)*<svg[\s>]", content[:4096], re.S
    ):
        return ".svg"
    raise NotFetchedError("it is no picture")


def _name(address: str, suffix: str) -> str:
    """A file's name from the last part of the address, with the ending that fits."""
    last = unquote(basename(urlsplit(address).path), errors="replace")
    stem = re.sub(r"\.(?:png|jpe?g|gif|webp|avif|svg)\Z", "", last, flags=re.I)
    return (re.sub(r"[^\w.-]+", "-", stem).strip("-._")[:60] or "picture") + suffix
