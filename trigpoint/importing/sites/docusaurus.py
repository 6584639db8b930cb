"""Docusaurus: the posts of `blog/` at the addresses of their names, `docs/` and `src/pages/` as pages, translations.

Source: https://docusaurus.io/docs/blog, /docs/api/plugins/@docusaurus/plugin-content-blog, /docs/i18n/tutorial.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from trigpoint.importing.reading.configuration import configuration, split_url, text_of
from trigpoint.importing.reading.entries import Entry, OldSite
from trigpoint.importing.reading.fields import DATES, Header
from trigpoint.importing.reading.folders import Folder
from trigpoint.importing.reading.headers import Parted
from trigpoint.importing.reading.permalinks import clean_address
from trigpoint.importing.reading.texts import Texts

CONFIGURATION = tuple(f"docusaurus.config.{suffix}" for suffix in ("js", "ts", "mjs", "cjs", "mts"))
VALUE = r"\s*[:=]\s*[\"'`](?P<text>[^\"'`]*)[\"'`]"
URL, BASE, LOCALE = (re.compile(rf"\b{name}{VALUE}") for name in ("url", "baseUrl", "defaultLocale"))
BLOG = re.compile(r"\bblog\s*:\s*\{(?P<options>[^{}]*)|plugin-content-blog[\"'`]\s*,\s*\{(?P<other>[^{}]*)")
"""The options of a blog, as far as the first of them that holds others."""

ROUTE, PATH = (re.compile(rf"\b{name}{VALUE}") for name in ("routeBasePath", "path"))
COMMENT = re.compile(r"^\s*//.*$|(?<![:\"'`])//[^\n\"'`]*$|/\*.*?\*/", re.M | re.S)
DATED = re.compile(
    r"(?P<folder>.*?)(?P<year>\d{4})[-/](?P<month>\d{1,2})[-/](?P<day>\d{1,2})[-/]?(?P<text>.*?)(?:/index)?\.\w+\Z",
    re.I,
)
NUMBER = re.compile(r"\A\d+[-_. ]+(?=[^\d])")
"""What puts the texts of `docs/` in order, and is no part of an address."""


def read(folder: Folder) -> OldSite:
    """The blog of this folder."""
    config = COMMENT.sub("", folder.readable_text(folder.first(*CONFIGURATION)))
    base_url, path = split_url(_first(URL, config))
    base_path = "/".join(("", *filter(None, _first(BASE, config).split("/")))) or path
    texts, host = Texts(folder, bare=False), base_url + base_path
    blogs = dict(_blogs(config))
    entries = [entry for place, route in blogs.items() for entry in _posts(folder, texts, place, route, "", host)]
    for lang in sorted({path.split("/")[1] for path in folder.below("i18n") if path.count("/") > 1}):
        place = f"i18n/{lang}/docusaurus-plugin-content-blog"
        entries += _posts(folder, texts, place, f"/{lang}{next(iter(blogs.values()))}", lang, host)
    entries += [*_pages(folder, texts, "docs", "/docs"), *_pages(folder, texts, "src/pages", "")]
    authors: dict[str, object] = {}
    for place in blogs:
        authors |= configuration(folder, f"{place}/authors.yml", f"{place}/authors.yaml", f"{place}/authors.json")
    return OldSite(
        "docusaurus",
        folder.root,
        tuple(entries),
        base_url,
        base_path,
        _first(LOCALE, config),
        statics=(("/", "static"), ("/", "")),
        feeds=tuple(f"{route}/{name}" for route in blogs.values() for name in ("rss.xml", "atom.xml", "feed.json")),
        dialects=("docusaurus", "mdx"),
        tag_prefixes=tuple(f"{route}/tags/" for route in blogs.values()),
        lists=tuple(route for route in blogs.values() if route),
        authors={str(key): text_of(value, "name") or str(key) for key, value in authors.items()},
        findings=(*folder.findings, *texts.findings),
    )


def _first(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found["text"] if found else ""


def _blogs(config: str) -> Iterator[tuple[str, str]]:
    """The folder of each blog, and the address below which its posts stood."""
    found = [each["options"] or each["other"] or "" for each in BLOG.finditer(config)]
    for options in found or [""]:
        place = _first(PATH, options).strip("./") or "blog"
        route = ROUTE.search(options)
        yield place, f"/{(route['text'] if route else 'blog').strip('/')}".rstrip("/")


def _posts(folder: Folder, texts: Texts, place: str, route: str, lang: str, host: str) -> Iterator[Entry]:
    for path, found in texts.all(folder.below(place)):
        below = path.removeprefix(f"{place}/")
        if not any(part.startswith("_") for part in below.split("/")):
            yield _post(path, below, found, route, lang, host)


def _post(path: str, below: str, found: Parted, route: str, lang: str, host: str) -> Entry:
    dated = DATED.match(below)
    date = f"{dated['year']}-{int(dated['month']):02}-{int(dated['day']):02}" if dated else ""
    rest = (
        f"{dated['folder']}{date.replace('-', '/')}/{dated['text']}"
        if dated
        else re.sub(r"(?:/index)?\.\w+$", "", below)
    )
    slug = Header(found.fields).text("slug").strip("/")
    address = clean_address(f"{route}/{slug or rest}")
    return Entry(
        path=path,
        fields=found.fields,
        body=found.body,
        line=found.line,
        name=address.strip("/").rpartition("/")[2] or rest.strip("/").rpartition("/")[2],
        address=address,
        lang=lang,
        date=date,
        id=f"{host}{address}" if host else "",
    )


def _pages(folder: Folder, texts: Texts, place: str, route: str) -> Iterator[Entry]:
    for path, found in texts.all(folder.below(place)):
        below = path.removeprefix(f"{place}/")
        if any(part.startswith("_") for part in below.split("/")) or below.startswith("index."):
            continue
        header = Header(found.fields)
        parts = [
            NUMBER.sub("", part) for part in re.sub(r"(?:/(?:index|readme))?\.\w+$", "", below, flags=re.I).split("/")
        ]
        slug = header.text("slug")
        parts = [slug.strip("/")] if slug.startswith("/") else [*parts[:-1], slug or header.text("id") or parts[-1]]
        address = clean_address(f"{route}/{'/'.join(parts)}")
        is_post = not route and bool(header.first(DATES))
        yield Entry(path, found.fields, found.body, is_post, found.line, parts[-1].rpartition("/")[2], address)
