"""The order of an import: read the old site, plan where each text goes, translate, write. The command calls it."""

from __future__ import annotations

import datetime as dt
import importlib.util
import multiprocessing
import signal
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from posixpath import relpath
from tempfile import TemporaryDirectory
from typing import TypeVar
from urllib.parse import quote

from trigpoint.content.pages import Rules
from trigpoint.content.tags import read_tags
from trigpoint.importing import fragments, report, tag_registry
from trigpoint.importing.detection import read_source
from trigpoint.importing.dialects.own_mapping import OwnMapping, read_mapping
from trigpoint.importing.front_matter import Described, described, written
from trigpoint.importing.places import MARKED, Places
from trigpoint.importing.plan import Planned, planned, with_cover
from trigpoint.importing.reading.entries import Finding, OldSite
from trigpoint.importing.reading.folders import Folder, ImportStopped
from trigpoint.importing.translation import Translated, translated
from trigpoint.importing.writing import FOLDER, Writer

ALONE = 64
"""Up to so many texts are translated by this process itself."""
PATIENCE = 20
"""Seconds that one text may take."""
INSTALL = "Exports in HTML need one package more: `.venv/bin/pip install --require-hashes -r requirements-import.txt`."


Result = TypeVar("Result")


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """What an import is asked for. `pages` and `root` are the folders of the site that it goes to."""

    source: Path
    root: Path
    pages: Path
    generator: str = ""
    dry_run: bool = False
    merge_tags: bool = False
    lenient: bool = False
    jobs: int = 1


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What an import did. `sign` is what the generator was known by."""

    generator: str
    sign: str
    posts: int
    pages: int
    drafts: int
    files: int
    written: int
    unchanged: int
    tags: int
    findings: tuple[Finding, ...]
    report: str = ""

    @property
    def lost(self) -> bool:
        return any(finding.is_loss for finding in self.findings)


Progress = Callable[[Iterable[Translated], int, str], Iterator[Translated]]
"""Passes things on while it shows how far they are: the things, how many there are, what is done to them."""


def run(wishes: Wishes, progress: Progress, now: dt.datetime) -> Outcome:
    """Import a blog. Raises ImportStopped with a sentence, OSError."""
    _refuse(wishes)
    with TemporaryDirectory(prefix="trigpoint-import-") as scratch:
        return _run(wishes, progress, now, Path(scratch))


def _run(wishes: Wishes, progress: Progress, now: dt.datetime, scratch: Path) -> Outcome:
    own = read_mapping(wishes.root)
    site, folder, sign = read_source(wishes.source, wishes.generator, scratch)
    if not site.entries:
        raise ImportStopped(
            f"{wishes.source} holds no text that could be imported (read as {site.generator}, by {sign})."
        )
    if any(entry.markup == "html" for entry in site.entries) and importlib.util.find_spec("markdownify") is None:
        raise ImportStopped(INSTALL)
    headers = [described(entry, site, now, wishes.lenient) for entry in site.entries]
    registry, text = _registry(wishes.pages)
    names = tag_registry.tag_names(
        (tag for each in headers for tag in each.tags), registry, own.tags, wishes.merge_tags
    )
    plan = planned(site.entries, headers, names.names)
    places = Places.of(site, folder, names.names.values())
    bodies = list(progress(_translated(places, own, headers, wishes.jobs), len(plan), "Translating"))
    bodies = _with_fragments(bodies, headers, site, wishes.jobs)
    writer = Writer(wishes.pages, wishes.root / FOLDER, wishes.dry_run)
    files = _write(writer, site, folder, plan, headers, bodies)
    added = _added_tags(writer, text, names.new) if names.new else 0
    writer.finish()
    findings = [
        *site.findings,
        *(f for each in headers for f in each.findings),
        *(f for each in plan for f in each.findings),
    ]
    findings += [*(f for each in bodies for f in each.findings), *writer.findings, *_notes(headers, names, site)]
    return Outcome(
        generator=site.generator,
        sign=sign,
        posts=sum(entry.is_post for entry in site.entries),
        pages=sum(not entry.is_post for entry in site.entries),
        drafts=sum(bool(each.fields.get("draft")) for each in headers),
        files=files,
        written=writer.written,
        unchanged=writer.unchanged,
        tags=added,
        findings=tuple(findings),
        report=_written_report(wishes, findings),
    )


def _written_report(wishes: Wishes, findings: Sequence[Finding]) -> str:
    """Write everything into a file, and give its path."""
    if wishes.dry_run or not findings:
        return ""
    path = wishes.root / FOLDER / "report.txt"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(report.in_full(findings), "utf-8")
    return f"{FOLDER}/{path.name}"


def _refuse(wishes: Wishes) -> None:
    source, pages = wishes.source.resolve(), wishes.pages.resolve()
    if source == pages or source in pages.parents or pages in source.parents:
        raise ImportStopped(f"{wishes.source} and {wishes.pages} lie in each other: name a folder elsewhere.")


def _registry(pages: Path) -> tuple[Rules, str]:
    path = pages / "tags.toml"
    raw = path.read_bytes() if path.is_file() else b""
    tags, faults = read_tags("tags.toml", raw)
    if any(not fault.warning for fault in faults):
        raise ImportStopped(f"{faults[0]} The import adds tags there: mend it first.")
    return Rules(zone=dt.UTC, registry=tags), raw.decode("utf-8-sig")


def _added_tags(writer: Writer, text: str, new: Sequence[object]) -> int:
    """Write the registry with the tables of new tags behind what is there: an author's own text stays as it is."""
    path = writer.pages / "tags.toml"
    tables = tag_registry.tables(new)  # type: ignore[arg-type]
    if not writer.dry:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(
            text + ("" if text.endswith("\n") or not text else "\n") + (tables if text else tables.lstrip("\n")),
            "utf-8",
        )
    return len(new)


