"""The command `flask check`: of the whole site or a part of it, beside a baseline, with what is certain mended."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shlex import quote

import click
from click.exceptions import Exit
from flask.cli import with_appcontext

from trigpoint.checking.baseline import BaselineError, Compared, compared, lines_of, read_baseline, write_baseline
from trigpoint.checking.fixes import fix
from trigpoint.checking.partial import findings_of, of_pages_to_come
from trigpoint.checking.selection import Selection, SelectionError, changed_since, named
from trigpoint.commands.console import Command, note, say
from trigpoint.commands.context import command_site, reason_of, unrestored
from trigpoint.fault_formats import FORMATS, count_of, in_full
from trigpoint.faults import Fault, counted, errors
from trigpoint.freezing.checks.sources import findings
from trigpoint.freezing.checks.vanished import losses
from trigpoint.freezing.plan import addresses_of
from trigpoint.library.snapshot import hidden_summary
from trigpoint.web.site import Site
from trigpoint.writing.files import RestoreError
from trigpoint.writing.listing import state_of

ROUNDS = 5
"""How often is mended what the last round brought to light: the text of a page whose header could not be read."""


@dataclass(frozen=True, slots=True)
class _Form:
    """How findings are written."""

    name: str
    is_in_full: bool

    def text(self, found: tuple[Fault, ...]) -> str:
        return (in_full if self.name == "text" and self.is_in_full else FORMATS[self.name])(found)


@click.command(cls=Command)
@click.argument("paths", metavar="[PATH]...", nargs=-1)
@click.option("--since", metavar="COMMIT", default="", help="Look at what changed since this commit or branch.")
@click.option("--fix", "is_to_fix", is_flag=True, help="First write into the sources what can only mean one thing.")
@click.option("--baseline", type=click.Path(path_type=Path), help="Pass over the findings in this file; made if new.")
@click.option("--drop", multiple=True, metavar="ADDRESS", help="Readers may lose this address or heading; * for any.")
@click.option("--format", "form", type=click.Choice(sorted(FORMATS)), default="text", help="How findings are written.")
@click.option("--strict", is_flag=True, help="Warnings count as errors do: end with 1.")
@click.option("--all", "show_all", is_flag=True, help="List each finding, however many are of one kind.")
@with_appcontext
def check(
    paths: tuple[str, ...],
    since: str,
    is_to_fix: bool,
    baseline: Path | None,
    drop: tuple[str, ...],
    form: str,
    strict: bool,
    show_all: bool,
) -> None:
    """Name every fault of the sources, and every link that leads nowhere; publish nothing.

    With PATHs, look at those files and folders alone. Ends with 1 where there are errors (with --strict, warnings), and
    with 2 for what can't be looked at.
    """
    site = command_site()
    selection = _selection(site, paths, since)
    site.loader.refresh()
    site.loader.save_readings()  # The next check of a file need not read all others.
    found = _fixed(site, selection, drop) if is_to_fix else _found(site, selection, drop)
    if baseline:
        found = _beside(baseline, found, selection)
    say(_Form(form, show_all).text(found), end="")
    if form == "text":
        say("\n".join(_summary(site, found, selection, strict)))
    if errors(found) or (strict and found):
        raise Exit(1)


def _selection(site: Site, paths: tuple[str, ...], since: str) -> Selection | None:
    """The files that are asked about; None for all."""
    if paths and since:
        raise click.UsageError("Name files, or a commit with --since: not both.")
    try:
        return changed_since(site, since) if since else named(site, paths) if paths else None
    except SelectionError as error:
        raise click.UsageError(str(error)) from error


def _found(site: Site, selection: Selection | None, drop: tuple[str, ...]) -> tuple[Fault, ...]:
    if selection is not None:
        return findings_of(site, selection)
    lost = losses(site, addresses_of(site), drop)
    return tuple(sorted({*findings(site), *of_pages_to_come(site), *lost}))


def _fixed(site: Site, selection: Selection | None, drop: tuple[str, ...]) -> tuple[Fault, ...]:
    """What is found once all that is certain is mended."""

    def again() -> tuple[Fault, ...]:
        site.loader.settle()
        return _found(site, selection, drop)

    found = _found(site, selection, drop)
    for _ in range(ROUNDS):
        with _refusals():
            done = fix(site.settings.root, found, again)
        for each in done:
            note(f"{each.path}:{each.line}: mended: {each.text}")
        if not done:
            break
        found = again()
    return found


def _beside(path: Path, found: tuple[Fault, ...], selection: Selection | None) -> tuple[Fault, ...]:
    """The findings that the baseline does not hold. One that is not there is written, and holds all of them."""
    with _refusals():
        known = read_baseline(path)
        if known is None:
            if selection is not None:
                raise click.UsageError(f"There is no baseline {path} yet: make it with a check of the whole site.")
            write_baseline(path, lines_of(found))
            note(f"{path} is new, and holds {count_of(found) or 'nothing'}: they are passed over from now on.")
            return ()
        outcome = compared(found, known)
        if outcome.mended and selection is None:
            write_baseline(path, known - outcome.mended)
    _tell_of_baseline(path, outcome, is_whole=selection is None)
    return outcome.new


def _tell_of_baseline(path: Path, outcome: Compared, is_whole: bool) -> None:
    if outcome.mended and is_whole:
        note(f"{counted(outcome.mended.total(), 'line')} of {path} mended, and taken out of it.")
    if outcome.known:
        note(f"{outcome.known} passed over, as {path} has them.")


def _summary(site: Site, found: tuple[Fault, ...], selection: Selection | None, strict: bool) -> Iterator[str]:
    told = [] if errors(found) or (strict and found) else ["nothing to mend"]
    told += [count_of(found)] if found else []
    if selection is not None:
        yield f"{counted(len(selection.paths), 'path')}, {', '.join(told)}."
        return
    yield from hidden_summary(site.loader.library.snapshot)
    yield from _not_checked(site)
    yield f"{counted(len(site.loader.library.posts), 'article')}, {', '.join(told)}."


def _not_checked(site: Site) -> Iterator[str]:
    """How many drafts a check of the whole site passes over, and what looks at them."""
    snapshot = site.loader.library.snapshot
    drafts = sorted(page.path for page in snapshot.pages if state_of(page, snapshot.now) == "draft")
    if drafts:
        folder = site.settings.pages
        one = f"{folder}/{drafts[0]}"
        yield (
            f"{counted(len(drafts), 'draft')} not looked at: `flask check {quote(one)}` checks one as if it were "
            f"published, `flask check {folder}` all pages."
        )


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except BaselineError as error:
        raise click.ClickException(str(error)) from error
    except RestoreError as error:
        raise click.ClickException(unrestored(error)) from error
    except OSError as error:
        raise click.ClickException(reason_of(error)) from error
