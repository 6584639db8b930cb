"""Lines of equal height through a field, as closed curves in few bytes. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import product
from math import hypot
from typing import NamedTuple

Point = tuple[float, float]
Line = list[tuple[int, int]]
"""The control points of a closed curve; all numbers are even, so that the middle of two is whole."""

STEP = 20
"""The mesh on which heights are looked at."""

AWAY = 160


def contours(
    field: Callable[[float, float], float], width: int, height: int, levels: Iterable[float]
) -> list[list[Line]]:
    """For each level the closed curves around all that is higher; at the sheet's edge they close outside of it."""
    across, down = range(-2, width // STEP + 3), range(-2, height // STEP + 3)
    heights = {(x, y): field(x * STEP, y * STEP) for x in across[1:-1] for y in down[1:-1]}
    lowest = min(heights.values()) - 1
    heights = {(x, y): heights.get((x, y), lowest) for x in across for y in down}
    cells = [_cell((x, y), heights) for x in across[:-1] for y in down[:-1]]
    found = []
    for level in levels:
        lines = (_thinned(loop, (width, height)) for loop in _loops(cells, heights, level))
        found.append([line for line in lines if len(line) > 3])
    return found


def path(lines: list[Line]) -> str:
    """The curves as a path: quadratic B-splines, of which SVG finds the control points by itself."""
    return "".join(_curve(line) for line in lines)


Place = tuple[int, int]
Edge = tuple[Place, Place]
Heights = Mapping[Place, float]


class Cell(NamedTuple):
    """A square of the mesh: its outline (the first corner is the last one too), and the heights of its corners."""

    outline: tuple[Place, ...]
    heights: tuple[float, ...]
    lowest: float
    highest: float


def _cell(place: Place, heights: Heights) -> Cell:
    x, y = place
    outline = ((x, y), (x + 1, y), (x + 1, y + 1), (x, y + 1), (x, y))
    at = heights[outline[0]], heights[outline[1]], heights[outline[2]], heights[outline[3]]
    return Cell(outline, at, min(at), max(at))


def _ways(high: Sequence[bool], is_joined: bool) -> list[tuple[int, int]]:
    """Of a cell with these corners above the level: where curves come in and go out, by the sides of its outline.

    Where two opposite corners are high, `is_joined` says whether they are parts of one hill.
    """
    ups = [side for side in range(4) if high[side] < high[(side + 1) % 4]]
    downs = [side for side in range(4) if high[side] > high[(side + 1) % 4]]
    return list(zip(ups, downs if high[0] == is_joined else [*downs[1:], *downs[:1]], strict=True))


WAYS = {(high, joined): _ways(high, joined) for high in product((False, True), repeat=4) for joined in (False, True)}


def _loops(cells: list[Cell], heights: Heights, level: float) -> list[list[Point]]:
    """Marching squares. An edge is its low and its high end; pieces go on from one cell to its neighbour."""
    following: dict[Edge, Edge] = {}
    for outline, (a, b, c, d), lowest, highest in cells:
        if lowest < level <= highest:
            high = a >= level, b >= level, c >= level, d >= level
            for up, down in WAYS[high, a + b + c + d >= 4 * level]:
                following[outline[up], outline[up + 1]] = outline[down + 1], outline[down]
    return _chained(following, heights, level)


def _chained(following: dict[Edge, Edge], heights: Heights, level: float) -> list[list[Point]]:
    loops = []
    while following:
        start, edge = following.popitem()
        loop = [_crossing(start, heights, level), _crossing(edge, heights, level)]
        while edge in following:
            edge = following.pop(edge)
            loop.append(_crossing(edge, heights, level))
        loops.append(loop[:-1])
    return loops


def _crossing(edge: Edge, heights: Heights, level: float) -> Point:
    (ax, ay), (bx, by) = edge
    a, b = heights[ax, ay] - level, heights[bx, by] - level
    share = min(0.9, max(0.1, a / (a - b)))
    return (ax + (bx - ax) * share) * STEP, (ay + (by - ay) * share) * STEP


def _thinned(loop: list[Point], sheet: tuple[int, int]) -> Line:
    """Every second or third point, but those that say little; all on even numbers."""
    step = 1 if len(loop) < 9 else 2 if len(loop) < 40 else 3
    points = [(_whole(x, sheet[0]), _whole(y, sheet[1])) for x, y in loop[::step]]
    triples = zip([points[-1], *points[:-1]], points, [*points[1:], points[0]], strict=True)
    return [three[1] for three in triples if not _is_spare(three, sheet)]


def _whole(place: float, end: int) -> int:
    """An even number. What closes a curve off the sheet goes far out, so that no rounded corner is seen."""
    if place < -STEP:
        return -AWAY
    return end + AWAY if place > end + STEP else round(place / 2) * 2


def _is_spare(three: tuple[Place, Place, Place], sheet: tuple[int, int]) -> bool:
    """Whether the curve is much the same without the middle one: it is straight there, or off the sheet."""
    for axis, end in enumerate(sheet):
        if all(point[axis] < 0 for point in three) or all(point[axis] > end for point in three):
            return True
    (ax, ay), (bx, by), (cx, cy) = three
    length = max(1.0, hypot(cx - ax, cy - ay))
    return abs((bx - ax) * (cy - ay) - (by - ay) * (cx - ax)) / length < 2.5 and length < 110


def _curve(line: Line) -> str:
    """From middle to middle of its control points: `t` mirrors the last one, which is just where the next one is."""
    middles = [((ax + bx) // 2, (ay + by) // 2) for (ax, ay), (bx, by) in zip(line, [*line[1:], line[0]], strict=True)]
    (x, y), (cx, cy) = middles[-1], line[0]
    steps = [_step(bx - ax, by - ay) for (ax, ay), (bx, by) in zip([middles[-1], *middles], middles, strict=False)]
    return f"M{x} {y}q{_step(cx - x, cy - y)} {steps[0]}t{' '.join(steps[1:])}z".replace(" -", "-")


def _step(x: int, y: int) -> str:
    return f"{x} {y}"
