"""Why a header is no YAML, in its author's words.

A parser says where it gave up, which is often lines behind the mistake. This
reads the same text line by line for the mistakes that people make, and falls
back on the parser's own words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from trigpoint.characters import shortened
from trigpoint.content.yaml_nodes import YamlUnreadableError
from trigpoint.fault_list import FaultList, Position

ENTRY = re.compile(r"(?P<indent> *)(?P<before>(?:- +)?(?P<name>[\w.-]+) *:[ \t]+|- +)(?P<value>\S.*)?")
DASH = re.compile(r"(?P<indent> *)-(?P<value>[^\s-].*)")
TIGHT = re.compile(r"(?P<name>[A-Za-z_][\w-]*):(?P<value>[^\s:/].*)")
NAMED = re.compile(r"[ \t]*(?:- +)?[\w.-]+ *:(?:\s|$)")
QUOTED = {'"': re.compile(r'"(?:[^"\\]|\\.)*"'), "'": re.compile(r"'(?:[^']|'')*'")}
PROSE = re.compile(r"(?![\w.-]+ *:(?:\s|$))[^\s#\-\]}\"'].*")
BLOCK = re.compile(r".*:[ \t]+[|>][-+0-9]*[ \t]*(?:#.*)?$")
CLOSING = {"[": "]", "{": "}"}
STARTS = {
    "@": 'A value cannot begin with "@" in YAML.',
    "`": "A value cannot begin with a backtick in YAML.",
    "%": 'A value cannot begin with "%" in YAML.',
    "*": 'A value that begins with "*" is an alias to YAML, and aliases are not accepted.',
    "&": 'A value that begins with "&" is an anchor to YAML, and anchors are not accepted.',
    "!": 'A value that begins with "!" is a type to YAML, and types are not accepted.',
}

MOST = 20
"""The mistakes that are reported at once, at most."""

AHEAD, LONG = 60, 2000
"""The lines that are searched for the end of a value, and the characters of a line that is still understood."""

Found = tuple[Position, str, str]
"""A place, a sentence and its cure."""


def explain(header: str, first_line: int, error: YamlUnreadableError, report: FaultList) -> None:
    """Report why this header is no YAML: each mistake that is known by sight, or else the parser's word."""
    found = list(islice(_known(header, first_line), MOST))
    if not found:
        found = [_parsers_word(header.split("\n"), first_line, error)]
    for place, sentence, cure in found:
        report.error(place, sentence, cure)


def _known(header: str, first_line: int) -> Iterator[Found]:
    lines = header.split("\n")
    owner = ""
    for number, line in _outside_blocks(lines):
        if number and not lines[number - 1].strip() and PROSE.match(line):
            yield Position(first_line + number, 1), _formless(line), ENDS
            return
        rest = lines[number + 1 : number + 1 + AHEAD]
        found = (
            _tab(line)
            or _dash(line, lines[number - 1] if number else "")
            or _tight(line)
            or _indented(line, owner)
            or _value(line, rest)
        )
        if found:
            column, sentence, cure = found
            yield Position(first_line + number, column), sentence, cure
        owner = _owner(line, owner)


def _outside_blocks(lines: list[str]) -> Iterator[tuple[int, str]]:
    """The lines that are no text of a `|` or `>` block, no comment, and not empty."""
    block: int | None = None
    for number, line in enumerate(lines):
        indent = len(line) - len(line.lstrip(" "))
        if block is not None and (not line.strip() or indent > block):
            continue
        block = indent if BLOCK.match(line) else None
        if line.strip() and not line.lstrip().startswith("#"):
            yield number, line


FORM = "Write `name: value` lines, the first of them `title: …`."
ENDS = "If the header ends above this line, close it there with a line of three hyphens."

Seen = tuple[int, str, str]
"""A column, a sentence and its cure."""


def _tab(line: str) -> Seen | None:
    blank = line[: len(line) - len(line.lstrip())]
    if "\t" not in blank:
        return None
    return blank.index("\t") + 1, "This line is indented with a tab, which YAML does not accept.", "Use spaces."


def _tight(line: str) -> Seen | None:
    found = TIGHT.fullmatch(line)
    if not found:
        return None
    cure = f"Write `{found['name']}: {_short(found['value'])}`."
    return found.end("name") + 1, f'A space is missing after "{found["name"]}:".', cure


def _dash(line: str, before: str) -> Seen | None:
    """`-b` below `- a`: an entry of a list without its space."""
    found = DASH.fullmatch(line)
    if not found or not before.strip().startswith("- "):
        return None
    return found.end("indent") + 2, 'A space is missing after "-".', f"Write `- {_short(found['value'])}`."


