"""`flask import`: another blog's texts become pages of this one. Exit codes as of every command; 1 where something was lost."""

from __future__ import annotations

import datetime as dt
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import click
from click.exceptions import Exit
from flask.cli import with_appcontext

from trigpoint.console import Command, note, say
from trigpoint.importing import report
from trigpoint.importing.detection import NAMES
from trigpoint.importing.folders import ImportStopped
from trigpoint.importing.importer import Outcome, Wishes, run
from trigpoint.importing.translation import Translated
from trigpoint.importing.writing import FOLDER
from trigpoint.web.answers import current_settings

SHOWN = 40
"""Lines of the report on the terminal, at most; the file has all."""


@click.command("import", cls=Command)
@click.argument("source", type=click.Path(path_type=Path), required=True)
@click.option(
    "--from", "generator", type=click.Choice(sorted(NAMES)), help="What made the old blog; else it is recognised."
)
@click.option("--dry-run", is_flag=True, help="Say what would come along, and write nothing.")
@click.option("--merge-tags", is_flag=True, help="Make one tag of those that differ by hyphens or a plural only.")
@click.option("--jobs", type=click.IntRange(1, 256), help="Processes to translate with (all cores).")
def import_blog(**asked: Any) -> None:
    """Bring the posts of another blog: SOURCE is its folder, or an export."""
    _import(**asked)


@with_appcontext
def _import(source: Path, generator: str | None, dry_run: bool, merge_tags: bool, jobs: int | None) -> None:
    settings = current_settings()
    wishes = Wishes(
        source=source,
        root=settings.root,
        pages=settings.pages_folder,
        generator=generator or "",
        dry_run=dry_run,
        merge_tags=merge_tags,
        lenient=settings.front_matter == "lenient",
        jobs=jobs or os.cpu_count() or 1,
    )
    try:
        outcome = run(wishes, _progress, dt.datetime.now(dt.UTC))
        place = _write_report(outcome, settings.root, dry_run)
    except ImportStopped as stopped:
        raise click.ClickException(str(stopped)) from stopped
    except OSError as error:
        raise click.ClickException(f"{error.filename or source}: {error.strerror}.") from error
    _tell(outcome, place, dry_run)
    if outcome.lost:
        raise Exit(1)


def _progress(things: Iterable[Translated], count: int, label: str) -> Iterator[Translated]:
    if not sys.stderr.isatty():
        note(f"{label} {count} …")
        yield from things
        return
    with click.progressbar(things, length=count, label=label, file=sys.stderr) as bar:
        yield from bar


def _write_report(outcome: Outcome, root: Path, dry_run: bool) -> str:
    """Write everything into a file, and give its path."""
    if dry_run or not outcome.findings:
        return ""
    path = root / FOLDER / "report.txt"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(report.in_full(outcome.findings), "utf-8")
    return f"{FOLDER}/{path.name}"


def _tell(outcome: Outcome, place: str, dry_run: bool) -> None:
    lines = list(report.lines(outcome.findings))
    for line in lines[:SHOWN]:
        say(line)
    if len(lines) > SHOWN:
        say(f"… and {len(lines) - SHOWN} kinds more{f', in {place}' if place else ''}.")
    say(
        f"{NAMES[outcome.generator]} (known by {outcome.sign}): {outcome.posts} posts and {outcome.pages} pages, "
        f"of which {outcome.drafts} are drafts, {outcome.files} files, {outcome.tags} new tags."
    )
    verb = "would be written" if dry_run else "written"
    say(
        f"{outcome.written} files {verb}, {outcome.unchanged} were as they are.{f' Everything is in {place}.' if place else ''}"
    )
