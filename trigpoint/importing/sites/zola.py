"""Zola: `content/` with sections and pages whose addresses come from their folders.

Source: https://www.getzola.org/documentation/content/page/, /overview/, /multilingual/.
"""

from __future__ import annotations

from typing import Any

from trigpoint.importing.reading.configuration import configuration, mapping_of, named_texts, split_url, text_of
from trigpoint.importing.reading.entries import Entry, Finding, OldSite
from trigpoint.importing.reading.fields import is_true, names
from trigpoint.importing.reading.folders import Folder
from trigpoint.importing.reading.headers import Parted
from trigpoint.importing.reading.permalinks import ascii_slug, clean_address, name_without_date
from trigpoint.importing.reading.texts import Texts, folder_of, language_in_name, stem

CONFIGURATION = ("config.toml", "zola.toml")
PAGES = ("pages", "page", "about")


def read(folder: Folder) -> OldSite:
    """The blog of this folder."""
    config = configuration(folder, *CONFIGURATION)
    base_url, base_path = split_url(text_of(config, "base_url"))
    language = text_of(config, "default_language") or "en"
    languages = mapping_of(config, "languages")
    texts = Texts(folder, bare=False)
    entries = []
    for path, found in texts.all(folder.below("content")):
        if stem(path).split(".")[0] == "_index":
            if found.body.strip():
                texts.findings.append(Finding("section-page", path=path, is_loss=False))
        else:
            entries.append(_entry(path, found, config, base_url + base_path, tuple(languages), language))
    feeds = config.get("feed_filenames") or [config.get("feed_filename") or "atom.xml"]
    return OldSite(
        "zola",
        folder.root,
        tuple(entries),
        base_url,
        base_path,
        language,
        statics=(("/", "static"), ("/", "content")),
        feeds=tuple(dict.fromkeys((*(f"/{name}" for name in names(feeds)), "/atom.xml", "/rss.xml"))),
        values=named_texts(config, "config"),
        dialects=("zola",),
        snippets=_snippets(folder),
        findings=(*folder.findings, *texts.findings),
    )


def _snippets(folder: Folder) -> dict[str, str]:
    """The site's own shortcodes."""
    found = {}
    for path in folder.below("templates/shortcodes", ".html", ".md"):
        try:
            found[stem(path)] = folder.text(path)
        except (OSError, ValueError):
            continue
    return found


def _entry(
    path: str, found: Parted, config: dict[str, Any], base: str, languages: tuple[str, ...], default: str
) -> Entry:
    below = path.removeprefix("content/")
    name, lang = language_in_name(stem(below), languages)
    lang = "" if lang == default else lang
    folders = folder_of(below)
    if name == "index":
        folders, _, name = folders.rpartition("/")
    date, rest = name_without_date(name)
    fields = found.fields
    slug = text_of(fields, "slug") or rest or name
    own = text_of(fields, "path")
    written = own or "/".join(filter(None, (folders, _slug(slug, config))))
    prefix = f"/{lang}" if lang else ""
    address = prefix + clean_address(f"/{written.strip('/')}/")
    section = folders.split("/")[0]
    is_post = section not in PAGES and (bool(section) or bool(date or fields.get("date")))
    return Entry(
        path=path,
        fields=fields,
        body=found.body,
        is_post=is_post,
        line=found.line,
        name=slug if not own else own.strip("/").rpartition("/")[2],
        address=address,
        lang=lang,
        date=date,
        hidden="render: false" if fields.get("render") == "false" else "",
        id=f"{base}{address}" if base and is_post and not is_true(fields.get("draft", "")) else "",
    )


def _slug(slug: str, config: dict[str, Any]) -> str:
    mode = text_of(config, "slugify", "paths") or "on"
    return ascii_slug(slug) or slug if mode == "on" else slug