def _owner(line: str, before: str) -> str:
    """The field of the outermost level that still has a text running, or ""."""
    if line.startswith((" ", "-")):
        return before
    found = ENTRY.fullmatch(line)
    return found["name"] or "" if found and found["value"] and found["value"][0] not in "[{#" else ""


def _indented(line: str, owner: str) -> Seen | None:
    if not owner or not line.startswith(" ") or not NAMED.match(line):
        return None
    indent = len(line) - len(line.lstrip())
    return indent + 1, f'This line is indented, so YAML takes it for more of "{owner}".', "Remove the spaces before it."


def _value(line: str, rest: list[str]) -> Seen | None:
    found = ENTRY.fullmatch(line)
    if not found or not found["value"] or len(line) > LONG:
        return None
    value, column, name = found["value"].rstrip(), found.start("value") + 1, found["name"] or ""
    if value[0] in QUOTED:
        return _quoted(value, column, name, rest)
    if value[0] in CLOSING:
        return _bracketed(value, column, name, rest)
    if value[0] in STARTS:
        return column, STARTS[value[0]], _in_quotes(name, value)
    return _colon(value, column, name)


def _quoted(value: str, column: int, name: str, rest: list[str]) -> Seen | None:
    closed = QUOTED[value[0]].match(value)
    if not closed:
        return None if _closes_later(value[0], rest) else _unclosed_quote(value, column)
    after = value[closed.end() :]
    if not after.strip() or after.lstrip().startswith("#"):
        return None
    sentence = f'The quoted text ends here, but "{_short(after.strip())}" follows it.'
    inner = value[1:-1] if value[-1] == value[0] and len(value) > 1 else value
    return column + closed.end(), sentence, _in_quotes(name, inner)


def _unclosed_quote(value: str, column: int) -> Seen:
    return (
        column,
        f"The quote that opens here ({value[0]}) is never closed.",
        f"Write {value[0]} at the end of the text.",
    )


def _closes_later(quote: str, rest: list[str]) -> bool:
    """Does the text run on over lines that name no field, up to its closing quote?"""
    for line in rest:
        if NAMED.match(line) and not line.startswith(" "):
            return False
        if quote in line:
            return line.rstrip().endswith(quote)
    return False


def _bracketed(value: str, column: int, name: str, rest: list[str]) -> Seen | None:
    bare = QUOTED["'"].sub("", QUOTED['"'].sub("", value))
    opening, closing = value[0], CLOSING[value[0]]
    if bare.count(opening) > bare.count(closing) and not _closes_further(bare, closing, rest):
        return column, f'The "{opening}" that opens here is never closed.', f'Write "{closing}" at the end of the list.'
    after = bare[bare.rfind(closing) + 1 :].strip()
    if closing in bare and after and not after.startswith("#"):
        return (
            column,
            f'The value begins with "{opening}", so YAML takes it for a list, but more text follows it.',
            _in_quotes(name, value),
        )
    return None


def _closes_further(bare: str, closing: str, rest: list[str]) -> bool:
    for line in rest:
        if NAMED.match(line) and not line.startswith(" "):
            return False
        if closing in line:
            return True
    return closing in bare


def _colon(value: str, column: int, name: str) -> Seen | None:
    found = re.search(r":(?=\s|$)", value.split(" #")[0])
    if not found or (not name and NAMED.match(value)):
        return None
    sentence = "There is a second colon in this line, and YAML takes it for the start of another value."
    return column + found.start(), sentence, _in_quotes(name, value)


def _in_quotes(name: str, value: str) -> str:
    shown = f"{name}: {_quote(value)}" if name else f"- {_quote(value)}"
    return f"Put the {name or 'value'} in quotes: `{shown}`."


def _quote(text: str) -> str:
    quote = "'" if '"' in text and "'" not in text else '"'
    inner = text.replace("\\", "\\\\").replace('"', '\\"') if quote == '"' else text
    return f"{quote}{_short(inner)}{quote}"


def _short(text: str) -> str:
    return shortened(text, 120)


def _parsers_word(lines: list[str], first_line: int, error: YamlUnreadableError) -> Found:
    place = error.place if error.place.line else Position(first_line, 0)
    number = min(max(place.line - first_line, 0), len(lines) - 1)
    line = lines[number]
    if line.strip() and not NAMED.match(line) and not line.lstrip().startswith(("-", "#")):
        return Position(place.line, 1), _formless(line), ENDS if number else FORM
    if "escape" in error.problem:
        cure = "In double quotes a backslash begins an escape: write single quotes, or two backslashes."
        return Position(place.line, place.column), f"YAML cannot read this line: {error.problem}.", cure
    return (
        Position(place.line, place.column),
        f"YAML cannot read this line: {error.problem}.",
        "Put texts with special characters in quotes.",
    )


def _formless(line: str) -> str:
    return f'"{_short(line.strip())}" is not of the form `name: value`.'
