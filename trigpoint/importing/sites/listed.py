"""dev.to and Hashnode: posts as a list in JSON, whose texts are Markdown.

Source: https://developers.forem.com/api/ (articles/me/all), https://docs.hashnode.com/ (export of a blog).
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from trigpoint.importing.generators import ImportStopped
from trigpoint.importing.reading.entries import Entry, OldSite
from trigpoint.importing.reading.fields import names, plain_text
from trigpoint.importing.reading.folders import Folder
from trigpoint.importing.reading.headers import parted


def posts_of(found: Any) -> tuple[str, list[dict[str, Any]]]:
    """The platform of such a list and its posts; "" where it is none."""
    rows = found.get("posts", found.get("articles")) if isinstance(found, dict) else found
    posts = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    if any("body_markdown" in post for post in posts):
        return "devto", posts
    return (
        ("hashnode", posts)
        if any("contentMarkdown" in post or isinstance(post.get("content"), dict) for post in posts)
        else ("", [])
    )


def read(path: Path, folder: Folder) -> OldSite:
    """The posts of this file. Raises ImportStopped."""
    try:
        generator, posts = posts_of(json.loads(path.read_bytes()))
    except (ValueError, RecursionError) as error:
        raise ImportStopped(f"{path.name} is no whole JSON: {error}.") from error
    if not generator:
        raise ImportStopped(f"{path.name} is no list of posts of dev.to or Hashnode.")
    entry = _article if generator == "devto" else _hashnode
    entries = tuple(entry(post, path.name) for post in posts)
    base = "https://dev.to" if generator == "devto" else ""
    return OldSite(
        generator,
        folder.root,
        entries,
        base,
        dialects=("liquid", "plain", "emoji"),
        findings=folder.findings,
    )


def _article(post: dict[str, Any], file: str) -> Entry:
    found = parted(str(post.get("body_markdown") or ""), bare=False)
    url = str(post.get("url") or post.get("path") or "")
    slug = str(post.get("slug") or url.rpartition("/")[2])
    tags = post.get("tag_list") or post.get("tags") or found.fields.get("tags", "")
    series = found.fields.get("series", "")
    fields = {
        **{name: value for name, value in found.fields.items() if name in ("cover_image", "canonical_url")},
        "series": series,
        "title": post.get("title") or found.fields.get("title", ""), "tags": names(tags),
        "description": plain_text(post.get("description") or ""),
        "date": str(post.get("published_at") or post.get("published_timestamp") or post.get("created_at") or ""),
        "cover": str(post.get("cover_image") or post.get("main_image") or found.fields.get("cover_image", "")),
        "author": plain_text((post.get("user") or {}).get("name", "")) if isinstance(post.get("user"), dict) else "",
    }  # fmt: skip
    if post.get("published") is False or (not post.get("published_at") and "published" in post):
        fields["status"] = "draft"
    slug = re.sub(r"-[0-9a-z]{3,5}$", "", slug) if re.search(r"-[0-9a-z]*\d[0-9a-z]*$", slug) else slug
    address = re.sub(r"^https?://[^/]+", "", url)
    return Entry(
        f"{file}#{slug}",
        fields,
        found.body,
        name=slug,
        address=address,
        id=url if url.startswith("http") else "",
        line=1,
    )


def _hashnode(post: dict[str, Any], file: str) -> Entry:
    content = post.get("content")
    body = str(post.get("contentMarkdown") or (content.get("markdown") if isinstance(content, dict) else "") or "")
    slug = str(post.get("slug") or "")
    cover = post.get("coverImage")
    tags = [plain_text(tag) for tag in post.get("tags") or []]
    fields = {
        "title": str(post.get("title") or ""), "date": str(post.get("publishedAt") or post.get("dateAdded") or ""),
        "tags": tags,
        "description": str(post.get("brief") or "")[:300], "subtitle": str(post.get("subtitle") or ""),
        "cover": str((cover.get("url") if isinstance(cover, dict) else cover) or ""),
    }  # fmt: skip
    body = re.sub(r"%\[([^\]]+)\]", r"<\1>", body)
    body = re.sub(r"(!\[[^\]]*\]\([^\s)]+) align=\"[^\"]*\"\)", r"\1)", body)
    return Entry(f"{file}#{slug}", fields, body, name=slug or str(fields["title"]), address=f"/{slug}" if slug else "")
