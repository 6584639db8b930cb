"""A freeze, from the sources to a live release: load, check, plan, render, compress, describe, swap.

Any fault ends it before the swap, and leaves what is live as it is. Each step
is a module of its own; here is their order, and what is done with the results.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from pathlib import Path

from trigpoint.content.places import name_of
from trigpoint.faults import Fault, errors
from trigpoint.freezing import estimate
from trigpoint.freezing.checks.outputs import places_in
from trigpoint.freezing.checks.release import release_faults, secrets_of
from trigpoint.freezing.checks.sources import all_faults, checked_pages, faults_in
from trigpoint.freezing.checks.vanished import GONE, losses, new_entries
from trigpoint.freezing.compression import CompressedFile, compress, compressed_files_of
from trigpoint.freezing.ledger import NONE, Ledger, PageCheck, Record
from trigpoint.freezing.page_writer import FreezeError, write_pages
from trigpoint.freezing.plan import (
    Plan,
    addresses_of,
    ledger_of,
    note_checker_of,
    planned,
)
from trigpoint.freezing.release import Release, Summary, digest_of_marks, outputs_of
from trigpoint.freezing.releases import Releases
from trigpoint.freezing.unchanged import are_sound, inputs_of, is_as_it_was, is_sound, times_of
from trigpoint.inventory import is_source
from trigpoint.loading.git import GitError, completed
from trigpoint.notes import Digest, recording
from trigpoint.theme import FOLDERS
from trigpoint.web.site import Site

SLOWEST = 3

Progress = Callable[[Iterable[str], int, str], Iterator[str]]
"""Shows what is done: gets the things as they are done, how many there are, and what is being done to them."""


class FreezeRefusedError(Exception):
    """The sources or the release have faults: nothing was published."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__(f"{len(errors(faults))} faults")
        self.faults = faults


@dataclass(frozen=True, slots=True)
class FreezeOptions:
    """What the author asked of a freeze."""

    jobs: int
    full: bool = False
    check: bool = True
    hold: bool = False
    leave_out_faulty: bool = False
    allow_empty: bool = False
    drop: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FreezeResult:
    """What a freeze did. `live` is what readers see now; `release` is that one too, or None where nothing changed.

    `rendered` has the reason of each address; `new_entries` is how many entries of the feed are new to subscribers.
    """

    live: Release
    release: Release | None
    summary: Summary
    rendered: Mapping[str, str] = field(default_factory=dict)
    reused: int = 0
    dropped: tuple[str, ...] = ()
    warnings: tuple[Fault, ...] = ()
    slowest: tuple[tuple[float, str], ...] = ()
    new_entries: int | None = None


@dataclass(frozen=True, slots=True)
class Freeze:
    """One run: of which site, what is wished, the state of its inputs, and what there is to take files from.

    `older` is the live release, or the newest where the link was lost; it is None, and the ledger empty, where there is
    nothing, or nothing of it may be taken.
    """

    site: Site
    options: FreezeOptions
    progress: Progress
    inputs: Digest
    older: Release | None
    ledger: Ledger


def publish(site: Site, options: FreezeOptions, progress: Progress) -> FreezeResult:
    """Make the sources' site live. Raises FreezeRefusedError, FreezeError, ReleaseError, OSError."""
    releases = Releases.of(site.settings)
    site.loader.stop_watching(read_cache=not options.full)
    with releases.alone(), garbage_collection(False):
        older = None if options.full else releases.newest
        inputs = inputs_of(site)
        is_asked = not options.leave_out_faulty  # What is left out is named each time, so it must be read.
        if is_asked and older and older == releases.live and is_as_it_was(older, inputs):
            return FreezeResult(older, None, older.summary)
        site.loader.start_worker()
        ledger = ledger_of(older) if older else Ledger()  # Read while the rendering process starts.
        site.loader.settle()
        site.loader.start_rendering()
        site.loader.save_readings()
        return _render_and_release(Freeze(site, options, progress, inputs, older, ledger), releases)


@contextmanager
def garbage_collection(is_wanted: bool) -> Iterator[None]:
    """With Python's search for cycles among what comes, or with none: in a ledger's million of small values it finds
    nothing, in twice the time that reading them takes. Rendering does leave cycles behind."""
    was_wanted = gc.isenabled()
    gc.freeze()
    (gc.enable if is_wanted else gc.disable)()
    try:
        yield
    finally:
        (gc.enable if was_wanted else gc.disable)()
        gc.unfreeze()


