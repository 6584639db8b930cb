"""A draft is published: it gets the day, and loses the mark. All else in the file stays as its author wrote it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from trigpoint.content import dates
from trigpoint.content.pages import Page, Post
from trigpoint.inventory import on_disk
from trigpoint.library.snapshot import hidden_because
from trigpoint.web.site import Site
from trigpoint.writing.files import write_all
from trigpoint.writing.header_text import HeaderText, header_text, value_of, with_field, without_field
from trigpoint.writing.refusal import WritingError
from trigpoint.writing.sources import checked, refuse_more


@dataclass(frozen=True, slots=True)
class Publication:
    """What was done: the page as it is now, and whether anything had to be changed."""

    page: Page
    is_new: bool


def publish_post(site: Site, page: Page, date: str, now: dt.datetime) -> Publication:
    """Have readers see this post, from now or from `date` on. Raises WritingError, OSError."""
    if not date and not hidden_because(page, now):
        return Publication(page, False)
    shown = f"{site.settings.pages}/{page.path}"
    if not isinstance(page, Post):
        raise WritingError(f"{shown} is a page without a date: take `draft: true` out of it.")
    place = site.settings.pages_folder / on_disk(site.settings.pages_folder, page.path)
    raw = place.read_bytes()
    text = header_text(raw)
    if text is None:
        raise WritingError(f"{shown} has no header between two lines of `---`. Write one; nothing was changed.")
    changed = without_field(text, "draft", stand_in="false")
    changed = with_field(changed, "date", _moment(site, text, date, now), after=("title",))
    after = checked(site, page.path, changed.raw)
    if reason := _still_hidden(after):
        raise WritingError(f"{shown}: {reason} Nothing was changed.")
    refuse_more(site, page.path, raw, after, ("draft", "date"))
    write_all({place: changed.raw})
    return Publication(after, True)


def _moment(site: Site, text: HeaderText, typed: str, now: dt.datetime) -> str:
    """The date to write: as it was typed; else today, with the time where the draft's date had one."""
    if typed:
        try:
            dates.moment(typed, site.settings.zone)
        except ValueError as reason:
            raise WritingError(f'The date is "{typed}", but {reason}. {dates.FORM}') from reason
        return typed
    here = now.astimezone(site.settings.zone)
    return f"{here:%Y-%m-%d %H:%M}" if ":" in (value_of(text, "date") or "") else f"{here:%Y-%m-%d}"


def _still_hidden(page: Page) -> str:
    """Why readers would not see it, whatever its date and its mark are."""
    if page.hidden_by:
        return f'"{page.hidden_by}" hides it: take that out, or move the file.'
    return "It is a draft all the same." if page.draft else ""
