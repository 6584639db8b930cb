"""What a freeze has to do: a verdict for every address of the site, judged by the notes of the live release.

A frozen file is current while each of its notes holds and its bytes are those
that were written. The plan knows addresses and notes, and cannot tell a post
from a tag page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import unquote

from trigpoint.freezing.ledger import NONE, Judge, Ledger, Record, Table
from trigpoint.freezing.releases import Release, outputs_of
from trigpoint.inventory import content_digest, mark_of
from trigpoint.library.library import OF_CONTENT
from trigpoint.notes import Digest, Note, digest_of
from trigpoint.web.kinds import all_addresses
from trigpoint.web.site import Site

OUTSIDE = frozenset(("asset", "static", "template", "setting", "edition", "known", "library"))
"""Questions that are not the Library's."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The addresses of the next release: those whose files are current, and those to render, with the reason."""

    current: Mapping[str, Record]
    stale: Mapping[str, str]
    gone: tuple[str, ...]

    @property
    def is_nothing(self) -> bool:
        return not self.stale and not self.gone


def addresses_of(site: Site) -> tuple[str, ...]:
    """Every address of the site, not percent-encoded."""
    return tuple(map(unquote, all_addresses(site.app, site.loader.library)))


def ledger_of(release: Release) -> Ledger:
    """The ledger of a release, with the marks of its files as they are now.

    A file that is not the one that was written has no digest in it. One look at
    all marks settles that for most releases: where they are known, nothing is read.
    """
    ledger = release.ledger
    if outputs_of(release.path) == release.summary.outputs:
        return ledger
    records = {address: _as_it_lies(release.path, record) for address, record in ledger.records.items()}
    twins = {path: _as_it_lies(release.path, record) for path, record in ledger.twins.items()}
    return replace(ledger, records=records, twins=twins)


def _as_it_lies(folder: Path, record: Record) -> Record:
    name = f"{folder}/{record.path}"
    try:
        mark = mark_of(name)
        is_same = mark == record.mark or content_digest(name) == record.digest
    except OSError:
        return record._replace(digest=NONE)
    return record._replace(mark=mark, digest=record.digest if is_same else NONE)


def planned(addresses: tuple[str, ...], ledger: Ledger, judge: Judge) -> Plan:
    """The plan for these addresses."""
    current: dict[str, Record] = {}
    stale: dict[str, str] = {}
    for address in addresses:
        reason = _why_stale(address, ledger, judge)
        if reason:
            stale[address] = reason
        else:
            current[address] = ledger.records[address]
    gone = tuple(address for address in ledger.records if address not in current and address not in stale)
    return Plan(current, stale, gone)


def judge_of(site: Site, addresses: tuple[str, ...], ledger: Ledger) -> Judge:
    """A judge of the ledger's notes. Where nothing but bodies changed, only those are asked for again."""
    library, known = site.loader.library, frozenset(addresses)
    is_standing = ledger.standing == library.standing

    def again(note: Note) -> Digest:
        if note.name == "known":
            return digest_of(note.arguments[0] in known)
        return site.again(note, library)

    def trusted(note: Note) -> bool:
        return is_standing and note.name not in OF_CONTENT and note.name not in OUTSIDE

    return Judge(ledger.table, again, trusted)


WORDS = {
    "all_series": "which series there are",
    "anchors": "which headings {0} has",
    "archive": "which posts the archive lists",
    "asset": "the file static/{0}",
    "beside": "the file pages/{0}",
    "dark": "which picture stands in for pages/{0} in the dark",
    "document": "the text of pages/{0}",
    "edition": "the program itself, or the path of the site,",
    "entries": "what the search shows of the posts",
    "file": "the file at {0}",
    "files_ending": "which scripts and documents lie beside the pages",
    "file_address": "the address of pages/{0}",
    "has_posts": "whether there are {0} posts",
    "known": "whether {0} is an address",
    "library": "what was read of the Library past its questions",
    "listing": "which posts list page {0} shows",
    "neighbours": "what comes before and after pages/{0}",
    "newest": "the newest {0} posts",
    "newest_tagged": 'the newest {1} posts with the tag "{0}"',
    "notice": "what stands above pages/{0}",
    "page": "which page is at {0}",
    "pages": "which pages there are besides the posts",
    "picture": "the size of the picture pages/{0}",
    "post": 'what lists show of the post "{0}"',
    "post_count": "how many posts there are",
    "redirect": "where {0} leads on to",
    "redirects": "which addresses lead on",
    "related": "which posts are related to pages/{0}",
    "series": 'the series "{0}"',
    "setting": "the setting {0}",
    "shard": "which posts have words that begin with {0}",
    "shard_names": "how the words of the posts begin",
    "static": "the file static/{0}",
    "tag": 'the tag "{0}"',
    "tag_count": 'how many articles have the tag "{0}"',
    "tagged": 'which posts list page {1} of the tag "{0}" shows',
    "tags": "which tags there are",
    "target": "where the link {0} in pages/{1} leads",
    "template": "the template {0}",
}


def told(note: Note) -> str:
    """A note in the words of an author."""
    words = WORDS.get(note.name)
    return words.format(*note.arguments) if words else str(note)


def is_accounted_for(record: Record, table: Table) -> bool:
    """Whether its notes can tell if it is true.

    They can't where there are none but the edition, as of a view that reads a file by itself, or where one is of a
    question that the program does not know.
    """
    is_told = any(table[number].name != "edition" for number in record.notes)
    return is_told and all(table[number].name in WORDS for number in record.notes)


def _why_stale(address: str, ledger: Ledger, judge: Judge) -> str:
    record = ledger.records.get(address)
    if record is None:
        return "it is new"
    if not is_accounted_for(record, ledger.table):
        return "nothing was noted of what it is made from"
    note = judge.stale_note(record.notes)
    if note:
        return f"{told(note)} has changed"
    return "" if record.digest else "its file is not the one that was written"


def why(site: Site, release: Release, address: str, show_all: bool) -> tuple[str, ...] | None:
    """Why the next freeze would render this address, or that it would not; with `show_all` every note of its file.

    None where the site has no such address, now or in the release.
    """
    ledger = ledger_of(release)
    addresses = addresses_of(site)
    record = ledger.records.get(address)
    if record is None and address not in addresses:
        return None
    judge = judge_of(site, addresses, ledger)
    if address not in addresses:
        verdict = f"{address} is gone: the next freeze drops it."
    else:
        reason = _why_stale(address, ledger, judge)
        verdict = f"{address} will be rendered: {reason}." if reason else f"{address} is current."
    notes = record.notes if record and show_all else ()
    return (verdict, *(f"  {'holds' if judge.holds(note) else 'STALE'}  {told(ledger.table[note])}" for note in notes))