def _render_and_release(freeze: Freeze, releases: Releases) -> FreezeResult:
    site, ledger = freeze.site, freeze.ledger
    _fill(freeze)  # First: which addresses there are depends on the words of the bodies.
    if freeze.options.leave_out_faulty:
        site.loader.leave_out(_faulty_bodies(site))
    with recording() as listing:
        addresses = addresses_of(site)
    checker = note_checker_of(site, addresses, ledger)
    checked = checked_pages(site, addresses, ledger, checker) if freeze.options.check else {}
    found = _accept(freeze, addresses, checked)
    if not (freeze.options.check and is_sound(site, found, listing.notes)):
        freeze = replace(freeze, inputs=NONE)
    plan = planned(site, addresses, ledger, checker)
    if freeze.older and _is_there(freeze, releases, plan, checked):
        return _describe_unchanged(freeze, freeze.older, found)
    return _release(freeze, releases, plan, checked, found)


def _is_there(freeze: Freeze, releases: Releases, plan: Plan, checked: Mapping[str, PageCheck]) -> bool:
    """Whether the live release is what would be made: its files, their compressed ones, what was found in its pages."""
    ledger = freeze.ledger
    is_same = freeze.older == releases.live and plan.is_nothing and ledger.checked == checked
    return is_same and _has_its_compressed_files(freeze.site, plan.addresses, ledger)


def _fill(freeze: Freeze) -> None:
    """Render the bodies that no earlier freeze has rendered, on all cores."""
    library = freeze.site.loader.library
    known = {note.arguments[0]: note.digest for note in freeze.ledger.table if note.name == "rendered_body"}
    pages = [page for page in library.published if known.get(page.path) != library.source_digest(page.path)]
    for _ in freeze.progress(freeze.site.loader.render_missing(pages, freeze.options.jobs), len(pages), "Reading"):
        pass


def _faulty_bodies(site: Site) -> dict[str, tuple[Fault, ...]]:
    """The faults of each page whose body has errors, by its path."""
    library = site.loader.library
    pages = (page.path for page in library.published if page.path not in library.snapshot.held)
    found = {path: library.document(path).faults for path in pages}
    return {path: tuple(faults) for path, faults in found.items() if errors(faults)}


def _accept(freeze: Freeze, addresses: tuple[str, ...], checked: Mapping[str, PageCheck]) -> tuple[Fault, ...]:
    """Faults in the sources that do not stop the freeze but are reported: warnings, and those of sources that are held.

    Raises FreezeRefusedError where something stops it.
    """
    site, options = freeze.site, freeze.options
    if options.check:
        ledger, goes_on = freeze.ledger if freeze.older else None, options.hold or options.leave_out_faulty
        lost = losses(site, addresses, options.drop, ledger, despite_faults=goes_on)
        found = (*all_faults(site, addresses, checked), *lost)
    else:
        found = faults_in(site.loader.library, checked)
    _refuse_faults(site, found, options)
    return found


def _describe_unchanged(freeze: Freeze, live: Release, found: tuple[Fault, ...]) -> FreezeResult:
    """Something was touched, and no answer is another: the next freeze need not look again."""
    inputs, (since, until) = _inputs(freeze, freeze.ledger.records.values()), times_of(freeze.site)
    summary = replace(live.summary, inputs=inputs, since=since, until=until, outputs=outputs_of(live.path))
    live.describe(freeze.ledger, summary)
    return FreezeResult(live, None, summary, warnings=found)


def _release(
    freeze: Freeze, releases: Releases, plan: Plan, checked: Mapping[str, PageCheck], found: tuple[Fault, ...]
) -> FreezeResult:
    """A new release, made and made live."""
    site, options = freeze.site, freeze.options
    kept = _kept_compressed_files(site, plan, freeze.ledger)
    announced = new_entries(site)
    with releases.new_release([*plan.current.values(), *kept.values()], freeze.older) as release:
        records, seconds = _render(freeze, plan, release)
        warnings = (*found, *_release_faults(freeze, plan, release, records))
        wanted = _compressed_files(site, plan.addresses, records.values())
        compressed_files = compress(release, wanted, kept, options.jobs)
        secrets = secrets_of(site) if options.check else ()
        summary = _summary(site, {**records, **compressed_files}, _inputs(freeze, records.values()))
        lists_digest = site.loader.library.lists_digest
        if site.loader.is_outdated:
            raise FreezeError("The engine was changed while this freeze was made by it. Freeze again.")
        release.describe(
            Ledger(lists_digest, freeze.ledger.table, records, checked, compressed_files, secrets), summary
        )
        releases.make_live(release)
    site.loader.prune_cache()
    slowest = tuple(sorted(seconds, reverse=True)[:SLOWEST])
    return FreezeResult(
        release, release, summary, plan.stale, len(plan.current), plan.gone, warnings, slowest, announced
    )


def _inputs(freeze: Freeze, records: Collection[Record]) -> Digest:
    """The state of the inputs; NONE where these files may be stale though that is as it was."""
    return freeze.inputs if are_sound(records, freeze.ledger.table) else NONE


