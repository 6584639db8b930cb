"""The order of an import: read the old site, plan where each text goes, translate, write. The command calls it."""

from __future__ import annotations

import datetime as dt
import importlib.util
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path, PurePosixPath
from posixpath import relpath
from tempfile import TemporaryDirectory
from typing import Protocol, TypeVar
from urllib.parse import quote

from trigpoint.content.pages import Rules, Tag
from trigpoint.content.tags import read_tags
from trigpoint.importing import report, tag_registry
from trigpoint.importing.detection import read_source
from trigpoint.importing.dialects.own_mapping import read_mapping
from trigpoint.importing.fetching import Bounds, fetched, remote_pictures
from trigpoint.importing.front_matter import Described, described, written
from trigpoint.importing.generators import NAMES, ImportStopped
from trigpoint.importing.parallel import translations, with_fragments
from trigpoint.importing.places import MARKED, Places
from trigpoint.importing.plan import Planned, planned, with_cover
from trigpoint.importing.reading.entries import Finding, OldSite
from trigpoint.importing.reading.folders import Folder
from trigpoint.importing.translation import Translated
from trigpoint.importing.writing import FOLDER, Writer, replace_file

BOUNDS = Bounds()
INSTALL = "Exports in HTML need one package more: `.venv/bin/pip install --require-hashes -r requirements-import.txt`."


@dataclass(frozen=True, kw_only=True)
class ImportOptions:
    """What an import is asked for. `pages` and `root` are the folders of the site that it goes to."""

    source: Path
    root: Path
    pages: Path
    generator: str = ""
    dry_run: bool = False
    merge_tags: bool = False
    lenient: bool = False
    fetch: bool = False
    feed_aliases: tuple[str, ...] = ()
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
    def losses(self) -> int:
        return sum(finding.is_loss for finding in self.findings)


Thing = TypeVar("Thing")


class Progress(Protocol):
    """Passes things on while it shows how far they are: the things, how many there are, what is done to them."""

    def __call__(self, things: Iterable[Thing], count: int, label: str, /) -> Iterator[Thing]: ...


def run(options: ImportOptions, progress: Progress, now: dt.datetime) -> Outcome:
    """Import a blog. Raises ImportStopped with a sentence, OSError."""
    _refuse(options)
    with TemporaryDirectory(prefix="trigpoint-import-") as scratch:
        return _run(options, progress, now, Path(scratch))


def _run(options: ImportOptions, progress: Progress, now: dt.datetime, scratch: Path) -> Outcome:
    own = read_mapping(options.root)
    site, folder, sign = _read(options, scratch)
    if options.fetch and not options.dry_run:
        site = _with_pictures(site, options, progress)
    headers = [described(entry, site, now, options.lenient) for entry in site.entries]
    registry, text = _registry(options.pages)
    written_tags = (tag for each in headers for tag in each.tags)
    names = tag_registry.tag_names(written_tags, registry, own.tags, options.merge_tags)
    plan = planned(site.entries, headers, names.names)
    hidden = frozenset(number for number, header in enumerate(headers) if header.is_hidden)
    places = Places.of(site, folder, names.names.values(), hidden)
    bodies = list(progress(translations(places, own, headers, options.jobs), len(plan), "Translating"))
    bodies = with_fragments(bodies, headers, site, options.jobs)
    writer = Writer(options.pages, options.root / FOLDER, _name_of(options), options.dry_run)
    files = _write(writer, site, folder, plan, headers, bodies)
    if names.new and not options.dry_run:
        _add_tags(options.pages, text, names.new)
    writer.finish()
    made = (each.findings for kind in (headers, plan, bodies) for each in kind)
    notes = (*_notes(headers, names, site), *_feeds(site, options))
    findings = (*site.findings, *chain.from_iterable(made), *writer.findings, *notes)
    return Outcome(
        generator=site.generator,
        sign=sign,
        posts=sum(entry.is_post for entry in site.entries),
        pages=sum(not entry.is_post for entry in site.entries),
        drafts=sum(bool(each.fields.get("draft")) for each in headers),
        files=files,
        written=writer.written,
        unchanged=writer.unchanged,
        tags=len(names.new),
        findings=findings,
        report=_written_report(options, findings),
    )


