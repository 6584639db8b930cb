"""A header's YAML as the entries that an author wrote, or the reason why it has none."""

from __future__ import annotations

import re

from trigpoint.content.foreign.loose_yaml import mended
from trigpoint.content.header import EXAMPLE
from trigpoint.content.values import is_empty
from trigpoint.content.yaml_errors import FORM, explain
from trigpoint.content.yaml_nodes import (
    Mapping,
    Node,
    Scalar,
    Sequence,
    YamlRefusedError,
    YamlUnreadableError,
    composed,
)
from trigpoint.fault_list import FaultList, Position

FIRST_LINE = 2
"""The header's first line in its file: the fence is above it."""

COMMENT = re.compile(r"^[\w-]+:[ \t]+(?![\"'|>\[{# \t])[^\n]*?[ \t](#[^\s#][^\n]*)$", re.MULTILINE)
BREAKS = str.maketrans("\x85\u2028\u2029", "   ")


def entries(header: str, report: FaultList, first_line: int = FIRST_LINE) -> Mapping | None:
    """The header's fields as they were written, or None with the reasons reported.

    Where the report is forgiving, lines that YAML cannot read are read as texts, and that is said.
    """
    # These three are line breaks to YAML, but to no editor: its lines would be counted wrongly.
    text = header if header.isascii() else header.translate(BREAKS)
    try:
        node = composed(text, first_line, report)
    except (YamlRefusedError, YamlUnreadableError) as error:
        node = _mended(text, first_line, report) if report.forgiving else None
        if node is None:
            _explain(text, first_line, error, report)
            return None
    if report.forgiving and isinstance(node, Scalar) and not is_empty(node):
        node = _mended(text, first_line, report) or node
    if isinstance(node, Mapping):
        _warn_of_comments(text, report)
        return node
    _refuse(node, text, report)
    return None


def _explain(text: str, first_line: int, error: YamlRefusedError | YamlUnreadableError, report: FaultList) -> None:
    if isinstance(error, YamlRefusedError):
        report.error(error.place, error.sentence, error.cure)
    else:
        explain(text, first_line, error, report)


def _mended(text: str, first_line: int, report: FaultList) -> Mapping | None:
    """The fields of a header that is almost YAML; None where nothing helps."""
    better = mended(text)
    lines = zip(text.split("\n"), better.split("\n"), strict=True)
    changed = next((at for at, (before, after) in enumerate(lines) if before.split() != after.split()), 0)
    try:
        node = composed(better, first_line, report)
    except (YamlRefusedError, YamlUnreadableError):
        return None
    if not isinstance(node, Mapping):
        return None
    sentence = "YAML cannot read this line, so it is read as text."
    report.warning(Position(first_line + changed, 1), sentence, "Put its value in quotes.")
    return node


def _refuse(node: Node | None, text: str, report: FaultList) -> None:
    if node is None or is_empty(node):
        report.error(Position(1, 1), "The header is empty.", EXAMPLE)
    elif isinstance(node, Sequence):
        report.error(node, "The header is a list, but fields are expected.", FORM)
    else:
        explain(text, FIRST_LINE, YamlUnreadableError(node, "the header is a single text"), report)


def _warn_of_comments(text: str, report: FaultList) -> None:
    """`title: Fix #12` loses its number without a word."""
    for found in COMMENT.finditer(text) if "#" in text else ():
        line = text.count("\n", 0, found.start()) + FIRST_LINE
        sentence = f'"{found[1]}" is left out: a # after a space begins a comment.'
        cure = "Put the whole value in quotes, if it belongs to it."
        report.warning(Position(line, found.start(1) - found.start() + 1), sentence, cure)
