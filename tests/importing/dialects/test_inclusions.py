"""Files that a text includes stand in its place: whole ones, from the old blog's folder alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import is_linear
from trigpoint.importing.dialects.inclusions import missing, with_included
from trigpoint.importing.reading.folders import Folder

FILES = {"docs/a.md": "A\n\nB\n", "posts/b.md": '--8<-- "a.md"\n', "posts/_c.py": "c\n", "posts/d.md": "--8<-- 'd.md'"}
TEXTS = {
    '- x\n\n    --8<-- "a.md"': "- x\n\n    A\n\n    B",
    '--8<-- "b.md"': "A\n\nB",
    '--8<-- "a.md:2:3"\n--8<-- "https://e.org"': '--8<-- "a.md:2:3"\n--8<-- "https://e.org"',
    "{{< include _c.py >}} {{{< include _c.py >}}}": "c {{{< include _c.py >}}}",
}


def folder_of(path: Path) -> Folder:
    for name, text in FILES.items():
        (path / name).parent.mkdir(exist_ok=True)
        (path / name).write_text(text)
    return Folder.of(path)


@pytest.mark.parametrize("text", TEXTS)
def test_a_file_stands_where_it_is_named(tmp_path: Path, text: str) -> None:
    assert with_included(text, "posts/x.qmd", folder_of(tmp_path)) == TEXTS[text]


def test_what_was_not_included_is_named(tmp_path: Path) -> None:
    text = with_included('--8<-- "a.md"\n--8<-- "a.md:2"\n--8<-- "d.md"', "posts/x.md", folder_of(tmp_path))
    assert [*missing(text)] == ["a.md:2", "d.md"]


@pytest.mark.parametrize("piece", ['--8<-- "', '\n--8<-- "a', "--8<--", "{{< include ", "{% include_relative a "])
def test_inclusions_take_linear_time(tmp_path: Path, piece: str) -> None:
    folder = folder_of(tmp_path)
    assert is_linear(lambda text: with_included(text, "posts/x.md", folder), piece, 10_000)
    assert is_linear(lambda text: with_included(f'--8<-- "{text}', "posts/x.md", folder), "a", 10_000)
