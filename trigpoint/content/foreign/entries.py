"""Entries of foreign headers that together say what one of our fields says: tags, aliases, authors and others. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from html import unescape

from trigpoint.content import dates, places
from trigpoint.content.pages import Source
from trigpoint.content.values import is_empty
from trigpoint.content.yaml_nodes import Mapping, Node, Scalar, Sequence
from trigpoint.fault_list import FaultList

CATEGORIES = ("categories", "category")
ADDRESSES = ("permalink", "url", "path")
"""Entries that say where a post stood: Jekyll's and Eleventy's, Hugo's and Pelican's, Zola's."""

NUMBERS = ("series_order", "series_part", "series_index", "series_weight", "part")
"""Entries that say which part of its series a post is."""

URI = re.compile(r"[A-Za-z][\w+.-]*:\S+")

PICTURE = re.compile(r"\.(?:png|jpe?g|gif|webp|avif|svg)\Z", re.I)

INLINE = re.compile(r"</?(?:a|abbr|b|br|cite|code|em|i|img|kbd|mark|small|span|strong|sub|sup|u|tt)\b[^<>]*>", re.I)
PAIRED = re.compile(r"<(?P<tag>[a-z]+)\b[^<>]*>.*</(?P=tag)>|<(?:br|img|wbr)\b[^<>]*>", re.I)

Written = dict[str, tuple[Scalar, Node]]


def _with_tags(before: Node, name: str, node: Node, is_spaced: bool) -> Sequence:
    """The tags that were named before, and those of this entry; categories come last. `is_spaced`: as Jekyll's are."""
    known = before.items if isinstance(before, Sequence) else []
    found = list(_tags(node, name.casefold() not in ("tag", "category") and is_spaced))
    is_first = name.casefold() not in CATEGORIES
    return Sequence(node.line, node.column, [*found, *known] if is_first else [*known, *found])


def _tags(node: Node, has_spaces: bool) -> Iterator[Scalar]:
    """The names in a list, in a list of lists (Hexo), in mappings with a name, or in a text.

    Commas part a text, or semicolons; spaces do where there are none, and the post is Jekyll's.
    """
    if isinstance(node, Sequence):
        for item in node.items:
            if isinstance(item, Scalar):
                name = _untagged(item.text)
                yield from (
                    [] if is_empty(item) or not name else [item if name == item.text else replace(item, text=name)]
                )
            else:
                yield from _tags(item, False)
    elif isinstance(node, Mapping):
        names = (node.entries.get(name) for name in ("name", "key", "title", "label", "slug"))
        found = next((entry[1] for entry in names if entry), None)
        yield from [found] if isinstance(found, Scalar) else []
    else:
        text = re.sub(r"\A\[(.*)\]\Z", r"\1", node.text.strip())
        are_marked = all(word.startswith("#") for word in text.split())
        mark = next((mark for mark in ",;" if mark in text), " " if has_spaces or are_marked else None)
        words = (word.strip(" \"'") for word in (text.split(mark) if mark else [text]))
        yield from (Scalar(word, False, node.line, node.column) for word in map(_untagged, words) if word)


def _untagged(name: str) -> str:
    """Obsidian's `#tag` without its sign."""
    return re.sub(r"\A#(?=\w)", "", name.strip())


def _with_aliases(before: Node, name: str, node: Node, is_spaced: bool) -> Sequence:
    known = before.items if isinstance(before, Sequence) else []
    return Sequence(node.line, node.column, [*known, *(node.items if isinstance(node, Sequence) else [node])])


def _with_authors(before: Node, name: str, node: Node, is_spaced: bool) -> Sequence:
    known = before.items if isinstance(before, Sequence) else []
    is_list = isinstance(node, Sequence | Mapping) or name.casefold() == "authors"
    found = _tags(node, False) if is_list else [node]
    plain = (replace(each, text=plain_name(each.text)) if isinstance(each, Scalar) else each for each in found)
    return Sequence(node.line, node.column, [*known, *plain])


