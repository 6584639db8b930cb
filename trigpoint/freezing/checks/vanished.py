"""What readers of the last release have and would lose: addresses, headings that links name, ids of feed entries.

Each loss is a Fault with the line that prevents it. An author who means it says so: once by `--drop`, or in site.toml.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import cached_property
from html import unescape
from urllib.parse import unquote, urlsplit

from trigpoint.content.pages import Page
from trigpoint.faults import Fault, errors
from trigpoint.freezing.checks.site import RESERVED
from trigpoint.freezing.ledger import Ledger, Record
from trigpoint.freezing.release import Release
from trigpoint.freezing.releases import Releases
from trigpoint.library.clashes import place_of
from trigpoint.library.snapshot import hidden_because
from trigpoint.library.suggestions import place_suggestion, suggestion
from trigpoint.markup.document import OF_LAYOUT
from trigpoint.notes import Note, digest_of
from trigpoint.web.feeds import ENTRIES
from trigpoint.web.head import entry_id
from trigpoint.web.site import Site

BODY = "rendered_body"
"""The question that a page's file was made from: its first argument is the path of the source."""

GONE = "address-gone"
"""The kind of a Fault about an address that readers have, and would lose."""

ID_CHANGED = "id-changed"
"""The kind of a Fault whose cure is the line that has to stand in the header."""

REDIRECT = "redirect"
"""The question behind the page of an alias; its answer is the address where that leads."""

NUMBERED = re.compile(r".*/page/\d+/|/posts/[^/]+/history/|/404\.html|/static/.*")
"""Addresses that come and go with others, or with what git knows: nobody links to them."""

HEADING = re.compile(r"<h[2-6][^>]*\bid=\"([^\"]+)\"")


def losses(
    site: Site,
    addresses: tuple[str, ...],
    drop: tuple[str, ...] = (),
    ledger: Ledger | None = None,
    despite_faults: bool = False,
) -> tuple[Fault, ...]:
    """What readers would lose with these addresses, but for what `drop` or the setting `dropped` names.

    A pattern is an address (`/posts/a/`), a heading (`/posts/a/#part`), or either with `*` in it. `ledger` is of the
    newest release, where it was read already. While a source or tags.toml can't be read, what it gives seems lost: then
    nothing is told, but `despite_faults`, for a freeze that goes on with what there is.
    """
    release = Releases.of(site.settings).newest
    is_unreadable = bool(errors(site.loader.library.snapshot.faults))
    if release is None or "*" in drop or (is_unreadable and not despite_faults):
        return ()
    meant = (*drop, *site.settings.dropped)
    known = _Known(site, release, ledger or release.ledger, frozenset(map(place_of, addresses)))
    every = (*known.lost_addresses(), *known.lost_headings(), *known.changed_ids())
    kept = (fault for fault in every if not any(fnmatchcase(fault.subject, each) for each in meant))
    return tuple(sorted((*kept, *_unmatched(drop, tuple(fault.subject for fault in every)))))


def _unmatched(drop: tuple[str, ...], lost: tuple[str, ...]) -> Iterator[Fault]:
    """A warning for each pattern of `--drop` that is about nothing of what readers would lose."""
    for pattern in drop:
        if not any(fnmatchcase(each, pattern) for each in lost):
            sentence = f"{pattern} is nothing that readers would lose."
            yield Fault("--drop", 0, 0, sentence, place_suggestion(pattern, lost), warning=True, kind="drop-unmatched")


def new_entries(site: Site) -> int | None:
    """How many entries of the feed subscribers of the last release have not seen; None where there is no such feed."""
    release = Releases.of(site.settings).newest
    ids = _ids_in_feed(release) if release else {}
    entries = site.loader.library.newest(ENTRIES)
    return sum(entry_id(site.settings, post) not in ids.values() for post in entries) if ids else None


