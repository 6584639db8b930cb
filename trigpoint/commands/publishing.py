"""The commands. Exit codes: 0 done, 1 faults in content or release, or output that could not be written, 2 wrong usage,
130 interrupted."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import click
from click.exceptions import Exit
from flask.cli import with_appcontext

from trigpoint.commands.console import INTERRUPTED, Command, has_done, note, say, shown_progress
from trigpoint.commands.context import command_site, reason_of, size
from trigpoint.fault_formats import summary_lines
from trigpoint.faults import Fault, counted, errors
from trigpoint.freezing.export import lay_out, refuse
from trigpoint.freezing.freeze import FreezeOptions, FreezeRefusedError, FreezeResult, left_out, publish
from trigpoint.freezing.page_writer import FreezeError
from trigpoint.freezing.plan import addresses_of, why
from trigpoint.freezing.release import ReleaseError
from trigpoint.freezing.releases import Releases
from trigpoint.freezing.verify import differences
from trigpoint.hosting.caddy import caddy
from trigpoint.hosting.media_types import media_types
from trigpoint.hosting.nginx import nginx, nginx_locations, nginx_maps
from trigpoint.library import suggestions
from trigpoint.theme import FOLDERS
from trigpoint.web.failures import NO_THREAD
from trigpoint.web.files.machine import host_rules
from trigpoint.web.kinds import AddressError
from trigpoint.web.site import Site, current_site

SERVERS = {"nginx": nginx, "nginx-maps": nginx_maps, "nginx-locations": nginx_locations, "caddy": caddy}
"""What makes the configuration of a web server, or a part of it for a server that is there."""

NO_RELEASE = "There is no release yet. `flask freeze` makes one."

LISTED = 20
"""So many of the sources that were left out are named at the end."""


@click.command(cls=Command)
@click.option("--full", is_flag=True, help="Render every page, whatever was there.")
@click.option("--why", "show_why", is_flag=True, help="Say of each page why it was rendered.")
@click.option("--verify", is_flag=True, help="Ask the application for every address again, and compare.")
@click.option("--jobs", type=click.IntRange(1, 256), help="Processes to render with (all cores).")
@click.option("--no-check", is_flag=True, help="Publish without looking for dead links, leaks and other faults.")
@click.option("--hold", is_flag=True, help="Publish the last good version of a source that has faults now.")
@click.option("--leave-out-faulty", is_flag=True, help="Publish without the sources that have errors; exit 1.")
@click.option("--into", type=click.Path(path_type=Path), help="Besides, lay out a plain copy in this folder.")
@click.option("--drop", multiple=True, metavar="ADDRESS", help="Readers may lose this address or heading; * for any.")
@click.option("--allow-empty", is_flag=True, help="Publish a site without a single article.")
@with_appcontext
def freeze(**asked: Any) -> None:
    """Write the whole site as files, and make it live in one rename."""
    started = time.monotonic()
    site = command_site()
    options = FreezeOptions(
        jobs=asked["jobs"] or site.settings.jobs or os.cpu_count() or 1,
        full=asked["full"],
        check=not asked["no_check"],
        hold=asked["hold"],
        leave_out_faulty=asked["leave_out_faulty"],
        allow_empty=asked["allow_empty"],
        drop=asked["drop"],
    )
    try:
        if asked["into"]:
            _refuse_target(asked["into"])
        outcome = publish(site, options, shown_progress)
    except FreezeRefusedError as refusal:
        _refuse(refusal.faults)
    except (AddressError, FreezeError, ReleaseError, OSError) as error:
        raise click.ClickException(f"Nothing was published: {reason_of(error)}") from error
    except (MemoryError, RuntimeError) as error:
        if type(error) is not MemoryError and NO_THREAD not in str(error):
            raise
        raise click.ClickException("Nothing was published: there is too little memory.") from error
    except KeyboardInterrupt:
        note("Interrupted: nothing was published.")
        raise Exit(INTERRUPTED) from None
    has_done(f"Release {outcome.live.id} is live")
    _tell(outcome.warnings)
    _tell_outcome(outcome, time.monotonic() - started, asked["show_why"])
    if asked["into"]:
        _lay_out(outcome, asked["into"])
    if asked["verify"]:
        _verify()
    if asked["leave_out_faulty"] and (left := left_out(site, outcome.warnings)):
        note(f"Left out: {', '.join(sorted(left)[:LISTED])}{f' and {len(left) - LISTED} more' * (len(left) > LISTED)}.")
        raise Exit(1)


@click.command("why", cls=Command)
@click.argument("address")
@click.option("--all", "show_all", is_flag=True, help="List all that the page was made from.")
@with_appcontext
def why_made(address: str, show_all: bool) -> None:
    """Say why the page at ADDRESS would be rendered by the next freeze, or what it was made from."""
    site = command_site()
    newest = Releases.of(site.settings).newest
    if newest is None:
        raise click.ClickException(NO_RELEASE)
    site.loader.refresh()
    path = unquote(address if address.startswith("/") else f"/{address}")
    lines = why(site, newest, path, show_all)
    if lines is None:
        meant = _nearest_address(site, path)
        hint = f" Did you mean {meant}?" if meant else ""
        raise click.UsageError(f"{path} is no address of this site.{hint}")
    say("\n".join(lines))


def _nearest_address(site: Site, path: str) -> str:
    """The address that is meant by this: without its slash, as a file of a release, as a source; else the nearest."""
    addresses = addresses_of(site)
    source = path.removeprefix(f"/{site.settings.pages}").removeprefix("/")
    likely = (f"{path}/", path.removesuffix("index.html"), site.loader.library.addresses.pages.get(source, ""))
    return next((each for each in likely if each in addresses), "") or suggestions.names(addresses).nearest(path)


@click.command(cls=Command)
@with_appcontext
def releases() -> None:
    """List the releases that are kept, the newest first."""
    found = Releases.of(current_site().settings)
    live, every = found.live, found.all()
    if not every:
        note(NO_RELEASE)
    for release in reversed(every):
        summary = release.summary
        mark = "live" if release == live else ""
        began = f"{release.began:%Y-%m-%d %H:%M:%S} UTC"
        say(
            f"{release.id}  {began}  {summary.commit or '-':>10}  {summary.files:>6} files  {size(summary.size):>9}"
            f"  {summary.digest}  {mark}".rstrip()
        )


@click.command("host-config", cls=Command)
@click.argument("server", type=click.Choice(sorted(SERVERS)))
@click.option("--folder", type=click.Path(path_type=Path), help="Where the site lies on the server (the live release).")
@with_appcontext
def host_config(server: str, folder: Path | None) -> None:
    """Print the configuration of a web server for the frozen site: its headers, types, redirects and errors."""
    site = command_site()
    site.loader.refresh()
    settings = site.settings
    place = (folder or settings.output_link).absolute()
    say(SERVERS[server](host_rules(), media_types(site.loader.library), settings.base_url, place), end="")


@click.command(cls=Command)
@click.argument("release_id", metavar="[ID]", required=False)
@with_appcontext
def rollback(release_id: str | None) -> None:
    """Make an earlier release live, in one rename: the one before, or the one with this ID."""
    found = Releases.of(current_site().settings)
    try:
        release = found.roll_back(release_id)
    except (ReleaseError, OSError) as error:
        raise click.ClickException(reason_of(error)) from error
    say(f"{found.link} is release {release.id}.")


def _refuse_target(target: Path) -> None:
    settings = current_site().settings
    around = [layer.folder for name in FOLDERS for layer in current_site().loader.inputs.overlay(name).layers]
    sources = (settings.pages_folder, *around)
    refuse(target, Releases.of(settings).folder, sources)


def _lay_out(outcome: FreezeResult, target: Path) -> None:
    try:
        lay_out(outcome.live, target)
    except (ReleaseError, OSError) as error:
        raise click.ClickException(f"Nothing was copied: {reason_of(error)}") from error


def _verify() -> None:
    found = differences(current_site())
    if found:
        raise click.ClickException(found)
    say("Verified: the application gives the same bytes for every address.")


def _refuse(found: Iterable[Fault]) -> None:
    found = tuple(found)
    _tell(found)
    number = len(errors(found))
    raise click.ClickException(f"Nothing was published: {counted(number, 'fault')} to mend.")


def _tell(found: Iterable[Fault]) -> None:
    for line in summary_lines(found):
        note(line)


def _tell_outcome(outcome: FreezeResult, seconds: float, show_why: bool) -> None:
    link = current_site().settings.output_link
    if show_why:
        for address, reason in outcome.rendered.items():
            say(f"{address}: {reason}")
        for address in outcome.dropped:
            say(f"{address}: it is gone")
    if outcome.release is None:
        say(f"Nothing changed: {link} is as it was ({counted(outcome.summary.files, 'file')}, {seconds:.1f} s).")
        return
    say(
        f"Published {counted(outcome.summary.files, 'file')} ({size(outcome.summary.size)}) in {seconds:.1f} s: "
        f"{len(outcome.rendered)} rendered, {outcome.reused} reused, {len(outcome.dropped)} dropped."
    )
    if outcome.new_entries:
        say(f"  New to subscribers: {counted(outcome.new_entries, 'entry', 'entries')} of the feed.")
    for took, address in outcome.slowest:
        say(f"  {took * 1000:6.0f} ms  {address}")
    say(f"{link} is release {outcome.release.id}, digest {outcome.summary.digest}.")
