"""Ghost: the JSON of Settings → Export, whose texts are HTML; older ones hold Markdown or cards.

Source: https://ghost.org/help/exports/ and the tables of its database.
"""

from __future__ import annotations

import html
import json
import re
from collections import defaultdict
from pathlib import Path
from typing import Any

from trigpoint.importing.generators import ImportStopped
from trigpoint.importing.reading.entries import Entry, Finding, OldSite
from trigpoint.importing.reading.folders import Folder
from trigpoint.markup.render import render

STATICS = tuple((f"/content/{name}/", f"content/{name}") for name in ("images", "media", "files"))
"""What Ghost serves of its `content/`; its database and its logs lie there, too."""
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")

UNSEEN = ("email", "email-cta", "paywall", "signup")
"""Cards that no page shows: they are for letters, or ask for an address."""

LINKED = {
    "bookmark": (("title", "description"), "url"), "embed": (("title",), "url"),
    "button": (("buttonText",), "buttonUrl"), "video": (("fileName", "caption"), "src"),
    "audio": (("title",), "src"), "file": (("fileTitle", "fileCaption"), "src"),
    "header": (("heading", "header", "subheading"), "buttonUrl"),
    "product": (("productTitle", "productDescription"), "productUrl"),
}  # fmt: skip
"""Cards that are links: what they say, and where their address is."""


def tables_of(found: Any) -> dict[str, Any]:
    """The tables of an export, {} where it is none."""
    databases = found.get("db") if isinstance(found, dict) else None
    first = databases[0] if isinstance(databases, list) and databases else found
    data = first.get("data", first) if isinstance(first, dict) else {}
    return (
        data
        if isinstance(data, dict) and isinstance(data.get("posts"), list) and ("posts_tags" in data or "tags" in data)
        else {}
    )


def read(path: Path, folder: Folder) -> OldSite:
    """The blog of this export; pictures are looked for in `folder`. Raises ImportStopped."""
    try:
        tables = tables_of(json.loads(path.read_bytes()))
    except (ValueError, RecursionError) as error:
        raise ImportStopped(f"{path.name} is no whole JSON: {error}.") from error
    if not tables:
        raise ImportStopped(f"{path.name} holds no posts, as an export of Ghost does.")
    tags = _linked(tables, "posts_tags", "tag_id", {str(tag.get("id")): tag for tag in _rows(tables, "tags")})
    users = {str(user.get("id")): user for user in _rows(tables, "users")}
    authors = _linked(tables, "posts_authors", "author_id", users)
    metas = {str(meta.get("post_id")): meta for meta in _rows(tables, "posts_meta")}
    settings = {str(row.get("key")): str(row.get("value") or "") for row in _rows(tables, "settings")}
    entries = [
        _entry(
            post,
            tags[str(post.get("id"))],
            authors[str(post.get("id"))] or [users.get(str(post.get("author_id")), {})],
            metas.get(str(post.get("id")), {}),
            path.name,
        )
        for post in _rows(tables, "posts")
    ]
    return OldSite(
        "ghost",
        folder.root,
        tuple(entries),
        language=settings.get("locale") or settings.get("lang") or settings.get("default_locale", ""),
        statics=STATICS,
        feeds=("/rss/", "/feed/"),
        dialects=("ghost",),
        tag_prefixes=("/tag/",),
        findings=(*folder.findings, *(Finding("comments", path=path.name) for _ in _rows(tables, "comments")[:1])),
    )


def _rows(tables: dict[str, Any], name: str) -> list[dict[str, Any]]:
    rows = tables.get(name)
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _linked(
    tables: dict[str, Any], table: str, key: str, known: dict[str, dict[str, Any]]
) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in sorted(_rows(tables, table), key=lambda row: row.get("sort_order") or 0):
        if other := known.get(str(row.get(key))):
            found[str(row.get("post_id"))].append(other)
    return found


def _entry(
    post: dict[str, Any], tags: list[dict[str, Any]], authors: list[dict[str, Any]], meta: dict[str, Any], file: str
) -> Entry:
    def text(name: str) -> str:
        return str(post.get(name) or meta.get(name) or "").replace("__GHOST_URL__", "")

    slug = text("slug")
    is_post = text("type") != "page" and str(post.get("page")) not in ("1", "True")
    public = [
        str(tag.get("name"))
        for tag in tags
        if tag.get("name") and not str(tag["name"]).startswith("#") and tag.get("visibility") != "internal"
    ]
    fields: dict[str, object] = {
        "title": text("title"), "date": text("published_at") or text("created_at"),
        "updated": text("updated_at")[:10], "tags": public,
        "excerpt": text("custom_excerpt"), "description": text("meta_description"),
        "authors": [str(user.get("name")) for user in authors if user.get("name")],
        "cover": text("feature_image") or text("image"), "cover_alt": text("feature_image_alt"), "lang": text("locale"),
    }  # fmt: skip
    if (status := text("status")) not in ("published", ""):
        fields["status"] = status
    if (visibility := text("visibility")) not in ("public", ""):
        fields["visibility"] = visibility
    body, markup = _body(post, text)
    address = f"/{slug}/" if slug and status == "published" else ""
    return Entry(
        f"{file}#{slug}",
        fields,
        body,
        is_post,
        name=slug or text("title"),
        address=address,
        markup=markup,
        id=_guid(text("id"), text("uuid")),
    )


def _guid(key: str, uuid: str) -> str:
    """What Ghost's feed calls a post: its key; before version 1, where keys were numbers, its UUID."""
    return key if re.fullmatch(r"[0-9a-f]{24}", key) else uuid


