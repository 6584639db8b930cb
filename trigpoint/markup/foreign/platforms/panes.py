"""Tags over several lines that hold no Markdown: Docsy's tabs of code, formulas, NexT's lists of sites. Pure."""

from __future__ import annotations

import re
from functools import lru_cache

from trigpoint.markup.foreign.boxes import arguments
from trigpoint.markup.foreign.masking import Rule, written
from trigpoint.markup.foreign.meanings import target
from trigpoint.markup.pairs import EMPTY_LINE, Pair, pair

ONE_TAB = pair(
    r"^[ \t]*\{\{(?P<sign>[<%])[ \t]*tab\b(?P<args>(?:(?![>%]\}\}|\{\{[<%]).)*?)[>%]\}\}",
    r"\{\{[<%][ \t]*/[ \t]*tab[ \t]*[>%]\}\}[ \t]*$",
    re.S | re.M,
)


def _code_tabs(text: str, found: re.Match[str]) -> str | None:
    """A fence for each tab, with its name as the title."""
    _, of_all = arguments(found["args"])
    if of_all.get("text") == "true" or "```" in written(text, found, "inside"):
        return None

    def fence(tab: re.Match[str]) -> str:
        _, named = arguments(tab["args"])
        if tab["sign"] == "%" or named.get("text") == "true" or "\n" not in tab["inside"]:
            return tab[0]
        name = named.get("header", "")
        language = re.sub(r"[^\w+#-]", "", named.get("lang") or of_all.get("lang") or name.lower())
        title = f' title="{name}"' if name else ""
        return f"```{language}{title}{tab['inside'].rstrip(' ')}```"

    return ONE_TAB.sub(fence, written(text, found, "inside"))


def _named_tabs(text: str, found: re.Match[str]) -> str:
    """The tabs with the names that stand in the tag around them."""
    names = iter([name.strip() for name in found["items"].split(",")])
    return UNNAMED.sub(lambda tab: f'{tab["start"]} "{next(names, "")}" {tab["end"]}', written(text, found, "inside"))


@lru_cache(maxsize=2)
def _groups(text: str) -> frozenset[str]:
    return frozenset(GROUP.findall(text))


def _of_group(text: str, found: re.Match[str]) -> str | None:
    """A tab of Jekyll without the name of its group, which its readers do not see."""
    if found["group"] not in _groups(text):
        return None
    return '{{% tab "{}" %}}'.format(written(text, found, "title").strip("\"'").replace('"', "'"))


def _math(text: str, found: re.Match[str]) -> str:
    if "$$" in written(text, found, "inside"):  # Wowchemy's: only says that no Markdown stands there.
        return written(text, found, "inside")
    return f"{found['indent']}$${written(text, found, 'inside').rstrip(' ')}{found['indent']}$$"


def _grid(text: str, found: re.Match[str]) -> str:
    """NexT's list of sites: name, address, description and picture in a line."""
    rows = [[cell.strip() for cell in line.split("|")] for line in written(text, found, "inside").split("\n")]
    return "\n".join(
        f"- [{row[0]}]({target(row[1])}){': ' if len(row) > 2 else ''}{''.join(row[2:3])}" if len(row) > 1 else ""
        for row in rows
    )


GROUP = re.compile(r"\{%-?[ \t]*tabs[ \t]+([\w-]+)[ \t]*-?%\}")
TAB_OF_GROUP: Rule = (
    "tabs ",
    re.compile(r"\{%-?[ \t]*tab[ \t]+(?P<group>[\w-]+)[ \t]+(?P<title>[^\n%]+?)[ \t]*-?%\}"),
    _of_group,
)
"""jekyll-tabs's `{% tab group title %}` in `{% tabs group %}`."""

FORMULA = r"^(?P<indent>[ \t]*)\{\{[<%][ \t]*(?P<name>katex|math|latex)\b[^\n{}]*?[>%]\}\}"
TABBED: Rule = (
    "tabpane",
    pair(r"\{\{<[ \t]*tabpane\b(?P<args>(?:(?!>\}\}|\{\{<).)*?)>\}\}", r"\{\{<[ \t]*/[ \t]*tabpane[ \t]*>\}\}", re.S),
    _code_tabs,
)
"""Docsy's: what stands in a tab is code, unless it is said to be text."""

UNNAMED = re.compile(r"(?P<start>\{\{[<%][ \t]*tab)[ \t]*(?P<end>[>%]\}\})")
NAMED: Rule = (
    "items=",
    pair(
        r"\{\{[<%][ \t]*tabs[ \t]+items=\"(?P<items>[^\"\n]*)\"[^\n{}]*[>%]\}\}",
        r"\{\{[<%][ \t]*/[ \t]*tabs[ \t]*[>%]\}\}",
    ),
    _named_tabs,
)
"""Hextra's."""

MATH: Rule = (
    "{{",
    Pair(
        re.compile(rf"{FORMULA}[ \t]*\n", re.M),
        re.compile(
            rf"{FORMULA}(?P<inside>[ \t]*\n.*?)\{{\{{[<%][ \t]*/[ \t]*(?P=name)[ \t]*[>%]\}}\}}[ \t]*$", re.S | re.M
        ),
        re.compile(r"\{\{[<%][ \t]*/[ \t]*(?P<name>katex|math|latex)[ \t]*[>%]\}\}[ \t]*$", re.M),
        barrier=re.compile(EMPTY_LINE),
    ),
    _math,
)
GRID: Rule = (
    "linkgrid",
    pair(r"\{%[ ]*linkgrid\b[^%\n]*%\}", r"\{%[ ]*endlinkgrid[ ]*%\}"),
    _grid,
)
RULES: tuple[Rule, ...] = (TABBED, TAB_OF_GROUP, NAMED, MATH, GRID)
