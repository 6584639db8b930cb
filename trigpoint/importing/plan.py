"""Where each entry goes: slugs, files, aliases and series of a whole import. Pure, and the same for the same source."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from trigpoint.content import places
from trigpoint.content.dates import prefix
from trigpoint.content.slugs import CHARACTERS, slug_fault, slug_from, slugified
from trigpoint.importing.front_matter import Described
from trigpoint.importing.reading.entries import Entry, Finding
from trigpoint.importing.reading.fields import LOCAL
from trigpoint.library.clashes import place_of, redirect_address

FIXED = (
    "/",
    "/tags/",
    "/archive/",
    "/series/",
    "/search/",
    "/posts/",
    "/feed.xml",
    "/404.html",
    "/sitemap.xml",
    "/robots.txt",
)
"""Addresses of this site that no alias may take."""

UNWRITTEN = re.compile("[%?#]")
"""What stands for something else where an address is written."""


@dataclass(frozen=True, slots=True)
class Planned:
    """An entry's place: `stem` is its file below pages/ without suffix, or its folder; `address` is its page's."""

    stem: str
    address: str
    fields: Mapping[str, Any]
    findings: tuple[Finding, ...] = ()

    def path(self, is_bundle: bool) -> str:
        return f"{self.stem}/index.md" if is_bundle else f"{self.stem}.md"


def planned(entries: Sequence[Entry], headers: Sequence[Described], tags: Mapping[str, str]) -> list[Planned]:
    """The place of each entry, in their order."""
    order = sorted(
        range(len(entries)),
        key=lambda n: (not entries[n].is_post, bool(entries[n].lang), _when(headers[n]), entries[n].path),
    )
    stems = _stems(entries, order)
    addresses = [_address(stem, is_post=entry.is_post) for stem, entry in zip(stems, entries, strict=True)]
    parts = _parts(headers, order)
    series = {slugified(each.series) for each in headers if each.series}
    taken = {place_of(address) for address in (*addresses, *FIXED, *(f"/series/{slug}/" for slug in series))}
    taken |= {place_of(f"/tags/{slugified(name)}/") for name in tags.values()}
    made: dict[int, Planned] = {}
    ids: set[object] = {None}
    for n in order:
        fields = dict(headers[n].fields)
        own_tags = list(dict.fromkeys(name for tag in headers[n].tags if (name := tags.get(tag, ""))))
        aliases, lost = _aliases(headers[n].aliases, entries[n], taken, addresses[n])
        fields |= {"tags": own_tags} if own_tags else {}
        fields |= {"aliases": aliases} if aliases else {}
        fields |= {"series": {"name": headers[n].series, "part": parts[n]}} if n in parts else {}
        name = stems[n].rpartition("/")[2]
        if entries[n].is_post and prefix(name)[1] != name:
            fields["slug"] = name
        if fields.get("id") in ids:
            fields.pop("id", None)
        ids.add(fields.get("id"))
        made[n] = Planned(stems[n], addresses[n], fields, tuple(lost))
    return [made[n] for n in range(len(entries))]


def _when(header: Described) -> dt.datetime:
    moment = header.moment or dt.datetime(1970, 1, 1, tzinfo=LOCAL)
    return moment.astimezone(dt.UTC)


def _stems(entries: Sequence[Entry], order: Iterable[int]) -> list[str]:
    stems: dict[int, str] = {}
    taken: set[str] = set()
    for n in order:
        entry = entries[n]
        base = f"posts/{_slug(entry.name)}" if entry.is_post else _page_stem(entry)
        stem, number = base, 2
        if stem.casefold() in taken and entry.lang:
            stem = base = f"{base}-{slugified(entry.lang)}"
        while stem.casefold() in taken or slug_fault(stem.rpartition("/")[2]):
            stem, number = f"{base}-{number}", number + 1
        taken.add(stem.casefold())
        stems[n] = stem
    return [stems[n] for n in range(len(entries))]


def _slug(name: str) -> str:
    slug = slug_from(name)
    if len(slug) > CHARACTERS - 5:
        slug = slug[: CHARACTERS - 5].rpartition("-")[0] or slug[: CHARACTERS - 5]
    slug = slug.strip("-_.") or "post"
    return slug if not slug_fault(slug) else slugified(slug.replace(".", "-")) or "post"


def _page_stem(entry: Entry) -> str:
    """A page stays where it was, if it can: its file's path is its address."""
    written = re.sub(r"\.html?$", "", entry.address.strip("/")) or entry.name
    segments = [_slug(segment) for segment in written.split("/") if segment]
    segments = segments[1:] if len(segments) > 1 and segments[0] in ("pages", "page") else segments
    stem = "/".join(segments) or "page"
    return f"pages/{stem}" if places.is_own(f"/{stem}/") else stem


def _address(stem: str, is_post: bool) -> str:
    return f"/{stem}/" if is_post else places.page_address(f"{stem}.md", "")


def _aliases(written: Iterable[str], entry: Entry, taken: set[str], address: str) -> tuple[list[str], list[Finding]]:
    """The old addresses that can lead here; `taken` grows by them."""
    kept: list[str] = []
    lost: list[Finding] = []
    for each in written:
        path = re.sub(r"^(?:https?:)?//[^/]+", "", each.strip())
        try:
            alias = places.alias(re.split(r"[?#]", path)[0])
        except ValueError:
            if path.strip("/") not in ("", "index.html"):
                lost.append(Finding("alias-impossible", each[:60], entry.path, 1))
            continue
        place, alias = place_of(redirect_address(alias)), UNWRITTEN.sub(lambda found: quote(found[0]), alias)
        if place == place_of(address):
            continue
        if place in taken:
            if alias not in kept:
                lost.append(Finding("alias-taken", alias, entry.path, 1))
            continue
        taken.add(place)
        kept.append(alias)
    return kept, lost


def _parts(headers: Sequence[Described], order: Iterable[int]) -> dict[int, int]:
    """The number of each post in its series: as written where all are written and differ, else by date."""
    members: dict[str, list[int]] = {}
    for n in order:
        if headers[n].series:
            members.setdefault(slugified(headers[n].series), []).append(n)
    parts: dict[int, int] = {}
    for numbers in members.values():
        written = [headers[n].part for n in numbers]
        are_whole = all(written) and len(set(written)) == len(written)
        parts |= dict(zip(numbers, written if are_whole else range(1, len(numbers) + 1), strict=True))
    return parts


def with_cover(planned: Planned, image: str, alt: str) -> Planned:
    return replace(planned, fields={**planned.fields, "cover": {"image": image, "alt": alt}}) if image else planned