def _render(freeze: Freeze, plan: Plan, release: Release) -> tuple[dict[str, Record], list[tuple[float, str]]]:
    """The records of all addresses, in order, once what is stale is rendered; and the seconds that each page took."""
    records, seconds = dict(plan.current), []
    numbers = freeze.ledger.table.numbers  # In place of the notes: a large site has millions.

    def addresses() -> Iterator[str]:
        for address, made, took in write_pages(freeze.site, tuple(plan.stale), release.path, freeze.options.jobs):
            records[address] = Record(made.path, made.digest, made.mark, numbers(made.notes))
            seconds.append((took, address))
            yield address

    with garbage_collection(True):
        label = estimate.label(plan.stale, freeze.options.jobs)
        for _ in freeze.progress(addresses(), len(plan.stale), label):
            pass
    return dict(sorted(records.items())), seconds


def _release_faults(freeze: Freeze, plan: Plan, release: Release, records: Mapping[str, Record]) -> tuple[Fault, ...]:
    """The warnings of the release. Raises FreezeRefusedError where it must not go live."""
    if not freeze.options.check:
        return ()
    # All of them, where the older release was made without checks.
    unchecked = plan.stale if freeze.ledger.checked else records
    faults = release_faults(freeze.site, release.path, records, unchecked, freeze.ledger.secrets)
    if errors(faults):
        raise FreezeRefusedError(faults)
    return faults


def _compressed_files(site: Site, addresses: Iterable[str], records: Iterable[Record]) -> tuple[CompressedFile, ...]:
    """The compressed files that these files should have, beside the files of all these addresses."""
    forms = site.settings.precompress
    return compressed_files_of(records, forms, places_in(addresses)) if forms else ()


def _has_its_compressed_files(site: Site, addresses: Iterable[str], ledger: Ledger) -> bool:
    wanted = _compressed_files(site, addresses, ledger.records.values())
    return {each.path for each in wanted} == {path for path, each in ledger.compressed_files.items() if each.digest}


def _kept_compressed_files(site: Site, plan: Plan, ledger: Ledger) -> dict[str, Record]:
    """The compressed files, by path, of the files that stay."""
    wanted = {each.path for each in _compressed_files(site, plan.addresses, plan.current.values())}
    return {path: each for path, each in ledger.compressed_files.items() if path in wanted and each.digest}


def _refuse_faults(site: Site, faults: Iterable[Fault], options: FreezeOptions) -> None:
    library, found = site.loader.library, list(faults)
    held = site.loader.held if options.hold else frozenset()
    if not library.posts and not options.allow_empty:
        sentence = "There is no article here that readers may see."
        found.append(
            Fault(
                f"{site.settings.pages}/posts",
                0,
                0,
                sentence,
                "Publish an empty site with --allow-empty.",
                kind="no-article",
            )
        )
    left = left_out(site, found) if options.leave_out_faulty else frozenset()
    passed = (fault for fault in found if fault.path in held | left or _leads_to(fault, left))
    if errors({*found} - {fault for fault in passed if fault.kind != GONE}):  # Readers lose nothing that they have.
        raise FreezeRefusedError(tuple(found))


def left_out(site: Site, found: Iterable[Fault]) -> frozenset[str]:
    """The sources, as Faults name them, of which readers have no version at all because of their errors."""
    folder = f"{site.settings.pages}/"
    published = {folder + page.path for page in site.loader.library.published}
    sources = {fault.path for fault in errors(found) if is_source(fault.path, lenient=True)}
    return frozenset(path for path in sources if path.startswith(folder)) - published


def _leads_to(fault: Fault, sources: Collection[str]) -> bool:
    """Whether this is a dead link to one of these sources, by its file's name or its folder's."""
    if fault.kind != "link-dead" or not sources:
        return False
    return name_of(fault.subject.partition("#")[0].rstrip("/")) in map(name_of, sources)


def _summary(site: Site, records: Mapping[str, Record], inputs: Digest) -> Summary:
    whole = blake2b(digest_size=16)
    for path, digest in sorted((record.path, record.digest) for record in records.values()):
        whole.update(f"{path}\0{digest}\0".encode())
    since, until = times_of(site)
    return Summary(
        commit=commit_of(site.settings.root, (site.settings.pages, *FOLDERS)),
        files=len(records),
        size=sum(record.mark[0] for record in records.values()),
        digest=Digest(whole.hexdigest()),
        inputs=inputs,
        since=since,
        until=until,
        outputs=digest_of_marks((record.path, record.mark) for record in records.values()),
    )


def commit_of(root: Path, read: Iterable[str]) -> str:
    """The short name of the commit that is checked out, with a + where files differ from it; "" outside of git.

    Of files that no commit has, those in the folders that are `read` count.
    """
    try:
        ended = completed(root, "describe", "--always", "--dirty=+", "--exclude=*", seconds=10)
        others = completed(root, "ls-files", "--others", "--exclude-standard", "--", *read, seconds=10)
    except GitError:
        return ""
    name = "" if ended.returncode else ended.stdout.decode(errors="replace").strip()
    return f"{name.rstrip('+')}+" if name and others.stdout else name
