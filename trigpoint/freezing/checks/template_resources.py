"""What the templates themselves have a browser load, run or style, with the line of each: the policy may keep it out.

A template is read as the HTML that it is, with Jinja's tags blanked: what is filled in is looked at in articles. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from trigpoint.markup.document import Resource
from trigpoint.markup.elements import FOLLOWED, LOADING

JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.S)
SCRIPT_TYPE = re.compile(r"|module|importmap|speculationrules|(?:text|application)/(?:x-)?(?:java|ecma)script", re.I)
"""What runs. A script of any other type is data."""


def resources_of(source: str) -> tuple[Resource, ...]:
    """The resources in the source of a template, in their order."""
    reader = _Reader()
    reader.feed(JINJA.sub(_blank, source))
    reader.close()
    return tuple(reader.found)


def _blank(tag: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", tag[0])


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Resource] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: (value or "") for name, value in attrs}
        if tag == "style" or (tag == "script" and "src" not in values and _runs(values)):
            self.found.append(Resource(tag, "", "", self.getpos()[0]))
        for name, value in values.items():
            self.found += (
                Resource(tag, name, target, self._line(name)) for target in _targets(tag, name, value, values)
            )

    def _line(self, attribute: str) -> int:
        """The line of an attribute of the tag that was met."""
        tag = self.get_starttag_text() or ""
        found = re.search(rf"\s{re.escape(attribute)}\s*=", tag, re.I)
        return self.getpos()[0] + tag.count("\n", 0, found.end() if found else 0)


def _runs(values: dict[str, str]) -> bool:
    return SCRIPT_TYPE.fullmatch(values.get("type", "").strip()) is not None


def _targets(tag: str, name: str, value: str, values: dict[str, str]) -> Iterator[str]:
    """What an attribute has loaded: "" for what is written in it. What is filled in whole is not known here."""
    if name == "style" or name.startswith("on"):
        yield ""
    elif name == "srcset":
        yield from (each.split()[0] for each in value.split(",") if each.strip())
    elif name in LOADING and tag not in FOLLOWED and value.strip() and _is_loaded(tag, values):
        yield value.strip()


def _is_loaded(tag: str, values: dict[str, str]) -> bool:
    return tag != "link" or "stylesheet" in values.get("rel", "").lower()
