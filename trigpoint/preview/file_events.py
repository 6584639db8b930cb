"""The system's own word that a file was touched: the only door to watchfiles.

Without it (a network disk, no inotify watches left) edits are found by the loader's looks alone, a little later.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import suppress
from logging import Logger
from pathlib import Path

STEP = 10
"""Milliseconds without another event until those that came are given: a save is often several."""

LONGEST = 100
"""Milliseconds after which they are given in any case."""

PAUSE = 250
"""Milliseconds after which an empty set is given: what has no events is looked at then."""


def file_events(folders: Iterable[Path], stop: threading.Event, log: Logger) -> Iterator[frozenset[Path]]:
    """Sets of paths below these folders that were touched, as it happens; empty ones now and then.

    Ends when `stop` is set. A folder may go and come back; where the system does not tell, all sets are empty.
    """
    folders = tuple(folders)
    while not stop.is_set():
        try:
            yield from _events_of(folders, stop)
        except (OSError, RuntimeError) as error:  # watchfiles raises both of them for what inotify refuses.
            log.warning("The system does not tell of edits (%s); they are found a little later.", error)
            while not stop.wait(PAUSE / 1000):
                yield frozenset()


def _events_of(folders: tuple[Path, ...], stop: threading.Event) -> Iterator[frozenset[Path]]:
    """As `file_events`, until one of the folders is another, or there again."""
    from watchfiles import watch

    watched = _inodes(folders)
    if not watched:
        stop.wait(PAUSE / 1000)
        yield frozenset()
        return
    events = watch(
        *watched, watch_filter=None, debounce=LONGEST, step=STEP, rust_timeout=PAUSE, yield_on_timeout=True,
        stop_event=stop, raise_interrupt=False,
    )  # fmt: skip
    for changes in events:
        yield frozenset(Path(name) for _, name in changes)
        if _inodes(folders) != watched:
            return


def _inodes(folders: Iterable[Path]) -> dict[Path, int]:
    """The folders that are there, each with its inode: another folder of the same name has another."""
    found: dict[Path, int] = {}
    for folder in folders:
        with suppress(OSError):
            found[folder] = folder.stat().st_ino
    return found
