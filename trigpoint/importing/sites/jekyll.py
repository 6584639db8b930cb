"""Jekyll: `_posts/`, `_drafts/`, collections and pages, with `_config.yml`'s permalinks and defaults.

Source: https://jekyllrb.com/docs/permalinks/, /docs/configuration/front-matter-defaults/, /docs/collections/.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from posixpath import dirname
from typing import Any

from trigpoint.content.dates import whole_year
from trigpoint.importing.reading.bibliography import cited
from trigpoint.importing.reading.configuration import configuration, mapping_of, named_texts, split_url, text_of
from trigpoint.importing.reading.entries import Entry, Finding, OldSite
from trigpoint.importing.reading.fields import Header, is_true, moment, names, redirects
from trigpoint.importing.reading.folders import Folder
from trigpoint.importing.reading.headers import Parted
from trigpoint.importing.reading.permalinks import (
    TOKEN,
    clean_address,
    date_tokens,
    filled,
    jekyll_slug,
    name_without_date,
)
from trigpoint.importing.reading.texts import MADE_BY_US, Texts, folder_of, own_name, stem

CONFIGURATION = ("_config.yml", "_config.yaml", "_config.toml")
STYLES = {
    "date": "/:categories/:year/:month/:day/:title:output_ext",
    "pretty": "/:categories/:year/:month/:day/:title/",
    "ordinal": "/:categories/:year/:y_day/:title:output_ext",
    "weekdate": "/:categories/:year/W:week/:short_day/:title:output_ext",
    "none": "/:categories/:title:output_ext",
}
NAMED = re.compile(r"(?P<year>\d{2,4})-(?P<rest>\d{1,2}-\d{1,2}-[^/]*\.[^./]+)\Z")
"""How a file in `_posts/` must be named to be published. Document::DATE_FILENAME_MATCHER."""

FEEDS = ("/feed.xml", "/atom.xml", "/rss.xml", "/feed/", "/feed.atom", "/index.xml")

COMPUTED = (
    "layout.", "theme.", "site.time.", "site.posts.", "site.pages.", "site.html_pages.", "site.static_files.",
    "site.collections.", "site.documents.", "site.categories.", "site.tags.", "site.related_posts.", "site.data.",
    "site.github.",
)  # fmt: skip
"""What Jekyll knows of a site besides its configuration."""


def read(folder: Folder) -> OldSite:
    """The blog of this folder."""
    config = configuration(folder, *CONFIGURATION)
    base_url, path = split_url(text_of(config, "url"))
    texts = Texts(folder, bare=False)
    source = text_of(config, "source").strip("./")
    prefix = f"{source}/" if source else ""
    entries = tuple(_entries(folder, texts, config, base_url, prefix))
    values = {**named_texts(config, "site"), **_data(folder, prefix)}
    sources = cited(folder, f"{prefix}{text_of(config, 'scholar', 'source').strip('./') or '_bibliography'}")
    return OldSite(
        "jekyll",
        folder.root,
        entries,
        base_url,
        text_of(config, "baseurl").rstrip("/") or path,
        text_of(config, "lang") or text_of(config, "locale"),
        statics=(("/", source),),
        feeds=_feeds(folder, config, prefix),
        values={"site.baseurl": "", "site.url": "", "site.github.url": "", **values},
        citations=sources,
        computed=COMPUTED,
        dialects=("liquid", "kramdown", *_options(config)),
        snippets=_snippets(folder, prefix),
        authors=_authors(folder, prefix),
        findings=(*folder.findings, *texts.findings),
    )


def _options(config: dict[str, Any]) -> Iterator[str]:
    """What the site's Markdown reads besides: names of emoji, and the end of a line as a break."""
    if "jemoji" in str(config):
        yield "emoji"
    wrapped = names(mapping_of(config, "redcarpet").get("extensions", ""))
    hard = names(mapping_of(config, "commonmark").get("options", ""))
    if is_true(text_of(config, "kramdown", "hard_wrap")) or "hard_wrap" in wrapped or "HARDBREAKS" in hard:
        yield "breaks"


