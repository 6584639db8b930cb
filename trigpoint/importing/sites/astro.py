"""Astro: collections of content, whose addresses come from the routes of `src/pages/`, and pages in Markdown there.

Source: https://docs.astro.build/en/guides/content-collections/, /guides/routing/, /reference/configuration-reference/.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from posixpath import normpath

from trigpoint.importing.reading.configuration import mapping_of, split_url
from trigpoint.importing.reading.entries import Entry, Finding, OldSite
from trigpoint.importing.reading.fields import DATES, Header
from trigpoint.importing.reading.folders import Folder
from trigpoint.importing.reading.headers import Parted
from trigpoint.importing.reading.permalinks import clean_address, name_without_date
from trigpoint.importing.reading.texts import MADE_BY_US, Texts, own_name
from trigpoint.importing.sites.plain import LANGUAGES, POSTS

CONFIGURATION = tuple(f"astro.config.{suffix}" for suffix in ("mjs", "ts", "js", "mts", "cjs"))
COLLECTIONS = tuple(f"src/content{end}.{suffix}" for end in (".config", "/config") for suffix in ("ts", "mjs", "js"))
CONSTANTS = (
    *(f"src/{name}.{suffix}" for name in ("config", "consts", "constants", "site.config") for suffix in ("ts", "js")),
    "astro-paper.config.ts",
)
"""Where themes have what the configuration only names."""

URL = re.compile(r"\b(?:site|website|SITE_URL|siteUrl|url)\b[\"']?\s*[:=]\s*[\"'`](?P<text>https?://[^\"'`]+)")
BASE = re.compile(r"\bbase\s*:\s*[\"'`](?P<text>/?[\w./-]+)")
LOCALE = re.compile(r"\b(?:defaultLocale|lang|locale)\s*:\s*[\"'`](?P<text>[A-Za-z]{2}(?:-[A-Za-z]{2,4})?)[\"'`]")
CONSTANT = re.compile(r"\bconst\s+(?P<name>\w+)\s*=\s*[\"'`](?P<value>[^\"'`]*)[\"'`]")
DEFINED = re.compile(r"\b(?P<name>\w+)\s*=\s*defineCollection\s*\((?P<inside>(?:(?!defineCollection).)*)", re.S)
LOADED = re.compile(r"\bbase\s*:\s*[\"'`](?P<base>[^\"'`]+)")
EXPORTED = re.compile(r"\bcollections\s*=\s*\{(?P<pairs>[^{}]*)\}")
ASKED = re.compile(r"\bgetCollection(?:<[^<>]*>)?\(\s*[\"'`](?P<name>[\w-]+)")
ROUTE = re.compile(r"\[(?:\.\.\.)?(?:slug|id|path|post|entry)\](?:/index)?\.astro$")
OF_LANGUAGE = re.compile(r"\[(?:\.\.\.)?(?:lang|locale)\]")


@dataclass(frozen=True, slots=True)
class _Collection:
    """Texts below `base` under one name; `route` is the address before their slugs, None where they have no pages."""

    name: str
    base: str
    route: str | None


def read(folder: Folder) -> OldSite:
    """The blog of this folder."""
    config = folder.readable_text(folder.first(*CONFIGURATION))
    constants = "\n".join(folder.readable_text(name) for name in CONSTANTS if folder.has(name))
    base_url, path = split_url(_first(URL, config, constants))
    base = "/".join(("", *filter(None, _first(BASE, config).split("/")))) or path
    texts = Texts(folder, bare=False)
    entries = (*_of_collections(folder, texts, base_url + base), *_pages(folder, texts))
    return OldSite(
        "astro",
        folder.root,
        entries,
        base_url,
        base,
        _first(LOCALE, config, constants),
        statics=(("/", "public"), ("/src/", "src"), *_short_paths(folder)),
        feeds=("/rss.xml", "/feed.xml", "/atom.xml", "/index.xml"),
        dialects=("astro",),
        findings=(*folder.findings, *texts.findings),
    )


def _first(pattern: re.Pattern[str], *texts: str) -> str:
    return next((found["text"] for text in texts if (found := pattern.search(text))), "")


def _short_paths(folder: Folder) -> Iterator[tuple[str, str]]:
    """The short names of folders that `tsconfig.json` gives: `"@assets/*": ["./src/assets/*"]`."""
    written = re.sub(
        r"^\s*//.*$|/\*.*?\*/(?!\*|\")|,(?=\s*[}\]])", "", folder.readable_text("tsconfig.json"), flags=re.M
    )
    try:
        options = mapping_of(json.loads(written or "{}"), "compilerOptions")
    except (ValueError, RecursionError):
        return
    for name, places in mapping_of(options, "paths").items():
        if name.endswith("/*") and isinstance(places, list) and places:
            place = normpath(f"{options.get('baseUrl') or '.'}/{places[0]}".removesuffix("/*"))
            yield "/" if name == "@/*" else f"/{name.removesuffix('*')}", place


def _collections(folder: Folder) -> list[_Collection]:
    """Those that are defined, and the other folders of `src/content/`."""
    written = folder.readable_text(folder.first(*COLLECTIONS))
    constants = {found["name"]: found["value"] for found in CONSTANT.finditer(written)}
    written = re.sub(r"\$\{(\w+)\}", lambda found: constants.get(found[1], found[0]), written)
    exported = EXPORTED.search(written)
    pairs = re.findall(r"[\"']?([\w-]+)[\"']?\s*:\s*(\w+)", exported["pairs"]) if exported else []
    names = {str(variable): str(name) for name, variable in pairs}
    bases: dict[str, str] = {}
    for found in DEFINED.finditer(written):
        name = names.get(found["name"], found["name"])
        loaded = LOADED.search(found["inside"])
        bases[name] = normpath(loaded["base"]) if loaded else f"src/content/{name}"
    for path in folder.below("src/content"):
        if path.count("/") > 2 and not any(path.startswith(f"{base}/") for base in bases.values()):
            bases[path.split("/")[2]] = f"src/content/{path.split('/')[2]}"
    routes = _routes(folder)
    return [
        _Collection(name, base, routes.get(name, routes.get("") if _holds_posts(name) else None))
        for name, base in bases.items()
    ]


def _routes(folder: Folder) -> dict[str, str]:
    """The address before the slugs of each collection; under "" the one whose page asks for none by its name."""
    routes: dict[str, str] = {}
    for path in folder.below("src/pages", ".astro"):
        if found := ROUTE.search(path):
            route = path[len("src/pages") : found.start()]
            asked = ASKED.search(folder.readable_text(path))
            routes.setdefault(asked["name"] if asked else route.strip("/").rpartition("/")[2], route)
            if not asked:
                routes.setdefault("", route)
    return routes


def _holds_posts(name: str) -> bool:
    return POSTS.search(f"{name}/") is not None


def _of_collections(folder: Folder, texts: Texts, base: str) -> Iterator[Entry]:
    for collection in _collections(folder):
        for path, found in texts.all(folder.below(collection.base)):
            below = path.removeprefix(f"{collection.base}/")
            date, _ = name_without_date(own_name(below))
            is_post = bool(date or Header(found.fields).first(DATES)) or _holds_posts(collection.name)
            if any(part.startswith("_") for part in below.split("/")) or (collection.route is None and not is_post):
                texts.findings.append(Finding("not-published", f"collection {collection.name}", path, is_loss=False))
                continue
            yield _entry(path, below, found, collection, is_post, date, base)


def _entry(path: str, below: str, found: Parted, collection: _Collection, is_post: bool, date: str, base: str) -> Entry:
    header = Header(found.fields)
    slug = header.text("slug", "postslug") or "/".join(map(_slug, re.sub(r"(?:/index)?\.\w+$", "", below).split("/")))
    first, _, rest = slug.partition("/")
    lang = first if rest and first.casefold() in LANGUAGES else ""
    address = ""
    if collection.route is not None:
        is_routed = OF_LANGUAGE.search(collection.route) is not None
        route = OF_LANGUAGE.sub(lang, collection.route)
        address = clean_address(f"{route}/{rest if is_routed and lang else slug}/")
    return Entry(
        path=path,
        fields=found.fields,
        body=found.body,
        is_post=is_post,
        line=found.line,
        name=name_without_date(slug.rpartition("/")[2])[1],
        address=address,
        lang=lang,
        date=date,
        id=f"{base}{address}" if base and address and is_post else "",
        findings=() if address else (Finding("address-unknown", "", path, 1),),
    )


def _slug(segment: str) -> str:
    """As github-slugger makes it."""
    return re.sub(r"[^\w\- ]", "", segment.lower()).replace(" ", "-")


def _pages(folder: Folder, texts: Texts) -> Iterator[Entry]:
    """The texts that are pages by their place; old blogs had their posts there."""
    for path, found in texts.all(folder.below("src/pages")):
        below = path.removeprefix("src/pages/")
        is_post = bool(Header(found.fields).first(DATES)) and POSTS.search(below) is not None
        if is_post or not MADE_BY_US.match(own_name(below)):
            address = clean_address("/" + re.sub(r"(?:index)?\.\w+$", "", below) + "/")
            yield Entry(path, found.fields, found.body, is_post, found.line, own_name(below), address)
