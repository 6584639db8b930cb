"""What a foreign header means: its fields under all the names that generators have for them, as ours. Pure.

One rule for each of our fields. Values come in as texts, lists and mappings (`headers`); what is no field of ours is
left for `extra`.
"""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Iterable, Iterator
from typing import Any

from trigpoint.content.dates import foreign_moment
from trigpoint.content.foreign.entries import clean_title, plain_name
from trigpoint.content.visibility import APPEARS, EXPIRES, key_of, verdict
from trigpoint.content.yaml_nodes import Mapping as NodeMapping
from trigpoint.content.yaml_nodes import Node, Scalar, Sequence
from trigpoint.importing.reading.entries import Fields

LOCAL = dt.timezone(dt.timedelta(0), "local")
"""Stands for a zone that was not written: the site's is meant."""

DATES = (
    "date", "published", "published_at", "publishdate", "pubdate", "publish_date", "pub_date", "created",
    "created_at", "date_published",
    "datepublished", "publishedat", "createdat", "publishedon", "published_on", "published_date", "publisheddate",
    "posted", "date_created",
    "post_date", "pubdatetime", "datetime", "createtime", "create_time", "createdate", "create_date", "releasedate",
    "release_date", "first_published_at",
)  # fmt: skip
UPDATED = (
    "updated", "modified", "lastmod", "last_modified_at", "last_modified", "lastmodified", "updated_at", "updatedat",
    "date_updated", "dateupdated", "edited", "updateddate", "updated_date", "modified_date", "modifieddate",
    "update", "modified_time",
    "date_modified", "last_updated", "moddatetime", "lastupdated", "lastupdate", "updatetime", "update_time",
)  # fmt: skip
SUMMARIES = ("summary", "excerpt", "teaser", "hook", "spoiler", "abstract", "custom_excerpt", "lede", "tldr")
DESCRIPTIONS = ("description", "meta_description", "seo_description", "metadescription", "meta", "desc")
ALIASES = ("aliases", "redirect_from", "redirects", "alias", "redirect_froms", "old_urls", "oldurl", "redirectfrom")
AUTHORS = ("authors", "author", "by", "author_name", "writer", "byline")
LANGUAGES = ("lang", "language", "locale", "hreflang")
TAGS = (("tag", "tags"), ("topics",), ("tag_list",))
CATEGORIES = ("categories", "category")
COVERS = (
    "cover", "image", "featured_image", "featuredimage", "feature_image", "featured", "cover_image", "coverimage",
    "thumbnail",
    "thumb", "banner", "hero", "hero_image", "heroimage", "header", "og_image", "ogimage", "images", "img",
    "share-img", "thumbnail-img",
    "cover-img", "socialimage", "header-img", "header_image", "social_image", "cover_photo", "top_img", "index_img",
)  # fmt: skip
SERIES = ("series", "series_name", "serie")
PARTS = ("part", "series_order", "series_part", "series_index", "seriesorder", "series_weight", "weight")
TEMPLATING = frozenset(
    (
        "layout", "permalink", "url", "path", "slug", "title", "draft", "type", "template", "comments", "comment",
        "toc", "id", "status", "published", "output", "eleventycomputed", "eleventynavigation", "headless", "menu",
        "markup", "outputs", "sitemap", "save_as", "override_url", "override_save_as", "taxonomies", "extra",
        "weight", "mathjax",
        "math", "katex", "showtoc", "tocopen", "sidebar", "nav", "math_engine", "in_head", "insert_anchor_links",
        "aside", "link_title",
        "created", "keywords", "copyright", "abbrlink", "urlname", "hide", "guid", "share", "sharing", "footer",
        "author_profile", "read_time", "related", "classes",
        "highlight", "slug_source", "postslug", "pagefind", "format", "execute", "freeze", "bibliography", "csl",
        "engine", "jupyter", "editor", "editor_options", "code-fold", "resources", "citation", "rmd_hash",
    )
)  # fmt: skip
"""Entries that a template or the address was made by: they say nothing to readers."""
TITLE, TEXT, TAG = 300, 1000, 80
TRUE, FALSE = ("true", "yes", "on", "1"), ("false", "no", "off", "0")


class Header:
    """A header that is asked by our names; what was asked for is no longer left over."""

    def __init__(self, fields: Fields) -> None:
        self._by_name: dict[str, Any] = {}
        self._written: dict[str, str] = {}
        for name, value in _flat(fields):
            self._by_name.setdefault(name.casefold(), value)
            self._written.setdefault(name.casefold(), name)
        self._used: set[str] = set()

    def first(self, names: Iterable[str]) -> Any:
        """The value of the first of these names that says something, or ""."""
        found: Any = ""
        for name in names:
            value = self._by_name.get(name, "")
            if value not in ("", [], {}):
                self._used.add(name)
                found = found or value
        return found

    def text(self, *names: str, most: int = TEXT) -> str:
        return cut(plain_text(self.first(names)), most)

    def items(self) -> Iterator[tuple[str, Any]]:
        yield from self._by_name.items()

    def rest(self) -> dict[str, Any]:
        """What nobody asked for, and what is not there for templates alone."""
        known = {*self._used, *TEMPLATING, *(name for name in self._by_name if key_of(name) in (*APPEARS, *EXPIRES))}
        left = (name for name in self._by_name if name not in known)
        return {self._written[name]: self._by_name[name] for name in left if self._by_name[name] not in ("", [], {})}


