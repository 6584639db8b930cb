"""A baseline passes over what was there when it was made, and only gets shorter."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from trigpoint.checking.baseline import HEAD, BaselineError, compared, lines_of, read_baseline, write_baseline
from trigpoint.faults import Fault

OLD = (Fault("a.md", 3, 0, "One."), Fault("a.md", 9, 0, "One."), Fault("b.md", 1, 0, "Two.", kind="link-dead"))


def test_known_findings_may_move_but_not_become_more() -> None:
    known = lines_of(OLD)
    assert compared(OLD, known).new == ()
    moved = (Fault("a.md", 5, 0, "One."), Fault("a.md", 11, 0, "One."), Fault("a.md", 20, 0, "One."))
    outcome = compared(moved, known)
    assert outcome.new == (Fault("a.md", 20, 0, "One."),)
    assert outcome.known == 2
    assert list(outcome.mended) == ["b.md\tlink-dead\tTwo."]


def test_the_file_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "baseline"
    assert read_baseline(path) is None
    write_baseline(path, lines_of(OLD))
    assert read_baseline(path) == lines_of(OLD)
    assert path.read_text().splitlines()[1:] == ["a.md\t\tOne.", "a.md\t\tOne.", "b.md\tlink-dead\tTwo."]


def test_a_text_that_has_not_its_first_line_is_no_baseline(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    for content in (b"", b"---\ntitle: A\n---\n", b"\xff", f"x\n{HEAD}".encode()):
        path.write_bytes(content)
        with pytest.raises(BaselineError, match="no baseline"):
            read_baseline(path)


def test_a_baseline_is_written_whole_or_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "baseline"
    write_baseline(path, lines_of(OLD))
    before = path.read_bytes()

    def fails(*names: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fails)
    with pytest.raises(OSError, match="No space"):
        write_baseline(path, lines_of(OLD[:1]))
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]
