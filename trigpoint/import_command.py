"""`flask import`: another blog's texts become pages of this one. Ends with 1 where something was lost.

What imports is loaded when it is asked for: the other commands need none of it.
"""

from __future__ import annotations

import datetime as dt
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.exceptions import Exit
from flask.cli import with_appcontext

from trigpoint.console import Command, note, say
from trigpoint.importing.generators import NAMES
from trigpoint.web.answers import current_settings

if TYPE_CHECKING:
    from trigpoint.importing.importer import Outcome

SHOWN = 40
"""Lines of the report on the terminal, at most; the file has all."""
Thing = TypeVar("Thing")


@click.command("import", cls=Command)
@click.argument("source", type=click.Path(path_type=Path))
@click.option(
    "--from", "generator", type=click.Choice(sorted(NAMES)), help="What made the old blog; else it is recognised."
)
@click.option("--dry-run", is_flag=True, help="Say what would come along, and write nothing.")
@click.option("--merge-tags", is_flag=True, help="Make one tag of those that differ by hyphens or a plural only.")
@click.option("--jobs", type=click.IntRange(1, 256), help="Processes to translate with (all cores).")
@with_appcontext
def import_blog(source: Path, **asked: Any) -> None:
    """Bring the posts of another blog: SOURCE is its folder, or an export."""
    from trigpoint.importing.importer import Wishes, run
    from trigpoint.importing.reading.folders import ImportStopped

    settings = current_settings()
    wishes = Wishes(
        source=source,
        root=settings.root,
        pages=settings.pages_folder,
        generator=asked["generator"] or "",
        dry_run=asked["dry_run"],
        merge_tags=asked["merge_tags"],
        lenient=settings.front_matter == "lenient",
        jobs=asked["jobs"] or os.cpu_count() or 1,
    )
    try:
        outcome = run(wishes, _progress, dt.datetime.now(dt.UTC))
    except ImportStopped as stopped:
        raise click.ClickException(str(stopped)) from stopped
    except OSError as error:
        raise click.ClickException(f"{error.filename or source}: {error.strerror}.") from error
    _tell(outcome, wishes.dry_run)
    if outcome.lost:
        raise Exit(1)


def _progress(things: Iterable[Thing], count: int, label: str) -> Iterator[Thing]:
    if not sys.stderr.isatty():
        note(f"{label} {count} …")
        yield from things
        return
    with click.progressbar(things, length=count, label=label, file=sys.stderr) as bar:
        yield from bar


def _tell(outcome: Outcome, is_dry: bool) -> None:
    from trigpoint.importing import report

    lines = list(report.lines(outcome.findings))
    for line in lines[:SHOWN]:
        say(line)
    if len(lines) > SHOWN:
        say(f"… and {len(lines) - SHOWN} kinds more.")
    say(
        f"{NAMES[outcome.generator]} (known by {outcome.sign}): {outcome.posts} posts and {outcome.pages} pages, "
        f"of which {outcome.drafts} are drafts, {outcome.files} files, {outcome.tags} new tags."
    )
    verb = "would be written" if is_dry else "written"
    everything = f" Everything is in {outcome.report}." if outcome.report else ""
    say(f"{outcome.written} files {verb}, {outcome.unchanged} were as they are.{everything}")
