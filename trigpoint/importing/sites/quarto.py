"""Quarto: what `_quarto.yml` makes a website of: texts with a date as posts, the others as pages; lists are left out.

Source: https://quarto.org/docs/websites/website-blog.html, /website-listings.html, /docs/projects/quarto-projects.html.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from typing import Any

from trigpoint.importing.dialects.inclusions import with_included
from trigpoint.importing.reading.configuration import configuration, named_texts, split_url, text_of
from trigpoint.importing.reading.entries import Entry, Fields, OldSite
from trigpoint.importing.reading.fields import DATES, Header, names
from trigpoint.importing.reading.folders import Folder
from trigpoint.importing.reading.headers import Parted
from trigpoint.importing.reading.permalinks import clean_address, name_without_date
from trigpoint.importing.reading.texts import Texts, folder_of, own_name, stem

CONFIGURATION = ("_quarto.yml", "_quarto.yaml")
INHERITED = ("author", "categories", "draft", "execute", "lang")
"""What a folder's `_metadata.yml` may say for all texts below it, and readers see."""

VALUE = re.compile(r"\{\{<[ \t]*(?P<kind>var|meta)[ \t]+(?P<name>[\w.-]+)[ \t]*>\}\}")


def read(folder: Folder) -> OldSite:
    """The blog of this folder."""
    config = configuration(folder, *CONFIGURATION)
    base_url, base_path = split_url(text_of(config, "website", "site-url"))
    execute = {"execute": config["execute"]} if "execute" in config else {}
    values = named_texts(configuration(folder, "_variables.yml"), "var")
    output = text_of(config, "project", "output-dir").strip("./") or "_site"
    texts = Texts(folder, bare=False)
    found = [
        (path, each)
        for path, each in texts.all(folder.paths)
        if not any(part.startswith("_") for part in path.split("/")) and not path.startswith(f"{output}/")
    ]
    lists = [path for path, each in found if each.fields.get("listing")]
    entries = tuple(
        _entry(folder, path, each, execute, base_url + base_path, values) for path, each in found if path not in lists
    )
    return OldSite(
        "quarto",
        folder.root,
        entries,
        base_url,
        base_path,
        text_of(config, "lang"),
        statics=(("/", ""),),
        feeds=tuple(f"/{_named(path, 'xml')}" for path in lists) or ("/index.xml",),
        values={"title": text_of(config, "website", "title")},
        dialects=("hugo", "quarto"),
        lists=tuple(_address(path).rstrip("/") for path in lists if _address(path) != "/"),
        findings=(*folder.findings, *texts.findings),
    )


def _entry(folder: Folder, path: str, found: Parted, execute: Fields, base: str, values: dict[str, str]) -> Entry:
    fields = {**execute, **_inherited(folder, path), **found.fields}
    date, rest = name_without_date(own_name(path))
    is_post = bool(date or Header(fields).first(DATES))
    address = _address(path)
    return Entry(
        path=path,
        fields=fields,
        body=_with_values(with_included(found.body, path, folder), values | named_texts(fields, "meta")),
        is_post=is_post,
        line=found.line,
        name=rest or own_name(path),
        address=address,
        date=date,
        aliases=tuple(
            clean_address(posixpath.join(f"/{path}", "..", each)) for each in names(fields.get("aliases", ""))
        ),
        id=f"{base}{address}" if base and is_post else "",
    )


def _with_values(body: str, values: Mapping[str, str]) -> str:
    return VALUE.sub(lambda found: values.get(f"{found['kind']}.{found['name']}", found[0]), body)


def _address(path: str) -> str:
    return clean_address(f"/{folder_of(path)}/" if stem(path) == "index" else f"/{_named(path, 'html')}")


def _named(path: str, suffix: str) -> str:
    return f"{path.rpartition('.')[0]}.{suffix}"


def _inherited(folder: Folder, path: str) -> Fields:
    """What the folders around a text say for it; the nearest one counts."""
    fields: dict[str, Any] = {}
    parts = path.split("/")[:-1]
    for depth in range(len(parts) + 1):
        said = configuration(folder, "/".join([*parts[:depth], "_metadata.yml"]))
        fields |= {name: said[name] for name in INHERITED if name in said}
    return fields
