"""Formulas as MathJax's users write them: between `\\\\(` and `\\\\)`, `\\(` and `\\)`, `\\[` and `\\]`. Pure."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from trigpoint.markup.foreign.masking import Rule, written
from trigpoint.markup.inline.extensions import IN_TARGET
from trigpoint.markup.pairs import EMPTY_LINE, pair

DOUBLE = re.compile(r"\\\\\((?P<math>[^\n]{1,800}?)\\\\\)")
SINGLE = re.compile(r"(?<!\\)\\\((?P<math>[^\n\0]{1,500}?)(?<!\\)\\\)")
SHOWN = replace(
    pair(
        r"^(?P<margin>[ \t]*)(?P<name>\\{1,2})\[",
        r"(?<!\[)(?P=name)\][ \t]*$",
        re.M,
        name=r"\\{1,2}",
        barrier=EMPTY_LINE,
    ),
    may_be_longer=True,
)
BRACKETS = re.compile(r"\\\\\[(?P<math>[^\n]{1,800}?)\\\\\]")
ENVIRONMENT = pair(
    r"^[ \t]*\\begin\{(?P<name>(?:equation|align|gather|eqnarray|multline|alignat)\*?)\}",
    r"\\end\{(?P=name)\}[ \t]*$",
    re.M,
    name=r"[a-z]+\*?",
    barrier=EMPTY_LINE,
)
ESCAPED = re.compile(
    r"^(?P<before>[ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?)\\\$\$[ ]?(?P<math>[^$\n]{1,800}?)[ ]?\$\$", re.M
)
"""kramdown's way to say that a formula at the start of a line belongs into it."""

LOOKED_AT = 500
"""The characters before a formula in which the address of a link may begin that holds it."""

REFERENCE = re.compile(r"\\(?P<brackets>eq)?ref\{(?P<label>[^{}\n]+)\}")
LABEL = re.compile(r"\\label\{([^{}\n]+)\}")
TEX = re.compile(r"[\\^_=<>]|\A\s*\w\s*\Z|\A(?!.*[A-Za-z]{3})[^+*/-]+[+*/-].*\Z")
"""What a formula has, and hardly any text that stands in brackets, escaped for no reason."""


def _shown(text: str, found: re.Match[str]) -> str | None:
    math = written(text, found, "inside").rstrip()
    return f"{found['margin']}$${math}$$" if TEX.search(math) else None


def _in_line(text: str, found: re.Match[str]) -> str | None:
    if IN_TARGET.search(text, max(0, found.start() - LOOKED_AT), found.start()):
        return None
    math = written(text, found, "math").strip()
    return f"$`{math}`$" if TEX.search(math) and "`" not in math and "://" not in math else None


def _escaped(text: str, found: re.Match[str]) -> str:
    return f"{found['before']}$`{written(text, found, 'math').strip()}`$"


def _environment(text: str, found: re.Match[str]) -> str:
    """MathJax reads an environment of LaTeX also where no dollars stand around it."""
    return f"$${text[slice(*found.span())].strip()}$$"


@lru_cache(maxsize=1)
def _numbers(text: str) -> dict[str, int]:
    """The number of each label's first place."""
    labels = LABEL.findall(text)
    return dict(zip(reversed(labels), range(len(labels), 0, -1), strict=True))


def _number(text: str, found: re.Match[str]) -> str | None:
    """A reference to a formula as the number that MathJax gives it: they are counted by their labels."""
    number = _numbers(text).get(found["label"])
    return f"({number})" if number and found["brackets"] else str(number) if number else None


RULES: tuple[Rule, ...] = (
    ("ref{", REFERENCE, _number),
    ("\\$$", ESCAPED, _escaped),
    ("\\[", SHOWN, _shown),
    ("\\\\[", BRACKETS, _in_line),
    ("\\begin{", ENVIRONMENT, _environment),
    ("\\\\(", DOUBLE, _in_line),
    ("\\(", SINGLE, _in_line),
)