def _name_of(options: ImportOptions) -> str:
    """What the source is remembered by: the way to it from the site."""
    return Path(os.path.relpath(options.source.resolve(), options.root.resolve())).as_posix()


def _with_pictures(site: OldSite, options: ImportOptions, progress: Progress) -> OldSite:
    """The site with the pictures that its texts show from other hosts, as far as they can be had."""
    addresses = remote_pictures(site.entries)
    found = list(progress(fetched(addresses, options.root / FOLDER / "fetched", BOUNDS), len(addresses), "Fetching"))
    missing = (Finding("not-fetched", each.reason, each.address) for each in found if not each.file)
    files = {each.address: each.file for each in found if each.file}
    return replace(site, fetched=files, findings=(*site.findings, *missing))


def _read(options: ImportOptions, scratch: Path) -> tuple[OldSite, Folder, str]:
    site, folder, sign = read_source(options.source, options.generator, scratch)
    if not site.entries:
        others = sorted({finding.name for finding in site.findings if finding.kind == "other-language"})
        cure = (
            f" It has texts in .{', .'.join(others)}: convert them to Markdown first, with pandoc say."
            if others
            else ""
        )
        raise ImportStopped(
            f"{options.source} holds no text that could be imported (read as {NAMES[site.generator]}, by {sign}).{cure}"
        )
    if any(entry.markup == "html" for entry in site.entries) and importlib.util.find_spec("markdownify") is None:
        raise ImportStopped(INSTALL)
    return site, folder, sign


def _written_report(options: ImportOptions, findings: Sequence[Finding]) -> str:
    """Write everything into a file, and give its path."""
    if options.dry_run or not findings:
        return ""
    path = options.root / FOLDER / "report.txt"
    replace_file(path, report.in_full(findings).encode("utf-8", "replace"))
    return f"{FOLDER}/{path.name}"


def _refuse(options: ImportOptions) -> None:
    source, pages = options.source.resolve(), options.pages.resolve()
    if source == pages or source in pages.parents or pages in source.parents:
        raise ImportStopped(f"{options.source} and {options.pages} lie in each other: name a folder elsewhere.")


def _registry(pages: Path) -> tuple[Rules, str]:
    path = pages / "tags.toml"
    raw = path.read_bytes() if path.is_file() else b""
    tags, faults = read_tags("tags.toml", raw)
    if any(not fault.warning for fault in faults):
        raise ImportStopped(f"{faults[0]} The import adds tags there: mend it first.")
    return Rules(zone=dt.UTC, registry=tags), raw.decode("utf-8-sig")


def _add_tags(pages: Path, text: str, new: Sequence[Tag]) -> None:
    """Write the registry with the tables of new tags behind what is there: an author's own text stays as it is."""
    tables = tag_registry.tables(new)
    pages.mkdir(parents=True, exist_ok=True)
    between = "" if text.endswith("\n") or not text else "\n"
    replace_file(pages / "tags.toml", (text + between + (tables if text else tables.lstrip("\n"))).encode())


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


def _feeds(site: OldSite, options: ImportOptions) -> Iterator[Finding]:
    """The feeds' old addresses, as a line of site.toml that is still to be written."""
    bases = dict.fromkeys(("", site.base_path))
    old = dict.fromkeys(base + feed for base in bases for feed in site.feeds)
    known = {feed.strip("/") for feed in ("feed.xml", "feed.json", *options.feed_aliases)}
    missing = [feed for feed in old if feed.strip("/") not in known]
    if missing:
        line = "feed_aliases = [" + ", ".join(f'"{feed}"' for feed in (*options.feed_aliases, *missing)) + "]"
        yield Finding("feeds-moved", line, "site.toml", is_loss=False)
