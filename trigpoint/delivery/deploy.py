"""A deploy, from a release to the objects of a store: what loads goes first, pages after it, what is gone last.

What is put is noted there before it is put. So whenever a deploy ends, the next one knows what is of the deploys, goes
on where that one stopped, and removes nothing that somebody else has put there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TypeVar

from trigpoint.delivery import manifest
from trigpoint.delivery.errors import DeployError
from trigpoint.delivery.lease import Lease, lease_of
from trigpoint.delivery.manifest import Entry, Manifest
from trigpoint.delivery.objects import ASSETS, StoredObject, objects_of, stage_of
from trigpoint.delivery.store import JOBS, Store
from trigpoint.delivery.transfer import Transfer, transfer
from trigpoint.freezing.ledger import read_ledger
from trigpoint.freezing.release import Release
from trigpoint.notes import digest_of_bytes
from trigpoint.settings import Settings

SHOWN = 5
Thing = TypeVar("Thing")
Progress = Callable[[Iterable[Thing], int, str], Iterator[Thing]]


@dataclass(frozen=True, slots=True)
class Deployed:
    """What a deploy did, or would do. `size` in bytes; `before` is the release that was there, "" for none."""

    plan: Transfer
    size: int
    before: str
    has_redirects: bool = True


@dataclass
class Deploy:
    """One run: to which store, of which release, what is known of the place, and what was put so far."""

    store: Store
    release: Release
    known: Manifest
    plan: Transfer
    lease: Lease
    progress: Progress[tuple[StoredObject, str]]
    done: dict[str, Entry] = field(default_factory=dict)
    removed: set[str] = field(default_factory=set)


def wanted_objects(release: Release, settings: Settings) -> dict[str, StoredObject]:
    """The objects of a release. Raises DeployError where it is not whole."""
    ledger = read_ledger(release.path.with_suffix(".ledger"))
    if ledger is None:
        raise DeployError(f"What release {release.id} holds is not known. Make a new one: flask freeze --full.")
    try:
        return objects_of(release, ledger, settings)
    except OSError as error:
        raise DeployError(_damaged(release, str(error.filename))) from error


def planned(store: Store, release: Release, settings: Settings, take_over: bool) -> tuple[Manifest, Transfer]:
    """What is known of the place, and what is to be done there. Raises DeployError."""
    wanted = wanted_objects(release, settings)
    known, there = _known(store), store.etags()
    unsure = sorted(known.pending.keys() & there.keys())
    with ThreadPoolExecutor(JOBS) as threads:
        found = dict(zip(unsure, threads.map(store.fingerprint, unsure), strict=True))
    plan = transfer(wanted, known, there, found)
    if plan.foreign and not take_over:
        raise DeployError(_foreign(store, plan.foreign))
    return known, plan


def rehearse(store: Store, release: Release, settings: Settings, take_over: bool) -> Deployed:
    """What a deploy would do; writes nothing. Raises DeployError."""
    known, plan = planned(store, release, settings, take_over)
    return Deployed(plan, _size(release, plan), known.release)


def deploy(
    store: Store,
    release: Release,
    settings: Settings,
    take_over: bool,
    progress: Progress[tuple[StoredObject, str]],
) -> Deployed:
    """Make the objects of the place those of the release. Raises DeployError, which says how far it came."""
    lease = lease_of(store)
    try:
        known, plan = planned(store, release, settings, take_over)
        run = Deploy(store, release, known, plan, lease, progress)
        if not plan.is_nothing or known.pending or known.release != release.id:
            _carried_out(run)
        return Deployed(plan, _size(release, plan), known.release, _has_redirects(store, plan))
    finally:
        lease.end()


def _carried_out(run: Deploy) -> None:
    pending = {each.path: each.fingerprint for each in run.plan.puts}
    run.store.note(manifest.PATH, manifest.as_json(Manifest(run.known.release, run.plan.ours, pending)))
    try:
        for stage in run.plan.stages():
            run.lease.hold()
            _put(run, stage)
        run.lease.hold()
        for path in run.plan.deletes:
            run.store.remove(path)
            run.removed.add(path)
            run.lease.hold_when_due()
        _note_end(run)
    except DeployError as error:
        _note_halt(run)
        raise DeployError(f"{error} {_how_far(run)}") from error
    except BaseException:
        _note_halt(run)
        raise


def _put(run: Deploy, objects: tuple[StoredObject, ...]) -> None:
    """Put these; where one cannot be, no further one is begun. Raises DeployError."""
    with ThreadPoolExecutor(JOBS) as threads:
        sent = [threads.submit(_sent, run, each) for each in objects]
        try:
            finished = (each.result() for each in as_completed(sent))
            for stored, etag in run.progress(finished, len(objects), NAMES[stage_of(objects[0].path)]):
                run.done[stored.path] = Entry(stored.fingerprint, etag)
                run.lease.hold_when_due()
        except BaseException:
            threads.shutdown(wait=False, cancel_futures=True)
            raise


NAMES = ("Uploading", "Articles", "Pages", "Feeds")
"""What progress is called in each stage."""


def _sent(run: Deploy, stored: StoredObject) -> tuple[StoredObject, str]:
    try:
        content = (run.release.path / stored.file).read_bytes()
    except OSError as error:
        raise DeployError(_damaged(run.release, stored.file)) from error
    if digest_of_bytes(content) != stored.digest:
        raise DeployError(_damaged(run.release, stored.file))
    return stored, run.store.put(stored, content)


def _note_end(run: Deploy) -> None:
    now = Manifest(run.release.id, _ours_now(run))
    run.store.note(manifest.PATH, manifest.as_json(now))


def _note_halt(run: Deploy) -> None:
    """Write down how far it came. Where that fails, what was noted at the beginning holds as well: then the next deploy
    asks for each object."""
    pending = {each.path: each.fingerprint for each in run.plan.puts if each.path not in run.done}
    with suppress(DeployError):
        run.lease.hold()
        run.store.note(manifest.PATH, manifest.as_json(Manifest(run.known.release, _ours_now(run), pending)))


def _ours_now(run: Deploy) -> dict[str, Entry]:
    return {path: entry for path, entry in run.plan.ours.items() if path not in run.removed} | run.done


def _how_far(run: Deploy) -> str:
    again = "The same command goes on from there."
    if not run.done:
        return "Readers have what they had."
    kinds = {stage_of(path) for path in run.done}
    seen = "Readers have what they had" if kinds <= {ASSETS} else "Readers have pages of both releases"
    return f"{len(run.done)} of {len(run.plan.puts)} objects are there. {seen}. {again}"


def _known(store: Store) -> Manifest:
    found = store.own_file(manifest.PATH)
    if found is None:
        return Manifest()
    read = manifest.from_json(found.content)
    if read is None:
        sentence = f"{store.place}/{manifest.PATH} is not what a deploy of this version writes."
        raise DeployError(f"{sentence} Deploy with the version that wrote it; or remove it, and use --take-over.")
    return read


def _foreign(store: Store, paths: tuple[str, ...]) -> str:
    named = ", ".join(paths[:SHOWN]) + (f" and {len(paths) - SHOWN} more" if len(paths) > SHOWN else "")
    sentence = f"{store.place} holds objects that no deploy has put there, where the site has its own: {named}."
    return f"{sentence} Name another prefix, or overwrite them with --take-over."


def _has_redirects(store: Store, plan: Transfer) -> bool:
    """Whether what leads on does so by itself, as far as this deploy can tell: some stores take that, and forget it."""
    leading = next((each.path for each in plan.puts if each.redirect), "")
    return store.has_redirects and (not leading or store.leads_on(leading))


def _damaged(release: Release, name: str) -> str:
    return f'The file "{name}" of release {release.id} is not the one that was written. Make it anew: flask freeze.'


def _size(release: Release, plan: Transfer) -> int:
    return sum((release.path / each.file).stat().st_size for each in plan.puts)