def _feeds(folder: Folder, config: dict[str, Any], prefix: str) -> tuple[str, ...]:
    own = text_of(config, "feed", "path")
    written = [feed for feed in FEEDS if folder.has(f"{prefix}{feed.strip('/')}")]
    return tuple(dict.fromkeys(("/feed.xml", *([f"/{own.lstrip('/')}"] if own else []), *written)))


def _snippets(folder: Folder, prefix: str) -> dict[str, str]:
    """What `{% include %}` may name."""
    found = {}
    for path in folder.below(f"{prefix}_includes", ".html", ".md", ".svg"):
        try:
            found[path.partition("_includes/")[2]] = folder.text(path)
        except (OSError, ValueError):
            continue
    return found


def _data(folder: Folder, prefix: str) -> dict[str, str]:
    """What `site.data` has of names and their texts."""
    found: dict[str, str] = {}
    for path in folder.below(f"{prefix}_data", ".yml", ".yaml", ".json"):
        name = path.removeprefix(f"{prefix}_data/").rpartition(".")[0].replace("/", ".")
        found |= named_texts(configuration(folder, path), f"site.data.{name}")
    return found


def _authors(folder: Folder, prefix: str) -> dict[str, str]:
    found = configuration(
        folder, f"{prefix}_data/authors.yml", f"{prefix}_data/authors.yaml", f"{prefix}_data/authors.json"
    )
    return {key: text_of(value, "name") or key for key, value in found.items() if isinstance(value, dict)}


def _entries(folder: Folder, texts: Texts, config: dict[str, Any], base_url: str, prefix: str) -> Iterator[Entry]:
    collections = mapping_of(config, "collections")
    for path, found in texts.all(folder.paths):
        below = path.removeprefix(prefix)
        parts = below.split("/")
        kind = _kind(parts, collections, names(config.get("include", "")))
        if kind == "" or (kind == "pages" and (not found.fields or _is_list(below, found))):
            continue
        if kind not in ("posts", "drafts", "pages") and not is_true(mapping_of(collections, kind).get("output", "")):
            texts.findings.append(Finding("not-published", f"collection {kind}", path, is_loss=False))
            continue
        if kind == "posts" and not NAMED.match(parts[-1]):
            texts.findings.append(Finding("not-published", "name without a date", path, is_loss=False))
            continue
        fields = {**_defaults(config, below, kind), **found.fields}
        yield _entry(path, below, kind, Parted(fields, found.body, found.line), config, base_url)


def _is_list(below: str, found: Parted) -> bool:
    """Whether a page is a list of posts, which this site makes its own: one without a text is its layout's alone."""
    return bool(MADE_BY_US.match(own_name(below))) or not found.body.strip()


def _kind(parts: list[str], collections: dict[str, Any], included: list[str]) -> str:
    """posts, drafts, pages, a collection's name, or "" for what Jekyll does not read."""
    if "_posts" in parts[:-1]:
        return "posts"
    if "_drafts" in parts[:-1]:
        return "drafts"
    if parts[0].startswith("_") and parts[0][1:] in collections:
        return parts[0][1:]
    inside = parts[1:] if parts[0] in included else parts
    return "" if any(part.startswith(("_", ".")) for part in inside) else "pages"


def _defaults(config: dict[str, Any], path: str, kind: str) -> dict[str, Any]:
    """What the configuration says for files of this path and type; the more specific scope comes last."""
    kind = "posts" if kind == "drafts" else kind
    fitting = []
    rules = config.get("defaults")
    for rule in rules if isinstance(rules, list) else []:
        scope = text_of(rule, "scope", "path").strip("/")
        wanted = text_of(rule, "scope", "type")
        if wanted in ("", kind, kind.rstrip("s")) and (not scope or _is_below(path, scope)):
            fitting.append((len(scope), bool(wanted), mapping_of(rule, "values")))
    values: dict[str, Any] = {}
    for _, _, each in sorted(fitting, key=lambda rule: rule[:2]):
        values |= each
    return {name: value for name, value in values.items() if name not in ("layout", "image", "header", "title")}


