"""The end of a line is a break where it was one, and nothing else changes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import is_linear
from trigpoint.importing.dialects.breaks import with_breaks
from trigpoint.importing.reading.folders import Folder
from trigpoint.importing.sites import hexo, jekyll


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\nb\n\nc", "a  \nb\n\nc"),
        ("a\\\nb  \nc<br>\nd", "a\\\nb  \nc<br>\nd"),
        ("- a\n  b\n- c", "- a  \n  b\n- c"),
        ("> a\nb\n> c", "> a  \nb  \n> c"),
        ("```\na\nb\n```\n\n    c\n    d", "```\na\nb\n```\n\n    c\n    d"),
        ("a|b\n-|-\n1|2\n\n<div>\na\n</div>\n\nA\nb\n===", "a|b\n-|-\n1|2\n\n<div>\na\n</div>\n\nA\nb\n==="),
        ("[a]: /b\n[c]: /d", "[a]: /b\n[c]: /d"),
    ],
)
def test_a_break_stands_at_each_end_of_a_line_within_a_paragraph(text: str, expected: str) -> None:
    assert with_breaks(text) == expected


@pytest.mark.parametrize("piece", ["a\nb\n\n", "> a\n", "- a\n  b\n"])
def test_breaks_take_linear_time(piece: str) -> None:
    assert is_linear(with_breaks, piece, 20_000)


@pytest.mark.parametrize(
    ("config", "packages", "expected"),
    [
        ("title: x\n", {}, True),
        ("marked:\n  breaks: false\n", {}, False),
        ("markdown:\n  render:\n    breaks: false\n", {}, False),
        ("title: x\n", {"hexo-renderer-pandoc": "1"}, False),
    ],
)
def test_hexo_breaks_lines_unless_it_is_told_not_to(
    tmp_path: Path, config: str, packages: dict[str, str], expected: bool
) -> None:
    (tmp_path / "_config.yml").write_text(config)
    (tmp_path / "package.json").write_text(json.dumps({"dependencies": packages}))
    assert ("breaks" in hexo.read(Folder.of(tmp_path)).dialects) is expected


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ("title: x\n", False),
        ("kramdown:\n  hard_wrap: true\n", True),
        ("redcarpet:\n  extensions: [hard_wrap]\n", True),
        ("commonmark:\n  options: [HARDBREAKS]\n", True),
    ],
)
def test_jekyll_breaks_lines_where_it_is_told_to(tmp_path: Path, config: str, expected: bool) -> None:
    (tmp_path / "_config.yml").write_text(config)
    assert ("breaks" in jekyll.read(Folder.of(tmp_path)).dialects) is expected
