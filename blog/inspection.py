"""What must hold of a release before it goes live: portable names, sound feeds, and no word of what is hidden."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from unicodedata import normalize
from urllib.parse import quote
from xml.parsers import expat

from blog.answers import Site
from blog.contents import hidden_because
from blog.faults import Fault
from blog.ledger import Record
from blog.notes import Digest, digest_of_bytes

MANY_FILES = 20_000
LARGE_FILE = 25_000_000
"""Bytes. The limits of the smaller free hosts."""

UNPORTABLE = re.compile(r'[<>:"|?*\\\x00-\x1f]|[. ](?:/|$)|(?:^|/)(?:con|prn|aux|nul|com\d|lpt\d)(?:[./]|$)', re.I)
RELATIVE = re.compile(
    rb"""\b(?:href|src|poster)=(?P<quote>&#34;|&quot;|\\")(?!https?:|mailto:|tel:|data:)(?P<target>.{0,200}?)(?P=quote)"""
)
"""An attribute of HTML within a feed, as XML or as JSON writes its quotes."""
TELLING = 12
"""Characters: a shorter title, or one of one word, may stand anywhere by chance."""

FEW = 50
"""So many secrets are looked for one by one; more, where a word of theirs stands."""

ByWord = Mapping[bytes, Sequence[bytes]]

WORDS = bytes(byte if byte < 128 and chr(byte).isalnum() else 32 for byte in range(256))
"""For bytes.translate: what is no letter or digit of ASCII is a space."""


def release_faults(
    site: Site, folder: Path, records: Mapping[str, Record], fresh: Collection[str], known: Collection[Digest] = ()
) -> tuple[Fault, ...]:
    """What is wrong with a release in this folder.

    `fresh` are the addresses that were rendered for it, `known` the digests of the secrets that all other files were
    searched for before.
    """
    faults = [*_names(records), *_sizes(records)]
    for address in fresh:
        if address.endswith(("/feed.xml", "/feed.json")):
            faults += _feed(site, address, (folder / records[address].path).read_bytes())
    secrets, before = _secrets(site), frozenset(known)
    every, new = by_word(secrets), by_word(secret for secret in secrets if digest_of_bytes(secret) not in before)
    for address, record in records.items():
        for secret in sorted(_leaks(folder / record.path, every if address in fresh else new)):
            source, what = secrets[secret]
            faults.append(Fault(source, 0, 0, f"This is hidden, but its {what} is in the release: {record.path}."))
    return tuple(faults)


def _leaks(file: Path, secrets: ByWord) -> Iterable[bytes]:
    return found_in(file.read_bytes(), secrets) if secrets else ()


def by_word(secrets: Iterable[bytes]) -> ByWord:
    """These secrets, each by a word that stands in a file wherever it does; by b"" those that are looked for anyway.

    Not by its first word: a file may write that in one with the sign before it, as JSON does after a new line. Of the
    others by the one that fewest secrets have.
    """
    later = {secret: [word for word in secret.translate(WORDS).split(b" ")[1:] if word] for secret in secrets}
    if len(later) <= FEW:
        return {b"": list(later)} if later else {}
    common = Counter(word for words in later.values() for word in words)
    sorted_in = defaultdict(list)
    for secret, words in later.items():
        sorted_in[min(words, key=lambda word: (common[word], -len(word)), default=b"")].append(secret)
    return sorted_in


def found_in(content: bytes, secrets: ByWord) -> Iterator[bytes]:
    """Those of these secrets that the content holds."""
    words = {b"", *(content.translate(WORDS).split() if secrets.keys() - {b""} else ())}
    for word in secrets.keys() & words:
        yield from (secret for secret in secrets[word] if secret in content)


def secrets_of(site: Site) -> tuple[Digest, ...]:
    """The digests of all secrets."""
    return tuple(sorted(map(digest_of_bytes, _secrets(site))))


def _names(records: Mapping[str, Record]) -> Iterator[Fault]:
    """Names that some host can't hold, or that fold to one on a disk that ignores case."""
    folded: dict[str, str] = {}
    for address, record in sorted(records.items()):
        first = folded.setdefault(_folded(record.path), address)
        if first != address:
            yield Fault(address, 0, 0, f"This and {first} are one file where case does not count.", "Rename one.")
        if UNPORTABLE.search(record.path) or any(len(part) > 255 for part in record.path.encode().split(b"/")):
            yield Fault(address, 0, 0, "Not every host can hold a file of this name.", "Rename it.", warning=True)


def _folded(path: str) -> str:
    return path.lower() if path.isascii() else normalize("NFC", path).casefold()


def _sizes(records: Mapping[str, Record]) -> Iterator[Fault]:
    if len(records) > MANY_FILES:
        sentence = f"The release has {len(records):,} files; some hosts take {MANY_FILES:,} at most."
        yield Fault("release", 0, 0, sentence, warning=True)
    for address, record in sorted(records.items()):
        if record.mark[0] > LARGE_FILE:
            sentence = f"This file has {record.mark[0]:,} bytes; some hosts take {LARGE_FILE:,} at most."
            yield Fault(address, 0, 0, sentence, warning=True)


def _feed(site: Site, address: str, content: bytes) -> Iterator[Fault]:
    """A feed must parse, and hold only whole addresses: a reader has no page to resolve others against."""
    try:
        if address.endswith(".json"):
            json.loads(content)
        else:
            expat.ParserCreate().Parse(content, True)
    except (expat.ExpatError, ValueError) as error:
        yield Fault(address, 0, 0, f"This feed can't be read by any program: {error}.")
    for found in RELATIVE.finditer(content):
        relative = found["target"].decode(errors="replace")
        yield Fault(address, 0, 0, f'The link "{relative}" in this feed is no whole address.')


def _secrets(site: Site) -> dict[bytes, tuple[str, str]]:
    """What would give a hidden page away, by its bytes: its source, and what it is of it."""
    return dict(_giveaways(site))


def _giveaways(site: Site) -> Iterator[tuple[bytes, tuple[str, str]]]:
    """Its address, and its title as HTML and as JSON write it."""
    contents = site.loader.library.contents
    shown = {page.title for page in site.loader.library.published}
    for page in contents.pages:
        if not hidden_because(page, contents.now):
            continue
        source = f"{site.settings.pages}/{page.path}"
        for address in {page.address, quote(page.address)}:
            yield address.encode(), (source, "address")
        if len(page.title) >= TELLING and " " in page.title and page.title not in shown:
            for title in {page.title, escape(page.title, quote=False), str(escape(page.title))}:
                yield title.encode(), (source, "title")
