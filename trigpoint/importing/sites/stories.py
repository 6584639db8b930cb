"""Medium and Substack: archives of HTML files, one a post; Substack's has a table of them besides.

Source: https://help.medium.com/hc/en-us/articles/115004745787, https://support.substack.com/hc/en-us/articles/360037466012.
"""

from __future__ import annotations

import csv
import html
import io
import re

from trigpoint.importing.reading.entries import Entry, Finding, OldSite
from trigpoint.importing.reading.folders import Folder
from trigpoint.importing.reading.texts import stem

BODY = re.compile(r"<section\b[^>]*data-field=\"body\"[^>]*>(?P<body>.*)</section>\s*<footer", re.S)
MEDIUM_PARTS = {
    "title": re.compile(r"<h1 class=\"p-name\">(.*?)</h1>", re.S),
    "subtitle": re.compile(r"<section data-field=\"subtitle\"[^>]*>(.*?)</section>", re.S),
    "date": re.compile(r"<time class=\"dt-published\" datetime=\"([^\"]*)\""),
    "address": re.compile(r"<a href=\"([^\"]*)\"[^>]*class=\"p-canonical\""),
    "author": re.compile(r"<a[^>]*class=\"p-author h-card\"[^>]*>(.*?)</a>", re.S),
}
TITLE_IN_BODY = re.compile(
    r"<h[1-4][^>]*class=\"[^\"]*graf--(?:title|leading)[^\"]*\"[^>]*>.*?</h[1-4]>"
    r"|<h3[^>]*graf--h3 graf-after--[^\"]*graf--title[^>]*>.*?</h3>",
    re.S,
)


def is_medium(folder: Folder) -> bool:
    first = next(folder.below("posts", ".html"), "")
    return bool(first) and ("p-canonical" in _text(folder, first) or "graf--" in _text(folder, first))


def is_substack(folder: Folder) -> bool:
    return "posts.csv" in folder.names


def _text(folder: Folder, path: str) -> str:
    try:
        return folder.text(path)
    except (OSError, ValueError):
        return ""


def read_medium(folder: Folder) -> OldSite:
    """The stories of an export; answers to others' stories come as they are."""
    entries = [_story(path, _text(folder, path)) for path in folder.below("posts", ".html")]
    found = [Finding("no-metadata", "Medium's export has no tags", "posts/", is_loss=False)]
    return OldSite(
        "medium",
        folder.root,
        tuple(entries),
        "https://medium.com",
        dialects=("medium",),
        findings=(*folder.findings, *found),
    )


def _story(path: str, text: str) -> Entry:
    parts = {
        name: _plain(match[1]) if (match := pattern.search(text)) else "" for name, pattern in MEDIUM_PARTS.items()
    }
    body = BODY.search(text)
    inside = body["body"] if body else text
    title = parts["title"]
    inside = TITLE_IN_BODY.sub(lambda found: "" if _plain(found[0]) == title else found[0], inside, count=1)
    inside = re.sub(r"<hr class=\"section-divider\">", "", inside, count=1)
    inside = re.sub(
        r"<h4\b([^>]*)>(.*?)</h4>",
        r"<h3\1>\2</h3>",
        re.sub(r"<h3\b([^>]*)>(.*?)</h3>", r"<h2\1>\2</h2>", inside, flags=re.S),
        flags=re.S,
    )
    name = stem(path)
    is_draft = name.startswith("draft_")
    slug = re.sub(r"^(?:draft_|\d{4}-\d\d-\d\d_)|-+[0-9a-f]{8,12}$", "", name)
    fields = {
        "title": title or slug.replace("-", " "),
        "date": parts["date"],
        "description": parts["subtitle"],
        "author": parts["author"],
    }
    if is_draft:
        fields["status"] = "draft"
    date = re.match(r"(\d{4}-\d\d-\d\d)_", name)
    address = re.sub(r"^https?://[^/]+", "", parts["address"])
    return Entry(
        path,
        fields,
        inside,
        name=slug or name,
        address=address,
        markup="html",
        date=date[1] if date else "",
        id=parts["address"],
    )


def _plain(text: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", text)).split())


def read_substack(folder: Folder) -> OldSite:
    """The posts of an export, by its table."""
    rows = list(csv.DictReader(io.StringIO(_text(folder, "posts.csv"))))
    texts = {stem(path): path for path in folder.below("posts", ".html")}
    entries, findings = [], []
    for row in rows:
        key = row.get("post_id") or ""
        path = texts.get(key) or next(
            (texts[name] for name in texts if name.startswith(f"{key.partition('.')[0]}.")), ""
        )
        if not path:
            findings.append(Finding("no-metadata", "A post of posts.csv has no file", key))
            continue
        entries.append(_letter(row, path, _text(folder, path)))
    found = [Finding("no-metadata", "Substack's export has no tags", "posts.csv", is_loss=False), *findings]
    return OldSite(
        "substack",
        folder.root,
        tuple(entries),
        feeds=("/feed",),
        dialects=("substack",),
        findings=(*folder.findings, *found),
    )


def _letter(row: dict[str, str], path: str, text: str) -> Entry:
    key = row.get("post_id") or stem(path)
    slug = key.partition(".")[2] or key
    is_public = (row.get("is_published") or "").casefold() == "true"
    fields = {
        "title": row.get("title") or slug,
        "date": row.get("post_date") or "",
        "description": row.get("subtitle") or "",
    }
    if not is_public:
        fields["status"] = "draft"
    if (row.get("audience") or "everyone") not in ("everyone", ""):
        fields["visibility"] = "paid"
    kind = row.get("type") or ""
    findings = (
        (Finding("no-metadata", f"The sound of a {kind} stays where it is", path),)
        if kind in ("podcast", "video")
        else ()
    )
    return Entry(path, fields, text, kind != "page", name=slug, address=f"/p/{slug}", markup="html", findings=findings)
