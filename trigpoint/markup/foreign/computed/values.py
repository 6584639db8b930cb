"""What Liquid and Nunjucks compute: loops and comments go, names to which the text gives a value have it. Pure."""

from __future__ import annotations

import re

from trigpoint.markup.foreign import tags
from trigpoint.markup.foreign.html_form import in_its_place
from trigpoint.markup.foreign.masking import line_of, masked, replaced, written

LOOP = re.compile(
    r"\{%-?[ \t]*(?P<name>for|tablerow)\b(?:(?!\{%-?[ \t]*(?:for|tablerow)\b).)*?\{%-?[ \t]*end(?P=name)[ \t]*-?%\}",
    re.S,
)
DEEPEST = 10
"""Loops in each other that are left out, at most: from the innermost on, as code is looked for again after each."""

ASSIGNED = re.compile(
    r"\{%-?[ \t]*(?:assign|set)[ \t]+(?P<name>[\w.-]+)[ \t]*=[ \t]*"
    r"(?:\"(?P<double>[^\"\n]*)\"|'(?P<single>[^'\n]*)')[ \t]*-?%\}"
)
COMPUTED = re.compile(r"\{%-?[ \t]*(?:assign|set)[ \t]+(?P<name>[\w.-]+)[ \t]*=[^%\n]*%\}")
"""A name to which something is assigned that only its generator knew."""

CAPTURED = re.compile(r"\{%-?[ \t]*capture[ \t]+[\"']?(?P<name>[\w.-]+)")
CAPTURE = re.compile(
    r"\{%-?[ \t]*capture[ \t]+[\"']?(?P<name>[\w.-]+)[\"']?[ \t]*-?%\}(?P<value>(?:(?!\{%-?[ \t]*capture\b).)*?)"
    r"\{%-?[ \t]*endcapture[ \t]*-?%\}",
    re.S,
)
SHOWN = re.compile(r"\{\{-?[ \t]*(?P<name>[\w.-]+)[ \t]*(?:\|[^{}\n]*)?-?\}\}")
COMMENT = re.compile(r"\{#[ \t](?:(?!#\}).){0,2000}?[ \t]#\}", re.S)
"""Nunjucks's. `## Heading {#id}` is none."""


def without_loops(text: str) -> tuple[str, list[tuple[int, str]]]:
    """The text without loops over what only their generator knew, and each loop's line and beginning."""
    found: list[tuple[int, str]] = []

    def left_out(text: str, loop: re.Match[str]) -> str:
        found.append((line_of(text, loop.start()), text[slice(*loop.span())].split("\n")[0]))
        return ""

    for _ in range(DEEPEST if "{%" in text else 0):
        before, text = text, replaced(text, LOOP, left_out)
        if text == before:
            break
    return text, found


def with_values(text: str) -> str:
    """The text with what it assigns in the places of the names; what it captures stays where it stands."""
    if "{#" in text:
        text = replaced(text, COMMENT, lambda text, found: "")
    if "{%" not in text:
        return text
    prose = masked(text)
    values = {
        found["name"]: written(text, found, "double" if found["double"] is not None else "single")
        for found in ASSIGNED.finditer(prose)
    }
    unknown = (found["name"] for pattern in (CAPTURED, COMPUTED) for found in pattern.finditer(prose))
    values = dict.fromkeys(unknown, "") | values
    text, captured = _without_captures(text)
    values |= captured
    if not values:
        return text
    filled = in_its_place(lambda text, found: values.get(found["name"], values.get(found["name"].removesuffix("-"))))
    return replaced(replaced(text, ASSIGNED, lambda text, found: ""), SHOWN, filled)


def _without_captures(text: str) -> tuple[str, dict[str, str]]:
    """The text without captures of one line that it shows elsewhere, and those; a longer one stays where it stands."""
    shown = set(SHOWN.findall(masked(text)))
    captured: dict[str, str] = {}

    def taken(text: str, found: re.Match[str]) -> str | None:
        value = written(text, found, "value").strip()
        if "\n" in value or found["name"] not in shown:
            return None
        for _, pattern, meaning in tags.RULES:
            value = replaced(value, pattern, meaning)
        captured[found["name"]] = value
        return ""

    return replaced(text, CAPTURE, taken), captured
