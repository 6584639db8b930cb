"""The colours of static/css/tokens.css against the contrast that WCAG 2.2 (AA) asks for, light and dark.

The theme as it comes has 7 to 1 for body text; who changes its colours is held to what anybody needs. Only what is
written as `light-dark(#rrggbb, #rrggbb)` is measured.
"""

from __future__ import annotations

import re

import pytest

from tests.conftest import ROOT

TOKENS = ROOT / "static/css/tokens.css"
PAIR = re.compile(r"--([\w-]+):\s*light-dark\(#([0-9a-f]{6}),\s*#([0-9a-f]{6})\)")
ALIAS = re.compile(r"--([\w-]+):\s*var\(--([\w-]+)\)")

PAPERS = ("bg", "surface", "sunken")
BODY = [(ink, paper) for ink in ("text", "heading") for paper in PAPERS]
QUIET = [(ink, paper) for ink in ("muted", "link", "visited", "kicker") for paper in PAPERS]
CALLOUTS = [(ink, "surface") for ink in ("note", "tip", "important", "warning", "caution")]
DIFF = [("code-deleted", "code-deleted-line"), ("code-inserted", "code-inserted-line")]
CONTROLS = [("control", paper) for paper in ("bg", "surface")]


def colours() -> dict[str, tuple[str, str]]:
    """The light and the dark colour of each token, as six hexadecimal digits."""
    css = TOKENS.read_text()
    found = {name: (light, dark) for name, light, dark in PAIR.findall(css)}
    return found | {name: found[other] for name, other in ALIAS.findall(css) if other in found}


COLOURS = colours()
CODE = [
    (ink, paper)
    for ink in COLOURS
    if re.match("code-(?!.*line$)|code-number-of-line", ink)
    for paper in ("sunken", "code-line")
]


def luminance(colour: str) -> float:
    """Relative luminance, 0 to 1. Source: WCAG 2.2, "relative luminance"."""
    channels = (int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4))
    linear = (value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels)
    return sum(weight * value for weight, value in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def ratio(ink: str, paper: str) -> float:
    """Contrast ratio, 1 to 21. Source: WCAG 2.2, "contrast ratio"."""
    darker, lighter = sorted((luminance(ink), luminance(paper)))
    return (lighter + 0.05) / (darker + 0.05)


def weakest(ink: str, paper: str) -> float:
    """The lesser ratio of the two schemes."""
    return min(ratio(*pair) for pair in zip(COLOURS[ink], COLOURS[paper], strict=True))


def test_black_on_white_is_21_to_1() -> None:
    assert ratio("000000", "ffffff") == pytest.approx(21)


def measured(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [pair for pair in pairs if set(pair) <= set(COLOURS)]


@pytest.mark.parametrize(
    ("ink", "paper"), measured([*BODY, *QUIET, *CALLOUTS, ("text", "mark"), ("chip-text", "chip")])
)
def test_text_reaches_4_5_to_1(ink: str, paper: str) -> None:
    assert weakest(ink, paper) >= 4.5


@pytest.mark.parametrize(("ink", "paper"), measured([*CODE, *DIFF]))
def test_code_reaches_4_5_to_1_even_on_a_highlighted_line(ink: str, paper: str) -> None:
    assert weakest(ink, paper) >= 4.5


@pytest.mark.parametrize(("ink", "paper"), measured(CONTROLS))
def test_the_borders_of_controls_reach_3_to_1(ink: str, paper: str) -> None:
    assert weakest(ink, paper) >= 3
