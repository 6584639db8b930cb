"""A header that is almost YAML, line by line into YAML: what no reader of YAML would take is read as text.

Pure. The lines keep their numbers, so that whatever is said of them names the right one.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from itertools import takewhile

from trigpoint.content.yaml_nodes import Mapping, Node, Scalar, YamlRefusedError, YamlUnreadableError, composed
from trigpoint.fault_list import FaultList

ENTRY = re.compile(
    r"(?P<indent>[ ]*)(?P<dash>(?:-[ ]+)?)(?P<name>[^\W\d](?:[ ]*+[\w.-]++)*+|\"[^\"]+\"|'[^']+')"
    r"[ ]*:(?P<value>(?:[ ].*)?)$"
)
ITEM = re.compile(r"(?P<indent>[ ]*)-(?![-.])[ ]*(?P<value>\S.*)$")
BLOCK = re.compile(r"[|>][-+]?\d?[ ]*$")
"""The value that says: the lines below, which are indented, are one text."""

CLOSE = re.compile(r"^(?P<name>[A-Za-z_]\w{2,20}:)(?:\t+|(?=[^\s/:]))")
"""A name without the space behind it that YAML wants."""

SEVERAL = ("tag", "tags", "author", "authors", "category", "categories", "alias", "aliases")
"""Entries whose lines are a name each, where a header has no fence around it (MultiMarkdown's, Pelican's)."""

APOSTROPHES = re.compile(r"(?:[^']|(?<=\w)'(?=\w))*")


def mended(header: str, are_texts: bool = False) -> str:
    """The header with quotes where YAML would stumble; `are_texts` says that every value of one line is a text."""
    lines = [
        CLOSE.sub(r"\g<name> ", _untabbed(line)) if ":" in line else _untabbed(line) for line in header.split("\n")
    ]
    done: list[str] = []
    at = 0
    while at < len(lines):
        taken = _taken(lines, at, are_texts)
        done += taken
        at += len(taken)
    return "\n".join(done)


def _untabbed(line: str) -> str:
    start = len(line) - len(line.lstrip(" \t"))
    return line[:start].replace("\t", "  ") + line[start:].rstrip()


def _taken(lines: list[str], at: int, are_texts: bool) -> list[str]:
    """The lines that the one at this place begins with, as YAML; at least that one."""
    line = lines[at]
    if not line.strip() or line.lstrip().startswith("#"):
        return [line]
    entry = ENTRY.match(line)
    if entry is None:
        item = ITEM.match(line)
        return [f"{item['indent']}- {_value(item['value'], False)}"] if item else [""]
    indent, value = len(entry["indent"]), entry["value"].strip()
    others = (lines[each] for each in range(at + 1, len(lines)))
    below = list(takewhile(lambda each: not each.strip() or _indent(each) > indent, others))
    if BLOCK.match(value):
        return [line, *below]
    if value and value[0] not in "[{&*!" and below and all(map(_is_entry, below)):
        for each, lower in enumerate(below, at + 1):
            lines[each] = " " * indent + lower.lstrip()
        return [f"{entry['indent']}{entry['dash']}{entry['name']}: {_value(value, are_texts and not entry['dash'])}"]
    begin = f"{entry['indent']}{entry['dash']}{entry['name']}:"
    whole = [value, *(each.strip() for each in below)]
    if value[:1] in ("[", "{", '"', "'") and below and _reads(f"{begin} {' '.join(whole)}"):
        return [f"{begin} {' '.join(whole).strip()}", *("" for _ in below)]
    if any(map(str.strip, below)) and not any(ENTRY.match(each) or ITEM.match(each) for each in below):
        are_names = are_texts and entry["name"].casefold() in SEVERAL and not re.search("[,;]", "".join(whole))
        names = json.dumps([word for word in whole if word], ensure_ascii=False)
        return [f"{begin} {names if are_names else _value(' '.join(whole).strip(), True)}", *("" for _ in below)]
    return [f"{begin} {_value(value, are_texts and not entry['dash'])}".rstrip()]


def _is_entry(line: str) -> bool:
    return not line.strip() or ENTRY.match(line) is not None


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _value(value: str, is_text: bool) -> str:
    """The value as it stands, where YAML reads it as one; else as a text in quotes."""
    is_marked = value[:1] in ("[", "{", '"', "'")
    if not value or ((is_marked or not is_text) and _reads(f"a: {value}")):
        return value
    if value[0] == "[" and (value[-1] == "]" or ("]" not in value and "," in value)):  # A list with a stray quote.
        return json.dumps([word.strip(" \"'") for word in value.strip("[]").split(",")], ensure_ascii=False)
    return json.dumps(_unquoted(value), ensure_ascii=False)


def _unquoted(value: str) -> str:
    """The text between quotes that YAML does not read, where the first and the last sign belong together."""
    inner = value[1:-1]
    if len(value) > 1 and value[0] == value[-1] == '"' and '"' not in inner:
        return inner
    return inner if len(value) > 1 and value[0] == value[-1] == "'" and APOSTROPHES.fullmatch(inner) else value


@lru_cache(maxsize=64)
def _reads(line: str) -> bool:
    """Whether this line alone is one entry to YAML, whose value is no mapping that nobody meant."""
    try:
        node = composed(line, 1, FaultList("", forgiving=True))
    except (YamlRefusedError, YamlUnreadableError):
        return False
    return (
        isinstance(node, Mapping) and len(node.entries) == 1 and not _is_template(next(iter(node.entries.values()))[1])
    )


def _is_template(node: Node) -> bool:
    """`{{ title }}` is a mapping in a mapping to YAML."""
    return isinstance(node, Mapping) and any(not isinstance(key, Scalar) for key, _ in node.entries.values())
