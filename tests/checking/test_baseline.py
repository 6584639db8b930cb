"""A baseline passes over what was there when it was made, and only gets shorter."""

from __future__ import annotations

from pathlib import Path

from trigpoint.checking.baseline import compared, lines_of, read_baseline, write_baseline
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
