"""The fields that are lists: tags, aliases, authors."""

from __future__ import annotations

import re

from trigpoint.content import places
from trigpoint.content.pages import Author, Rules, Tag
from trigpoint.content.registries.authors import author_named, unregistered_author
from trigpoint.content.registries.tags import tag_named, unregistered
from trigpoint.content.values import HIDDEN, KINDS, TITLE, kind_of, shortened, text
from trigpoint.content.yaml_nodes import Node, Scalar, Sequence
from trigpoint.fault_list import FaultList

TAGS = 50
"""The tags of a post, at most."""

TAG = 80
"""The characters of a tag's name, at most."""


def tags(name: str, node: Node, report: FaultList, rules: Rules) -> tuple[Tag, ...] | None:
    words = _words(name, node, report, rules)
    if words is None:
        return None
    if len(words) > TAGS:
        report.doubt(
            node, f'"{name}" has {len(words)} entries, and {TAGS} are the most.', "Keep those that readers look for."
        )
        if not rules.lenient:
            return None
        words = words[:TAGS]
    found: dict[str, tuple[Tag, str]] = {}
    for word in words:
        tag = _tag(word, report, rules)
        if tag and tag.slug in found and rules.lenient:
            continue
        if tag and tag.slug in found:
            report.warning(
                word,
                f'The tag "{tag.name}" is here twice{_also(word.text, found[tag.slug][1])}.',
                "Keep one of the two.",
            )
        elif tag:
            found[tag.slug] = tag, word.text
    return tuple(tag for tag, _ in found.values())


def _tag(word: Scalar, report: FaultList, rules: Rules) -> Tag | None:
    name = " ".join(word.text.split())
    if not name or HIDDEN.search(name) or len(name) > TAG:
        report.doubt(word, f'"{shortened(name)}" cannot be a tag.', f"A tag is a text of 1 to {TAG} characters.")
        return None
    tag = tag_named(name, rules)
    if tag is None:
        report.doubt(word, *unregistered(name, rules), kind="tag-unregistered", subject=name)
    return tag


def _also(now: str, before: str) -> str:
    return "" if now == before else f': "{now}" and "{before}" are the same'


def _words(name: str, node: Node, report: FaultList, rules: Rules) -> list[Scalar] | None:
    """A list of texts, none of which YAML takes for anything else."""
    if isinstance(node, Scalar) and rules.lenient:
        return [Scalar(word, False, node.line, node.column) for word in map(str.strip, node.text.split(",")) if word]
    if not isinstance(node, Sequence):
        report.doubt(
            node, f'"{name}" is {kind_of(node)}, but a list is expected.', f"Write `{name}: [{_guess(node)}]`."
        )
        return None
    return [word for item in node.items if (word := _word(name, item, report))]


def _word(name: str, item: Node, report: FaultList) -> Scalar | None:
    if not isinstance(item, Scalar):
        report.doubt(
            item,
            f'An entry of "{name}" is {kind_of(item)}, but a text is expected.',
            f'Write `{name}: ["…", "…"]`.',
        )
        return None
    if item.kind == "text" or report.forgiving:
        return item
    if item.kind == "nothing":
        report.doubt(item, f'An entry of "{name}" is empty.', "Remove it, or write a text in quotes.")
        return None
    report.doubt(
        item,
        f'"{shortened(item.text)}" is {KINDS[item.kind]} to YAML, but a text is expected in "{name}".',
        f'Write it in quotes: "{shortened(item.text)}".',
    )
    return None


def _guess(node: Node) -> str:
    """The list that was probably meant, as it is written in YAML."""
    if not isinstance(node, Scalar):
        return "first, second"
    parts = [part.strip() for part in node.text.split(",") if part.strip()] or ["first", "second"]
    return ", ".join(
        part if re.fullmatch(r"[\w/][\w ./+-]*", part) and Scalar(part, True, 0, 0).kind == "text" else f'"{part}"'
        for part in parts[:10]
    )


def aliases(name: str, node: Node, report: FaultList, rules: Rules) -> tuple[str, ...] | None:
    words = _words(name, node, report, rules)
    found: list[str] = []
    for word in words or ():
        try:
            found.append(places.alias(word.text.strip()))
        except ValueError as reason:
            report.doubt(
                word, f'The alias is "{shortened(word.text)}", but {reason}.', 'Write a path such as "/old/path/".'
            )
    return None if words is None else tuple(dict.fromkeys(found))


def authors(name: str, node: Node, report: FaultList, rules: Rules) -> tuple[Author, ...] | None:
    """One name, or a list of names."""
    nodes = node.items if isinstance(node, Sequence) else [node]
    names = [(each, text(name, each, report, TITLE)) for each in nodes]
    if any(written == "" for _, written in names):
        report.doubt(node, f'An entry of "{name}" is empty.', "Remove it, or write a name.")
    if any(written is None for _, written in names):
        return None
    found = [_author(each, " ".join(written.split()), report, rules) for each, written in names if written]
    return tuple(dict.fromkeys(author for author in found if author))


def _author(node: Node, name: str, report: FaultList, rules: Rules) -> Author | None:
    author = author_named(name, rules)
    if author is None:
        report.doubt(node, *unregistered_author(name, rules), kind="author-unregistered", subject=name)
    return author