def _is_below(path: str, scope: str) -> bool:
    return path == scope or path.startswith(f"{scope}/") or fnmatchcase(path, f"{scope}*" if "*" in scope else scope)


def _entry(path: str, below: str, kind: str, found: Parted, config: dict[str, Any], base_url: str) -> Entry:
    fields = found.fields
    is_post = kind != "pages"
    date, name = name_without_date(_whole_year(stem(below))) if kind in ("posts", "drafts") else ("", own_name(below))
    slug = str(fields.get("slug") or name)
    folders = [part for part in folder_of(below).split("/") if part and not part.startswith("_")]
    above = [part for part in below.partition("_posts/")[0].split("/") if part and not part.startswith("_")]
    categories = above if kind == "posts" else []
    if categories and not is_true(fields.get("no_categories", "")):
        fields = {**fields, "categories": [*categories, *_categories(fields)]}
    address = _address(fields, kind, slug, name, "/".join(folders), moment(fields.get("date") or date), config)
    base = text_of(config, "baseurl").rstrip("/")
    return Entry(
        path=path,
        fields=fields,
        body=found.body,
        is_post=is_post,
        line=found.line,
        name=slug,
        address=address,
        aliases=_aliases(fields, address),
        date=date,
        hidden="_drafts/" if kind == "drafts" else "",
        id=f"{base_url}{base}{dirname(address.rstrip('/')).rstrip('/')}/{slug}" if base_url and kind == "posts" else "",
    )


def _whole_year(name: str) -> str:
    """The name with the century that Ruby takes a year of two digits to be of."""
    return f"{whole_year(int(name[:2]))}{name[2:]}" if re.match(r"\d\d-\d{1,2}-\d{1,2}-", name) else name


def _aliases(fields: Any, address: str) -> tuple[str, ...]:
    """The header's, and the file itself where an address has no suffix: most hosts answer to both."""
    file = [f"{address}.html"] if address and not re.search(r"(?:/|\.\w+)$", address) else []
    return (*file, *redirects(Header(fields)))


def _categories(fields: Any) -> list[str]:
    return [*names(fields.get("category", "")), *names(fields.get("categories", ""), is_spaced=True)]


def _address(fields: Any, kind: str, slug: str, name: str, folder: str, date: Any, config: dict[str, Any]) -> str:
    if kind == "drafts":
        return ""
    own = text_of(fields, "permalink")
    pattern = own or _pattern(kind, config)
    day = date_tokens(date)
    categories = list(dict.fromkeys(_categories(fields)))
    tokens = {
        **day,
        "title": jekyll_slug(slug, keep_case=True, pretty=True),
        "slug": jekyll_slug(slug),
        "name": jekyll_slug(name, keep_case=True, pretty=True),
        "categories": "/".join(each.lower().replace(" ", "%20") for each in categories),
        "slugified_categories": "/".join(map(jekyll_slug, categories)),
        "output_ext": ".html",
        "basename": name,
        "collection": kind,
        "path": "/".join(filter(None, (folder, name))),
    }
    address = clean_address(filled(STYLES.get(pattern, pattern), tokens))
    return "" if TOKEN.search(address) else address


def _pattern(kind: str, config: dict[str, Any]) -> str:
    site = text_of(config, "permalink") or "date"
    own = text_of(config, "collections", kind, "permalink")
    if kind == "posts":
        return own or site
    is_pretty = site == "pretty" or site.endswith("/")
    return (
        own or ("/:path/" if is_pretty else "/:path:output_ext")
        if kind == "pages"
        else own or ("/:collection/:path/" if is_pretty else "/:collection/:path:output_ext")
    )
