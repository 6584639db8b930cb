"""What a text of Jekyll shows of its own header: values by name, and the galleries of Minimal Mistakes. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from trigpoint.markup.foreign.boxes import arguments
from trigpoint.markup.foreign.html_form import in_its_place
from trigpoint.markup.foreign.masking import replaced
from trigpoint.markup.foreign.meanings import escaped, target

GALLERY = re.compile(r"\{%-?[ \t]*include[ \t]+gallery(?:\.html)?\b(?P<args>(?:(?!%\}).)*?)-?%\}", re.S)
VALUE = re.compile(r"^(?P<name>[A-Za-z_][\w-]*):[ \t]+(?P<value>[^\s\[{|>&*!#][^\n{}]*?)[ \t]*$", re.M)
SHOWN = re.compile(
    r"\{\{-?[ \t]*page\.(?P<name>[\w-]+)[ \t]*(?:\|[ \t]*(?:escape|strip|markdownify|smartify)[ \t]*)?-?\}\}"
)
GIVEN = re.compile(r"(?<=\w)=[ ]?page\.(?P<name>[\w-]+)(?=[ \t%])(?=[^{}\n]*%\})")
"""A parameter of a tag."""

ENTRY = re.compile(r"[ \t]*-?[ \t]*(?P<name>image_path|url|alt|title):[ \t]*(?P<value>.*?)[ \t]*$")
MOST = 100
"""The pictures of a gallery that are shown."""


def with_header_values(body: str, header: str) -> str:
    """The body with what its header says under the names that it mentions. `header` is YAML."""
    if "page." in body:
        values = {found["name"]: found["value"].strip("\"'") for found in VALUE.finditer(header)}
        body = replaced(body, SHOWN, lambda text, found: values.get(found["name"]))
        body = replaced(body, GIVEN, lambda text, found: _given(values.get(found["name"])))
    return _with_galleries(body, header) if "gallery" in body else body


def _given(value: str | None) -> str | None:
    return None if value is None else f'="{value}"'


def _with_galleries(body: str, header: str) -> str:
    """The body with pictures for its galleries, each in one line."""

    def shown(text: str, found: re.Match[str]) -> str | None:
        _, named = arguments(found["args"])
        pictures = " ".join(f"![{escaped(alt)}]({target(path)})" for path, alt in _listed(header, named.get("id", "")))
        caption = f"<br>*{named['caption']}*" if named.get("caption") else ""
        return f"{pictures}{caption}" if pictures else None

    return replaced(body, GALLERY, in_its_place(shown))


def _listed(header: str, name: str) -> list[tuple[str, str]]:
    """Path and alternative text of each picture that stands in the list of this name."""
    lines = r"(?P<rows>(?:[ \t-][^\n]*\n?|\n)*)"
    block = re.search(rf"^{re.escape(name or 'gallery')}:[ \t]*\n{lines}", header, re.M)
    rows = re.split(r"^[ \t]*-(?=[ \t])", block["rows"], flags=re.M)[1:] if block else []
    tables = [dict(_entries(row)) for row in rows]
    found = [(row.get("image_path") or row.get("url", ""), row.get("alt") or row.get("title", "")) for row in tables]
    return [picture for picture in found if picture[0]][:MOST]


def _entries(row: str) -> Iterator[tuple[str, str]]:
    for entry in map(ENTRY.match, row.split("\n")):
        if entry:
            yield entry["name"], entry["value"].strip("\"'")
