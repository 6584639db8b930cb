"""Covers: the same for the same, small, sound, and in the colours of the site."""

from __future__ import annotations

import re
import subprocess
import sys
import xml.etree.ElementTree as etree

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import ROOT
from trigpoint.images.covers import COLOURS, DRAWINGS, FLOOR, SIDE, TOP, WIDTH, RandomNumbers, cover, hills

TITLES = (
    "Designing a Fintech Backend: Crypto + Open Banking Under One Roof",
    "Coinbase and EVM Payment Integration",
    "PSD2 and Open Banking Integration: A Developer's Field Guide",
    "gRPC + Go + Kafka + Cassandra: A Stack for Low-Latency Financial Data",
    "Building a Chat System at Scale: Microservices Lessons",
    "FIX Protocol Demystified: Building Real-Time Stock Quote Distribution",
    "PostgreSQL at Scale: Lessons from a Trading Platform",
    "Real-Time Messaging with ZeroMQ: Patterns That Actually Work",
)
TAGS = tuple("ABCDEFGHI")


def drawn(title: str, tags: tuple[str, ...]) -> str:
    return cover(title, tags, hills(title))


def test_covers_are_small() -> None:
    sizes = [len(drawn(title, TAGS).encode()) for title in TITLES]
    assert max(sizes) <= 3072
    assert sum(sizes) / len(sizes) <= 2800


@settings(deadline=None, max_examples=40)
@given(st.text(max_size=60), st.lists(st.text(max_size=10), max_size=20).map(tuple))
def test_any_title_has_a_sound_cover(title: str, tags: tuple[str, ...]) -> None:
    svg = drawn(title, tags)
    assert etree.fromstring(svg).attrib["viewBox"] == "0 0 640 360"
    assert len(svg) < 4096
    assert svg == drawn(title, tags)


def test_no_mark_is_cut_by_what_shows_less_of_a_sheet() -> None:
    """Triangles, dots and circles stand whole in the strip at the head of an article and in a card of 3 to 2."""
    across: list[float] = []
    down: list[float] = []
    for number in range(60):
        svg = drawn(f"Title {number}", TAGS[: number % 9])
        for x, y in re.findall(r"M(\d+) (\d+)l10 17h-20z", svg):
            across += [int(x) - 12, int(x) + 12]
            down += [int(y) - 2, int(y) + 18]
        for x, y in re.findall(r"M(\d+) (\d+)h0", svg):
            across += [int(x) - 5, int(x) + 5]
            down += [int(y) - 5, int(y) + 5]
        for x, y, radius, width in re.findall(r'cx="(\d+)" cy="(\d+)" r="(\d+)" stroke-width="([\d.]+)"', svg):
            reach = int(radius) + float(width) / 2
            across += [int(x) - reach, int(x) + reach]
            down += [int(y) - reach, int(y) + reach]
    assert min(across) >= SIDE
    assert max(across) <= WIDTH - SIDE
    assert min(down) >= TOP
    assert max(down) <= FLOOR


def test_another_process_draws_the_same() -> None:
    call = f"cover({TITLES[0]!r}, {TAGS!r}, hills({TITLES[0]!r}))"
    program = f"from trigpoint.images.covers import cover, hills; print({call}, end='')"
    run = [sys.executable, "-c", program]
    other = subprocess.run(run, cwd=ROOT, env={"PYTHONHASHSEED": "7"}, capture_output=True, text=True, check=True)
    assert other.stdout == drawn(TITLES[0], TAGS)


def test_another_title_is_another_country_and_the_first_tag_decides_its_colour() -> None:
    assert drawn("One", TAGS) != drawn("Two", TAGS)

    def colour(drawn: str) -> str:
        return re.search(r"color:(#\w+)", drawn)[1]  # type: ignore[index]

    assert colour(drawn("One", TAGS)) == colour(drawn("Two", TAGS))
    assert len({colour(drawn("One", (tag,))) for tag in TAGS}) > 1


def test_a_cover_has_its_colours_for_light_and_dark() -> None:
    for light, dark in COLOURS:
        assert re.fullmatch("#[0-9a-f]{6}#[0-9a-f]{6}", light + dark)
    assert "@media(prefers-color-scheme:dark)" in drawn("One", ())


def test_nothing_of_a_title_is_in_its_cover() -> None:
    assert "<script" not in drawn("<script>alert(1)</script>", ("<b>",))


def test_dice_reach_every_drawing_and_stay_in_their_bounds() -> None:
    assert {RandomNumbers(str(n)).one_of(DRAWINGS) for n in range(60)} == set(DRAWINGS)
    dice = RandomNumbers("x")
    assert all(2 <= dice.between(2, 3) < 3 for _ in range(200))