def plain_name(written: str) -> str:
    """An author's name without links: `Ada ([@ada](https://…))`, `[Ada](https://…)`, `<a href=…>Ada</a>`."""
    name = re.sub(r"\s*\(\s*\[[^\[\]]*\]\([^()]*\)\s*\)", "", written)
    return re.sub(r"</?a\b[^<>]*>", "", re.sub(r"\[([^\[\]]+)\]\([^()]*\)", r"\1", name)).strip() or written


def clean_title(written: str) -> str:
    """A title as plain text: without the HTML and the escapes that a template would have shown."""
    return " ".join(unescape(PAIRED.sub(lambda found: INLINE.sub("", found[0]), written)).split())


LISTS: dict[str, Callable[[Node, str, Node, bool], Sequence]] = {
    "tags": _with_tags,
    "aliases": _with_aliases,
    "author": _with_authors,
}
"""The fields that several entries may add to."""


def add_places(ours: Mapping, rest: Mapping, source: Source) -> None:
    """What an old address says: it becomes an alias, and gives a post the date that it has nowhere else."""
    for name in ADDRESSES:
        key, node = next((entry for key, entry in rest.entries.items() if key.casefold() == name), (None, None))
        if key is None or not isinstance(node, Scalar) or re.search(r"[:{}?#]|^$", node.text):
            continue
        try:
            alias = places.alias(node.text.strip())
        except ValueError:
            continue
        if not places.is_own(alias):
            before = ours.entries.get("aliases", (key, Sequence(node.line, node.column)))[1]
            item = Scalar(alias, False, node.line, node.column)
            ours.entries["aliases"] = key, _with_aliases(before, name, item, False)
        day, own = dates.in_path(alias.strip("/")), places.SUFFIX.sub("", source.path)
        is_closer = dates.day_in_path(alias.strip("/")) and not dates.day_in_path(own)
        if day and places.is_post(source.path) and (is_closer or not dates.in_path(own)):
            ours.entries.setdefault("date", (key, Scalar(day, False, node.line, node.column)))


def add_parts(ours: Mapping, rest: Mapping, report: FaultList) -> None:
    """A series by its name alone, and a cover by its path, in the form that our fields have."""
    key, node = ours.entries.get("series", (None, None))
    names = list(_tags(node, False)) if node and not (isinstance(node, Mapping) and "part" in node.entries) else []
    if key and names:
        del ours.entries["series"]
        number = next((rest.entries[name][1] for name in NUMBERS if name in rest.entries), None)
        if isinstance(number, Scalar) and re.fullmatch(r"[1-9]\d{0,3}", number.text):
            entries: dict[str, tuple[Scalar, Node]] = {"name": (key, names[0]), "part": (key, number)}
            ours.entries["series"] = key, Mapping(key.line, key.column, entries)
        else:
            rest.entries["series"] = key, names[0]
            sentence = "This part of a series has no number, so it stands for itself."
            report.warning(key, sentence, "Write `series: {name: …, part: 1}`.")
    key, node = ours.entries.get("cover", (None, None))
    image = _picture(node) if node else None
    if key and (image is None or URI.match(image.text) or image.text.startswith("//")):
        rest.entries[key.text] = ours.entries.pop("cover")
    elif key and image:
        alt = _of(node, ("alt", "caption", "title")) or Scalar("", False, image.line, image.column)
        ours.entries["cover"] = key, Mapping(key.line, key.column, {"image": (key, image), "alt": (key, alt)})


def _picture(node: Node) -> Scalar | None:
    found = node if isinstance(node, Scalar) else _of(node, ("image", "src", "url", "path", "feature"))
    return found if found and PICTURE.search(found.text) else None


def _of(node: Node | None, names: tuple[str, ...]) -> Scalar | None:
    found = (node.entries[name][1] for name in names if name in node.entries) if isinstance(node, Mapping) else ()
    return next((each for each in found if isinstance(each, Scalar) and not is_empty(each)), None)
