"""Another edition whenever the program or a library is another."""

from __future__ import annotations

from pathlib import Path

from blog.edition import code_in, edition

from .conftest import ROOT


def test_every_module_counts_those_in_folders_too(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner/deep.py").write_text("a = 1")
    before = code_in(tmp_path)
    (tmp_path / "inner/deep.py").write_text("a = 2")
    assert code_in(tmp_path) != before


def test_the_order_of_the_folder_does_not_matter() -> None:
    names = [name for name, _ in code_in(ROOT / "blog")]
    assert names == sorted(names)
    assert "content/reading.py" in names


def test_it_is_the_same_for_as_long_as_the_process_runs() -> None:
    assert edition() == edition()
    assert len(edition()) == 32
