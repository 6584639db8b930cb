"""An entry's header as ours: what each of its fields means, and the YAML that says so. Pure."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from trigpoint.content.dates import FIRST_YEAR
from trigpoint.content.foreign.entries import clean_title
from trigpoint.content.yaml_nodes import Scalar
from trigpoint.importing.places import FOREIGN
from trigpoint.importing.reading import fields as read
from trigpoint.importing.reading.entries import Entry, Finding, OldSite
from trigpoint.importing.reading.fields import Header
from trigpoint.languages import is_language, nearest_language

ORDER = (
    "title", "date", "updated", "tags", "summary", "description", "slug", "aliases", "draft", "expires", "series",
    "cover",
    "authors", "lang", "id", "toc", "extra",
)  # fmt: skip
HEADING = re.compile(
    r"^(?:#[ \t]+(?P<marked>\S.*?)(?:[ \t]*\{[^{}]*\})?[ \t#]*$|(?P<underlined>\S.*)\n=+[ \t]*$)", re.M
)
FENCED = re.compile(r"^[ \t]*(`{3,}|~{3,}).*?(?:^[ \t]*\1|\Z)", re.M | re.S)
PLAIN = re.compile(r"[^\W_](?:[\w ./+()&'’“”–—…!?%@*=~;$^-]|,(?= )|:(?! |$)|#(?<! #))*", re.S)
UNDATED = "1970-01-01"


@dataclass(frozen=True, slots=True)
class Described:
    """What an entry's header says, in our words; `fields` are ready to be written but for tags, aliases and cover."""

    title: str
    moment: dt.datetime | None
    fields: Mapping[str, Any]
    tags: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    cover: str = ""
    cover_alt: str = ""
    series: str = ""
    part: int = 0
    is_hidden: bool = False
    findings: tuple[Finding, ...] = field(default=())


class _Notes:
    """The findings of one header."""

    def __init__(self, entry: Entry) -> None:
        self.path = entry.path
        self.found = list(entry.findings)

    def add(self, kind: str, name: str = "", is_loss: bool = True) -> None:
        self.found.append(Finding(kind, name, self.path, 1, is_loss))


def described(entry: Entry, site: OldSite, now: dt.datetime, lenient: bool) -> Described:
    """The entry's header in our words. `lenient`: a post of the site that it goes to may lack a date."""
    header, notes = Header(entry.fields), _Notes(entry)
    title = read.title(header) or _heading(entry) or _from_name(entry.name)
    moment, updated = _moments(header, entry, notes)
    out: dict[str, Any] = {"title": title, **_dates(entry, moment, updated, now, lenient, notes)}
    summary, description = header.text(*read.SUMMARIES), header.text(*read.DESCRIPTIONS)
    out |= {name: _unmarked(text) for name, text in (("summary", summary), ("description", description)) if text}
    out |= _visibility(header, entry, now, notes)
    names = read.author_names(header, site.authors)
    out |= {"authors": names} if names else {}
    out |= _language(header, entry, site) | _identity(entry)
    if str(header.first(("toc", "showtoc"))).casefold() in read.FALSE[:3] and entry.markup == "markdown":
        out["toc"] = False
    cover, alt = read.cover(header)
    tags = read.tag_names(header, site.generator == "jekyll") if entry.is_post else []
    series, part = _series(header) if entry.is_post else ("", 0)
    redirects = read.redirects(header)
    old = filter(None, (entry.address, *(entry.aliases or redirects)))
    aliases = dict.fromkeys(each for address in old for each in _with_base(address, site.base_path))
    rest = {name: value for name, value in header.rest().items() if re.fullmatch(r"[\w.-]{1,60}", name)}
    out |= {"extra": rest} if rest else {}
    is_hidden = "draft" in out or (moment is not None and moment > now.astimezone(moment.tzinfo))
    return Described(
        title, moment, out, tuple(tags), tuple(aliases), cover, alt, series, part, is_hidden, tuple(notes.found)
    )


def _dates(
    entry: Entry,
    moment: dt.datetime | None,
    updated: dt.datetime | None,
    now: dt.datetime,
    lenient: bool,
    notes: _Notes,
) -> dict[str, Any]:
    out: dict[str, Any] = {}
    if entry.is_post and moment:
        out["date"] = read.written_moment(moment)
    elif entry.is_post:
        notes.add("date-missing", is_loss=not entry.hidden)
        out |= {} if lenient else {"date": UNDATED}
    if updated and (not moment or updated.date() > moment.date()) and updated.date() <= now.date():
        out["updated"] = read.written_moment(updated)
    return out


def _identity(entry: Entry) -> dict[str, str]:
    """The id by which feed readers know the post: its own, where that is a URI, else its generator's."""
    if not entry.is_post:
        return {}
    own = str(entry.fields.get("id", "") or entry.fields.get("guid", ""))
    known = own if re.fullmatch(r"(?:https?:|tag:|urn:)\S+", own) else entry.id
    return {"id": known} if known and " " not in known and len(known) <= 200 else {}


