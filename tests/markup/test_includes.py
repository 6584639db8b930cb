"""Regions are found behind any comment sign."""

from __future__ import annotations

import pytest

from trigpoint.fault_list import BodyFaults
from trigpoint.markup.includes import IncludedFiles, regions


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("# region a", "# endregion a"),
        ("// region a", "// endregion"),
        ("  -- region a", "  -- endregion"),
        (";; region a", ";; endregion a"),
        ("% region a", "% endregion"),
        ("<!-- region a -->", "<!-- endregion a -->"),
        ("/* region a */", "/* endregion */"),
        ("#region a", "#endregion"),
    ],
)
def test_a_region_is_marked_by_comments_of_any_language(start: str, end: str) -> None:
    assert regions(f"x\n{start}\n    y\n      z\n{end}\nw") == {"": "x\n    y\n      z\nw", "a": "y\n  z"}


def test_regions_nest_and_a_bare_end_closes_the_innermost() -> None:
    text = "# region a\n1\n# region b\n2\n# endregion\n3\n# endregion\n4"
    assert regions(text) == {"": "1\n2\n3\n4", "a": "1\n2\n3", "b": "2"}


def test_regions_may_overlap_and_one_that_never_ends_goes_to_the_end() -> None:
    text = "# region a\n1\n# region b\n2\n# endregion a\n3"
    assert regions(text) == {"": "1\n2\n3", "a": "1\n2", "b": "2\n3"}


def test_a_stray_end_is_no_line_of_code() -> None:
    assert regions("1\n# endregion\n2") == {"": "1\n2"}


def test_a_line_that_speaks_of_regions_is_code() -> None:
    assert regions("regional = 1\nx = 2  # region a") == {"": "regional = 1\nx = 2  # region a"}


def test_a_file_that_is_not_utf_8_is_an_error_that_names_it_and_its_line() -> None:
    findings = BodyFaults("pages/a.md", 1)
    IncludedFiles(lambda name: b"x\ny = '\xe9'\n", findings).text("c.py", 0)
    (fault,) = findings.faults
    assert '"c.py" is not UTF-8: its line 2 holds the byte 0xE9.' in fault.sentence
