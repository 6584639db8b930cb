"""What a freeze has to do: a verdict for every address of the site, judged by the notes of the live release.

A frozen file is current while each of its notes holds and its bytes are those
that were written. The plan knows addresses and notes, and cannot tell a post
from a tag page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from blog.answers import Site, all_addresses
from blog.folder import content_digest, stamp_of
from blog.ledger import Judge, Ledger, Record
from blog.library import OF_CONTENT, Library
from blog.notes import Digest, Note, digest_of

OUTSIDE = frozenset(("asset", "static", "template", "setting", "edition"))
"""Questions that are not the Library's."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The addresses of the next release: those whose files are current, and those to be rendered, each with the reason."""

    current: Mapping[str, Record]
    stale: Mapping[str, str]
    gone: tuple[str, ...]
    standing: Digest

    @property
    def is_nothing(self) -> bool:
        return not self.stale and not self.gone


def addresses_of(site: Site) -> tuple[str, ...]:
    """Every address of the site, not percent-encoded."""
    with site.app.test_request_context():
        return tuple(unquote(address) for address in all_addresses(site.loader.library))


def planned(addresses: tuple[str, ...], ledger: Ledger, judge: Judge, standing: Digest, live: Path | None) -> Plan:
    """The plan for these addresses, judged by the ledger of the release in the folder `live`."""
    current: dict[str, Record] = {}
    stale: dict[str, str] = {}
    for address in addresses:
        reason = _why_stale(address, ledger, judge, live)
        if reason:
            stale[address] = reason
        else:
            current[address] = ledger.records[address]
    gone = tuple(address for address in ledger.records if address not in current and address not in stale)
    return Plan(current, stale, gone, standing)


def standing_of(library: Library, addresses: tuple[str, ...]) -> Digest:
    """The digest of all that lists, links and addresses are made of."""
    return digest_of((library.standing, addresses))


def judge_of(site: Site, addresses: tuple[str, ...], ledger: Ledger) -> Judge:
    """A judge of the ledger's notes. Where nothing but bodies changed, only those are asked for again."""
    library, known = site.loader.library, frozenset(addresses)
    is_standing = ledger.standing == standing_of(library, addresses)

    def again(note: Note) -> Digest:
        if note.name == "known":
            return digest_of(note.arguments[0] in known)
        return site.again(note, library)

    def trusted(note: Note) -> bool:
        return is_standing and note.name not in OF_CONTENT and note.name not in OUTSIDE

    return Judge(again, trusted)


def _why_stale(address: str, ledger: Ledger, judge: Judge, live: Path | None) -> str:
    record = ledger.records.get(address)
    if record is None or live is None:
        return "it is new"
    note = judge.stale_note(record.notes)
    if note:
        return f"{note} has a new answer"
    return "" if is_untouched(live / record.path, record) else "its file is not the one that was written"


def is_untouched(path: Path, record: Record) -> bool:
    """Whether a frozen file holds what was written. An equal stamp says so without reading it."""
    try:
        return stamp_of(str(path)) == record.stamp or content_digest(str(path)) == record.digest
    except OSError:
        return False
