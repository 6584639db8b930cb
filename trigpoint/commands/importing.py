"""`flask import`: another blog's texts become pages of this one. Ends with 1 where something was lost.

What imports is loaded when it is asked for: the other commands need none of it.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click
from click.exceptions import Exit
from flask import current_app
from flask.cli import with_appcontext

from trigpoint.commands.console import Command, say, shown_progress
from trigpoint.faults import counted
from trigpoint.importing.generators import NAMES, ImportStopped
from trigpoint.web.site import current_settings, current_site

if TYPE_CHECKING:
    from trigpoint.importing.importer import Outcome

SHOWN = 40
"""Lines of the report on the terminal, at most; the file has all."""


@click.command("import", cls=Command)
@click.argument("source", type=click.Path(path_type=Path), required=False)
@click.option(
    "--from", "generator", type=click.Choice(sorted(NAMES)), help="What made the old blog; else it is recognised."
)
@click.option("--dry-run", is_flag=True, help="Say what would come along, and write nothing.")
@click.option("--merge-tags", is_flag=True, help="Make one tag of those that differ by hyphens or a plural only.")
@click.option("--fetch", is_flag=True, help="Fetch the pictures that texts show from other hosts, and put them beside.")
@click.option("--jobs", type=click.IntRange(1, 256), help="Processes to translate with (all cores).")
@click.option(
    "--verify",
    "old",
    type=click.Path(path_type=Path),
    metavar="OLD",
    help="Ask this site for each address of an old build's folder, or of a sitemap; import nothing.",
)
@with_appcontext
def import_blog(source: Path | None, old: Path | None, **asked: Any) -> None:
    """Bring the posts of another blog: SOURCE is its folder, or an export."""
    if (source is None) == (old is None):
        raise click.UsageError("Name either the SOURCE to import, or what to --verify.")
    try:
        is_whole = _verify(old) if old else _import(cast(Path, source), asked)
    except ImportStopped as stopped:
        raise click.ClickException(str(stopped)) from stopped
    except OSError as error:
        raise click.ClickException(f"{error.filename or source or old}: {error.strerror or error}.") from error
    if not is_whole:
        raise Exit(1)


def _import(source: Path, asked: Mapping[str, Any]) -> bool:
    """Import, and say whether nothing was lost."""
    from trigpoint.importing.importer import ImportOptions, run

    settings = current_settings()
    options = ImportOptions(
        source=source,
        root=settings.root,
        pages=settings.pages_folder,
        generator=asked["generator"] or "",
        dry_run=asked["dry_run"],
        merge_tags=asked["merge_tags"],
        fetch=asked["fetch"],
        lenient=settings.is_lenient,
        feed_aliases=settings.feed_aliases,
        jobs=asked["jobs"] or os.cpu_count() or 1,
    )
    outcome = run(options, shown_progress, dt.datetime.now(dt.UTC))
    _tell(outcome, options.dry_run)
    return not outcome.losses


def _tell(outcome: Outcome, is_dry: bool) -> None:
    from trigpoint.importing import report

    lines = list(report.lines(outcome.findings))
    for line in lines[:SHOWN]:
        say(line)
    if len(lines) > SHOWN:
        say(f"… and {counted(len(lines) - SHOWN, 'more kind')}.")
    say(
        f"{NAMES[outcome.generator]} (known by {outcome.sign}): {counted(outcome.posts, 'post')} and "
        f"{counted(outcome.pages, 'page')}, {counted(outcome.drafts, 'draft')} among them; "
        f"{counted(outcome.files, 'file')}, {counted(outcome.tags, 'new tag')}."
    )
    verb = "would be written" if is_dry else "written"
    everything = f" Everything is in {outcome.report}." if outcome.report else ""
    say(f"{counted(outcome.written, 'file')} {verb}, {outcome.unchanged} already there.{everything}")
    if outcome.losses:
        say(f"{'To be imported' if is_dry else 'Imported'}, with {counted(outcome.losses, 'loss', 'losses')}.")


def _verify(old: Path) -> bool:
    """Ask for each old address, and say whether all lead somewhere."""
    from trigpoint.importing.verification import LOST, likeliest, old_addresses, verified

    current_app.debug = False
    site = current_site()
    site.loader.stop_watching()
    library = site.loader.library
    posts = {post.slug: f"{site.settings.pages}/{post.path}" for post in library.posts}
    client = current_app.test_client()

    def ask(address: str) -> tuple[int, str, str]:
        response = client.get(address, follow_redirects=True)
        html = response.get_data(as_text=True) if response.mimetype == "text/html" else ""
        response.close()
        return response.status_code, response.request.path, html

    results = list(verified(old_addresses(old, say), ask))
    lost = [each for each in results if each.status != 200 and not each.is_list]
    shorter = [each for each in results if each.status == 200 and each.share < LOST]
    for each in lost:
        post = likeliest(each.address, posts) or "the post that it was"
        say(f'{each.address}: nothing is there. Write `aliases: ["{each.address}"]` into {post}.')
    for each in shorter:
        say(f"{each.address}: {each.new} has {each.share:.0%} of its words.")
    lists = sum(each.status != 200 and each.is_list for each in results)
    found = f"{len(results)} old addresses: {len(lost)} lost, {len(shorter)} with fewer words"
    say(f"{found}, {lists} were lists that are gone.")
    return not lost
