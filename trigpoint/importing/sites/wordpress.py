"""WordPress: the XML that Tools → Export writes (WXR), read as a stream, without entities of its own.

Source: https://wordpress.org/documentation/article/tools-export-screen/; the fields are those of WXR 1.2.
"""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from xml.etree import ElementTree

from trigpoint.importing.generators import ImportStopped
from trigpoint.importing.reading.configuration import split_url
from trigpoint.importing.reading.entries import Entry, Finding, OldSite
from trigpoint.importing.reading.folders import Folder
from trigpoint.importing.reading.permalinks import clean_address

UNPRINTED = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
"""What some exports hold, and XML does not: it goes before anything is looked for."""
PROLOGUE = re.compile(rb"(?:\xef\xbb\xbf)?(?:\s++|<\?(?>.*?\?>)|<!--(?>.*?-->))*+<rss\b", re.S)
"""What stands above the first element. Entities can be declared there alone, and only in a document type."""
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
DUBLIN = "{http://purl.org/dc/elements/1.1/}creator"
BLOCK = re.compile(r"<!--\s*/?wp:[^>]*?-->\n?")
LANGUAGE = re.compile(
    r"<!--\s*wp:[\w/-]+\s+\{[^>]*?\"language\":\"(?P<language>[\w+#-]+)\"[^>]*?\}\s*-->"
    r"\s*<pre\b(?: class=\"(?P<class>[^\"]*)\")?"
)
"""A block of code, whose editor's comment alone says its language (SyntaxHighlighter, Code Block Pro)."""
SHORTCODE = re.compile(r"\[(?P<name>caption|wp_caption)\b[^\]]*\](?P<inner>.*?)\[/(?P=name)\]", re.S)
CODE = re.compile(
    r"\[(?P<name>code|sourcecode|php|python|bash|java|cpp|csharp|css|html|javascript|js|ruby|sql|xml|shell|text|plain)(?P<arguments>(?:\s[^\]]*)?)\](?P<inner>.*?)\[/(?P=name)\]",
    re.S,
)
EMBED = re.compile(
    r"\[(?:embed|youtube|vimeo|video|audio|tweet)\b[^\]]*?"
    r"(?:(?:(?:src|mp[34]|m4[av]|ogg|ogv|wav|webm|url)=\"(?P<source>[^\"]+)\"|[\s=](?P<bare>https?://[^\s\]]+))[^\]]*)?\]"
    r"(?:(?P<inner>https?[^\[\]]+)?\[/(?:embed|youtube|vimeo|video|audio|tweet)\])?",
    re.S,
)
GALLERY = re.compile(r"\[gallery\b(?P<arguments>[^\]]*)\]")
UNKNOWN = re.compile(r"\[/?(?P<name>[a-z][\w-]*)(?P<arguments>\s+[\w-]+\s*=\s*[\"'][^\]]*|\s*/?)\]")
"""What may be a plugin's shortcode; it is one where it has parameters, or closes somewhere."""
SILENT = ("toc", "more", "nextpage")
WHOLE = r"(?:pre|ul|ol|dl|table|h[1-6]|figure|p|script|style|details)"
"""Elements that `wpautop` leaves as they are."""
BLOCKS = r"(?:address|article|aside|blockquote|div|fieldset|footer|form|header|hr|iframe|main|nav|section|video|audio)"
STATICS = (("/wp-content/uploads/", "uploads"), ("/wp-content/uploads/", "wp-content/uploads"))
HIDDEN_TYPES = ("post", "page")


def is_export(head: str) -> bool:
    """Whether a file that begins so is such an export."""
    return "<rss" in head and "wordpress.org/export" in head


def read(path: Path, folder: Folder) -> OldSite:
    """The blog of this export; pictures are looked for in `folder`. Raises ImportStopped."""
    channel = _channel(path)
    items = channel.findall("item")
    base_url, base_path = split_url(_text(channel, "base_blog_url") or channel.findtext("link") or "")
    attachments = (item for item in items if _text(item, "post_type") == "attachment")
    files = {_text(item, "post_id"): _text(item, "attachment_url") for item in attachments}
    people = {_text(each, "author_login"): _text(each, "author_display_name") for each in _all(channel, "author")}
    entries = [
        _entry(item, files, path.name, number, base_path)
        for number, item in enumerate(items, 1)
        if _text(item, "post_type") in HIDDEN_TYPES and _text(item, "status") != "trash"
    ]
    return OldSite(
        "wordpress",
        folder.root,
        tuple(entries),
        base_url,
        base_path,
        (channel.findtext("language") or "").strip(),
        statics=STATICS,
        feeds=("/feed/", "/feed/atom/", "/feed/rss/", "/feed/rss2/", "/comments/feed/"),
        dialects=("wordpress",),
        authors={key: html.unescape(name) for key, name in people.items() if name},
        findings=(*folder.findings, *_counted(items, path.name)),
    )


