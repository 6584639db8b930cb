"""Covers for articles that have none: maps of a country that does not exist, drawn from a title and its tags.

The same title and tags give the same bytes anywhere. A cover is an SVG of its own, with colours for light and
dark; the hills come from the title, the colour from the first tag, and each tag is a station of the survey.
Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import blake2b
from math import atan2, cos, exp, hypot, pi, sin

from trigpoint.images.contours import Line, Point, contours, heights_on_sheet, mesh_of, path

WIDTH, HEIGHT = 640, 360
PAPER, INK = ("#f6f4ee", "#141a21"), ("#101418", "#f3f5f7")
COLOURS = (
    ("#a8431a", "#ffab7d"),
    ("#0a58b8", "#8ab8ff"),
    ("#1c6b2c", "#9bdc8a"),
    ("#5b3bb0", "#c8b0ff"),
    ("#0b5f8a", "#7fd0ff"),
    ("#8a4b00", "#ffc77d"),
)
"""Light and dark, of static/css/tokens.css: an image sees none of the page's variables."""

TOP, FLOOR = 80, HEIGHT - 24
"""What the head of an article shows of a sheet on a phone (`.drawn` in components.css). Marks stand between."""

SIDE = 50
"""What a card that is as high as its text may cut off at the left and the right (`.card-cover`): 3 to 2 is left."""

LEVELS = 8
BOLD = ' stroke-width="2"'
Field = Callable[[float, float], float]


class RandomNumbers:
    """Numbers that look like chance and are always the same for one text."""

    def __init__(self, text: str) -> None:
        self._text, self._rolls = text, 0

    def between(self, low: float, high: float) -> float:
        self._rolls += 1
        drawn = blake2b(f"{self._rolls} {self._text}".encode(errors="replace"), digest_size=4).digest()
        return low + (high - low) * int.from_bytes(drawn, "big") / 2**32

    def one_of(self, things: Sequence[Drawing]) -> Drawing:
        return things[int(self.between(0, len(things)))]


Drawing = Callable[[RandomNumbers, Field, Sequence[Point]], str]


def colours(title: str, tags: tuple[str, ...]) -> tuple[str, str]:
    """The colour of an article, light and dark: that of its first tag."""
    return COLOURS[int(RandomNumbers(tags[0] if tags else title).between(0, len(COLOURS)))]


def hills(title: str) -> list[list[Line]]:
    """The lines of an article's country, from the lowest level to the highest, in a sheet of WIDTH to HEIGHT."""
    field, _ = _country(RandomNumbers(title))
    mesh = mesh_of(field, WIDTH, HEIGHT)
    heights = heights_on_sheet(mesh)
    low, high = min(heights), max(heights)
    return contours(mesh, (WIDTH, HEIGHT), [low + (high - low) * (n + 0.6) / (LEVELS + 0.4) for n in range(LEVELS)])


def cover(title: str, tags: tuple[str, ...], levels: list[list[Line]]) -> str:
    """The cover of an article, as the text of an SVG of 16 to 9; `levels` are the hills of its title."""
    dice = RandomNumbers(title)
    light, dark = colours(title, tags)
    field, summit = _country(dice)
    ground = "".join(f'<path{BOLD * (n % 4 == 2)} d="{path(lines)}"/>' for n, lines in enumerate(levels))
    stations = _stations(dice, field, min(7, max(4, len(tags))))
    drawing = dice.one_of(DRAWINGS)(dice, field, [summit, *stations])
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" fill="none">'
        f"<style>svg{{color:{light};--i:{INK[0]};--p:{PAPER[0]}}}"
        f"@media(prefers-color-scheme:dark){{svg{{color:{dark};--i:{INK[1]};--p:{PAPER[1]}}}}}"
        ".h{fill:currentColor;fill-opacity:.045;stroke:currentColor;stroke-opacity:.6}"
        ".i{stroke:var(--i)}.p{fill:var(--p)}.c{stroke:currentColor}</style>"
        f'<path class="p" d="M0 0h640v360H0z"/><g class="h">{ground}</g>{drawing}{_scale()}</svg>\n'
    )


