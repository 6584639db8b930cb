"""What a release has for search engines and feed readers, and what is another since they were last told.

A page is another where its bytes are, but for the digests in the names of assets: a new stylesheet is nobody's news.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import unescape
from urllib.parse import quote, unquote

from trigpoint.freezing.ledger import Ledger
from trigpoint.freezing.release import Release
from trigpoint.notes import Digest, digest_of_bytes
from trigpoint.settings import Settings

State = Mapping[str, Digest]
"""Whole addresses, each with what stands for its content."""

SITEMAP = "/sitemap.xml"
LOCATION = re.compile(r"<loc>\s*([^<]+?)\s*</loc>")
FEED = re.compile(r"/(?:(?:tags|authors)/[^/]+/)?feed\.(?:xml|json)")
ASSET = re.compile(rb"(/static/[^\s\"'<>]+?)\.[0-9a-f]{10}(\.[a-z0-9]+)")


def pages_of(release: Release, ledger: Ledger, settings: Settings) -> State:
    """The pages that the sitemap of a release names. Raises OSError."""
    record = ledger.records.get(SITEMAP)
    text = (release.path / record.path).read_text(encoding="utf-8") if record else ""
    addresses = (unescape(found[1]) for found in LOCATION.finditer(text))
    return dict(_state(release, ledger, settings, addresses))


def feeds_of(release: Release, ledger: Ledger, settings: Settings) -> State:
    """The feeds of a release. Raises OSError."""
    whole = (settings.absolute(settings.link(quote(each))) for each in ledger.records if FEED.fullmatch(each))
    return dict(_state(release, ledger, settings, whole))


def _state(
    release: Release, ledger: Ledger, settings: Settings, addresses: Iterator[str]
) -> Iterator[tuple[str, Digest]]:
    for whole in addresses:
        record = ledger.records.get(unquote(whole.removeprefix(settings.base_url)))
        if record:
            content = (release.path / record.path).read_bytes()
            yield whole, digest_of_bytes(ASSET.sub(rb"\1\2", content))


def changed(before: State, now: State) -> tuple[str, ...]:
    """The addresses that came or changed, in order."""
    return tuple(sorted(address for address, digest in now.items() if before.get(address) != digest))


def gone(before: State, now: State) -> tuple[str, ...]:
    """The addresses that are not there any more, in order."""
    return tuple(sorted(before.keys() - now.keys()))