@dataclass(frozen=True)
class _Known:
    """The last release beside the Library of now; `places` are what has an address now, letter case aside."""

    site: Site
    release: Release
    ledger: Ledger
    places: frozenset[str]

    def lost_addresses(self) -> Iterator[Fault]:
        """A Fault for each page, and for each alias whose page stays."""
        lost = {address: record for address, record in self.ledger.records.items() if self._is_lost(address, record)}
        targets = frozenset(map(digest_of, lost))
        for address, record in lost.items():
            redirect = self._note(record, REDIRECT)
            if redirect is None or redirect.digest not in targets:
                yield self._lost(address, self._note(record, BODY))

    def _is_lost(self, address: str, record: Record) -> bool:
        is_page = record.path.endswith(".html") and not NUMBERED.fullmatch(address)
        return is_page and place_of(address) not in self.places and not self._has_expired(address)

    def _lost(self, address: str, source: Note | None) -> Fault:
        hidden = self._hidden.get(address)
        meant = f"where it is meant: `--drop {address}`."
        sentence = f"Readers have {address}, and it would be gone"
        if hidden:
            why = hidden_because(hidden, self.site.loader.library.snapshot.now)
            return self._fault(hidden.path, f"{sentence}. {why}", f"Let it be published, or {meant}", address)
        page = self._successor(source) if source else None
        if page:
            return self._fault(page.path, f"{sentence}.", f"Write `aliases: [{address}]`, or {meant}", address)
        if address.startswith("/tags/"):
            return self._lost_tag(address, f"{sentence}.", meant)
        cure = f"Where it has another name now, write `aliases: [{address}]` there; {meant}"
        return self._fault(str(source.arguments[0]) if source else "", f"{sentence}.", cure, address)

    def _lost_tag(self, address: str, sentence: str, meant: str) -> Fault:
        """A warning where the tag only has no articles any more: its page is there again with the next one."""
        slug = address.strip("/").rpartition("/")[2]
        if any(tag.slug == slug for tag in self.site.loader.library.snapshot.registry):
            fault = self._fault("tags.toml", sentence, "No article has this tag now.", address)
            return replace(fault, warning=True)
        cure = f'Write `aliases = ["{slug}"]` at the tag that has its articles now, or {meant}'
        return self._fault("tags.toml", sentence, cure, address)

    def lost_headings(self) -> Iterator[Fault]:
        library = self.site.loader.library
        for page in library.published:
            record = self.ledger.records.get(page.address)
            source = self._note(record, BODY) if record else None
            if not record or not source or source.digest == library.source_digest(page.path):
                continue
            now = library.anchors(page.path)
            for anchor in self._headings(record):
                if anchor not in now:
                    yield self._lost_heading(page, anchor, now)

    def _lost_heading(self, page: Page, anchor: str, now: tuple[str, ...]) -> Fault:
        sentence = f'Links lead to the heading "#{anchor}" of this page, and it would be gone.'
        cure = f"Write `{{#{anchor}}}` behind the heading that says it now, or where it is meant: "
        near = f"{suggestion(anchor, now)} " if suggestion(anchor, now) else ""
        address = f"{page.address}#{anchor}"
        return self._fault(page.path, sentence, f"{near}{cure}`--drop {address}`.", address, kind="heading-gone")

    def changed_ids(self) -> Iterator[Fault]:
        settings = self.site.settings
        known = _ids_in_feed(self.release)
        for post in self.site.loader.library.newest(ENTRIES):
            old = next((known[each] for each in (post.address, *post.aliases) if each in known), "")
            new = entry_id(settings, post)
            if old and old != new and not _is_of_nobody(old):
                sentence = f'Its id in the feed was "{old}", and would be "{new}": subscribers would get it again.'
                line = f"`id: {json.dumps(old, ensure_ascii=False)}`"
                meant = f"or where it is meant: `--drop {post.address}`."
                cure = f"Write {line}, which `flask check --fix` does, {meant}"
                yield self._fault(post.path, sentence, cure, post.address, kind=ID_CHANGED)

    @cached_property
    def _hidden(self) -> Mapping[str, Page]:
        snapshot = self.site.loader.library.snapshot
        return {page.address: page for page in snapshot.pages if hidden_because(page, snapshot.now)}

    @cached_property
    def _by_digest(self) -> Mapping[str, Page]:
        library = self.site.loader.library
        return {library.source_digest(page.path): page for page in library.published}

    def _has_expired(self, address: str) -> bool:
        page = self._hidden.get(address)
        return bool(page and page.expires and page.expires <= self.site.loader.library.snapshot.now)

    def _note(self, record: Record, name: str) -> Note | None:
        """The first note of this question behind a file."""
        notes = (self.ledger.table[number] for number in record.notes)
        return next((note for note in notes if note.name == name), None)

    def _successor(self, source: Note) -> Page | None:
        """The page that is made from the same file now, or from one with the same content."""
        page = self.site.loader.library.page_of(str(source.arguments[0]))
        return page or self._by_digest.get(source.digest)

    def _headings(self, record: Record) -> list[str]:
        try:
            html = (self.release.path / record.path).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return []
        return [name for found in HEADING.findall(html) if not (name := unescape(found)).startswith(OF_LAYOUT)]

    def _fault(self, path: str, sentence: str, cure: str, subject: str, kind: str = GONE) -> Fault:
        folder = self.site.settings.pages
        return Fault(f"{folder}/{path}" if path else folder, 0, 0, sentence, cure, kind=kind, subject=subject)


def _ids_in_feed(release: Release) -> dict[str, str]:
    """The ids of the entries in a release's feed, by their posts' addresses, without the path of the site then."""
    try:
        feed = json.loads((release.path / "feed.json").read_bytes())
        base_path = urlsplit(feed["home_page_url"]).path.rstrip("/")
        return {unquote(urlsplit(item["url"]).path.removeprefix(base_path)): str(item["id"]) for item in feed["items"]}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _is_of_nobody(identity: str) -> bool:
    """Whether an id names a host that no subscriber could have asked: of a blog that had no address yet."""
    return bool(RESERVED.fullmatch(identity.removeprefix("tag:").partition(",")[0]))
