"""Hexo: `source/_posts/`, drafts and pages, with `_config.yml`'s permalink and asset folders.

Source: https://hexo.io/docs/permalinks, /docs/asset-folders, /docs/writing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from trigpoint.importing.reading.configuration import configuration, mapping_of, named_texts, split_url, text_of
from trigpoint.importing.reading.entries import Entry, OldSite
from trigpoint.importing.reading.fields import moment, names, plain_text
from trigpoint.importing.reading.folders import Folder
from trigpoint.importing.reading.headers import Parted
from trigpoint.importing.reading.permalinks import clean_address, date_tokens, filled, name_without_date
from trigpoint.importing.reading.texts import MADE_BY_US, Texts, folder_of, own_name

CONFIGURATION = ("_config.yml", "_config.yaml")


def read(folder: Folder) -> OldSite:
    """The blog of this folder."""
    config = configuration(folder, *CONFIGURATION)
    base_url, path = split_url(text_of(config, "url"))
    source = text_of(config, "source_dir").strip("./") or "source"
    texts = Texts(folder)
    entries = tuple(_entries(folder, texts, config, source, base_url + path))
    root = text_of(config, "root").rstrip("/")
    values = named_texts(config, "config")
    return OldSite(
        "hexo",
        folder.root,
        entries,
        base_url,
        root or path,
        names(config.get("language", ""))[0] if names(config.get("language", "")) else "",
        statics=(("/", source), ("/", f"{source}/_posts"), *(("/", f"themes/{text_of(config, 'theme')}/source"),)),
        feeds=("/atom.xml", "/rss2.xml", "/rss.xml", "/feed.xml"),
        values=values,
        dialects=("hexo", *(("breaks",) if _has_breaks(folder, config) else ())),
        findings=(*folder.findings, *texts.findings),
    )


def _has_breaks(folder: Folder, config: dict[str, Any]) -> bool:
    """Whether the end of a line is a break: all of Hexo's usual renderers do so, but Pandoc."""
    said = (text_of(config, "marked", "breaks"), text_of(config, "markdown", "render", "breaks"))
    packages = mapping_of(configuration(folder, "package.json"), "dependencies")
    return "false" not in said and "hexo-renderer-pandoc" not in packages


def _entries(folder: Folder, texts: Texts, config: dict[str, Any], source: str, base: str) -> Iterator[Entry]:
    for path, found in texts.all(folder.below(source)):
        below = path.removeprefix(f"{source}/")
        kind, _, rest = below.partition("/")
        if kind in ("_posts", "_drafts"):
            yield _post(path, rest, kind, found, config, base)
        elif not kind.startswith("_") and not MADE_BY_US.match(own_name(below)):
            address = clean_address("/" + re.sub(r"(?:index)?[.]\w+$", "", below))
            address = address if below.endswith("index.md") else f"{address}.html"
            yield Entry(path, found.fields, found.body, False, found.line, own_name(below), address)


def _post(path: str, below: str, kind: str, found: Parted, config: dict[str, Any], base: str) -> Entry:
    fields = found.fields
    name = below.rpartition(".")[0]
    date, rest = name_without_date(own_name(below))
    by_name = ":year" in text_of(config, "new_post_name")
    title = "/".join(filter(None, (folder_of(name), rest))) if by_name and date else name
    title = plain_text(fields.get("slug", "")) or title
    categories = names(fields.get("categories", "") or fields.get("category", ""))
    tokens = {
        **date_tokens(moment(fields.get("date") or date)),
        "title": title, "name": title.rpartition("/")[2],
        "post_title": plain_text(fields.get("title", "")).replace(" ", "-"),
        "id": plain_text(fields.get("id", "")),
        "category": "/".join(categories).replace(" ", "-") or text_of(config, "default_category") or "uncategorized",
        "author": plain_text(fields.get("author", "")), "layout": "post", "lang": plain_text(fields.get("lang", "")),
        "abbrlink": plain_text(fields.get("abbrlink", "")), "urlname": plain_text(fields.get("urlname", "")),
        "slug": plain_text(fields.get("slug", "")) or name,
    }  # fmt: skip
    pattern = plain_text(fields.get("permalink", "")) or text_of(config, "permalink") or ":year/:month/:day/:title/"
    address = clean_address(filled("/" + pattern.lstrip("/"), tokens))
    if not address.endswith((".html", ".htm", "/")):
        address += "/" if ":" not in address else ""
    is_known = not re.search(r":[a-z_]+", address) and kind == "_posts"
    return Entry(
        path=path,
        fields=fields,
        body=found.body,
        line=found.line,
        name=rest if date else own_name(below),
        address=address if is_known else "",
        date=date,
        hidden="_drafts/" if kind == "_drafts" else "",
        id=f"{base}{address}" if base and is_known else "",
    )
