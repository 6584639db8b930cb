"""Quarto's and R Markdown's chunks of code, and Pandoc's raw text for one format, as what their readers saw. Pure.

Sources: https://quarto.org/docs/computations/execution-options.html, https://yihui.org/knitr/options/,
https://pandoc.org/MANUAL.html#generic-raw-attribute.
"""

from __future__ import annotations

import re

from trigpoint.markup.foreign.calls import parameters
from trigpoint.markup.foreign.code_marks import FENCE
from trigpoint.markup.foreign.html_form import EMPTY, FILLED
from trigpoint.markup.foreign.masking import Rule, written

CHUNK = re.compile(
    r"(?P<margin>[ \t>]*)(?P<mark>`{3,}|~{3,})[ ]?"
    r"\{(?:(?P<raw>=[a-z]\w*)|(?P<language>[A-Za-z][\w+#-]*)(?P<options>[ ,][^\n{}]*)?)\}[ \t]*\n"
)
SIGNS = re.compile(r"(?:`{3}|~{3})[ ]?\{[=A-Za-z]")
"""One of these stands in every text that has such a block."""

OPTION = re.compile(
    r"[ \t>]*(?://|#|--|%%|%)\|[ \t]*(?P<key>[\w.-]+):[ \t]*(?P<value>[^\n]*)\n|[ \t>]*(?://|#|--|%%|%)\|[^\n]*\n"
)
"""An option of a chunk, or what goes on with the one above it."""

LANGUAGES = {"ojs": "javascript", "observable": "javascript", "rcpp": "cpp", "python3": "python", "python2": "python"}
HTML = ("=html", "=html5", "=html4")
TITLES = ("filename", "lst-cap")
INLINE = re.compile(r"(?P<code>[\0`]+)\{=(?P<format>[a-z]\w*)\}")


def with_plain_chunks(text: str) -> str:
    """The text with chunks as blocks of code, without those whose code was not shown; as many lines."""
    return FENCE.sub(_shown, text) if SIGNS.search(text) else text


def _shown(fence: re.Match[str]) -> str:
    chunk = CHUNK.fullmatch(fence["open"])
    if chunk is None:
        return fence[0]
    if chunk["raw"]:
        return _raw(chunk["raw"], fence["inside"])
    return _code(chunk, fence)


def _raw(kind: str, inside: str) -> str:
    """The HTML or the Markdown itself; what is meant for another format is not shown."""
    if kind in HTML:
        return f"\n{EMPTY.sub(FILLED, inside.removesuffix(chr(10)))}\n"
    return f"\n{inside}" if kind == "=markdown" else "\n" * (1 + inside.count("\n"))


def _code(chunk: re.Match[str], fence: re.Match[str]) -> str:
    inside, at = fence["inside"], 0
    options = parameters((chunk["options"] or "").strip(" ,"))[1]
    while option := OPTION.match(inside, at):
        at = option.end()
        if option["key"]:
            options[option["key"].lower()] = option["value"].strip().strip("\"'")
    at += len(inside[at:]) - len(inside[at:].lstrip("\n")) if at else 0
    if any(options.get(name, "").lower() in ("false", "f") for name in ("echo", "include")):
        return "\n" * fence[0].count("\n")
    language = LANGUAGES.get(chunk["language"].lower(), chunk["language"].lower())
    title = next((options[name] for name in TITLES if options.get(name)), "").replace('"', "'")
    title = f' title="{title}"' if title else ""
    missing = "\n" * inside.count("\n", 0, at)
    return f"{chunk['margin']}{chunk['mark']}{language}{title}\n{inside[at:]}{fence['close']}{missing}"


def _in_line(text: str, found: re.Match[str]) -> str | None:
    """`` `<br>`{=html} ``."""
    if "`" in found["code"]:  # No code ends here.
        return None
    return written(text, found, "code").strip("`") if f"={found['format']}" in HTML else ""


RULES: tuple[Rule, ...] = (("`{=", INLINE, _in_line),)
