"""What an article takes from the files beside it: regions of code, and figures measured elsewhere.

The reader of files is passed in and confined to the article's folder; names that try to leave it are refused here too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from textwrap import dedent
from unicodedata import normalize

from trigpoint.fault_list import BodyFaults
from trigpoint.faults import did_you_mean
from trigpoint.markup.block_grammar import cleaned
from trigpoint.markup.document import RESULTS

MARK = re.compile(r"^\s*(?:#|//|--|;+|%+|<!--|/\*|\"+)\s*(end)?region\b[ \t]*(.*?)[ \t]*(?:-->|\*/)?\s*$", re.I)
"""A line that starts or ends a region, behind any language's comment sign."""


@dataclass(slots=True)
class IncludedFiles:
    """The files beside one article, each read once; `asked` keeps their names in the order of asking."""

    beside: Callable[[str], bytes | None]
    findings: BodyFaults
    asked: dict[str, str | None] = field(default_factory=dict)
    results: Mapping[str, object] | None = None
    drawings: int = 0

    def text(self, name: str, line: int) -> str | None:
        """The file's text, or None with an error reported."""
        if not _is_beside(name):
            self.findings.error(
                line, f'"{name}" is not beside the article.', "Name a file in its folder, without `..`.", "code-file"
            )
            return None
        name = normalize("NFC", name)
        if name not in self.asked:
            raw = self.beside(name)
            self.asked[name] = None if raw is None else self._decoded(raw, name, line)
        if self.asked[name] is None:
            self.findings.error(
                line, f'There is no file "{name}" beside the article.', "Add it, or mend the name.", "code-file", name
            )
        return self.asked[name]

    def _decoded(self, raw: bytes, name: str, line: int) -> str:
        """The text of a file; one that is not UTF-8 is an error, as readers would see signs in place of letters."""
        try:
            return cleaned(raw.decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            at = f"line {raw.count(bytes([10]), 0, error.start) + 1}"
            sentence = f'"{name}" is not UTF-8: its {at} holds the byte 0x{raw[error.start]:02X}.'
            self.findings.error(line, sentence, 'Save the file with the encoding "UTF-8".', "code-encoding", name)
            return cleaned(raw.decode("utf-8-sig", "replace"))

    def code(self, name: str, region: str, line: int) -> str | None:
        """The file, or one of its regions, dedented and without the marks; None with an error reported."""
        text = self.text(name, line)
        if text is None:
            return None
        found = regions(text)
        if region not in found:
            cure = did_you_mean(region, found) or f"Mark it with comments: `region {region}`, `endregion {region}`."
            self.findings.error(line, f'"{name}" has no region "{region}".', cure, "code-region")
            return None
        return found[region]

    def figure(self, name: str, line: int) -> str | None:
        """The value of a figure in results.json, as text; None with an error reported."""
        if self.results is None:
            self.results = self._figures(line)
        value = self.results.get(name)
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            return cleaned(str(value))
        if name in self.results:
            sentence = f'The figure "{name}" of {RESULTS} is neither a text nor a number.'
            self.findings.error(line, sentence, f'Write {{"figures": {{"{name}": "value"}}}}.', "figure")
            return None
        if self.asked.get(RESULTS) is not None:
            self.findings.error(line, f'{RESULTS} has no figure "{name}".', did_you_mean(name, self.results), "figure")
        return None

    def _figures(self, line: int) -> Mapping[str, object]:
        text = self.text(RESULTS, line)
        if text is None:
            return {}
        try:
            table = json.loads(text)["figures"]
        except (ValueError, KeyError, TypeError, RecursionError):
            table = None
        if isinstance(table, dict):
            return table
        self.findings.error(line, f"{RESULTS} cannot be read.", 'Write {"figures": {"name": "value"}}.', "figure")
        return {}


def regions(text: str) -> dict[str, str]:
    """The regions of a text by name; "" is the whole. Marks are left out, a region that never ends goes to the end."""
    lines: dict[str, list[str]] = {"": []}
    inside: list[str] = []
    for line in text.rstrip("\n").split("\n"):
        mark = MARK.match(line)
        if mark is None:
            for name in {"", *inside}:
                lines[name].append(line)
        elif not mark[1]:
            inside.append(mark[2])
            lines.setdefault(mark[2], [])
        elif inside:
            inside.remove(mark[2] if mark[2] in inside else inside[-1])
    return {name: dedent("\n".join(kept)).strip("\n") for name, kept in lines.items()}


def _is_beside(name: str) -> bool:
    steps = name.split("/")
    return not ("\\" in name or ":" in name or any(step in ("", ".", "..") for step in steps))
