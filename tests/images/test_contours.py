"""Lines of equal height: closed, whole and on the right side."""

from __future__ import annotations

import re
from math import exp

from hypothesis import given, settings
from hypothesis import strategies as st

from trigpoint.images.contours import contours, mesh_of, path

SHEET = (640, 360)


def hill(x: float, y: float) -> float:
    return exp(-((x - 320) ** 2 + (y - 180) ** 2) / 8000)


def test_a_hill_has_one_line_around_its_summit() -> None:
    ((line,),) = contours(mesh_of(hill, *SHEET), SHEET, [0.5])
    assert min(x for x, _ in line) < 320 < max(x for x, _ in line)
    assert all(40 < ((x - 320) ** 2 + (y - 180) ** 2) ** 0.5 < 110 for x, y in line)


def test_a_hollow_is_a_second_line_the_other_way_round() -> None:
    outer, inner = sorted(
        *contours(mesh_of(lambda x, y: hill(x, y) * (1 - hill(x, y)), *SHEET), SHEET, [0.15]), key=len, reverse=True
    )
    assert area(outer) * area(inner) < 0


def test_what_is_high_everywhere_closes_off_the_sheet() -> None:
    ((line,),) = contours(mesh_of(lambda x, y: 1.0, *SHEET), SHEET, [0.5])
    assert all(x < 0 or x > 640 or y < 0 or y > 360 for x, y in line)


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(0, 640), st.floats(0, 360), st.floats(-1, 1)), min_size=1, max_size=6))
def test_control_points_are_even_so_that_no_middle_is_rounded(hills: list[tuple[float, float, float]]) -> None:
    def field(x: float, y: float) -> float:
        return sum(height * exp(-((x - cx) ** 2 + (y - cy) ** 2) / 9000) for cx, cy, height in hills)

    (lines,) = contours(mesh_of(field, *SHEET), SHEET, [0.1])
    assert all(x % 2 == 0 and y % 2 == 0 for line in lines for x, y in line)
    assert len(re.findall("z", path(lines))) == len(lines)
    assert re.fullmatch(r"(?:M-?\d+[ -]\d+q[\d -]+t[\d -]+z)*", path(lines).replace("M-", "M-"))


def area(line: list[tuple[int, int]]) -> float:
    around = zip(line, [*line[1:], line[0]], strict=True)
    return sum(ax * by - bx * ay for (ax, ay), (bx, by) in around)
