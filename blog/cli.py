"""The terminal: `flask freeze`, `flask check`. Exit codes: 0 done, 1 faults, 2 wrong usage, 130 interrupted."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from blog.answers import current_site
from blog.checks import findings
from blog.faults import Fault, errors
from blog.freezer import FreezeError, freeze_into
from blog.releases import ReleaseError, Releases


def register_commands(app: Flask) -> None:
    app.cli.add_command(freeze)
    app.cli.add_command(check)


@click.command()
@click.option("--allow-empty", is_flag=True, help="Publish a site without a single article.")
@with_appcontext
def freeze(allow_empty: bool) -> None:
    """Write the whole site as files, and make it live in one rename."""
    started = time.monotonic()
    _show_what_readers_see()
    _refuse(findings(current_site()))
    _refuse_an_empty_site(allow_empty)
    releases = Releases(current_site().settings.output_link)
    try:
        with releases.begun() as release:
            count = _freeze_with_progress(release.path)
            releases.make_live(release)
    except (FreezeError, ReleaseError, OSError) as error:
        raise click.ClickException(f"Nothing was published: {error}") from error
    seconds = time.monotonic() - started
    click.echo(f"Published {count} files in {seconds:.1f} s: {releases.link} is release {release.id}.")


@click.command()
@with_appcontext
def check() -> None:
    """Name every fault of the sources, and every link that leads nowhere; publish nothing."""
    _show_what_readers_see()
    found = findings(current_site())
    _tell(found)
    if errors(found):
        sys.exit(1)
    click.echo(f"{_counted(len(current_site().loader.library.posts), 'article')}, nothing to mend.")


def _show_what_readers_see() -> None:
    """A release never holds what the preview shows, even where FLASK_DEBUG is set."""
    current_app.debug = False
    current_site().loader.refresh()


def _freeze_with_progress(folder: Path) -> int:
    pages = freeze_into(current_site(), folder)
    if not sys.stderr.isatty():
        return sum(1 for _ in pages)
    with click.progressbar(pages, label="Freezing", file=sys.stderr, item_show_func=str) as shown:
        return sum(1 for _ in shown)


def _refuse(found: Iterable[Fault]) -> None:
    found = tuple(found)
    _tell(found)
    if errors(found):
        raise click.ClickException(f"Nothing was published: {_counted(len(errors(found)), 'fault')} to mend.")


def _refuse_an_empty_site(allowed: bool) -> None:
    if not current_site().loader.library.posts and not allowed:
        raise click.ClickException(
            f"Nothing was published: {current_site().settings.pages}/posts/ has no article that readers may see. "
            "Publish an empty site with --allow-empty."
        )


def _tell(found: Iterable[Fault]) -> None:
    for fault in sorted(found):
        click.echo(str(fault), err=True)


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
