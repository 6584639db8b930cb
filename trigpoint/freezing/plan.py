"""What a freeze has to do: a verdict for every address of the site, judged by the notes of the live release.

A frozen file is current while each of its notes holds and its bytes are those
that were written. The plan knows addresses and notes, and cannot tell a post
from a tag page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import unquote

from trigpoint.freezing.ledger import NONE, Ledger, NoteChecker, NoteTable, Record
from trigpoint.freezing.release import Release, outputs_of
from trigpoint.inventory import content_digest, mark_of
from trigpoint.notes import QUESTIONS, DependsOn, Digest, Note, declare, digest_of, is_unwatched, sentence_of
from trigpoint.web.kinds import all_addresses
from trigpoint.web.site import PROGRAM, Site

KNOWN = declare("known", "whether {0} is an address", DependsOn.OUTSIDE)
"""Asked by the check of an article's links, of the addresses of the next release."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The addresses of the next release: those whose files are current, and those to render, with the reason."""

    current: Mapping[str, Record]
    stale: Mapping[str, str]
    gone: tuple[str, ...]

    @property
    def addresses(self) -> tuple[str, ...]:
        return (*self.current, *self.stale)

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
    compressed_files = {path: _as_it_lies(release.path, record) for path, record in ledger.compressed_files.items()}
    return replace(ledger, records=records, compressed_files=compressed_files)


def _as_it_lies(folder: Path, record: Record) -> Record:
    name = f"{folder}/{record.path}"
    try:
        mark = mark_of(name)
        is_same = mark == record.mark or content_digest(name) == record.digest
    except OSError:
        return record._replace(digest=NONE)
    return record._replace(mark=mark, digest=record.digest if is_same else NONE)


def planned(site: Site, addresses: tuple[str, ...], ledger: Ledger, checker: NoteChecker) -> Plan:
    """The plan for these addresses."""
    current: dict[str, Record] = {}
    stale: dict[str, str] = {}
    why_stale = _judge(site, ledger, checker)
    for address in addresses:
        reason = why_stale(address)
        if reason:
            stale[address] = reason
        else:
            current[address] = ledger.records[address]
    gone = tuple(address for address in ledger.records if address not in current and address not in stale)
    return Plan(current, stale, gone)


def note_checker_of(site: Site, addresses: tuple[str, ...], ledger: Ledger) -> NoteChecker:
    """A checker of the ledger's notes. Where nothing but bodies changed, only those are asked for again."""
    library, known = site.loader.library, frozenset(addresses)
    are_lists_the_same = ledger.lists_digest == library.lists_digest

    def digest_now(note: Note) -> Digest:
        if note.name == KNOWN.name:
            return digest_of(note.arguments[0] in known)
        return site.digest_now(note, library)

    def trusted(note: Note) -> bool:
        question = QUESTIONS.get(note.name)
        return are_lists_the_same and question is not None and question.depends_on is DependsOn.LISTS

    return NoteChecker(ledger.table, digest_now, trusted)


def in_words(note: Note, site: Site) -> str:
    """A note in the words of an author, who learns which files are the theme's."""
    return sentence_of(note) + site.origin(note)


def accounts_of(table: NoteTable) -> Callable[[Record], bool]:
    """Tells of a record with notes of this table whether they can tell if it is true.

    They can't where there are none but the program, as of a view that reads a file by itself, or where one is of a
    question that the program does not know.
    """
    unknown = {number for number, note in enumerate(table) if note.name not in QUESTIONS}
    program = {number for number, note in enumerate(table) if note.name == PROGRAM.name}

    def is_accounted_for(record: Record) -> bool:
        return unknown.isdisjoint(record.notes) and not program.issuperset(record.notes)

    return is_accounted_for


def are_watched(records: Iterable[Record], table: NoteTable) -> bool:
    """Whether all that these are made from shows in the stamps that a freeze looks at first."""
    unwatched = {number for number, note in enumerate(table) if is_unwatched(note)}
    return all(unwatched.isdisjoint(record.notes) for record in records)


def _judge(site: Site, ledger: Ledger, checker: NoteChecker) -> Callable[[str], str]:
    """Says of an address why it is to be rendered; "" where it is current."""
    is_accounted_for = accounts_of(ledger.table)

    def why_stale(address: str) -> str:
        record = ledger.records.get(address)
        if record is None:
            return "it is new"
        if not is_accounted_for(record):
            return "nothing was noted of what it is made from"
        note = checker.stale_note(record.notes)
        if note:
            return f"{in_words(note, site)} has changed"
        return "" if record.digest else "its file is not the one that was written"

    return why_stale


def is_current(site: Site, release: Release) -> bool:
    """Whether the next freeze would render nothing: what was touched since says what it said, after a fresh look."""
    ledger, addresses = ledger_of(release), addresses_of(site)
    return planned(site, addresses, ledger, note_checker_of(site, addresses, ledger)).is_nothing


def why(site: Site, release: Release, address: str, show_all: bool) -> tuple[str, ...] | None:
    """Why the next freeze would render this address, or that it would not; with `show_all` every note of its file.

    None where the site has no such address, now or in the release.
    """
    ledger = ledger_of(release)
    addresses = addresses_of(site)
    record = ledger.records.get(address)
    if record is None and address not in addresses:
        return None
    checker = note_checker_of(site, addresses, ledger)
    if address not in addresses:
        verdict = f"{address} is gone: the next freeze drops it."
    else:
        reason = _judge(site, ledger, checker)(address)
        verdict = f"{address} will be rendered: {reason}." if reason else f"{address} is current."
    notes = record.notes if record and show_all else ()
    lines = (f"  {'holds' if checker.holds(note) else 'STALE'}  {in_words(ledger.table[note], site)}" for note in notes)
    return (verdict, *lines)