def _country(dice: RandomNumbers) -> tuple[Field, Point]:
    """Heights of a few hills on a slope, and the summit of the highest."""
    side = dice.between(0, 1) < 0.5
    summit = dice.between(120, 250) if side else dice.between(390, 520), dice.between(110, 220)
    hills = [(*summit, dice.between(80, 110), dice.between(50, 80), 1.0, dice.between(0, pi))]
    for number in range(4):
        x, y = dice.between(-40, 680), dice.between(-40, 400)
        height = dice.between(0.35, 0.75) if number < 3 else -0.5
        hills.append((x, y, dice.between(60, 130), dice.between(45, 90), height, dice.between(0, pi)))
    slope, phase = dice.between(-0.35, 0.35), dice.between(0, 6)

    forms = [_quadratic_form(*hill) for hill in hills]

    def height_at(x: float, y: float) -> float:
        total = slope * (x / WIDTH - 0.5) + 0.06 * sin(x / 47 + phase) + 0.05 * cos((x + 2 * y) / 61 + phase)
        for cx, cy, height, xx, xy, yy in forms:
            dx, dy = x - cx, y - cy
            total += height * exp(dx * (xx * dx + xy * dy) + yy * dy * dy)
        return total

    return height_at, summit


def _quadratic_form(
    x: float, y: float, across: float, along: float, height: float, turn: float
) -> tuple[float, float, float, float, float, float]:
    """A hill's place and height, and the factors of dx·dx, dx·dy and dy·dy in the exponent of its bell."""
    east, north = cos(turn), sin(turn)
    a, b = 1 / across**2, 1 / along**2
    return x, y, height, -(a * east**2 + b * north**2) / 2, (b - a) * east * north, -(a * north**2 + b * east**2) / 2


def _stations(dice: RandomNumbers, field: Field, count: int) -> list[Point]:
    """So many places, none near another: of some tries the one that is farthest from all before."""
    found: list[Point] = []
    for _ in range(count):
        tries = [(dice.between(SIDE + 16, WIDTH - SIDE - 16), dice.between(TOP + 16, HEIGHT - 66)) for _ in range(8)]
        found.append(max(tries, key=lambda place: min((_far(place, other) for other in found), default=0.0)))
    return found


def _far(one: Point, other: Point) -> float:
    return hypot(one[0] - other[0], one[1] - other[1])


def _network(dice: RandomNumbers, field: Field, stations: Sequence[Point]) -> str:
    """A survey: the stations, and the sights between those that no third stands between (Gabriel's rule)."""
    places = stations[1:]
    sights = []
    for number, one in enumerate(places):
        for other in places[number + 1 :]:
            far = _far(one, other)
            if all(hypot(_far(one, third), _far(other, third)) >= far for third in places):
                sights.append(f"M{_at(one)}L{_at(other)}")
    marks = "".join(_triangle(place) for place in places)
    dots = "".join(f"M{_at(place)}h0" for place in places)
    return (
        f'<path class="i" stroke-width="1.5" d="{"".join(sights)}"/>'
        f'<path class="p i" stroke-width="2" d="{marks}"/>'
        f'<path class="c" stroke-width="5" stroke-linecap="round" d="{dots}"/>'
    )


def _rings(dice: RandomNumbers, field: Field, stations: Sequence[Point]) -> str:
    """A station's graduated circle, and its bearings to the others."""
    radius = round(dice.between(84, 104))
    reach = radius + 18
    x, y = (
        round(min(max(at, low + reach), high - reach))
        for at, low, high in zip(stations[0], (SIDE, TOP), (WIDTH - SIDE, FLOOR), strict=True)
    )
    seen = [place for place in stations[1:] if _far((x, y), place) > radius + 50]
    rays = "".join(f"M{_at(_towards((x, y), place, radius + 16))}L{_at(place)}" for place in seen)
    ends = "".join(f"M{_at(place)}h0" for place in seen)
    circles = "".join(
        f'<circle cx="{x}" cy="{y}" r="{r}" stroke-width="{width}"{_ticks(r, count, share)}/>'
        for r, width, count, share in (
            (radius, 1.5, 0, 0), (radius - 6, 9, 120, 0.2), (radius - 9, 15, 24, 0.06), (radius + 16, 2, 72, 0.2),
        )
    )  # fmt: skip
    return (
        f'<g class="i">{circles}<path stroke-width="1.5" d="{rays}M{x - 14} {y}h28M{x} {y - 14}v28"/>'
        f'<path stroke-width="9" stroke-linecap="round" d="{ends}"/></g>'
        f'<path class="c" stroke-width="5" stroke-linecap="round" d="{ends}M{x} {y}h0"/>'
    )


