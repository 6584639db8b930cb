"""What the deploys know of a place: which objects there are theirs. Kept there, as an object of its own. Pure.

An object that it does not name was put there by somebody else, and is neither overwritten nor removed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from trigpoint.delivery.place import OWN
from trigpoint.notes import Digest

PATH = f"{OWN}deployed.json"
FORM = 1


class Entry(NamedTuple):
    """An object as it was put: the fingerprint of what was put, and the ETag that the store gave it."""

    fingerprint: Digest
    etag: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """The objects of the deploys by their paths, and the release that they are of.

    `pending` are those that a deploy which did not end was to put, by their fingerprints: they may be there or not.
    """

    release: str = ""
    objects: Mapping[str, Entry] = field(default_factory=dict)
    pending: Mapping[str, Digest] = field(default_factory=dict)


def as_json(manifest: Manifest) -> bytes:
    content = {"form": FORM, "release": manifest.release, "objects": manifest.objects, "pending": manifest.pending}
    return json.dumps(content, separators=(",", ":"), sort_keys=True).encode()


def from_json(content: bytes) -> Manifest | None:
    """The manifest; None where this is none."""
    try:
        read: Any = json.loads(content)
        if read["form"] != FORM:
            return None
        objects = {str(path): Entry(Digest(str(put)), str(etag)) for path, (put, etag) in read["objects"].items()}
        pending = {str(path): Digest(str(put)) for path, put in read["pending"].items()}
        return Manifest(str(read["release"]), objects, pending)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
