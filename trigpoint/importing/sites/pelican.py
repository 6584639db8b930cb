"""Pelican: `content/` with metadata lines, and the patterns of `pelicanconf.py`.

Source: https://docs.getpelican.com/en/latest/settings.html, /content.html.
"""

from __future__ import annotations

import re
from typing import Any

from trigpoint.importing.reading.configuration import constants, mapping_of, split_url
from trigpoint.importing.reading.entries import Entry, Finding, OldSite
from trigpoint.importing.reading.fields import moment, plain_text
from trigpoint.importing.reading.folders import Folder
from trigpoint.importing.reading.headers import Parted
from trigpoint.importing.reading.permalinks import (
    clean_address,
    date_in_path,
    formatted,
    key_of,
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
    reader = _Reader(config, base_url, base_path, content)
    read_by_pelican = {path: reader.entry(path, found) for path, found in texts.all(folder.below(content))}
    texts.findings += [
        Finding("not-published", "outside of ARTICLE_PATHS", path, is_loss=False)
        for path, entry in read_by_pelican.items()
        if not entry
    ]
    feeds = [f"/{config[name]}" for name in FEEDS if isinstance(config.get(name), str) and "{" not in config[name]]
    return OldSite(
        "pelican",
        folder.root,
        tuple(filter(None, read_by_pelican.values())),
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

    def __init__(self, config: dict[str, Any], base_url: str, base_path: str, content: str) -> None:
        self.config, self.base_url, self.base_path, self.content = config, base_url, base_path, content
        self.pages, self.articles = self._paths("PAGE", "pages"), self._paths("ARTICLE", "")
        self.language = str(config.get("DEFAULT_LANG") or "en")

    def _paths(self, kind: str, default: str) -> tuple[str, ...]:
        """The folders of one kind of texts; `""` is all there are."""
        found = self.config.get(f"{kind}_PATHS") or self.config.get(f"{kind}_DIR") or default
        return tuple(str(path).strip("./") for path in (found if isinstance(found, list) else [found]))

    def entry(self, path: str, found: Parted) -> Entry | None:
        """The text of this file; None where Pelican does not read it."""
        below = path.removeprefix(f"{self.content}/") if self.content else path
        is_post = not any(below.startswith(f"{page}/") for page in self.pages if page)
        if is_post and not any(below.startswith(f"{folder}/") or not folder for folder in self.articles):
            return None
        date, rest = name_without_date(stem(below))
        written = {name.lower(): value for name, value in found.fields.items()}
        fields = {**mapping_of(self.config, "DEFAULT_METADATA"), **self._from_name(below), **written}
        folder = folder_of(below).rpartition("/")[2] if self.config.get("USE_FOLDER_AS_CATEGORY", True) else ""
        placed = {"category": folder, **fields} if folder else fields
        if is_post and folder.lower() not in FOLDERS and not re.fullmatch(r"[\d-]+", folder):
            fields = placed
        slug = plain_text(fields.get("slug", "")) or self._slug(fields, rest or stem(below))
        when = moment(fields.get("date") or date or date_in_path(below))
        lang = plain_text(fields.get("lang", ""))
        lang = "" if lang == self.language else lang
        address, file = (self._address(placed, slug, is_post, when, lang, each) for each in ("URL", "SAVE_AS"))
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
            aliases=() if key_of(file) == key_of(address) else (file,),
            lang=lang,
            date=date or date_in_path(below),
            id=f"tag:{host}{day}:{self.base_path}{address}" if host and is_post else "",
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

    def _address(self, fields: dict[str, Any], slug: str, is_post: bool, when: Any, lang: str, what: str) -> str:
        """Where this text is said to be (URL), or is (SAVE_AS)."""
        kind = ("ARTICLE" if is_post else "PAGE") + ("_LANG" if lang else "")
        others = fields.get("url") or fields.get("save_as"), self.config.get(f"{kind}_URL")
        default = ("" if is_post else "pages/") + ("{slug}-{lang}.html" if lang else "{slug}.html")
        own = (fields.get(what.lower()), self.config.get(f"{kind}_{what}"))
        pattern = str(own[0] or others[0] or own[1] or others[1] or default)
        category = plain_text(fields.get("category", "")) or str(self.config.get("DEFAULT_CATEGORY") or "misc")
        author = plain_text(fields.get("author", "") or str(self.config.get("AUTHOR") or ""))
        values = {
            **{name: plain_text(value) for name, value in fields.items()},
            "slug": slug, "category": pelican_slug(category), "date": when or moment("1970-01-01"), "lang": lang,
            "author": pelican_slug(author),
        }  # fmt: skip
        return clean_address(formatted(pattern, values))