def _ticks(radius: int, count: int, share: float) -> str:
    """So many ticks around a circle, each as wide as its share of the way to the next."""
    way = 2 * pi * radius / count if count else 0
    return f' stroke-dasharray="{way * share:.2f} {way * (1 - share):.2f}"' if count else ""


def _section(dice: RandomNumbers, field: Field, stations: Sequence[Point]) -> str:
    """The ground cut along a line: its profile below, lines up to where the stations stand."""
    cut = round(stations[0][1])
    heights = [field(x, cut) for x in range(0, WIDTH + 1, 32)]
    low, high = min(heights), max(heights)
    floor = HEIGHT - 24
    profile = [floor - 14 - 84 * (height - low) / (high - low) for height in heights]
    ground = "".join(f"L{32 * n} {round(y)}" for n, y in enumerate(profile))
    shown: list[Point] = []
    for place in sorted(stations):
        if not shown or place[0] - shown[-1][0] > 40:
            shown.append(place)
    drops = "".join(f"M{round(x)} {cut}V{round(profile[round(x / 32)])}" for x, _ in shown)
    points = "".join(f"M{round(x)} {cut}h0" for x, _ in shown)
    return (
        f'<path class="p" d="M0 {floor}{ground}V{floor}z"/><path class="h" d="M0 {floor}{ground}V{floor}z"/>'
        f'<path class="i" stroke-width="2" stroke-linejoin="round" d="M{ground[1:]}"/>'
        f'<path class="i" stroke-width="1.5" stroke-dasharray="2 4" d="{drops}"/>'
        f'<path class="i" stroke-width="1.5" d="M0 {cut}H640"/>'
        f'<path class="i" stroke-width="9" stroke-linecap="round" d="{points}"/>'
        f'<path class="c" stroke-width="5" stroke-linecap="round" d="{points}"/>'
    )


def _route(dice: RandomNumbers, field: Field, stations: Sequence[Point]) -> str:
    """A sheet's grid, and a way through it from station to station, up to the summit."""
    top = stations[0]
    way = [top, *sorted(stations[1:6], key=lambda place: atan2(place[1] - top[1], place[0] - top[0]))]
    line = "M" + "L".join(_at(place) for place in way)
    crosses = "".join(f"M{x - 4} {y}h8M{x} {y - 4}v8" for x in range(80, WIDTH, 80) for y in range(60, 320, 80))
    posts = "".join(f"M{_at(place)}h0" for place in way[1:])
    return (
        f'<path class="i" stroke-opacity=".7" d="{crosses}"/>'
        f'<path class="c" stroke-width="2.5" stroke-dasharray="10 5" stroke-linejoin="round" d="{line}"/>'
        f'<path class="i" stroke-width="10" stroke-linecap="round" d="{posts}"/>'
        f'<path stroke="var(--p)" stroke-width="6" stroke-linecap="round" d="{posts}"/>'
        f'<path class="p i" stroke-width="2" d="{_triangle(stations[0])}"/>'
    )


DRAWINGS: tuple[Drawing, ...] = (_network, _rings, _section, _route)


def _triangle(place: Point) -> str:
    x, y = map(round, place)
    return f"M{x} {y - 11}l10 17h-20z"


def _towards(one: Point, other: Point, distance: float) -> Point:
    share = distance / max(_far(one, other), 1)
    return one[0] + (other[0] - one[0]) * share, one[1] + (other[1] - one[1]) * share


def _at(place: Point) -> str:
    return f"{round(place[0])} {round(place[1])}"


def _scale() -> str:
    """The ruled edge that all sheets of this survey have."""
    y = HEIGHT - 24
    return (
        f'<path class="p" d="M0 {y}h640v24H0z"/><g class="i"><path d="M0 {y}h640" stroke-width="1.5"/>'
        f'<path d="M0 {y + 4}h640" stroke-width="8" stroke-dasharray="1 15"/>'
        f'<path d="M0 {y + 7}h640" stroke-width="14" stroke-dasharray="1 79"/></g>'
    )
