"""What a text of Jekyll shows of its own header: values by name, and the galleries of Minimal Mistakes. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from trigpoint.markup.foreign.boxes import arguments
from trigpoint.markup.foreign.computed.conditions import Values
from trigpoint.markup.foreign.html_form import in_its_place
from trigpoint.markup.foreign.masking import replaced
from trigpoint.markup.foreign.meanings import escaped, target

GALLERY = re.compile(r"\{%-?[ \t]*include[ \t]+gallery(?:\.html)?\b(?P<args>(?:(?!%\}|\{%).)*?)-?%\}", re.S)
VALUE = re.compile(r"^(?P<name>[A-Za-z_][\w-]*):[ \t]+(?P<value>[^\s\[{|>&*!#](?:[^\n{}]*[^\n{} \t])?)[ \t]*$", re.M)
NAME = re.compile(r"^(?P<name>[A-Za-z_][\w-]*):", re.M)
SHOWN = re.compile(
    r"\{\{-?[ \t]*(?:\$?page\.|\$?frontmatter\.)?(?P<name>[\w-]+)[ \t]*"
    r"(?:\|[ \t]*(?:escape|strip|markdownify|smartify|safe)[ \t]*)?-?\}\}"
)
"""A value of Jekyll's page, and as Eleventy names it."""

UNREAD = re.compile(
    r"^[ \t]*(?:render_with_liquid:[ \t]*[\"']?false|disableNunjucks:[ \t]*[\"']?true"
    r"|templateEngineOverride:[ \t]*[\"']?(?:md|false))\b",
    re.M,
)
"""How Jekyll, Hexo and Eleventy are told to leave the tags of a text alone."""

UNREAD_SIGN = re.compile(r"(?<=\{)(?=[{%#])")
VEIL = "\ue0fc"

GIVEN = re.compile(r"(?<=\w)=[ ]?page\.(?P<name>[\w-]+)(?=[ \t%])(?=[^{}\n]{0,1000}%\})")
"""A parameter of a tag."""

LIST = re.compile(r"^(?P<name>[^\s:#-][^\n:]*):[ \t]*\n(?P<rows>(?:[ \t-][^\n]*\n?|\n)*)", re.M)
ENTRY = re.compile(r"[ \t]*-?[ \t]*(?P<name>image_path|url|alt|title):[ \t]*(?P<value>.*)$")
MOST = 100
"""The pictures of a gallery that are shown."""


def are_tags_text(header: str) -> bool:
    """Whether a header says that what looks like tags in its text is text. `header` is YAML."""
    return UNREAD.search(header) is not None


def veiled(body: str) -> str:
    """The body with its tags in a form that nothing reads."""
    return UNREAD_SIGN.sub(VEIL, body)


def unveiled(body: str) -> str:
    return body.replace(VEIL, "")


def with_header_values(body: str, header: str) -> str:
    """The body with what its header says under the names that it mentions. `header` is YAML."""
    values = values_of(header).texts
    if "{{" in body:
        body = replaced(body, SHOWN, lambda text, found: values.get(found["name"]))
    if "page." in body:
        body = replaced(body, GIVEN, lambda text, found: _given(values.get(found["name"])))
    return _with_galleries(body, header) if "gallery" in body else body


@lru_cache(maxsize=1)
def values_of(header: str) -> Values:
    """The texts that stand in a header, by their names, and the names of all its entries."""
    texts = {found["name"]: found["value"].strip("\"'") for found in VALUE.finditer(header)}
    return Values(texts, frozenset(NAME.findall(header)))


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


@lru_cache(maxsize=1)
def _lists(header: str) -> dict[str, str]:
    """The lines of each list in a header, by its name; of several the first."""
    return {found["name"]: found["rows"] for found in reversed(list(LIST.finditer(header)))}


@lru_cache(maxsize=MOST)
def _listed(header: str, name: str) -> list[tuple[str, str]]:
    """Path and alternative text of each picture that stands in the list of this name."""
    rows = re.split(r"^[ \t]*-(?=[ \t])", _lists(header).get(name or "gallery", ""), flags=re.M)[1:]
    tables = [dict(_entries(row)) for row in rows]
    found = [(row.get("image_path") or row.get("url", ""), row.get("alt") or row.get("title", "")) for row in tables]
    return [picture for picture in found if picture[0]][:MOST]


def _entries(row: str) -> Iterator[tuple[str, str]]:
    for entry in map(ENTRY.match, row.split("\n")):
        if entry:
            yield entry["name"], entry["value"].rstrip(" \t").strip("\"'")