def _channel(path: Path) -> ElementTree.Element:
    raw = UNPRINTED.sub(b"", path.read_bytes())
    if not PROLOGUE.match(raw):
        raise ImportStopped(
            f"{path.name} begins as no export of WordPress does: with a document type, or as UTF-16. "
            "`<rss` is expected, with comments above it at most."
        )
    try:
        channel = ElementTree.fromstring(raw).find("channel")
    except ElementTree.ParseError as error:
        raise ImportStopped(f"{path.name} is no whole XML: {error}.") from error
    if channel is None:
        raise ImportStopped(f"{path.name} holds no channel, as an export of WordPress does.")
    return channel


def _counted(items: list[ElementTree.Element], name: str) -> Iterator[Finding]:
    for item in items:
        kind = _text(item, "post_type")
        comments = [each for each in _all(item, "comment") if _text(each, "comment_approved") == "1"]
        if comments and kind in HIDDEN_TYPES:
            yield Finding("comments", path=f"{name}#{_text(item, 'post_id')}", name="")
        if kind not in (
            *HIDDEN_TYPES,
            "attachment",
            "nav_menu_item",
            "revision",
            "custom_css",
            "wp_global_styles",
            "wp_template",
            "wp_navigation",
            "customize_changeset",
            "oembed_cache",
            "wp_template_part",
            "feedback",
            "user_request",
        ):
            yield Finding("other-type", kind, f"{name}#{_text(item, 'post_id')}")


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _all(item: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    return [each for each in item if _local(each.tag) == name and "wordpress.org" in each.tag]


def _text(item: ElementTree.Element, name: str) -> str:
    return next((each.text or "" for each in _all(item, name)), "").strip()


def _entry(item: ElementTree.Element, files: dict[str, str], file: str, number: int, base_path: str) -> Entry:
    link = (item.findtext("link") or "").strip()
    status, kind, key = _text(item, "status"), _text(item, "post_type"), _text(item, "post_id")
    meta = {_text(each, "meta_key"): _text(each, "meta_value") for each in _all(item, "postmeta")}
    excerpts = [each.text or "" for each in item if _local(each.tag) == "encoded" and "excerpt" in each.tag]
    named = [(each.get("domain"), html.unescape(each.text or "")) for each in item.findall("category")]
    title = html.unescape(item.findtext("title") or "").strip()
    date = _date(item)
    fields: dict[str, object] = {
        "title": title or _text(item, "post_name") or f"Untitled {key}",
        "date": date,
        "tags": [name for domain, name in named if domain == "post_tag"],
        "categories": [name for domain, name in named if domain == "category"],
        "excerpt": re.sub(r"<[^>]*>", " ", next((text for text in excerpts if text.strip()), "")),
        "description": "" if "%%" in (about := meta.get("_yoast_wpseo_metadesc", "")) else about,
        "author": item.findtext(DUBLIN) or "",
        "cover": files.get(meta.get("_thumbnail_id", ""), ""),
    }
    if status not in ("publish", "inherit"):
        fields["status"] = status or "draft"
    if _text(item, "post_password"):
        fields["password"] = "yes"
    body, lost = _html(item.findtext(CONTENT) or "", files)
    is_pretty = "?p=" not in link and "?page_id=" not in link
    guid = (item.findtext("guid") or "").strip()
    return Entry(
        path=f"{file}#{key or number}",
        fields=fields,
        body=body,
        is_post=kind == "post",
        name=_text(item, "post_name") or title or key,
        address=clean_address(link).removeprefix(base_path) if link and is_pretty and status == "publish" else "",
        markup="html",
        findings=tuple(Finding("shortcode", name, f"{file}#{key or number}") for name in lost),
        id=guid if re.match(r"https?://\S+$", guid) and kind == "post" else "",
    )


def _date(item: ElementTree.Element) -> str:
    """The local time with its offset, which the time in UTC tells."""
    local, utc = _text(item, "post_date"), _text(item, "post_date_gmt")
    if not local or local.startswith("0000"):
        return ""
    return local if utc.startswith("0000") or not utc or utc == local else _with_offset(local, utc)


def _with_offset(local: str, utc: str) -> str:
    try:
        here, there = (dt.datetime.fromisoformat(each).replace(tzinfo=dt.UTC) for each in (local, utc))
    except ValueError:
        return local
    minutes = round((here - there).total_seconds() / 60)
    sign = "+" if minutes >= 0 else "-"
    return f"{local}{sign}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}" if abs(minutes) <= 14 * 60 else local


def _html(content: str, files: dict[str, str]) -> tuple[str, list[str]]:
    """The HTML that WordPress made of a content, and the names of shortcodes that are not known."""
    content = content.replace("\r\n", "\n")
    content = CODE.sub(_code, content)
    content = SHORTCODE.sub(_caption, content)
    content = EMBED.sub(_embed, content)
    content = GALLERY.sub(lambda found: _gallery(found, files), content)
    lost: list[str] = []
    content = UNKNOWN.sub(partial(_unknown, lost, content), content)
    has_blocks = BLOCK.search(content) is not None
    content = BLOCK.sub("", LANGUAGE.sub(_in_language, content))
    return content if has_blocks else paragraphs(content), lost


def _in_language(found: re.Match[str]) -> str:
    return f'<pre class="{found["class"] or ""} language-{found["language"]}"'


def _embed(found: re.Match[str]) -> str:
    address = found["source"] or found["bare"] or found["inner"] or ""
    return f'<p><a href="{address}">{address}</a></p>' if address else ""


def _gallery(found: re.Match[str], files: dict[str, str]) -> str:
    """The pictures that a gallery names; of one that shows all of its post nothing is known, and it stays."""
    ids = re.search(r"ids\s*=\s*[\"']([\d,\s]+)", found["arguments"])
    addresses = [files.get(key.strip(), "") for key in ids[1].split(",")] if ids else []
    return "\n\n".join(f'<img src="{address}">' for address in addresses if address) or found[0]


def _unknown(lost: list[str], content: str, found: re.Match[str]) -> str:
    name = found["name"]
    is_shortcode = "=" in found["arguments"] or f"[/{name}]" in content or name in ("gallery", *SILENT)
    if not is_shortcode or re.search(rf"<(?:code|pre)\b[^<]*{re.escape(found[0])}", content):
        return found[0]
    if not found[0].startswith("[/") and name not in SILENT:
        lost.append(name)
    return ""


def _code(found: re.Match[str]) -> str:
    language = re.search(r"lang(?:uage)?=[\"']?([\w+#-]+)", found["arguments"])
    name = (
        language[1]
        if language
        else found["name"]
        if found["name"] not in ("code", "sourcecode", "text", "plain")
        else ""
    )
    return f'<pre class="language-{name or "none"}">{html.escape(html.unescape(found["inner"]), quote=False)}</pre>'


def _caption(found: re.Match[str]) -> str:
    picture = re.match(r"\s*(?:<a[^>]*>)?\s*<img[^>]*>\s*(?:</a>)?", found["inner"])
    words = found["inner"][picture.end() :].strip() if picture else ""
    return f"<figure>{picture[0] if picture else found['inner']}<figcaption>{words}</figcaption></figure>"


def paragraphs(text: str) -> str:
    """As WordPress's `wpautop`: empty lines part paragraphs, line ends are breaks; lists, tables and code stay."""
    out: list[str] = []
    deep = 0
    for part in re.split(rf"(</?(?:{WHOLE}|{BLOCKS})\b[^>]*>)", text, flags=re.I):
        tag = re.match(rf"<(/?)({WHOLE}|{BLOCKS})\b", part, re.I)
        if tag and re.fullmatch(WHOLE, tag[2], re.I):
            deep = max(0, deep + (-1 if tag[1] else 1))
        if tag or deep:
            out.append(part)
            continue
        for paragraph in filter(None, map(str.strip, re.split(r"\n\s*\n", part))):
            out.append("<p>" + paragraph.replace("\n", "<br>\n") + "</p>")
    return "".join(out)