def _body(post: dict[str, Any], text: Any) -> tuple[str, str]:
    """The text and its markup: HTML where the export has it, else Markdown, else cards as HTML."""
    if text("html").strip():
        return text("html"), "html"
    if text("markdown").strip():
        return text("markdown"), "markdown"
    for name, reader in (("lexical", _of_lexical), ("mobiledoc", _of_mobiledoc)):
        if text(name).strip():
            try:
                return reader(json.loads(text(name))), "html"
            except (ValueError, RecursionError, TypeError, AttributeError, KeyError, IndexError):
                continue
    return "", "html"


def _of_mobiledoc(found: Any) -> str:
    """Mobiledoc's sections as HTML: texts with their marks, lists, pictures and cards."""
    markups, cards, atoms = found.get("markups", []), found.get("cards", []), found.get("atoms", [])
    out = []
    for kind, *rest in found.get("sections", []):
        if kind == 1:
            out.append(f"<{rest[0]}>{_marked(rest[1], markups, atoms)}</{rest[0]}>")
        elif kind == 2:
            out.append(f'<img src="{html.escape(str(rest[0]))}">')
        elif kind == 3:
            out.append(
                f"<{rest[0]}>"
                + "".join(f"<li>{_marked(item, markups, atoms)}</li>" for item in rest[1])
                + f"</{rest[0]}>"
            )
        elif kind == 10:
            out.append(_card(*cards[rest[0]][:2]))
    return "\n".join(out)


def _marked(markers: Any, markups: Any, atoms: Any) -> str:
    out, open_tags = [], []
    for kind, opened, closed, value in markers:
        for number in opened:
            name, *attributes = markups[number]
            pairs = attributes[0] if attributes else []
            written = "".join(
                f' {key}="{html.escape(str(text))}"' for key, text in zip(pairs[::2], pairs[1::2], strict=False)
            )
            out.append(f"<{name}{written}>")
            open_tags.append(name)
        out.append("<br>" if kind == 1 else html.escape(str(value), quote=False))
        out += [f"</{open_tags.pop()}>" for _ in range(closed) if open_tags]
    return "".join(out)


def _card(name: str, payload: dict[str, Any]) -> str:
    """A card as HTML; one whose kind is not known shows its caption or text."""
    if name in ("markdown", "card-markdown"):
        return _of_markdown(str(payload.get("markdown", "")))
    if name == "code":
        written = html.escape(str(payload.get("code", "")), quote=False)
        return f'<pre><code class="language-{payload.get("language") or "none"}">{written}</code></pre>'
    if name == "image":
        caption = payload.get("caption") or ""
        return (
            f'<figure><img src="{html.escape(str(payload.get("src", "")))}" '
            f'alt="{html.escape(str(payload.get("alt") or ""))}">'
            + (f"<figcaption>{caption}</figcaption>" if caption else "")
            + "</figure>"
        )
    if name == "hr":
        return "<hr>"
    if name == "callout":
        return f'<div class="kg-callout-card">{payload.get("calloutText", "")}</div>'
    if name == "gallery":
        return "".join(_card("image", image) for image in payload.get("images") or [] if isinstance(image, dict))
    if name == "toggle":
        return f"<details><summary>{payload.get('heading', '')}</summary>{payload.get('content', '')}</details>"
    if name in UNSEEN:
        return ""
    if name in LINKED and not payload.get("html"):
        return _linked_card(payload, *LINKED[name])
    return str(payload.get("html") or payload.get("caption") or payload.get("content") or "")


def _linked_card(payload: dict[str, Any], titles: tuple[str, ...], address: str) -> str:
    """A card that is a link; what else it says stands behind it."""
    said = {**payload, **(payload["metadata"] if isinstance(payload.get("metadata"), dict) else {})}
    words = [str(said[name]) for name in titles if said.get(name)]
    target = str(payload.get(address) or "")
    link = f'<a href="{html.escape(target)}">{words[0] if words else html.escape(target)}</a>' if target else words[:1]
    return f"<p>{' '.join([''.join(link), *words[1:]])}</p>"


def _of_markdown(text: str) -> str:
    return "".join(
        part
        for part in render(text, path="", first_line=1, title="", beside=lambda name: None, lenient=True).parts
        if isinstance(part, str)
    )


def _of_lexical(found: Any) -> str:
    return "\n".join(_node(child) for child in found["root"]["children"])


def _node(node: dict[str, Any]) -> str:
    """A node of Lexical as HTML."""
    kind = node.get("type", "")
    inside = "".join(_node(child) for child in node.get("children", []))
    if kind in ("text", "extended-text"):
        return _formatted(html.escape(str(node.get("text", "")), quote=False), int(node.get("format") or 0))
    if kind == "linebreak":
        return "<br>"
    if kind in ("heading", "extended-heading"):
        tag = node.get("tag") if node.get("tag") in HEADINGS else "h2"
        return f"<{tag}>{inside}</{tag}>"
    if kind in ("link", "autolink", "at-link"):
        return f'<a href="{html.escape(str(node.get("url", "")))}">{inside}</a>'
    if kind == "list":
        tag = "ol" if node.get("listType") == "number" else "ul"
        return f"<{tag}>{inside}</{tag}>"
    tags = {
        "listitem": "li",
        "paragraph": "p",
        "quote": "blockquote",
        "extended-quote": "blockquote",
        "aside": "blockquote",
    }
    if kind in tags:
        return f"<{tags[kind]}>{inside}</{tags[kind]}>"
    return _card({"codeblock": "code", "horizontalrule": "hr"}.get(kind, kind), node) or inside


def _formatted(text: str, form: int) -> str:
    for bit, tag in ((1, "strong"), (2, "em"), (4, "s"), (8, "u"), (16, "code"), (32, "sub"), (64, "sup")):
        text = f"<{tag}>{text}</{tag}>" if form & bit else text
    return text
