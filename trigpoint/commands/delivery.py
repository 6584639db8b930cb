"""The commands that bring a release elsewhere and tell of it: deploy, announce.

What talks to a store is loaded by the deploy alone: it needs a package that a site can do without.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from click.exceptions import Exit
from flask.cli import with_appcontext

from trigpoint.commands.console import INTERRUPTED, Command, has_done, note, say, shown_progress
from trigpoint.commands.context import command_site, reason_of, size
from trigpoint.delivery.place import Place, place_of
from trigpoint.freezing.checks.site import base_url_faults
from trigpoint.freezing.plan import is_current
from trigpoint.freezing.release import Release
from trigpoint.freezing.releases import Releases
from trigpoint.freezing.unchanged import inputs_of, is_as_it_was
from trigpoint.settings import Settings
from trigpoint.web.site import Site

if TYPE_CHECKING:
    from trigpoint.delivery.announcement import Announcement
    from trigpoint.delivery.deploy import Deployed

INSTALL = "python -m pip install 'trigpoint[s3]', or -r requirements-s3.txt in a checkout"
OF_BOTO = ("boto3", "botocore", "s3transfer", "jmespath", "urllib3", "dateutil")


@click.command("deploy", cls=Command)
@click.argument("url", metavar="s3://BUCKET[/PREFIX]")
@click.option("--endpoint", default="", metavar="URL", help="Another store than Amazon's: https://minio.example:9000")
@click.option("--release", "release_id", metavar="ID", help="An earlier release (`flask releases`), to go back to it.")
@click.option("--dry-run", is_flag=True, help="Say what would be put and removed, and write nothing.")
@click.option("--take-over", is_flag=True, help="Overwrite objects that are in the way, whoever put them there.")
@with_appcontext
def deploy_to(url: str, endpoint: str, release_id: str | None, dry_run: bool, take_over: bool) -> None:
    """Bring the live release into a bucket of an object store: only what differs, pages after what they load."""
    site, place = command_site(), _place(url)
    release = _release(site, release_id)
    try:
        from trigpoint.delivery.deploy import deploy, rehearse
        from trigpoint.delivery.errors import DeployError
        from trigpoint.delivery.store import Store
    except ModuleNotFoundError as error:
        if str(error.name).partition(".")[0] not in OF_BOTO:
            raise
        raise click.ClickException(f"boto3 is not installed, which talks to object stores: {INSTALL}.") from error
    try:
        store = Store(place, endpoint)
        if dry_run:
            _tell_plan(rehearse(store, release, site.settings, take_over), release, place)
            return
        outcome = deploy(store, release, site.settings, take_over, shown_progress)
    except DeployError as error:
        raise click.ClickException(str(error)) from error
    except KeyboardInterrupt:
        note("Interrupted: the same command goes on from there.")
        raise Exit(INTERRUPTED) from None
    has_done(f"Release {release.id} is at {place}")
    _tell(outcome, release, place)
    for fault in base_url_faults(site.settings):
        note(str(fault))


def _place(url: str) -> Place:
    try:
        return place_of(url)
    except ValueError as error:
        raise click.UsageError(str(error)) from error


def _says_the_same(site: Site, release: Release) -> bool:
    site.loader.refresh()
    return is_current(site, release)


def _release(site: Site, release_id: str | None) -> Release:
    """The release that is asked for; without an id the live one."""
    known = Releases.of(site.settings)
    if release_id is None:
        release = known.newest
        if release is None:
            raise click.ClickException("There is no release yet. `flask freeze` makes one.")
        if not is_as_it_was(release, inputs_of(site)) and not _says_the_same(site, release):
            have = "have" if release.summary.inputs else "may have"
            note(f"The sources {have} changed since this release was made: `flask freeze` makes the next one.")
        return release
    found = next((each for each in known.all() if each.id == release_id and each.is_described), None)
    if found is None:
        there = ", ".join(each.id for each in known.all()) or "none"
        raise click.ClickException(f"There is no such release. Kept are: {there}.")
    return found


def _tell_plan(outcome: Deployed, release: Release, place: Place) -> None:
    for each in outcome.plan.puts:
        leads = f" -> {each.redirect}" if each.redirect else ""
        say(f"put {each.path} ({each.media_type}; {each.cache}){leads}")
    for path in outcome.plan.deletes:
        say(f"remove {path}")
    before = f"release {outcome.before}" if outcome.before else "no whole release"
    say(f"{place} has {before}. Release {release.id}: {_counts(outcome, 'to put', 'to remove')}; nothing was written.")


def _tell(outcome: Deployed, release: Release, place: Place) -> None:
    say(f"{place} is release {release.id}: {_counts(outcome, 'put', 'removed')}.")
    if outcome.plan.left:
        note(f"Left there, as somebody else has overwritten it: {', '.join(outcome.plan.left[:5])}.")
    if not outcome.has_redirects:
        note("This store takes no redirects: at old addresses a page leads on.")


def _counts(outcome: Deployed, put: str, removed: str) -> str:
    plan = outcome.plan
    same = len(plan.ours.keys() - {each.path for each in plan.puts} - set(plan.deletes))
    return f"{len(plan.puts)} {put} ({size(outcome.size)}), {len(plan.deletes)} {removed}, {same} as they are"


@click.command("announce", cls=Command)
@click.option("--dry-run", is_flag=True, help="Say what would be told to whom, and tell nobody.")
@with_appcontext
def announce_changes(dry_run: bool) -> None:
    """Tell search engines (IndexNow) and the feeds' hub (WebSub) what changed since they were last told.

    What is told is the live release: publish it first. Whom to tell stands in site.toml (indexnow_key, websub_hub).
    """
    from trigpoint.delivery.announcement import announcements

    settings = command_site().settings
    if not settings.indexnow_key and not settings.websub_hub:
        raise click.ClickException("There is nobody to tell: site.toml has neither indexnow_key nor websub_hub.")
    if Releases.of(settings).newest is None:
        raise click.ClickException("There is no release yet. `flask freeze` makes one.")
    try:
        wanted = announcements(settings)
    except OSError as error:
        raise click.ClickException(f"{reason_of(error)} Make the release anew: flask freeze.") from error
    outcomes = [_rehearsed(each) if dry_run else _announced(each, settings) for each in wanted]
    if not all(outcomes):
        raise Exit(1)


def _rehearsed(announcement: Announcement) -> bool:
    for address in announcement.addresses:
        say(f"{announcement.name} {address}")
    say(f"{_count(announcement)}, and nobody was told.")
    return True


def _announced(announcement: Announcement, settings: Settings) -> bool:
    """Tell it, and whether that could be done."""
    from trigpoint.delivery.announcement import announce
    from trigpoint.delivery.notices import NoticeError

    try:
        announce(announcement, settings)
    except NoticeError as error:
        note(f"Error: {announcement.name}: {error} The next `flask announce` tells what is missing.")
        return False
    except OSError as error:
        raise click.ClickException(reason_of(error)) from error
    say(f"{_count(announcement)}, which {announcement.receiver} was told.")
    return True


def _count(announcement: Announcement) -> str:
    number = len(announcement.addresses)
    since = f" since release {announcement.since}" if announcement.since else ""
    counted = f"{number or 'no'} {'address is' if number == 1 else 'addresses are'}"
    return f"{announcement.name}: {counted} new, changed or gone{since}"
