"""Pelican: `content/` with metadata lines, and the patterns of `pelicanconf.py`.

Source: https://docs.getpelican.com/en/latest/settings.html, /content.html.
"""

from __future__ import annotations

import re
from typing import Any

from trigpoint.importing.reading.configuration import constants, split_url
from trigpoint.importing.reading.entries import Entry, OldSite
from trigpoint.importing.reading.fields import moment, plain_text
from trigpoint.importing.reading.folders import Folder
from trigpoint.importing.reading.headers import Parted
from trigpoint.importing.reading.permalinks import (
    clean_address,
    date_in_path,
    formatted,
    name_without_date,
    pelican_slug,
)
from trigpoint.importing.reading.texts import Texts, folder_of, stem

CONFIGURATION = ("pelicanconf.py", "publishconf.py", "settings.py", "conf.py")
FEEDS = ("FEED_ALL_ATOM", "FEED_ALL_RSS", "FEED_ATOM", "FEED_RSS")
FOLDERS = ("posts", "post", "blog", "articles", "article", "content", "drafts", "_drafts", "src", "pages")
"""Folders that are no category, although Pelican would call them so."""


def read(folder: Folder) -> OldSite:
    """The blog of this folder."""
    config = _configuration(folder)
    base_url, base_path = split_url(str(config.get("SITEURL") or ""))
    texts = Texts(folder)
    content = str(config.get("PATH") or "content").strip("./")
    if content and not any(folder.below(content)):
        content = next((name for name in ("content", "src", "blog") if any(folder.below(name))), "")
    reader = _Reader(config, base_url, content)
    entries = tuple(reader.entry(path, found) for path, found in texts.all(folder.below(content)))
    feeds = [f"/{config[name]}" for name in FEEDS if isinstance(config.get(name), str) and "{" not in config[name]]
    return OldSite(
        "pelican",
        folder.root,
        tuple(entry for entry in entries if entry),
        base_url,
        base_path,
        str(config.get("DEFAULT_LANG") or ""),
        statics=(("/", content), *_moved(config, content), ("/", f"{content}/extra"), ("/theme/", "theme/static")),
        feeds=tuple(dict.fromkeys((*feeds, "/feeds/all.atom.xml"))),
        values={"SITEURL": "", "SITENAME": str(config.get("SITENAME") or "")},
        dialects=("pelican", *(("liquid",) if "liquid_tags" in str(config.get("PLUGINS")) else ())),
        tag_prefixes=("/tag/", "/category/", "/tags/", "/categories/"),
        findings=(*folder.findings, *texts.findings),
    )


def _configuration(folder: Folder) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in CONFIGURATION[:3]:
        if folder.has(name):
            try:
                found |= {
                    key: value for key, value in constants(folder.text(name)).items() if value or key not in found
                }
            except (OSError, ValueError):
                continue
    return found


def _moved(config: dict[str, Any], content: str) -> list[tuple[str, str]]:
    """What EXTRA_PATH_METADATA puts elsewhere: `{"extra/robots.txt": {"path": "robots.txt"}}`."""
    moved = config.get("EXTRA_PATH_METADATA")
    pairs = moved.items() if isinstance(moved, dict) else ()
    return [(f"/{to['path']}", f"{content}/{path}") for path, to in pairs if isinstance(to, dict) and to.get("path")]


class _Reader:
    """Makes entries of texts by one configuration."""

    def __init__(self, config: dict[str, Any], base_url: str, content: str) -> None:
        self.config, self.base_url, self.content = config, base_url, content
        pages = config.get("PAGE_PATHS")
        self.pages = tuple(str(path).strip("/") for path in pages) if isinstance(pages, list) else ("pages",)

    def entry(self, path: str, found: Parted) -> Entry:
        below = path.removeprefix(f"{self.content}/") if self.content else path
        is_post = not any(below.startswith(f"{page}/") for page in self.pages if page)
        fields = {name.lower(): value for name, value in found.fields.items()}
        date, rest = name_without_date(stem(below))
        fields = {**self._from_name(below), **fields}
        if is_post and "category" not in fields and self.config.get("USE_FOLDER_AS_CATEGORY", True):
            folder = folder_of(below).rpartition("/")[2]
            if folder and folder.lower() not in FOLDERS and not re.fullmatch(r"[\d-]+", folder):
                fields["category"] = folder
        slug = plain_text(fields.get("slug", "")) or self._slug(fields, rest or stem(below))
        when = moment(fields.get("date") or date or date_in_path(below))
        address = self._address(fields, slug, is_post, when)
        day = f",{when:%Y-%m-%d}" if when else ""
        host = self.base_url.partition("//")[2]
        return Entry(
            path=path,
            fields=fields,
            body=found.body,
            is_post=is_post,
            line=found.line,
            name=slug,
            address=address,
            date=date or date_in_path(below),
            id=f"tag:{host}{day}:{address}" if host and is_post else "",
        )

    def _slug(self, fields: dict[str, Any], name: str) -> str:
        title = plain_text(fields.get("title", ""))
        return pelican_slug(title if title and self.config.get("SLUGIFY_SOURCE", "title") == "title" else name) or name

    def _from_name(self, below: str) -> dict[str, Any]:
        """What FILENAME_METADATA and PATH_METADATA find in a path."""
        found: dict[str, Any] = {}
        for key, text in (("FILENAME_METADATA", stem(below)), ("PATH_METADATA", below)):
            try:
                match = re.match(str(self.config.get(key) or ""), text)
            except re.error:
                continue
            found |= {name: value for name, value in (match.groupdict() if match else {}).items() if value}
        return found

    def _address(self, fields: dict[str, Any], slug: str, is_post: bool, when: Any) -> str:
        kind = "ARTICLE" if is_post else "PAGE"
        own = fields.get("url") or fields.get("save_as")
        pattern = str(own or self.config.get(f"{kind}_URL") or ("{slug}.html" if is_post else "pages/{slug}.html"))
        category = pelican_slug(
            plain_text(fields.get("category", "")) or str(self.config.get("DEFAULT_CATEGORY") or "misc")
        )
        values = {
            "slug": slug, "category": category, "date": when or moment("1970-01-01"),
            "lang": plain_text(fields.get("lang", "")),
            "author": pelican_slug(plain_text(fields.get("author", "") or str(self.config.get("AUTHOR") or ""))),
        }  # fmt: skip
        return clean_address(formatted(pattern, values))
