"""Lines of equal height through a field, as closed curves in few bytes. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import hypot

Point = tuple[float, float]
Line = list[tuple[int, int]]
"""The control points of a closed curve; all numbers are even, so that the middle of two is whole."""

STEP = 20
"""The mesh on which heights are looked at."""

AWAY = 160


def contours(field: Callable[[float, float], float], width: int, height: int, level: float) -> list[Line]:
    """The closed curves around all that is higher than `level`; at the sheet's edge they close outside of it."""
    across, down = range(-2, width // STEP + 3), range(-2, height // STEP + 3)
    heights = {(x, y): field(x * STEP, y * STEP) - level for x in across for y in down}
    for x, y in heights:
        if x in (across[0], across[-1]) or y in (down[0], down[-1]):
            heights[x, y] = -1.0
    lines = (_thinned(loop, (width, height)) for loop in _loops(heights))
    return [line for line in lines if len(line) > 3]


def path(lines: list[Line]) -> str:
    """The curves as a path: quadratic B-splines, of which SVG finds the control points by itself."""
    return "".join(_curve(line) for line in lines)


Place = tuple[int, int]
Edge = tuple[Place, Place]


def _loops(heights: dict[Place, float]) -> list[list[Point]]:
    """Marching squares. An edge is its low and its high end; pieces go on from one cell to its neighbour."""
    following: dict[Edge, Edge] = {}
    for x, y in heights:
        if (x + 1, y + 1) in heights:
            following.update(_pieces([(x, y), (x + 1, y), (x + 1, y + 1), (x, y + 1)], heights))
    return _chained(following, heights)


def _pieces(corners: list[Place], heights: dict[Place, float]) -> Iterator[tuple[Edge, Edge]]:
    """What of the curve is in one cell: from where its outline rises through the level to where it falls."""
    around = list(zip(corners, [*corners[1:], corners[0]], strict=True))
    ups = [edge for edge in around if heights[edge[0]] < 0 <= heights[edge[1]]]
    downs = [(low, high) for high, low in around if heights[low] < 0 <= heights[high]]
    falls_first = heights[corners[0]] >= 0
    joined = len(ups) == 2 and sum(heights[corner] for corner in corners) >= 0
    if falls_first != joined:
        downs = [*downs[1:], *downs[:1]]
    yield from zip(ups, downs, strict=True)


def _chained(following: dict[Edge, Edge], heights: dict[Place, float]) -> list[list[Point]]:
    loops = []
    while following:
        start, edge = following.popitem()
        loop = [_crossing(start, heights), _crossing(edge, heights)]
        while edge in following:
            edge = following.pop(edge)
            loop.append(_crossing(edge, heights))
        loops.append(loop[:-1])
    return loops


def _crossing(edge: Edge, heights: dict[Place, float]) -> Point:
    (ax, ay), (bx, by) = edge
    a, b = heights[ax, ay], heights[bx, by]
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
