"""Whether a freeze would change nothing: seen from stamps and the clock, without reading what a release was made from.

Four things say it, and are in the release's summary: the state of all inputs, that of the release's files, and the two
moments between which these inputs give this site. Where the inputs are NONE, each freeze looks at everything.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import UTC, datetime

from trigpoint.faults import Fault, errors
from trigpoint.freezing.ledger import NoteTable, Record
from trigpoint.freezing.plan import accounts_of, are_watched
from trigpoint.freezing.release import Release, outputs_of
from trigpoint.inventory import Inventory, inventory, stamp_of
from trigpoint.notes import Digest, Note, digest_of, is_unwatched
from trigpoint.theme import FOLDERS, overlay
from trigpoint.web.site import Site


def inputs_of(site: Site) -> Digest:
    """The digest of the state of everything that a freeze reads: without reading it."""
    settings = site.settings
    around = [layer.found for name in FOLDERS for layer in overlay(name, settings.root).layers]
    states = [inventory(settings.pages_folder, settings.pages, Inventory()), *around]
    said = (repr(settings), stamp_of(str(settings.root / "site.toml")), site.loader.inputs.git.state)
    return digest_of(
        (said, site.program_digest, [(dict(state.stamps), state.faults, state.missing) for state in states])
    )


def is_as_it_was(live: Release, inputs: Digest) -> bool:
    """Whether nothing was touched since the live release was made: neither what it was made from, nor its files."""
    known, now = live.summary, in_utc(datetime.now(UTC))
    is_of_now = known.since <= now and (not known.until or now < known.until)
    return bool(known.inputs) and known.inputs == inputs and is_of_now and known.outputs == outputs_of(live.path)


def times_of(site: Site) -> tuple[str, str]:
    """The moments between which the inputs give this site, as a summary has them: a clock that was ahead may be put
    right, and a page may be for later."""
    library = site.loader.library
    until = library.next_change
    return in_utc(library.snapshot.now), in_utc(until) if until else ""


def in_utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()


def is_sound(site: Site, found: Iterable[Fault], listing: Iterable[Note]) -> bool:
    """Whether another freeze of the same inputs would go the same way.

    `found` are the faults, of a freeze that looked for all; `listing` is what the lists of addresses were made from.
    """
    is_told = not site.loader.inputs.git.log.faults  # What git did not tell now it may tell the next time.
    has_articles = bool(site.loader.library.posts)  # Else it was told to go on without.
    return has_articles and is_told and not errors(found) and not any(map(is_unwatched, listing))


def are_sound(records: Collection[Record], table: NoteTable) -> bool:
    """Whether these files cannot be stale while the inputs are as they are."""
    return all(map(accounts_of(table), records)) and are_watched(records, table)
