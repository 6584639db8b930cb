"""The colours of static/css/tokens.css against the contrast that WCAG 2.2 asks for, light and dark."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TOKENS = Path(__file__).parent.parent / "static" / "css" / "tokens.css"
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


def test_black_on_white_is_21_to_1():
    assert ratio("000000", "ffffff") == pytest.approx(21)


@pytest.mark.parametrize(("ink", "paper"), BODY)
def test_body_text_reaches_7_to_1(ink, paper):
    assert weakest(ink, paper) >= 7


@pytest.mark.parametrize(("ink", "paper"), [*QUIET, *CALLOUTS, ("text", "mark"), ("chip-text", "chip")])
def test_other_text_reaches_4_5_to_1(ink, paper):
    assert weakest(ink, paper) >= 4.5


@pytest.mark.parametrize(("ink", "paper"), [*CODE, *DIFF])
def test_code_reaches_4_5_to_1_even_on_a_highlighted_line(ink, paper):
    assert weakest(ink, paper) >= 4.5


@pytest.mark.parametrize(("ink", "paper"), CONTROLS)
def test_the_borders_of_controls_reach_3_to_1(ink, paper):
    assert weakest(ink, paper) >= 3


def test_every_role_of_code_is_measured():
    assert len(CODE) >= 26


def test_colours_are_written_nowhere_but_in_the_tokens():
    raw = re.compile(r"#[0-9a-f]{3,8}\b|\b(?:rgba?|hsla?|oklch|oklab)\(", re.IGNORECASE)
    others = [path for path in TOKENS.parent.glob("*.css") if path.name not in ("tokens.css", "feed.css")]
    assert {path.name: raw.findall(path.read_text()) for path in others} == {path.name: [] for path in others}


def test_a_feed_in_a_browser_has_the_colours_of_the_tokens():
    pairs = re.findall(r"light-dark\(#(\w+), #(\w+)\)", (TOKENS.parent / "feed.css").read_text())
    assert set(pairs) <= set(COLOURS.values())
