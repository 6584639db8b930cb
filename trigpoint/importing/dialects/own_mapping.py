"""`import.toml`: what a site's own shortcodes and template values mean, written by its author.

`[shortcodes]` gives Markdown for a name, with `{inner}`, `{0}` and `{src}` for the content and the parameters;
`[values]` gives what names in `{{ … }}` stand for; `[tags]` gives one name for another, "" for none.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from trigpoint.faults import did_you_mean
from trigpoint.importing.generators import ImportStopped
from trigpoint.markup.foreign.calls import Call

FILE = "import.toml"
TABLES = ("shortcodes", "values", "tags")
HOLE = re.compile(r"\{([\w.-]+)\}")


@dataclass(frozen=True)
class OwnMapping:
    """The three tables of import.toml; each empty where there is no file."""

    shortcodes: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)

    def meaning(self, call: Call) -> str | None:
        """The Markdown for this tag, or None where the table does not name it."""
        pattern = self.shortcodes.get(call.name, self.shortcodes.get(call.name.lower()))
        if pattern is None:
            return None

        def value(hole: re.Match[str]) -> str:
            name = hole[1]
            return call.inner if name == "inner" else call.get(int(name) if name.isdigit() else name.lower())

        return HOLE.sub(value, pattern)


def read_mapping(root: Path) -> OwnMapping:
    """The mapping of a site's folder. Raises ImportStopped with what is wrong in it, OSError."""
    path = root / FILE
    if not path.is_file():
        return OwnMapping()
    try:
        found = tomllib.loads(path.read_text("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ImportStopped(f"{FILE}: This is not TOML: {error}.") from error
    return OwnMapping(**{name: _texts(name, found.get(name, {}), found) for name in TABLES})


def _texts(name: str, table: Any, found: Mapping[str, Any]) -> dict[str, str]:
    for key in found:
        if key not in TABLES:
            raise ImportStopped(
                f'{FILE}: "{key}" is no table of it. {did_you_mean(key, TABLES) or "It has " + ", ".join(TABLES) + "."}'
            )
    if not isinstance(table, dict) or not all(isinstance(value, str) for value in table.values()):
        raise ImportStopped(f'{FILE}: [{name}] holds something else than texts. Write name = "…".')
    return dict(table)
