"""Hugo: `content/` with its sections, bundles and languages, and the permalinks of its configuration.

Source: https://gohugo.io/content-management/urls/, /organization/, /multilingual/.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from trigpoint.importing.reading.configuration import configuration, mapping_of, parsed, split_url, text_of
from trigpoint.importing.reading.entries import Entry, Finding, OldSite
from trigpoint.importing.reading.fields import DATES, Header, is_true, moment, names
from trigpoint.importing.reading.folders import Folder
from trigpoint.importing.reading.headers import Parted
from trigpoint.importing.reading.permalinks import (
    clean_address,
    date_tokens,
    filled,
    hugo_name,
    hugo_slug,
    hugo_title_slug,
    name_without_date,
)
from trigpoint.importing.reading.texts import Texts, folder_of, language_in_name, stem

CONFIGURATION = tuple(
    f"{folder}{name}.{suffix}"
    for folder in ("", "config/_default/", "config/")
    for name in ("hugo", "config")
    for suffix in ("toml", "yaml", "yml", "json")
)
Slug = Callable[[str], str]
SLUGS: tuple[tuple[Slug, Slug], ...] = ((hugo_title_slug, hugo_name), (hugo_slug, hugo_slug))
"""What Hugo makes of a title and of a file's name: today, and until 0.122."""

PAGES = ("page", "pages", "about", "static", "fixed", "legal")
"""Sections that hold pages, not posts."""


def read(folder: Folder) -> OldSite:
    """The blog of this folder."""
    config = _configuration(folder)
    base_url, base_path = split_url(text_of(config, "baseurl"))
    texts = Texts(folder, bare=False)
    content = text_of(config, "contentdir").strip("./") or "content"
    languages = mapping_of(config, "languages")
    language = text_of(config, "defaultcontentlanguage") or text_of(config, "languagecode") or "en"
    roots = _roots(folder, content, languages, language)
    reader = _Reader(folder, texts, config, base_url + base_path, tuple(languages), language)
    entries = tuple(entry for root, lang in roots for entry in reader.entries(root, lang))
    below = ((entry, entry.path.removeprefix(f"{content}/")) for entry in entries)
    sections = {path.split("/")[0] for entry, path in below if entry.is_post and "/" in path}
    params = {f"site.Params.{name}": str(value) for name, value in mapping_of(config, "params").items()}
    return OldSite(
        "hugo",
        folder.root,
        entries,
        base_url,
        base_path,
        text_of(config, "languagecode") or text_of(config, "locale") or language,
        statics=(("/", "static"), ("/", "assets"), *(("/", root) for root, _ in roots), ("/", "public")),
        feeds=("/index.xml", *(f"/{section}/index.xml" for section in sorted(sections))),
        values={**params, "site.Title": text_of(config, "title")},
        dialects=("hugo", *(("emoji",) if is_true(config.get("enableemoji", "")) else ())),
        snippets=_snippets(folder),
        findings=(*folder.findings, *texts.findings),
    )


def _configuration(folder: Folder) -> dict[str, Any]:
    """The configuration with its keys in small letters; a folder of it has a file for each table."""
    found = _lowered(configuration(folder, *CONFIGURATION))
    for path in folder.below("config/_default"):
        name = stem(path).split(".")[0].lower()
        if name in ("permalinks", "languages", "params", "taxonomies", "frontmatter"):
            try:
                value = parsed(folder.text(path), path)
            except (OSError, ValueError):
                continue
            if isinstance(value, dict):
                found[name] = {**mapping_of(found, name), **_lowered(value)}
    return found


