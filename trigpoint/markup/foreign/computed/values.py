"""What Liquid and Nunjucks compute: loops and comments go, names to which the text gives a value have it. Pure."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from trigpoint.markup.code_mask import BLANK
from trigpoint.markup.foreign import tags
from trigpoint.markup.foreign.computed.conditions import Values, without_conditions
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

CAPTURED = re.compile(r"\{%-?[ \t]*(?:capture|set)[ \t]+[\"']?(?P<name>[\w.-]+)[\"']?[ \t]*-?%\}")
CAPTURE = re.compile(
    r"\{%-?[ \t]*(?P<kind>capture|set)[ \t]+[\"']?(?P<name>[\w.-]+)[\"']?[ \t]*-?%\}"
    r"(?P<value>(?:(?!\{%-?[ \t]*(?P=kind)[ \t]+[\"']?[\w.-]+[\"']?[ \t]*-?%).)*?)\{%-?[ \t]*end(?P=kind)[ \t]*-?%\}",
    re.S,
)
BELOW = re.compile(
    r"(?:[ \t]*\n){1,2}(?P<before>[ \t]*<(?:(?!\n[ \t]*\n)[^{}]){0,1000})"
    r"\{\{-?[ \t]*(?P<name>[\w.-]+)[ \t]*(?:\|[^{}\n]*)?-?\}\}"
    r"(?P<behind>(?:(?!\n[ \t]*\n)[^{}]){0,1000})(?=\n[ \t]*\n|\s*\Z)"
)
"""HTML right below a capture, in which it is shown."""

HOLDER = re.compile(r"<(?:div|details|aside|section|article|blockquote)\b(?![^<>]*\bmarkdown=)(?=[^<>]*>)")
SHOWN = re.compile(r"\{\{-?[ \t]*(?P<name>[\w.-]+)[ \t]*(?:\|[^{}\n]*)?-?\}\}")
COMMENT = re.compile(r"\{#[ \t](?:(?!#\}).){0,2000}?[ \t]#\}", re.S)
"""Nunjucks's. `## Heading {#id}` is none."""


def without_loops(text: str) -> tuple[str, list[tuple[int, str]]]:
    """The text without loops over what only their generator knew, and each loop's line and beginning."""
    found: list[tuple[int, str]] = []

    def left_out(text: str, loop: re.Match[str]) -> str | None:
        if is_raw(text, loop.start()):
            return None
        found.append((line_of(text, loop.start()), text[slice(*loop.span())].split("\n")[0]))
        return ""

    for _ in range(DEEPEST if "{%" in text else 0):
        before, text = text, replaced(text, LOOP, left_out)
        if text == before:
            break
    return text, found


def is_raw(text: str, at: int) -> bool:
    """Whether this place lies between `raw` and `endraw`, where nothing is computed."""
    return bool(_without_raw(text)[at : at + 1] == BLANK)


@lru_cache(maxsize=2)
def _without_raw(text: str) -> str:
    """The text's prose without what stands between `raw` and `endraw`."""
    prose = masked(text)
    return tags.RAW.sub(lambda raw: re.sub(r"[^\n]", BLANK, raw[0]), prose) if "endraw" in text else prose


def without_branches(text: str, header: Values) -> tuple[str, list[tuple[int, str]]]:
    """The text with one branch of each condition; and the conditions that nobody knows to hold, each with its line."""
    if "{%" not in text:
        return text, []
    prose = _without_raw(text)
    assigned = {found["name"]: _assigned(text, found) for found in ASSIGNED.finditer(prose)}
    return without_conditions(text, prose, replace(header, assigned=assigned))


def with_values(text: str) -> str:
    """The text with what it assigns in the places of the names; what it captures stays where it stands."""
    if "{#" in text:
        text = replaced(text, COMMENT, lambda text, found: "")
    if "{%" not in text:
        return text
    text = _with_captures_in_place(text)
    prose = masked(text)
    values = {found["name"]: _assigned(text, found) for found in ASSIGNED.finditer(prose)}
    unknown = (found["name"] for pattern in (CAPTURED, COMPUTED) for found in pattern.finditer(prose))
    values = dict.fromkeys(unknown, "") | values
    text, captured = _without_captures(text)
    values |= captured
    if not values:
        return text
    filled = in_its_place(lambda text, found: values.get(found["name"], values.get(found["name"].removesuffix("-"))))
    return replaced(replaced(text, ASSIGNED, lambda text, found: ""), SHOWN, filled)


def _assigned(text: str, found: re.Match[str]) -> str:
    return written(text, found, "double" if found["double"] is not None else "single")


def _with_captures_in_place(text: str) -> str:
    """The text with what it captures in the HTML right below that shows it."""
    prose = masked(text)
    pieces, at = [], 0
    for capture in CAPTURE.finditer(prose) if "endcapture" in text or "endset" in text else ():
        below = BELOW.match(prose, capture.end())
        holders = list(HOLDER.finditer(below["before"])) if below and below["name"] == capture["name"] else []
        if below and holders and "\n" in capture["value"].strip():
            before, end = written(text, below, "before"), holders[-1].end()
            before = " ".join(f'{before[:end]} markdown="1"{before[end:]}'.split())
            inside = f"{written(text, capture, 'value').strip(chr(10))}\n{written(text, below, 'behind').strip()}"
            missing = text.count("\n", capture.start(), below.end()) - inside.count("\n") - 1
            gap = "\n\n" if missing else "\n"
            pieces += [text[at : capture.start()], before, gap, inside, "\n" * (missing - len(gap) + 1)]
            at = below.end()
    return "".join([*pieces, text[at:]])


def _without_captures(text: str) -> tuple[str, dict[str, str]]:
    """The text without captures of one line, and those; a longer one stays where it stands."""
    captured: dict[str, str] = {}

    def taken(text: str, found: re.Match[str]) -> str | None:
        value = written(text, found, "value").strip()
        if "\n" in value:
            return None
        for _, pattern, meaning in tags.RULES:
            value = replaced(value, pattern, meaning)
        captured[found["name"]] = value
        return ""

    return replaced(text, CAPTURE, taken), captured
