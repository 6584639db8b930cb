"""Bodies translated and rendered by forked processes: each text has its time, and none holds up the others for ever."""

from __future__ import annotations

import multiprocessing
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import TypeVar

from trigpoint.importing import fragments
from trigpoint.importing.dialects.own_mapping import OwnMapping
from trigpoint.importing.front_matter import Described
from trigpoint.importing.generators import ImportStopped
from trigpoint.importing.places import Places
from trigpoint.importing.reading.entries import Finding, OldSite
from trigpoint.importing.translation import Translated, translated

ALONE = 64
"""Up to so many texts are translated by this process itself."""
PATIENCE = 20
"""Seconds that one text may take."""
PORTION = 16
"""Texts that a process is given at a time."""
Result = TypeVar("Result")
_translating: tuple[Places, OwnMapping, Sequence[Described]] | None = None
_rendering: tuple[Sequence[Translated], Sequence[Described]] | None = None
"""What forked processes share."""


class _TookTooLongError(Exception):
    pass


def translations(places: Places, own: OwnMapping, headers: Sequence[Described], jobs: int) -> Iterator[Translated]:
    """The bodies in the order of the entries. Raises ImportStopped where a process dies."""
    global _translating
    _translating = places, own, headers
    yield from _in_parallel(_translation, range(len(headers)), jobs)


def with_fragments(
    bodies: Sequence[Translated], headers: Sequence[Described], site: OldSite, jobs: int
) -> list[Translated]:
    """The bodies, whose links to headings lead to the ids that these have here."""
    global _rendering
    _rendering = bodies, headers
    numbers = sorted(fragments.asked([body.body for body in bodies]))
    ids = dict(zip(numbers, _in_parallel(_ids, numbers, jobs), strict=True))
    out = []
    for number, body in enumerate(bodies):
        text, lost = fragments.mended(number, body.body, ids) if "#" in body.body else (body.body, 0)
        findings = [Finding("heading-missing", "", site.entries[number].path, 1, is_loss=False)] * lost
        out.append(replace(body, body=text, findings=(*body.findings, *findings)))
    return out


def _in_parallel(act: Callable[[int], Result], numbers: Sequence[int], jobs: int) -> Iterator[Result]:
    """What this gives for each number, in their order; by forked processes, which share all that is there now."""
    if jobs == 1 or len(numbers) <= ALONE:
        yield from map(act, numbers)
        return
    with multiprocessing.get_context("fork").Pool(jobs) as pool:
        portions = [numbers[start : start + PORTION] for start in range(0, len(numbers), PORTION)]
        results = pool.imap(partial(_all, act), portions)
        try:
            for _ in portions:
                yield from results.next(PATIENCE * PORTION * 2)
        except multiprocessing.TimeoutError as error:
            raise ImportStopped("A process that translated texts is gone: is there enough memory?") from error


def _all(act: Callable[[int], Result], numbers: Sequence[int]) -> list[Result]:
    return [act(number) for number in numbers]


@contextmanager
def _timed() -> Iterator[None]:
    """Raises _TookTooLongError inside, once PATIENCE is over. Signals reach the main thread alone."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGALRM, _alarm)
    signal.alarm(PATIENCE)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def _alarm(*_: object) -> None:
    raise _TookTooLongError


def _translation(number: int) -> Translated:
    assert _translating
    places, own, headers = _translating
    entry = places.site.entries[number]
    try:
        with _timed():
            return translated(entry, places, own, headers[number].cover)
    except _TookTooLongError:
        return Translated(entry.body, (), "", (Finding("too-slow", path=entry.path),))
    except RecursionError:
        return Translated(entry.body, (), "", (Finding("too-deep", path=entry.path),))


def _ids(number: int) -> tuple[str, ...]:
    assert _rendering
    bodies, headers = _rendering
    try:
        with _timed():
            return fragments.ids_of(bodies[number].body, headers[number].title)
    except _TookTooLongError:
        return ()