def _lowered(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        return {}
    return {str(key).lower(): _lowered(item) if isinstance(item, dict) else item for key, item in value.items()}


def _roots(folder: Folder, content: str, languages: dict[str, Any], language: str) -> list[tuple[str, str]]:
    """The folders of texts, each with its language ("" for the site's)."""
    own = {
        text_of(value, "contentdir").strip("./"): code
        for code, value in languages.items()
        if text_of(value, "contentdir")
    }
    inside = [(root, "" if code == language else code) for root, code in own.items()]
    return [*inside] if inside and all(root.startswith(content) for root in own) else [(content, ""), *inside]


def _snippets(folder: Folder) -> dict[str, str]:
    """The site's own shortcodes."""
    found: dict[str, str] = {}
    for path in folder.paths:
        if "layouts/shortcodes/" in path or "layouts/_shortcodes/" in path:
            try:
                found.setdefault(re.split(r"layouts/_?shortcodes/", path)[1].rpartition(".")[0], folder.text(path))
            except (OSError, ValueError):
                continue
    return found


class _Reader:
    """Makes entries of the texts of one site."""

    def __init__(
        self, folder: Folder, texts: Texts, config: dict[str, Any], base: str, languages: tuple[str, ...], language: str
    ) -> None:
        self.folder, self.texts, self.config, self.base = folder, texts, config, base
        self.languages, self.language = languages, language
        main = mapping_of(config, "params").get("mainsections") or config.get("mainsections")
        self.main = names(main) if main else []

    def entries(self, root: str, lang: str) -> Iterator[Entry]:
        bundles = {
            folder_of(path) for path in self.folder.below(root, ".md") if stem(path).split(".")[0] == "index"
        } - {root}
        for path, found in self.texts.all(self.folder.below(root)):
            below = path.removeprefix(f"{root}/")
            if folder_of(path) in bundles and stem(path).split(".")[0] != "index":
                self.texts.findings.append(Finding("not-published", "in the folder of a page", path, is_loss=False))
                continue
            if stem(path).split(".")[0] == "_index":
                if found.body.strip():
                    self.texts.findings.append(Finding("section-page", path=path, is_loss=False))
                continue
            if below.startswith(("search.", "archives.", "archive.")) or is_true(found.fields.get("headless", "")):
                continue
            if re.match(r"index(?:\.\w+)?\.md$", below):
                continue
            yield self._entry(path, below, found, lang)

    def _entry(self, path: str, below: str, found: Parted, lang: str) -> Entry:
        name, own = language_in_name(
            stem(below), self.languages or ("en", "de", "fr", "es", "zh", "ja", "pt", "ru", "it", "ko")
        )
        lang = lang or ("" if own == self.language else own)
        is_bundle = name == "index"
        folders = folder_of(below)
        if is_bundle:
            folders, _, name = folders.rpartition("/")
        section = folders.split("/")[0]
        fields = found.fields
        header = Header(fields)
        date, rest = name_without_date(name)
        is_post = (
            bool(section)
            and section not in PAGES
            and (section in self.main or bool(header.first((*DATES, "publishdate")) or date) or not self.main)
        )
        prefix = f"/{lang}" if lang and not header.text("url") else ""
        address, older = (self._address(header, folders, section, name, rest, date, slugs) for slugs in SLUGS)
        aliases = [_absolute(alias, prefix + address) for alias in names(fields.get("aliases", ""))]
        return Entry(
            path=path,
            fields=fields,
            body=found.body,
            is_post=is_post,
            line=found.line,
            name=header.text("slug") or rest or name,
            address=prefix + address,
            lang=lang,
            date=date,
            aliases=(*aliases, *([prefix + older] if older != address else [])),
            id=f"{self.base}{prefix}{address}" if self.base and is_post else "",
        )

    def _address(
        self, header: Header, folders: str, section: str, name: str, rest: str, date: str, slugs: tuple[Slug, Slug]
    ) -> str:
        of_title, of_file = slugs
        url = header.text("url")
        if url:
            return clean_address(url)
        slug = header.text("slug")
        patterns = mapping_of(self.config, "permalinks")
        patterns = {**patterns, **mapping_of(patterns, "page")}
        pattern = text_of(patterns, section) or text_of(patterns, "/") or text_of(patterns, "_default")
        by_name = ":filename" in str(mapping_of(self.config, "frontmatter").get("date", ""))
        file = rest if by_name and date else name
        if not pattern:
            pattern = "/".join(filter(None, (folders, ":slugorcontentbasename")))
        sections = folders.split("/") if folders else []
        tokens = {
            **date_tokens(moment(header.first(DATES) or date)),
            "section": hugo_slug(section), "sections": hugo_slug(folders),
            "title": of_title(header.text("title") or file),
            "slug": of_title(slug or header.text("title") or file), "filename": of_file(file),
            "contentbasename": of_file(file), "slugorfilename": of_title(slug) or of_file(file),
            "slugorcontentbasename": of_title(slug) or of_file(file),
        }  # fmt: skip
        pattern = re.sub(
            r":sections\[([^\]]*)\]", lambda part: hugo_slug("/".join(_sliced(sections, part[1]))), pattern
        )
        written = hugo_slug(filled("/" + pattern.lstrip("/"), tokens)).replace("#", "%23")
        is_ugly = is_true(self.config.get("uglyurls", ""))
        ends = written.rpartition("/")[2]
        return clean_address(
            f"{written}.html" if is_ugly else written if ends.endswith((".html", ".htm")) else f"{written}/"
        )


def _sliced(parts: list[str], asked: str) -> list[str]:
    if asked == "last":
        return parts[-1:]
    first, _, last = asked.partition(":")
    try:
        start = int(first) if first else 0
        return parts[start : int(last) if last.isdigit() else None] if ":" in asked else parts[start : start + 1]
    except ValueError:
        return parts


def _absolute(alias: str, address: str) -> str:
    """An alias of Hugo: one without a slash at its start is meant from the page's folder."""
    if alias.startswith(("/", "http:", "https:")):
        return alias
    return clean_address(f"{address.rstrip('/').rpartition('/')[0]}/{alias}")
