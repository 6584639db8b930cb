"""What Pandoc makes of a text that Quarto or knitr hands to it: figures with captions, references by number. Pure."""

from __future__ import annotations

import re
from functools import lru_cache

from trigpoint.markup.foreign.masking import Rule, has, replaced
from trigpoint.markup.foreign.meanings import figure

KINDS = {
    "fig": "Figure", "tbl": "Table", "tab": "Table", "eq": "Equation", "sec": "Section", "lst": "Listing",
    "thm": "Theorem", "lem": "Lemma", "def": "Definition", "exm": "Example", "cor": "Corollary", "vid": "Video",
}  # fmt: skip
"""By the start of its name: what a thing with a number is called."""

NAMED = rf"(?P<kind>{'|'.join(KINDS)})-(?P<name>[\w-]+)"
CROSSED = re.compile(rf"(?:@|\{{\#|label:[ ]*[\"']?){NAMED}|\\@ref\((?P<old>fig|tab|eq|sec):(?P<label>[^()\n]+)\)")
FIGURE = re.compile(
    r"^(?<![^\n]\n)(?P<margin>[ ]{0,3})!\[(?P<caption>(?:[^\[\]\\\n]|\\.|\[[^\[\]\n]*\])+)\]"
    r"\((?P<target><[^<>\n]*>|[^()\s\"']+)(?:[ \t]+\"[^\"\n]*\")?[ \t]*\)(?P<attributes>\{[^{}\n]*\})?[ \t]*$"
    r"(?=\n[ \t]*\n|\s*\Z)",
    re.M,
)
ALT = re.compile(r"[ ]?\b(?:fig-)?alt=(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)')")
SIZE = re.compile(r"\b(?:width|height)=\"?[\d.]+(?:%|px)?\"?")


@lru_cache(maxsize=1)
def _numbers(text: str) -> dict[tuple[str, str], int]:
    """The number of each thing that is referred to: among those of its kind, in the order in which they are named."""
    numbers: dict[tuple[str, str], int] = {}
    counts: dict[str, int] = {}
    for found in CROSSED.finditer(text):
        key = _key(found)
        if key not in numbers:
            counts[key[0]] = numbers[key] = counts.get(key[0], 0) + 1
    return numbers


def _key(found: re.Match[str]) -> tuple[str, str]:
    kind = found["kind"] or found["old"]
    return KINDS[kind], (found["name"] or found["label"]).strip()


def _reference(text: str, found: re.Match[str]) -> str:
    kind, name = KINDS[found["kind"]], found["name"]
    number = f"{_numbers(text)[kind, name]}"
    return number if found["minus"] else kind if kind == "Section" else f"{kind} {number}"


def _number(text: str, found: re.Match[str]) -> str:
    return str(_numbers(text)[_key(found)])


def _figure(text: str, found: re.Match[str]) -> str:
    """A picture alone in its paragraph: what stands in its brackets is its caption, and may have other words beside."""
    caption, written = text[slice(*found.span("caption"))], found["attributes"] or ""
    alt = next((each["double"] or each["single"] or "" for each in ALT.finditer(written)), "")
    sizes = " ".join(SIZE.findall(written))
    shown = figure(found["target"].strip("<>"), alt, caption)
    picture, _, words = shown.partition("\n\n")
    return f"{found['margin']}{picture}{f'{{{sizes}}}' if sizes else ''}{' ' if words else ''}{words}"


REFERENCES: tuple[Rule, ...] = (
    ("@", re.compile(rf"\[(?P<minus>-?)@{NAMED}\](?![(\[{{:])"), _reference),
    ("@", re.compile(rf"(?P<minus>)(?<![\w@/\\.\[-])@{NAMED}"), _reference),
    ("\\@ref", re.compile(r"\\@ref\((?P<old>fig|tab|eq|sec):(?P<label>[^()\n]+)\)(?P<kind>)(?P<name>)"), _number),
    ("\\newpage", re.compile(r"^\\(?:newpage|pagebreak|clearpage)[ \t]*$", re.M), lambda text, found: ""),
)
FIGURES: tuple[Rule, ...] = (("![", FIGURE, _figure),)


def with_references(text: str) -> str:
    """The text with the numbers of what it refers to."""
    return _by_rules(text, REFERENCES)


def with_figures(text: str) -> str:
    """The text with the captions of its pictures, when nothing else is left around them."""
    return _by_rules(text, FIGURES)


def _by_rules(text: str, rules: tuple[Rule, ...]) -> str:
    for sign, pattern, meaning in rules:
        text = replaced(text, pattern, meaning) if has(text, sign) else text
    return text
