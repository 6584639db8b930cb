"""The commands that write for an author: new, publish, rename, list. What they change, `writing` does.

What reads Markdown and YAML is loaded by the commands that need it: each process of the site imports this module.
"""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask.cli import with_appcontext

from trigpoint.commands.console import Command, has_done, note, say
from trigpoint.commands.context import command_site, reason_of, unrestored
from trigpoint.content.pages import Page
from trigpoint.faults import counted, errors
from trigpoint.library.snapshot import hidden_because
from trigpoint.web.site import Site
from trigpoint.writing.files import RestoreError
from trigpoint.writing.listing import as_json, as_table, listed, state_of, unread
from trigpoint.writing.refusal import WritingError


@click.command(cls=Command)
@click.argument("title")
@click.option("--tags", default="", metavar="TAG,TAG", help="Tags of the registry, with commas between them.")
@click.option("--date", default="", help="The day that the draft gets (today).")
@click.option("--folder", is_flag=True, help="Make a folder with an index.md, for pictures and code beside the text.")
@click.option("--slug", default="", help="The slug of its address, instead of one made from the title.")
@click.option("--edit", is_flag=True, help="Open the file in $VISUAL or $EDITOR.")
@with_appcontext
def new(title: str, tags: str, date: str, folder: bool, slug: str, edit: bool) -> None:
    """Begin an article: a draft whose file is named after TITLE. Prints the path of the file."""
    from trigpoint.writing.new import Wanted, file_of, new_post

    if edit and not sys.stdin.isatty():
        raise click.ClickException("There is no terminal to edit in: leave out --edit, and open the file yourself.")
    site = _site()
    names = tuple(filter(None, (name.strip() for name in tags.split(","))))
    with _refusals():
        path = new_post(site, Wanted(" ".join(title.split()), names, date, folder, slug), _now())
    has_done(f"{site.settings.pages}/{path} is made")
    say(f"{site.settings.pages}/{path}")
    note("It is a draft: `make run` shows it, and `flask publish` gives it to readers.")
    if edit:
        click.edit(filename=str(file_of(site, path)))


@click.command(cls=Command)
@click.argument("name", metavar="SLUG")
@click.option("--date", default="", help="The day or moment from which readers see it (now).")
@click.option("--anyway", is_flag=True, help="Though it has faults that `flask freeze` will stop at.")
@with_appcontext
def publish(name: str, date: str, anyway: bool) -> None:
    """Take the draft mark out of the article SLUG, and date it today. The next freeze gives it to readers."""
    from trigpoint.writing.publication import publish_post
    from trigpoint.writing.sources import page_named

    site = _site()
    with _refusals():
        page = page_named(site, name)
        if not anyway:
            _refuse_faults(site, page)
        done = publish_post(site, page, date, _now())
    shown = f"{site.settings.pages}/{done.page.path}"
    if not done.is_new:
        say(f"{shown} is published already; nothing was changed.")
        return
    has_done(f"{shown} is no draft any more")
    if state_of(done.page, _now()) == "published":
        say(f"{shown} is no draft any more. `flask freeze` publishes it.")
    else:
        say(f"{shown} is no draft any more. Readers see it from {date} on, with the first freeze after that.")


def _refuse_faults(site: Site, page: Page) -> None:
    """List what a freeze would stop at once readers saw this page, and end with that."""
    from trigpoint.checking.partial import of_hidden

    if hidden_because(page, _now()) and (found := errors(of_hidden(site, (page.path,)))):
        note("\n".join(map(str, found)))
        raise click.ClickException(
            f"Nothing was changed: {counted(len(found), 'fault')} to mend. `--anyway` publishes it all the same."
        )


@click.command(cls=Command)
@click.argument("old")
@click.argument("new_name", metavar="NEW")
@with_appcontext
def rename(old: str, new_name: str) -> None:
    """Give the article OLD the slug NEW: its file moves, the old address leads on, links to it are rewritten."""
    from trigpoint.writing.renaming import rename_page

    site = _site()
    with _refusals():
        done = rename_page(site, old, new_name)
    folder = site.settings.pages
    has_done(f"{folder}/{done.old} is {folder}/{done.new} now")
    say(f"{folder}/{done.old} is {folder}/{done.new} now, at {done.address}.")
    if done.alias:
        say(f"{done.alias} leads there: `aliases` says so.")
    for path in done.relinked:
        say(f"{folder}/{path}: its links name the new file.")
    for path in done.unread:
        note(f"{folder}/{path} has errors, and names the old file still: mend both.")


@click.command("list", cls=Command)
@click.option("--drafts", is_flag=True, help="Those that are drafts.")
@click.option("--future", is_flag=True, help="Those that appear later.")
@click.option("--expired", is_flag=True, help="Those that readers no longer see.")
@click.option("--json", "is_json", is_flag=True, help="As a list of objects, for programs.")
@with_appcontext
def list_posts(drafts: bool, future: bool, expired: bool, is_json: bool) -> None:
    """List the articles, the newest first: all, or those in one of the states that are named."""
    site = _site()
    states = [name for name, is_wanted in (("draft", drafts), ("future", future), ("expired", expired)) if is_wanted]
    snapshot = site.loader.library.snapshot
    posts = listed(snapshot.pages, states, snapshot.now)
    if is_json:
        say(as_json(posts, snapshot.now, site.settings.pages))
    elif posts:
        say("\n".join(as_table(posts, snapshot.now, site.settings.pages)))
    else:
        note("There is no such article.")
    for fault in site.loader.inputs.sources.inventory.faults:
        if fault.kind == "unreadable":  # A folder: nobody knows what is in it.
            note(str(fault))
    unknown = unread(snapshot.pages, site.loader.library.faults, site.settings.pages)
    if missing := sum(path.startswith("posts/") for path in unknown):
        what = (
            "1 article is not listed: its file has" if missing == 1 else f"{missing} articles are not listed: they have"
        )
        note(f"{what} errors, which `flask check` names.")


def _site() -> Site:
    """The site with its sources as they are now; a folder that is gone is not made anew."""
    site = command_site()
    site.loader.refresh()
    found = site.loader.inputs.sources.inventory
    if found.missing:
        raise click.ClickException(str(found.faults[0]))
    return site


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except WritingError as refusal:
        raise click.ClickException(str(refusal)) from refusal
    except RestoreError as error:
        raise click.ClickException(unrestored(error)) from error
    except OSError as error:
        raise click.ClickException(f"{reason_of(error)} Nothing was changed.") from error


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
