"""The examples of CommonMark and of GitHub's extensions, as a score that only goes up.

`-s` prints it by section. An example that is read in another way on purpose is in ON_PURPOSE with its reason; one that
is not there and fails is a fault.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from trigpoint.markup.render import render

FOLDER = Path(__file__).parent / "spec"
AGREE = {"commonmark-0.31.2": 630, "gfm-0.29": 23}
"""How many examples read as the specification says, at least."""

ON_PURPOSE: dict[str, dict[str, tuple[int, ...]]] = {
    "commonmark-0.31.2": {
        "a tag of no element that HTML knows is shown as text": (201, 491, 524, 536, 613, 614, 615, 623),
        "a picture that stands alone and has a title is a figure": (572, 573, 576, 577, 584, 585, 586, 588, 589, 591),
        "bare addresses are links, as on GitHub": (602, 608, 611, 612),
    },
    "gfm-0.29": {
        "cells that a row has too many are shown in its last one": (204,),
    },
}
KEPT = {"href", "src", "alt", "title", "start", "checked", "data-language"}
BLOCKS = frozenset(
    ("blockquote", "br", "pre", "div", "figure", "h", "hr", "li", "ol", "p", "table", "tbody", "td", "th", "tr", "ul")
)
Shape = tuple[Any, ...]


def examples(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    return found


def ours(markdown: str) -> str:
    document = render(markdown.removesuffix("\n"), path="a.md", first_line=1, title="", beside=lambda name: None)
    return document.page(lambda link: link.target, lambda image: image.html(image.link.target))


def shape(html: str) -> Shape:
    """What both pages must have in common: elements, their addresses, titles and words, and text; no layout of ours."""
    root = LexborHTMLParser(f"<body><main>{html.strip()}").css_first("main")
    return _children(root) if root else ()


def _children(node: LexborNode) -> Shape:
    found: list[Any] = []
    for child in node.iter(include_text=True):
        for piece in _shapes(child):
            if isinstance(piece, str) and found and isinstance(found[-1], str):
                found[-1] += piece
            else:
                found.append(piece)
    return tuple(_trimmed(found))


def _trimmed(found: list[Any]) -> Iterator[Any]:
    """The same with one space for many, and none beside a block."""
    for at, each in enumerate(found):
        if not isinstance(each, str):
            yield each
            continue
        text = re.sub(r"\s+", " ", each)
        if at == 0 or _is_block(found[at - 1]):
            text = text.lstrip()
        if at + 1 == len(found) or _is_block(found[at + 1]):
            text = text.rstrip()
        if text:
            yield text


def _is_block(piece: Any) -> bool:
    return isinstance(piece, tuple) and piece[0] in BLOCKS


def _shapes(node: LexborNode) -> list[Any]:
    tag = node.tag or ""
    attributes = node.attributes
    if tag == "-text":
        return [node.text() or ""]
    classes = (attributes.get("class") or "").split()
    if not tag or tag.startswith("-") or "anchor" in classes:
        return []
    if tag == "pre" and (code := node.css_first("code")) and node.parent and node.parent.tag != "body":
        named = re.match(r"language-(\S+)", code.attributes.get("class") or "")
        figure = node.parent.parent if node.parent.parent and node.parent.parent.tag == "figure" else None
        language = named[1] if named else (figure.attributes.get("data-language") if figure else "") or ""
        return [("pre", language.lower(), (code.text() or "").rstrip("\n"))]
    if (tag == "figure" and "code" in classes) or (tag == "div" and {"highlight", "table"} & set(classes)):
        return list(_children(node))
    name = "h" if re.fullmatch("h[1-6]", tag) else tag
    kept = tuple(sorted((key, unquote(value or "")) for key, value in attributes.items() if key in KEPT))
    return [(name, kept, _children(node))]


def agrees(example: dict[str, Any]) -> bool:
    return shape(ours(example["markdown"])) == shape(example["html"])


def test_the_reference_tells_the_score() -> None:
    told = (Path(__file__).parents[2] / "docs" / "markdown.md").read_text("utf-8")
    cmark, gfm = AGREE.values()
    assert (
        f"Of the 652 examples of CommonMark 0.31.2, {cmark} read as the specification says, and {gfm} of the 24" in told
    )


@pytest.mark.parametrize("name", AGREE)
def test_the_share_of_the_specification_that_holds(name: str) -> None:
    every, right, wrong = Counter[str](), Counter[str](), set[int]()
    for example in examples(name):
        every[example["section"]] += 1
        if agrees(example):
            right[example["section"]] += 1
        else:
            wrong.add(example["example"])
    for section, count in every.items():
        sys.stdout.write(f"{section:40} {right[section]:4} of {count}\n")
    sys.stdout.write(f"{name:40} {right.total():4} of {every.total()}\n")
    on_purpose = {number for numbers in ON_PURPOSE[name].values() for number in numbers}
    assert sorted(wrong - on_purpose) == []
    assert sorted(on_purpose - wrong) == [], "these agree now: take them from the list"
    assert right.total() >= AGREE[name]
