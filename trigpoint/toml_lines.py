"""TOML whose tables and keys know where they stand, which tomllib does not say."""

from __future__ import annotations

import re
import tomllib
from ast import literal_eval
from typing import Any

TABLE = re.compile(r"\s*\[{1,2}\s*(?:\"([^\"]*)\"|'([^']*)'|([\w-]+)(?:\.[\w.-]+)?)\s*\]")
KEY = re.compile(r"\s*[\"']?([\w-]+)[\"']?\s*=")
QUOTED = re.compile(r"""\"{3}.*?\"{3}|'{3}.*?'{3}|"(?:\\.|[^"\\\n])*"(?!")|'[^'\n]*'(?!')|#[^\n]*""", re.DOTALL)
"""A text in quotes, or a comment: what may hold a quote that opens nothing."""
UNCLOSED = ("Illegal character '\\n'", "Unterminated string", "Expected \"'")
"""What tomllib says where a line or the file ends in a text in quotes."""

CLASH = re.compile(r"Cannot (?:declare|redefine namespace|mutate immutable namespace) (\(.*\))(?: twice)?")
"""What tomllib says where a table, or a name in one, is there already: a tuple of Python's."""


class TomlError(ValueError):
    """A text is no TOML: where (both count from 1), and a reason without its full stop."""

    def __init__(self, line: int, column: int, reason: str) -> None:
        super().__init__(reason)
        self.line, self.column, self.reason = line, column, reason


def load_toml(text: str) -> dict[str, Any]:
    """The tables and values of a text. Raises TomlError."""
    try:
        return tomllib.loads(text)
    except ValueError as error:  # Also of a number with thousands of digits.
        found = re.search(r"line (\d+), column (\d+)", str(error))  # Else it ends too early.
        line, column = map(int, found.groups()) if found else (max(1, len(text.splitlines())), 0)
        reason = str(error).split(" (at")[0]
        if reason.startswith(UNCLOSED):
            reason, (line, column) = "a quote is never closed", _open_quote(text, line if found else 0)
        if reason == "Cannot overwrite a value":
            reason = "this name has a value already"
        if clash := CLASH.match(reason):
            reason = _already_there(literal_eval(clash[1]), line, text)
        raise TomlError(line, column, reason) from error
    except RecursionError as error:
        raise TomlError(0, 0, "it is nested too deeply") from error


def _already_there(table: tuple[str, ...], line: int, text: str) -> str:
    name = ".".join(part if re.fullmatch(r"[\w-]+", part) else f'"{part}"' for part in table)
    first = places_of(text).get((table[0], ""), (line, 0))[0] if len(table) == 1 else line
    return f"[{name}] is there already" + (f", in line {first}" if first < line else "")


def _open_quote(text: str, line: int) -> tuple[int, int]:
    """Line and column of the quote that opens a text and is not closed; `line` and 0 where none is found."""
    bare = QUOTED.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)
    found = re.search("[\"']", bare)
    if not found:
        return line, 0
    return bare.count("\n", 0, found.start()) + 1, found.start() - bare.rfind("\n", 0, found.start())


def places_of(text: str) -> dict[tuple[str, str], tuple[int, int]]:
    """The line and column of each table (key "") and of each key in a table; the first where there are more.

    A key outside of tables has the table ""; where no table has its name, it stands for one, too.
    """
    places: dict[tuple[str, str], tuple[int, int]] = {}
    table = ""
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), 1):
        if found := TABLE.match(line):
            table = next(filter(None, found.groups()), "")
            places.setdefault((table, ""), (number, found.start(found.lastindex or 0) + 1))
        elif found := KEY.match(line):
            places.setdefault((table, found[1]), (number, found.start(1) + 1))
            places.setdefault((found[1], ""), (number, found.start(1) + 1))
    return places
