"""A folder of Markdown files and nothing else that is known: a Flask-FlatPages blog, notes, somebody's `posts/`."""

from __future__ import annotations

import re

from trigpoint.importing.reading.entries import Entry, OldSite
from trigpoint.importing.reading.fields import DATES, Header, names
from trigpoint.importing.reading.folders import Folder
from trigpoint.importing.reading.headers import Parted
from trigpoint.importing.reading.permalinks import clean_address, date_in_path, name_without_date
from trigpoint.importing.reading.texts import Texts, language_in_name, own_name, stem

POSTS = re.compile(r"(?:^|/)_?(?:posts?|blogs?|articles?|entries|weblog|journal|drafts?|writing|notes|til)/", re.I)
LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "nl", "pl", "ru", "uk", "tr", "zh", "zh-cn", "zh-tw", "ja", "ko")
PAGES = re.compile(
    r"^(?:about|contact|imprint|impressum|privacy|now|uses|resume|cv|projects|home|index|404|colophon)$", re.I
)


def read(folder: Folder) -> OldSite:
    """The blog of this folder."""
    texts = Texts(folder)
    found = list(texts.all(folder.paths))
    dated = {path for path, each in found if _date(path, each) or Header(each.fields).first(DATES)}
    entries = tuple(_entry(path, each, folder, path in dated, bool(dated)) for path, each in found)
    statics = tuple(
        ("/" if name in ("static", "public", "assets", "files") else f"/{name}/", name)
        for name in ("static", "public", "assets", "files")
        if any(folder.below(name))
    )
    return OldSite(
        "plain",
        folder.root,
        tuple(entry for entry in entries if not re.fullmatch(r"index|404", own_name(entry.path), re.I) or entry.fields),
        statics=(("/", ""), *statics, *((f"/{name}/", name) for _, name in statics)),
        feeds=("/feed.atom", "/atom.xml", "/rss.xml", "/index.xml", "/feed/"),
        dialects=("liquid", "hugo", "zola", "mkdocs", "kramdown", "plain"),
        findings=(*folder.findings, *texts.findings),
    )


def _date(path: str, found: Parted) -> str:
    return name_without_date(own_name(path))[0] or date_in_path(path)


def _entry(path: str, found: Parted, folder: Folder, is_dated: bool, any_dated: bool) -> Entry:
    name = own_name(path)
    _, lang = language_in_name(stem(path), LANGUAGES) if stem(path).startswith("index.") else ("", "")
    date, rest = name_without_date(name)
    header = Header(found.fields)
    is_in_posts = POSTS.search(f"{folder.root.name}/{path}") is not None
    is_post = is_dated or (not PAGES.match(name) and (is_in_posts or not any_dated))
    own = header.text("permalink", "url", "path")
    is_pattern = bool(re.search(r"[:{]", own))
    address = clean_address(own) if own and not is_pattern else ""
    hidden = next((f"{part}/" for part in path.split("/")[:-1] if part in ("_drafts", "drafts", "Drafts")), "")
    return Entry(
        path=path,
        fields=found.fields,
        body=found.body,
        is_post=is_post,
        line=found.line,
        name=header.text("slug") or rest or name,
        address=address,
        date=date or date_in_path(path) or date_in_path(address.strip("/") + "/"),
        hidden=hidden,
        lang=lang,
        aliases=tuple(names(found.fields.get("aliases", ""))),
    )
