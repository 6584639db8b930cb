"""Who is told what of the live release, and what was told before: noted beside the releases, for each by itself.

What could not be told is not noted, so that the next announcement tells it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trigpoint.delivery.changes import State, changed, feeds_of, gone, pages_of
from trigpoint.delivery.notices import MOST, tell_hub, tell_search_engines
from trigpoint.freezing.ledger import Ledger
from trigpoint.freezing.release import Release
from trigpoint.freezing.releases import Releases
from trigpoint.notes import Digest
from trigpoint.settings import Settings

LIST = "announced.json"
FORM = 1


@dataclass(frozen=True, slots=True)
class Announcement:
    """What one of them has to be told: the addresses that came or changed, and those that went.

    `since` is the release of which it was told last; where it was told of none the one before the live one, or "".
    """

    name: str
    receiver: str
    now: State
    before: State
    since: str
    addresses: tuple[str, ...]
    portion: int
    tell: Callable[[tuple[str, ...]], None]


def announcements(settings: Settings) -> tuple[Announcement, ...]:
    """Those of the live release, for each that the settings name. Raises OSError."""
    releases = Releases.of(settings)
    live = releases.newest
    return tuple(_announcements(settings, releases, live)) if live else ()


def _announcements(settings: Settings, releases: Releases, live: Release) -> Iterator[Announcement]:
    known, ledger = _known(releases.folder), live.ledger
    earlier = [each for each in releases.all() if each.id < live.id and each.is_described][-1:]
    if settings.indexnow_key:
        now = pages_of(live, ledger, settings)
        before, since = _before("indexnow", known, earlier, settings, pages_of)
        addresses = (*changed(before, now), *gone(before, now))

        def tell(portion: tuple[str, ...]) -> None:
            tell_search_engines(settings, portion)

        receiver = settings.indexnow_url
        yield Announcement("indexnow", receiver, now, before, since, addresses, MOST, tell)
    if settings.websub_hub:
        now = feeds_of(live, ledger, settings)
        before, since = _before("websub", known, earlier, settings, feeds_of)
        hub = settings.websub_hub

        def tell_each(portion: tuple[str, ...]) -> None:
            tell_hub(settings, portion[0])

        yield Announcement("websub", hub, now, before, since, changed(before, now), 1, tell_each)


def announce(announcement: Announcement, settings: Settings) -> None:
    """Tell all of it, and note what was told. Raises NoticeError and OSError; what was told before stays noted."""
    releases = Releases.of(settings)
    live, told = releases.newest, dict(announcement.before)
    _note(releases.folder, announcement.name, announcement.since, told)  # Whatever is made live before it is told.
    for start in range(0, len(announcement.addresses), announcement.portion):
        portion = announcement.addresses[start : start + announcement.portion]
        announcement.tell(portion)
        for address in portion:
            told.pop(address, None)
            if address in announcement.now:
                told[address] = announcement.now[address]
        _note(releases.folder, announcement.name, announcement.since, told)
    _note(releases.folder, announcement.name, live.id if live else "", announcement.now)


def _before(
    name: str,
    known: Mapping[str, Any],
    earlier: list[Release],
    settings: Settings,
    state_of: Callable[[Release, Ledger, Settings], State],
) -> tuple[State, str]:
    """What was told last; where nothing was, the release before: readers and search engines know that one."""
    if name in known:
        return known[name]["told"], known[name]["release"]
    if not earlier:
        return {}, ""
    return state_of(earlier[0], earlier[0].ledger, settings), earlier[0].id


def _known(folder: Path) -> dict[str, Any]:
    """What was told, by who was told; nothing where that cannot be read."""
    try:
        read = json.loads((folder / LIST).read_bytes())
        if read["form"] != FORM:
            return {}
        return {
            str(name): {
                "release": str(each["release"]),
                "told": {str(address): Digest(str(digest)) for address, digest in each["told"].items()},
            }
            for name, each in read["told"].items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}


def _note(folder: Path, name: str, release: str, told: State) -> None:
    content = {"form": FORM, "told": _known(folder) | {name: {"release": release, "told": dict(told)}}}
    beside = folder / f"{LIST}.next"
    beside.write_text(json.dumps(content, separators=(",", ":")), encoding="utf-8")
    beside.replace(folder / LIST)