def _flat(fields: Fields) -> Iterator[tuple[str, Any]]:
    """The entries, with those of Zola's and others' nested tables behind them."""
    yield from ((name, value) for name, value in fields.items() if name not in ("taxonomies", "extra", "params"))
    for name in ("taxonomies", "extra", "params"):
        inner = fields.get(name)
        if isinstance(inner, dict):
            yield from inner.items()


def plain_text(value: Any) -> str:
    """A value as a text of one line."""
    if isinstance(value, list):
        value = ", ".join(plain_text(item) for item in value)
    elif isinstance(value, dict):
        value = plain_text(next((value[key] for key in ("name", "title", "en", "text") if key in value), ""))
    return " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff\ud800-\udfff]", " ", str(value)).split())


def title(header: Header) -> str:
    """The title as plain text: without the HTML and the escapes that a template would have shown."""
    written = header.text("title", "name_of_post", most=TITLE * 4)
    return cut(clean_title(written), TITLE)


def cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rsplit(" ", 1)[0] + "…"


def moment(written: Any) -> dt.datetime | None:
    """The moment that is written, in the zone LOCAL where none is named; None where it cannot be read."""
    if isinstance(written, dict):
        written = written.get("created") or written.get("date") or next(iter(written.values()), "")
    if isinstance(written, list):
        written = written[0] if written else ""
    text = str(written).strip()
    text = re.sub(r"(\.\d{1,6})\d*", r"\1", text)
    text = re.sub(r"\s*\[[\w/+-]+\]$", "", text)
    text = re.sub(r"\s*(?:UTC|GMT)(?=[+-]\d)", "", text)
    text = re.sub(r"\s+(?:EST|EDT|CST|CDT|MST|MDT|PST|PDT|CET|CEST|BST|JST|IST|AEST|[A-Z][a-z]+/[A-Z]\w+)$", "", text)
    text = re.sub(r"^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\w*,?\s+(?=[A-Z][a-z]{2,8}\.?\s+\d{1,2},?\s+\d{4})", "", text)
    text = re.sub(r"(?<=\d)(?:st|nd|rd|th)\b", "", text)
    text = re.sub(r"^(\d{4}-\d{1,2})$", r"\1-01", text)
    text = re.sub(r"^(\d{4})$", r"\1-01-01", text)
    text = re.sub(r"^(\d{4})年(\d{1,2})月(\d{1,2})日", r"\1-\2-\3", text)
    text = re.sub(r"^(\d{4}-\d{1,2}-\d{1,2})[-_](?=\d{1,2}:)", r"\1 ", text)
    text = re.sub(r"(?<=:\d\d)\s*([ap])\.?m\.?$", r" \1m", text, flags=re.I)
    text = _in_24_hours(text)
    text = re.sub(r"\bat\s+(?=\d)", "", text)
    for form in (text, re.sub(r"([T ]\d{1,2}):?(\d\d)?.*$", "", text), re.split(r"[T ](?=\d{1,2}:)", text)[0]):
        try:
            return foreign_moment(form, LOCAL)
        except ValueError:
            continue
    return _american(text)


def _in_24_hours(text: str) -> str:
    found = re.search(r"(\d{1,2}):(\d\d)(:\d\d)? ([ap])m$", text, re.I)
    if not found:
        return text
    hour = int(found[1]) % 12 + (12 if found[4].lower() == "p" else 0)
    return f"{text[: found.start()]}{hour:02}:{found[2]}{found[3] or ''}"


def _american(text: str) -> dt.datetime | None:
    """`10/27/2019`, and `27.10.2019`: a day that can only be read in one way, or month first with slashes."""
    found = re.match(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})(?:\D|$)", text)
    if not found:
        return None
    first, second, year = int(found[1]), int(found[3]), int(found[4])
    month, day = (first, second) if first <= 12 and (found[2] == "/" or second > 12) else (second, first)
    try:
        return dt.datetime(year, month, day, tzinfo=LOCAL)
    except ValueError:
        return None


def written_moment(moment: dt.datetime) -> str:
    """A moment as our front matter has it; a midnight without a zone is a day."""
    if moment.tzinfo is LOCAL:
        form = "%Y-%m-%d" if (moment.hour, moment.minute, moment.second) == (0, 0, 0) else "%Y-%m-%d %H:%M:%S"
        return moment.strftime(form)
    return moment.replace(microsecond=0).isoformat(sep=" ")


