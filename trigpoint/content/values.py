"""The text of a YAML node, and a description of it for messages."""

from __future__ import annotations

import re

from trigpoint import characters
from trigpoint.content.yaml_nodes import Mapping, Node, Scalar, Sequence
from trigpoint.fault_list import FaultList

TITLE, TEXT = 300, 1000
"""The characters of a title, or of another text, at most."""

YES, NO = ("true", "yes", "on"), ("false", "no", "off")
KINDS = {
    "text": "a text",
    "number": "a number",
    "date": "a date",
    "yes or no": "a yes or no",
    "nothing": "empty",
}
HIDDEN = re.compile(f"[{characters.CONTROLS}{characters.NONCHARACTERS}]")
"""Characters that no XML may hold or no reader sees: a YAML escape can bring them in."""


def text(name: str, node: Node, report: FaultList, most: int = TEXT) -> str | None:
    """A text; its line breaks are spaces."""
    if not isinstance(node, Scalar):
        report.doubt(node, f'"{name}" is {kind_of(node)}, but a text is expected.', f'Write `{name}: "…"`.')
        return None
    if HIDDEN.search(node.text):
        report.doubt(node, f'"{name}" holds a control character.', "Remove it.")
        return None
    whole = " ".join(node.text.split())
    if len(whole) > most:
        report.doubt(node, f'"{name}" has {len(whole)} characters, and {most} are the most.', "Shorten it.")
        if report.forgiving and most == TEXT:
            return characters.shortened(whole, most)
        return None
    return whole


def is_empty(node: Node) -> bool:
    """Is there nothing, or what YAML takes for nothing?"""
    return isinstance(node, Scalar) and node.kind == "nothing"


def kind_of(node: Node) -> str:
    """What it is, with its article: "a list"."""
    if isinstance(node, Scalar):
        return KINDS[node.kind]
    return "a list" if isinstance(node, Sequence) else "a mapping"


def shown(node: Node) -> str:
    """What was written, in quotes; a list or a mapping by its kind."""
    return f'"{shortened(node.text)}"' if isinstance(node, Scalar) and node.text else kind_of(node)


def shortened(written: str, most: int = 60) -> str:
    """One line of what was written, fit for a message."""
    line = " ".join(HIDDEN.sub("\N{REPLACEMENT CHARACTER}", written).split())
    return characters.shortened(line, most)


def plain(node: Node) -> object:
    """The Node as JSON could hold it; a date stays the text that was written."""
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    if isinstance(node, Mapping):
        return {HIDDEN.sub("", key): plain(value) for key, (_, value) in node.entries.items()}
    if node.kind == "nothing":
        return None
    if node.kind == "yes or no":
        return node.text.casefold() in YES
    return _number(node.text) if node.kind == "number" else HIDDEN.sub("", node.text)


def _number(written: str) -> object:
    """A decimal number; what YAML 1.1 reads in other ways (12:30, 0o17, 1_000, .inf) stays text."""
    if re.fullmatch(r"[-+]?(?:0|[1-9]\d{0,17})", written, re.ASCII):
        return int(written)
    return (
        float(written) if re.fullmatch(r"[-+]?\d{1,17}\.\d{1,17}(?:[eE][-+]?\d{1,2})?", written, re.ASCII) else written
    )
