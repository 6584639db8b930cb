"""Lines of equal height through a field, as closed curves in few bytes. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import pairwise, product
from math import hypot

Point = tuple[float, float]
Line = list[tuple[int, int]]
"""The control points of a closed curve; all numbers are even, so that the middle of two is whole."""

STEP = 20
"""The mesh on which heights are looked at."""

AWAY = 160


def contours(mesh: Mesh, sheet: tuple[int, int], levels: Sequence[float]) -> list[list[Line]]:
    """For each of these ascending levels the closed curves around all that is higher; at the sheet's edge they close
    outside of it. `sheet` is its width and height."""
    found = []
    for level, pieces in zip(levels, _pieces(mesh, levels), strict=True):
        loops = (_points(_few(loop), mesh, level, sheet) for loop in _chained(pieces))
        found.append([line for line in (_without_spare(loop, sheet) for loop in loops) if len(line) > 3])
    return found


def path(lines: list[Line]) -> str:
    """The curves as a path: quadratic B-splines, of which SVG finds the control points by itself."""
    return "".join(_curve(line) for line in lines)


Place = tuple[int, int]
Edge = tuple[Place, Place]
Mesh = Sequence[Sequence[float]]
"""Heights by column and row; `RIM` of each are off the sheet on all sides."""

RIM = 2


def mesh_of(field: Callable[[float, float], float], width: int, height: int) -> Mesh:
    """The heights on the sheet and one step around it, and around that what is lower than all."""
    across, down = range(-1, width // STEP + 2), range(-1, height // STEP + 2)
    heights = [[field(x * STEP, y * STEP) for y in down] for x in across]
    lowest = min(map(min, heights)) - 1
    rim = [lowest] * (len(down) + 2)
    return [rim, *([lowest, *column, lowest] for column in heights), rim]


def _ways(high: Sequence[bool], is_joined: bool) -> list[tuple[int, int]]:
    """Of a cell with these corners above the level: where curves come in and go out, by the sides of its outline.

    Where two opposite corners are high, `is_joined` says whether they are parts of one hill.
    """
    ups = [side for side in range(4) if high[side] < high[(side + 1) % 4]]
    downs = [side for side in range(4) if high[side] > high[(side + 1) % 4]]
    return list(zip(ups, downs if high[0] == is_joined else [*downs[1:], *downs[:1]], strict=True))


WAYS = {(high, joined): _ways(high, joined) for high in product((False, True), repeat=4) for joined in (False, True)}


def _pieces(mesh: Mesh, levels: Sequence[float]) -> list[dict[Edge, Edge]]:
    """Marching squares: for each level where its curves go on from each edge. An edge is its low and its high end.

    Levels are counted first: between corners above equally many, nothing passes.
    """
    pieces: list[dict[Edge, Edge]] = [{} for _ in levels]
    counts = [[bisect_right(levels, height) for height in column] for column in mesh]
    for x, (left, right) in enumerate(pairwise(counts)):
        for y, (a, b, c, d) in enumerate(zip(left, right, right[1:], left[1:], strict=False)):
            if a == b == c == d:
                continue
            outline = (x, y), (x + 1, y), (x + 1, y + 1), (x, y + 1), (x, y)
            middle = (mesh[x][y] + mesh[x + 1][y] + mesh[x + 1][y + 1] + mesh[x][y + 1]) / 4
            for n in range(min(a, b, c, d), max(a, b, c, d)):
                for up, down in WAYS[(a > n, b > n, c > n, d > n), middle >= levels[n]]:
                    pieces[n][outline[up], outline[up + 1]] = outline[down + 1], outline[down]
    return pieces


def heights_on_sheet(mesh: Mesh) -> list[float]:
    """The heights that can be seen."""
    return [height for column in mesh[RIM:-RIM] for height in column[RIM:-RIM]]


def _chained(pieces: dict[Edge, Edge]) -> list[list[Edge]]:
    """The pieces as closed loops."""
    loops = []
    while pieces:
        loop = list(pieces.popitem())
        while loop[-1] in pieces:
            loop.append(pieces.pop(loop[-1]))
        loops.append(loop[:-1])
    return loops


def _few(loop: list[Edge]) -> list[Edge]:
    """Every second or third: the curve between them is much the same."""
    return loop[:: 1 if len(loop) < 9 else 2 if len(loop) < 40 else 3]


def _points(loop: list[Edge], mesh: Mesh, level: float, sheet: tuple[int, int]) -> Line:
    """Where these edges cross the level, on even numbers."""
    crossings = (_crossing(edge, mesh, level) for edge in loop)
    return [(_whole(x, sheet[0]), _whole(y, sheet[1])) for x, y in crossings]


def _crossing(edge: Edge, mesh: Mesh, level: float) -> Point:
    (ax, ay), (bx, by) = edge
    a, b = mesh[ax][ay] - level, mesh[bx][by] - level
    share = min(0.9, max(0.1, a / (a - b)))
    return (ax - RIM + (bx - ax) * share) * STEP, (ay - RIM + (by - ay) * share) * STEP


def _without_spare(points: Line, sheet: tuple[int, int]) -> Line:
    """The points but for those that say little."""
    triples = zip([points[-1], *points[:-1]], points, [*points[1:], points[0]], strict=True)
    return [three[1] for three in triples if not _is_spare(three, sheet)]


def _whole(place: float, end: int) -> int:
    """An even number. What closes a curve off the sheet goes far out, so that no rounded corner is seen."""
    if place < -STEP:
        return -AWAY
    return end + AWAY if place > end + STEP else round(place / 2) * 2


def _is_spare(three: tuple[Place, Place, Place], sheet: tuple[int, int]) -> bool:
    """Whether the curve is much the same without the middle one: it is straight there, or off the sheet."""
    (ax, ay), (bx, by), (cx, cy) = three
    width, height = sheet
    if (max(ax, bx, cx) < 0 or min(ax, bx, cx) > width) or (max(ay, by, cy) < 0 or min(ay, by, cy) > height):
        return True
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