def names(value: Any, is_spaced: bool = False) -> list[str]:
    """A list of names, however it is written. `is_spaced`: a text without commas holds several (Jekyll)."""
    if isinstance(value, dict):
        value = list(value) if not any(key in value for key in ("name", "title")) else [value]
    if isinstance(value, str):
        value = value.strip().strip("[]") if value.strip().startswith("[") else value
        parts = (
            re.split(r"[,;，、]", value) if re.search(r"[,;，、]", value) else value.split() if is_spaced else [value]
        )
        value = [part.strip().strip("\"'") for part in parts]
    flat: list[str] = []
    for item in value if isinstance(value, list) else []:
        flat += names(item) if isinstance(item, list) else [plain_text(item)]
    return [name for name in (part.strip().lstrip("#").strip() for part in flat) if name]


def redirects(header: Header) -> list[str]:
    """The header's own list of old addresses; a path may hold commas."""
    value = header.first(ALIASES)
    return names(value if not isinstance(value, str) or value.startswith("[") else [value])


def tag_names(header: Header, is_spaced: bool, dropped: Iterable[str] = ()) -> list[str]:
    """The post's tags, then its categories: each once, whatever its case. `is_spaced`: Jekyll's lists are."""

    def found(*named: str) -> list[str]:
        return [each for name in named for each in names(header.first((name,)), is_spaced and name.endswith("s"))]

    tags = next((tags for named in TAGS if (tags := found(*named))), [])
    for name in CATEGORIES:
        for category in found(name):
            tags += [part for part in category.split("/") if part.strip()] if name == "category" else [category]
    unwanted = {"uncategorized", "未分类", "unkategorisiert", *dropped}
    kept: dict[str, str] = {}
    for tag in tags:
        tag = " ".join(html.unescape(tag).split())
        if tag and tag.casefold() not in unwanted and len(tag) <= TAG:
            kept.setdefault(tag.casefold(), tag)
    return list(kept.values())[:50]


def author_names(header: Header, known: Fields) -> list[str]:
    value = header.first(AUTHORS)
    found = [value] if isinstance(value, dict) else value
    if isinstance(found, str):
        found = plain_name(found)
        found = re.split(r"\s*(?:,|;|&| and )\s*", found) if len(found) < 200 else [found]
    keyed = (
        [each.get("key", each) if isinstance(each, dict) else each for each in found] if isinstance(found, list) else []
    )
    listed = [plain_text(known.get(plain_text(each), each)) for each in keyed]
    return list(dict.fromkeys(clean_title(cut(plain_name(name), TITLE)) for name in listed if name))


def cover(header: Header) -> tuple[str, str]:
    """The picture of the header and the words for it; ("", "") where it names none."""
    for name in COVERS:
        value = header.first((name,))
        if isinstance(value, list):
            value = value[0] if value else ""
        alt = ""
        if isinstance(value, dict):
            alt = plain_text(
                next((value[key] for key in ("alt", "caption", "image_alt", "description") if value.get(key)), "")
            )
            keys = ("image", "path", "src", "url", "feature", "overlay_image", "teaser", "filename", "file", "og_image")
            value = next((value[key] for key in keys if isinstance(value.get(key), str) and value[key]), "")
        if isinstance(value, str) and re.search(r"\.(?:png|jpe?g|gif|webp|avif|svg)(?:[?#].*)?$", value.strip(), re.I):
            alt = alt or header.text(
                "image_alt", "cover_alt", "alt", "featured_image_alt", "feature_image_alt", "imagealt"
            )
            return value.strip(), alt
    return "", ""


def hidden_by(header: Header) -> tuple[str, bool]:
    """The entry that keeps the page from readers ("" for none), and whether its value was understood."""
    for name, value in header.items():
        if name == "published" and not _is_switch(value):
            continue
        if name == "status" and isinstance(value, str) and value.casefold() == "featured":
            continue
        found = verdict(name, _node(value))
        if found and found.hides:
            return f"{name}: {plain_text(value)[:40]}", found.understood
    return "", True


def appears(header: Header) -> Any:
    return next((value for name, value in header.items() if key_of(name) in APPEARS and value), "")


def expires(header: Header) -> Any:
    return next((value for name, value in header.items() if key_of(name) in EXPIRES and value), "")


def is_true(value: Any) -> bool:
    return str(value).casefold() in TRUE


def _is_switch(value: Any) -> bool:
    return str(value).casefold() in (*TRUE, *FALSE, "")


def _node(value: Any) -> Node:
    """A plain value as the Node that `visibility` looks at."""
    if isinstance(value, dict):
        return NodeMapping(1, 1, {key: (Scalar(key, True, 1, 1), _node(item)) for key, item in value.items()})
    if isinstance(value, list):
        return Sequence(1, 1, [_node(item) for item in value])
    return Scalar(str(value), True, 1, 1)