def _with_base(address: str, base: str) -> list[str]:
    """An old address as its host had it, and below the root."""
    if not base or FOREIGN.match(address) or address.startswith(f"{base}/"):
        return [address]
    return [f"{base}/{address.lstrip('/')}", address]


def _heading(entry: Entry) -> str:
    """The first heading of the text, its marks taken off."""
    if entry.markup != "markdown":
        return ""
    found = HEADING.search(FENCED.sub("", entry.body[:20_000]))
    text = (found["marked"] or found["underlined"]) if found else ""
    text = re.sub(r"!?\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])", r"\1", text)
    return read.cut(clean_title(re.sub(r"[`*]|(?<!\w)_|_(?!\w)", "", text)), read.TITLE)


def _from_name(name: str) -> str:
    words = re.sub(r"[-_]+", " ", name).strip()
    return (words[:1].upper() + words[1:])[:200] or "Untitled"


def _moments(header: Header, entry: Entry, notes: _Notes) -> tuple[dt.datetime | None, dt.datetime | None]:
    written = header.first(read.DATES)
    if str(written).casefold() in (*read.TRUE, *read.FALSE):
        written = next(
            (
                value
                for name, value in header.items()
                if name in read.DATES and str(value).casefold() not in (*read.TRUE, *read.FALSE) and value
            ),
            "",
        )
    updated = written.get("updated", "") if isinstance(written, dict) else header.first(read.UPDATED)
    moment = read.moment(written) if written else None
    if written and moment is None and entry.is_post:
        notes.add("date-unreadable", read.plain_text(written)[:40])
    if moment is None and entry.date:
        moment = read.moment(entry.date)
    if moment is None:
        moment = read.moment(read.appears(header)) if read.appears(header) else None
    return _in_range(moment), _in_range(read.moment(updated) if updated else None)


def _in_range(moment: dt.datetime | None) -> dt.datetime | None:
    return moment if moment is None or FIRST_YEAR <= moment.year <= 2199 else None


def _unmarked(text: str) -> str:
    """A summary as plain text: without the tags and links that a template would have shown."""
    text = re.sub(r"<[a-zA-Z/!][^<>]*>|\{[{%].*?[}%]\}", "", text)
    return " ".join(re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", text).split())


def _visibility(header: Header, entry: Entry, now: dt.datetime, notes: _Notes) -> dict[str, Any]:
    """`draft` and `expires`."""
    reason, is_understood = read.hidden_by(header)
    if not is_understood:
        notes.add("visibility-unclear", reason, False)
    appears = read.moment(read.appears(header)) if read.appears(header) else None
    ends = read.moment(read.expires(header)) if read.expires(header) else None
    out: dict[str, Any] = {}
    if reason or entry.hidden or (appears and appears > now.astimezone(appears.tzinfo)):
        out["draft"] = True
    if ends:
        out["expires"] = read.written_moment(ends)
    return out


def _language(header: Header, entry: Entry, site: OldSite) -> dict[str, str]:
    written = (entry.lang or header.text(*read.LANGUAGES)).replace("_", "-").split(",")[0].strip()
    if not written or written.casefold() == site.language.casefold().replace("_", "-"):
        return {}
    meant = written if is_language(written) else nearest_language(written)
    return {"lang": meant} if meant else {}


def _series(header: Header) -> tuple[str, int]:
    value = header.first(read.SERIES)
    part = header.text(*read.PARTS)
    if isinstance(value, dict):
        part = read.plain_text(value.get("part") or value.get("order") or value.get("index") or part)
    name = read.names(value)[:1] if isinstance(value, list) else [read.plain_text(value)]
    number = int(part) if re.fullmatch(r"[1-9]\d{0,3}", part) else 0
    return (name[0] if name and name[0] else ""), number


def written(fields: Mapping[str, Any]) -> str:
    """The header as YAML between its fences, in the order of docs/front-matter.md."""
    lines = [f"{name}: {_value(fields[name], name == 'extra')}" for name in ORDER if name in fields]
    return "---\n" + "\n".join(lines) + "\n---\n"


def _value(value: Any, bare: bool = False, in_flow: bool = False) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Mapping):
        return (
            "{" + ", ".join(f"{_text(str(key), True)}: {_value(item, bare, True)}" for key, item in value.items()) + "}"
        )
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_value(item, bare, True) for item in value) + "]"
    text = str(value)
    if bare and re.fullmatch(r"true|false|-?(?:0|[1-9]\d{0,14})(?:\.\d{1,10})?", text):
        return text
    is_date = re.fullmatch(r"\d{4}-\d\d-\d\d(?: \d\d:\d\d:\d\d(?:[+-]\d\d:\d\d)?)?", text) is not None and not in_flow
    return text if is_date else _text(text, in_flow)


def _text(text: str, in_flow: bool) -> str:
    is_plain = (
        PLAIN.fullmatch(text)
        and not text.endswith((" ", ":"))
        and " #" not in text
        and Scalar(text, True, 1, 1).kind == "text"
    )
    return (
        text if is_plain and not (in_flow and re.search(r"[,\[\]{}:]", text)) else json.dumps(text, ensure_ascii=False)
    )
