"""What a deploy has to do: which objects are put, in which order, and which go. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from trigpoint.delivery.manifest import Entry, Manifest
from trigpoint.delivery.objects import ASSETS, LISTS, StoredObject, stage_of
from trigpoint.notes import Digest


@dataclass(frozen=True, slots=True)
class Transfer:
    """What is put and what goes; `ours` are the objects there that are of a deploy, with those that stay.

    `foreign` are paths that are wanted, and that somebody else has put something at; `left` are those that were ours,
    and are somebody else's now: they stay, though the release does not have them.
    """

    puts: tuple[StoredObject, ...]
    deletes: tuple[str, ...]
    ours: Mapping[str, Entry]
    foreign: tuple[str, ...] = ()
    left: tuple[str, ...] = ()

    @property
    def is_nothing(self) -> bool:
        return not self.puts and not self.deletes

    def stages(self) -> Iterator[tuple[StoredObject, ...]]:
        """The objects to put: nothing of a stage is put before all of the one before is there."""
        for stage in range(ASSETS, LISTS + 1):
            if chosen := tuple(each for each in self.puts if stage_of(each.path) == stage):
                yield chosen


def transfer(
    wanted: Mapping[str, StoredObject], known: Manifest, there: Mapping[str, str], found: Mapping[str, Digest]
) -> Transfer:
    """What makes the objects `there` (their ETags by path) those that are wanted.

    `found` has, of those that a deploy was to put when it ended, the fingerprints which the store has now.
    """
    ours = dict(_ours(known, there, found))
    puts = [each for path, each in sorted(wanted.items()) if path not in ours or ours[path][0] != each.fingerprint]
    deletes = sorted(ours.keys() - wanted.keys(), key=lambda path: (-stage_of(path), path))
    once_ours = (known.objects.keys() | known.pending.keys()) & there.keys()
    foreign = [each.path for each in puts if each.path in there and each.path not in ours]
    return Transfer(
        tuple(puts),
        tuple(deletes),
        ours,
        tuple(path for path in foreign if path not in once_ours),
        tuple(sorted(once_ours - ours.keys() - wanted.keys())),
    )


def _ours(known: Manifest, there: Mapping[str, str], found: Mapping[str, Digest]) -> Iterator[tuple[str, Entry]]:
    """What is there as a deploy has put it. One ETag may stand for two objects that differ in what is said of them: so
    of those that were to be put, the fingerprint decides."""
    for path, etag in there.items():
        entry = known.objects.get(path)
        if path in known.pending:
            if found.get(path) in (known.pending[path], entry.fingerprint if entry else None):
                yield path, Entry(found[path], etag)
        elif entry and entry.etag == etag:
            yield path, entry