def _with_fragments(
    bodies: Sequence[Translated], headers: Sequence[Described], site: OldSite, jobs: int
) -> list[Translated]:
    """The bodies, whose links to headings lead to the ids that these have here."""
    global _rendered
    _rendered = bodies, headers
    numbers = sorted(fragments.asked([body.body for body in bodies]))
    ids = dict(zip(numbers, _in_parallel(_ids, numbers, jobs), strict=True))
    out = []
    for number, body in enumerate(bodies):
        text, lost = fragments.mended(number, body.body, ids) if "#" in body.body else (body.body, 0)
        findings = [Finding("heading-missing", "", site.entries[number].path, 1, is_loss=False)] * lost
        out.append(replace(body, body=text, findings=(*body.findings, *findings)))
    return out


def _ids(number: int) -> tuple[str, ...]:
    assert _rendered
    bodies, headers = _rendered
    return fragments.ids_of(bodies[number].body, headers[number].title)


def _write(
    writer: Writer,
    site: OldSite,
    folder: Folder,
    plan: Sequence[Planned],
    headers: Sequence[Described],
    bodies: Sequence[Translated],
) -> int:
    """Write texts and files; gives the number of files."""
    paths = [each.path(bool(body.files)) for each, body in zip(plan, bodies, strict=True)]
    count = 0
    for entry, each, header, body, path in zip(site.entries, plan, headers, bodies, paths, strict=True):
        each = with_cover(each, body.cover, header.cover_alt or header.title)
        text = MARKED.sub(lambda found, here=path: _relative(paths[int(found[1])], here), body.body)  # type: ignore[misc]
        writer.text(path, f"{written(each.fields)}\n{text.strip(chr(10))}\n", entry.path)
        for source, name in body.files:
            writer.copy(str(PurePosixPath(path).parent / name), folder.root / source, source)
            count += 1
    return count


def _relative(path: str, here: str) -> str:
    return (
        quote(relpath(path, str(PurePosixPath(here).parent)), safe="/.-_~")
        if path != here
        else quote(PurePosixPath(here).name)
    )


def _notes(headers: Sequence[Described], names: tag_registry.TagNames, site: OldSite) -> Iterator[Finding]:
    for entry, header in zip(site.entries, headers, strict=True):
        for name in header.fields.get("extra", {}):
            yield Finding("fields-kept", name, entry.path, 1, is_loss=False)
        for tag in header.tags:
            if tag in names.merged:
                yield Finding("tag-merged", f"{tag} is {names.merged[tag]}", entry.path, 1, is_loss=False)


class _TookTooLong(Exception):
    pass


_rendered: tuple[Sequence[Translated], Sequence[Described]] | None = None
_shared: tuple[Places, OwnMapping, Sequence[Described]] | None = None
"""What forked processes share."""


def _translated(places: Places, own: OwnMapping, headers: Sequence[Described], jobs: int) -> Iterator[Translated]:
    """The bodies in the order of the entries, by so many processes."""
    global _shared
    _shared = places, own, headers
    yield from _in_parallel(_one, range(len(headers)), jobs)


def _in_parallel(act: Callable[[int], Result], numbers: Sequence[int], jobs: int) -> Iterator[Result]:
    """What this gives for each number, in their order; by forked processes, which share all that is there now."""
    if jobs == 1 or len(numbers) <= ALONE:
        yield from map(act, numbers)
        return
    with multiprocessing.get_context("fork").Pool(jobs) as pool:
        yield from pool.imap(act, numbers, chunksize=16)


def _one(number: int) -> Translated:
    assert _shared
    places, own, headers = _shared
    entry = places.site.entries[number]
    timed = threading.current_thread() is threading.main_thread()
    if timed:
        before = signal.signal(signal.SIGALRM, _alarm)
        signal.alarm(PATIENCE)
    try:
        return translated(entry, places, own, headers[number].cover)
    except _TookTooLong:
        return Translated(entry.body, (), "", (Finding("too-slow", path=entry.path),))
    except RecursionError:
        return Translated(entry.body, (), "", (Finding("too-deep", path=entry.path),))
    finally:
        if timed:
            signal.alarm(0)
            signal.signal(signal.SIGALRM, before)


def _alarm(*_: object) -> None:
    raise _TookTooLong
