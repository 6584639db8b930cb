"""Nikola: the folders of `conf.py`'s POSTS and PAGES, metadata in comments, `.meta` files or front matter.

Source: https://getnikola.com/handbook.html, /path_handlers.html.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from posixpath import join
from typing import Any

from trigpoint.importing.reading.configuration import constants, split_url
from trigpoint.importing.reading.entries import Entry, OldSite
from trigpoint.importing.reading.fields import names, plain_text
from trigpoint.importing.reading.folders import Folder
from trigpoint.importing.reading.headers import Parted, parted
from trigpoint.importing.reading.permalinks import ascii_slug, clean_address, name_without_date
from trigpoint.importing.reading.texts import Texts, folder_of, language_in_name, own_name, stem

CONFIGURATION = ("conf.py",)
POSTS = [["posts/*", "posts"]]
PAGES = [["pages/*", ""], ["stories/*", "stories"]]
META = ("title", "slug", "date", "tags", "link", "description", "type")
"""The seven lines of an old `.meta` file."""
STATES = ("draft", "private", "mathjax")
"""Tags that only say how a post is shown."""


def read(folder: Folder) -> OldSite:
    """The blog of this folder."""
    try:
        config = constants(folder.text("conf.py"))
    except (OSError, ValueError):
        config = {}
    base_url, base_path = split_url(str(config.get("SITE_URL") or ""))
    texts = Texts(folder)
    language = str(config.get("DEFAULT_LANG") or "en")
    languages = tuple(mapping) if isinstance(mapping := config.get("TRANSLATIONS"), dict) else ()
    entries: list[Entry] = []
    for key, default, is_post in (("POSTS", POSTS, True), ("PAGES", PAGES, False)):
        for source, place in _places(config.get(key), default):
            for path, found in texts.all(folder.below(source)):
                if not any(entry.path == path for entry in entries[-1:]):
                    entry = _entry(
                        folder, path, source, place, found, is_post, config, base_url + base_path, languages, language
                    )
                    entries.append(entry)
    others = languages if config.get("SHOW_UNTRANSLATED_POSTS", True) else ()
    return OldSite(
        "nikola",
        folder.root,
        tuple(_in_others({entry.path: entry for entry in entries}, [each for each in others if each != language])),
        base_url,
        base_path,
        language,
        statics=(
            *_moved(config.get("FILES_FOLDERS"), {"files": ""}),
            *_moved(config.get("IMAGE_FOLDERS"), {"images": "images"}),
        ),
        feeds=("/rss.xml", "/index.atom", "/blog/rss.xml"),
        dialects=("nikola",),
        tag_prefixes=("/categories/", "/tags/", "/categories/cat_"),
        findings=(*folder.findings, *texts.findings),
    )


def _in_others(entries: dict[str, Entry], languages: list[str]) -> Iterator[Entry]:
    """The entries; Nikola shows those without a translation among those of each other language too."""
    for path, entry in entries.items():
        stem, dot, suffix = path.rpartition(".")
        missing = [lang for lang in languages if not entry.lang and f"{stem}.{lang}{dot}{suffix}" not in entries]
        yield replace(entry, aliases=(*entry.aliases, *(f"/{lang}{entry.address}" for lang in missing)))


def _places(value: Any, default: list[list[str]]) -> list[tuple[str, str]]:
    """The source folders, each with its folder of addresses."""
    rows = value if isinstance(value, list) else default
    found = [
        (str(row[0]).partition("*")[0].rstrip("/"), str(row[1]).strip("/"))
        for row in rows
        if isinstance(row, list) and len(row) > 1 and isinstance(row[1], str)
    ]
    return list(dict.fromkeys(found))


def _moved(value: Any, default: dict[str, str]) -> list[tuple[str, str]]:
    pairs = value if isinstance(value, dict) else default
    return [
        ("/" + "".join(f"{part}/" for part in str(to).strip("/").split("/") if part), str(source))
        for source, to in pairs.items()
    ]


def _entry(
    folder: Folder, path: str, source: str, place: str, found: Parted, is_post: bool, config: dict[str, Any], base: str,
    languages: tuple[str, ...], default: str,
) -> Entry:  # fmt: skip
    name, lang = language_in_name(stem(path), languages)
    beside = dict.fromkeys((name, stem(path)))  # A translation says what is another there: the rest is the post's.
    fields = {**_meta(folder, path, beside), **found.fields}
    lang = "" if lang == default else lang
    date, rest = name_without_date(name if name != "index" else own_name(path))
    tags = names(fields.get("tags", ""))
    hidden = next((tag for tag in tags if tag in STATES[:2]), "")
    fields["tags"] = [tag for tag in tags if tag not in STATES]
    slug = plain_text(fields.get("slug", "")) or ascii_slug(rest or name)
    inside = folder_of(path.removeprefix(f"{source}/"))
    is_pretty = config.get("PRETTY_URLS", True) is not False
    written = "/".join(filter(None, (lang if lang else "", place, inside, slug)))
    address = clean_address(f"/{written}/" if is_pretty else f"/{written}.html")
    return Entry(
        path=path,
        fields=fields,
        body=found.body,
        is_post=is_post,
        line=found.line,
        name=slug,
        address=address,
        lang=lang,
        date=date,
        hidden=f"tag {hidden}" if hidden else "",
        id=f"{base}{address}" if base and is_post else "",
    )


def _meta(folder: Folder, path: str, names: Iterable[str]) -> dict[str, Any]:
    """The fields of the `.meta` files of these names beside a text; of two that say the same the last counts."""
    found: dict[str, Any] = {}
    for name in names:
        said = _meta_file(folder, join(folder_of(path), f"{name}.meta"))
        found |= {field: value for field, value in said.items() if value}
    return found


def _meta_file(folder: Folder, beside: str) -> dict[str, Any]:
    if beside not in folder.names:
        return {}
    try:
        text = folder.text(beside)
    except (OSError, ValueError):
        return {}
    if fields := parted(text).fields:
        return fields
    return {name: line.strip() for name, line in zip(META, text.split("\n"), strict=False) if line.strip()}
