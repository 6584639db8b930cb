"""Eleventy: Markdown below its input folder, with directory data and permalinks that are small templates.

Source: https://www.11ty.dev/docs/permalinks/, /docs/data-template-dir/, /docs/languages/markdown/.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from posixpath import join, normpath
from typing import Any

from trigpoint.importing.dialects.expressions import EXPRESSION, value_of
from trigpoint.importing.reading.configuration import configuration, named_texts, split_url, text_of
from trigpoint.importing.reading.entries import Entry, Finding, OldSite
from trigpoint.importing.reading.fields import DATES, Header, is_true, moment, names
from trigpoint.importing.reading.folders import Folder
from trigpoint.importing.reading.headers import Parted
from trigpoint.importing.reading.permalinks import clean_address, name_without_date
from trigpoint.importing.reading.texts import MADE_BY_US, TEMPLATE, Texts, folder_of, own_name, stem
from trigpoint.importing.sites.plain import POSTS

CONFIGURATION = (
    ".eleventy.js", "eleventy.config.js", "eleventy.config.cjs", "eleventy.config.mjs", "eleventy.config.ts",
    ".eleventy.cjs",
)  # fmt: skip
COLLECTIONS = (
    "post",
    "posts",
    "blog",
    "article",
    "articles",
    "all",
    "nav",
    "page",
    "pages",
    "writing",
    "note",
    "notes",
)
"""Tags by which Eleventy gathers pages; readers never saw them."""
SITE = ("metadata", "site", "meta", "config", "settings")
"""Names of the data that say where the site is."""

INPUT = re.compile(r"\binput\s*:\s*[\"'](?P<folder>[^\"']+)[\"']")
PASSED = re.compile(r"addPassthroughCopy\(\s*(?:[\"'](?P<same>[^\"']+)[\"']|\{(?P<moved>[^}]*)\})")
NUNJUCKS = re.compile(r"markdownTemplateEngine\s*:\s*[\"']njk")
JS_ENTRY = re.compile(
    r"[\"']?(?P<name>permalink|tags|layout|lang|author|draft)[\"']?\s*:\s*(?:\[(?P<list>[^\]]*)\]|[\"'`](?P<text>[^\"'`]*)[\"'`])"
)


def read(folder: Folder) -> OldSite:
    """The blog of this folder."""
    written = folder.readable_text(folder.first(*CONFIGURATION))
    found = INPUT.search(written)
    start = (found["folder"] if found else "").strip("./")
    values, data = _data(folder, _place(written, "data", start))
    base_url, base_path = split_url(text_of(data, "url") or text_of(data, "base") or text_of(data, "baseUrl"))
    texts = Texts(folder, bare=False)
    entries = tuple(_entries(folder, texts, start, base_url + base_path))
    return OldSite(
        "eleventy",
        folder.root,
        entries,
        base_url,
        base_path,
        text_of(data, "language") or text_of(data, "lang"),
        statics=(("/", start), ("/", "public"), ("/", "static"), *_passed(written, start)),
        feeds=("/feed/feed.xml", "/feed.xml", "/feed/", "/atom.xml", "/rss.xml"),
        values=values,
        dialects=("liquid", *(("nunjucks",) if NUNJUCKS.search(written) else ())),
        snippets=_snippets(folder, _place(written, "includes", start)),
        findings=(*folder.findings, *texts.findings),
    )


def _place(written: str, name: str, start: str) -> str:
    """The folder of `data` or `includes`, which is meant from the input folder."""
    found = re.search(rf"\b{name}\s*:\s*[\"']([^\"']+)[\"']", written)
    return normpath(join(start, found[1] if found else f"_{name}"))


def _data(folder: Folder, place: str) -> tuple[dict[str, str], dict[str, Any]]:
    """What templates may name, by the name of each file of data; and the one that is about the site."""
    found = {stem(path): configuration(folder, path) for path in folder.below(place, ".json", ".js", ".cjs", ".mjs")}
    values = {key: text for name, data in found.items() for key, text in named_texts(data, name).items()}
    return values, next((found[name] for name in SITE if found.get(name)), {})


def _snippets(folder: Folder, below: str) -> dict[str, str]:
    return {
        path.removeprefix(f"{below}/"): folder.readable_text(path)
        for path in folder.below(below, ".html", ".njk", ".liquid", ".md", ".svg")
    }


def _passed(written: str, start: str) -> Iterator[tuple[str, str]]:
    """The folders that are copied as they are, with their addresses."""
    for found in PASSED.finditer(written):
        if found["same"]:
            path = found["same"].strip("./")
            yield "/" + path.removeprefix(f"{start}/"), path
        for pair in re.finditer(r"[\"']([^\"']+)[\"']\s*:\s*[\"']([^\"']*)[\"']", found["moved"] or ""):
            yield "/" + pair[2].strip("./"), pair[1].strip("./").removesuffix("/**/*")


def _entries(folder: Folder, texts: Texts, start: str, base: str) -> Iterator[Entry]:
    data: dict[str, dict[str, Any]] = {}
    for path, found in texts.all(folder.below(start), TEMPLATE):
        below = path.removeprefix(f"{start}/") if start else path
        parts = below.split("/")
        if any(part.startswith("_") and part not in ("_posts", "_drafts") for part in parts):
            continue
        for depth in range(len(parts)):
            place = "/".join([*([start] if start else []), *parts[:depth]])
            if place not in data:
                data[place] = _directory_data(folder, place)
        fields: dict[str, Any] = {}
        for depth in range(len(parts)):
            fields |= data["/".join([*([start] if start else []), *parts[:depth]])]
        entry = _entry(path, below, Parted({**fields, **found.fields}, found.body, found.line), fields, base)
        if not entry.is_post and MADE_BY_US.match(own_name(below)):
            continue
        yield entry


def _directory_data(folder: Folder, place: str) -> dict[str, Any]:
    """What `posts/posts.json` or `posts/posts.11tydata.js` says for all files of a folder, as far as it is plain."""
    name = place.rpartition("/")[2]
    for path in (f"{place}/{name}.json", f"{place}/{name}.11tydata.json"):
        try:
            found = json.loads(folder.readable_text(path) if path in folder.names else "{}")
        except ValueError:
            continue
        if isinstance(found, dict) and found:
            return {key: value for key, value in found.items() if isinstance(value, str | list)}
    for path in (f"{place}/{name}.11tydata.js", f"{place}/{name}.11tydata.cjs"):
        if path in folder.names:
            pairs = JS_ENTRY.finditer(folder.readable_text(path))
            return {
                found["name"]: found["text"] if found["text"] is not None else names(found["list"]) for found in pairs
            }
    return {}


def _entry(path: str, below: str, found: Parted, inherited: dict[str, Any], base: str) -> Entry:
    fields = dict(found.fields)
    tags = names(fields.get("tags", ""))
    in_collection = any(tag.casefold() in COLLECTIONS for tag in (*tags, *names(inherited.get("tags", ""))))
    fields["tags"] = [tag for tag in tags if tag.casefold() not in COLLECTIONS]
    date, rest = name_without_date(own_name(below))
    header = Header(fields)
    is_post = (in_collection or POSTS.search("/" + below) is not None) and bool(
        date or header.first(DATES) or in_collection
    )
    folders = folder_of(below)
    if stem(below) == "index":
        folders = folder_of(folders) if folders else ""
    slug = rest or own_name(below)
    written = fields.get("permalink")
    address = clean_address("/" + "/".join(filter(None, (folders, slug))) + "/")
    if isinstance(written, str) and written.strip() and written.casefold() != "false":
        address = _permalink(written, fields, slug, folders, date) or address
    findings = [] if address else [Finding("address-unknown", "", path, 1)]
    excluded = is_true(fields.get("eleventyExcludeFromCollections", ""))
    return Entry(
        path=path,
        fields=fields,
        body=found.body,
        is_post=is_post,
        line=found.line,
        name=text_of(fields, "slug") or slug,
        address=address,
        date=date,
        hidden="eleventyExcludeFromCollections" if excluded else "",
        id=f"{base}{address}" if base and is_post else "",
        findings=tuple(findings),
    )


def _permalink(written: str, fields: dict[str, Any], slug: str, folders: str, date: str) -> str:
    """A permalink with its values filled in, "" where one is not known."""
    values = {name: value for name, value in fields.items() if isinstance(value, str)}
    when = moment(fields.get("date") or date)
    values |= {
        "page.fileSlug": slug,
        "page.filePathStem": "/" + "/".join(filter(None, (folders, slug))),
        "fileSlug": slug,
        "slug": fields.get("slug") or slug,
    }
    values |= {"page.date": f"{when:%Y-%m-%d}", "date": f"{when:%Y-%m-%d}"} if when else {}
    found = [value_of(_formatted(each["inside"].strip(), when), values) for each in EXPRESSION.finditer(written)]
    if None in found or "{%" in written:
        return ""
    pieces = iter(found)
    return clean_address("/" + EXPRESSION.sub(lambda _: str(next(pieces)), written).lstrip("/"))


def _formatted(inside: str, when: Any) -> str:
    """`page.date | date: "%Y/%m"` with its format filled in."""
    found = re.fullmatch(r"(?:page\.)?date\s*\|\s*date:?\(?\s*[\"']([^\"']*)[\"']\)?", inside)
    return json.dumps(when.strftime(found[1])) if found and when else inside
