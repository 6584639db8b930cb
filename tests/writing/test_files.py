"""All files are written or none, whatever ends it in the middle."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest

from tests.conftest import SiteWith, post_text, tree
from trigpoint.writing.files import create, write_all
from trigpoint.writing.renaming import rename_page

ENDS = (KeyboardInterrupt(), OSError(5, "Input/output error"))


class Interrupting(io.FileIO):
    """A file of which a part is written when Ctrl-C comes."""

    def write(self, content: object) -> NoReturn:
        super().write(b"half")
        raise KeyboardInterrupt


def ending_at(number: int, end: BaseException) -> Callable[[str, Path], None]:
    """os.replace that raises at this call."""
    done, replace = 0, os.replace

    def replaced(source: str, target: Path) -> None:
        nonlocal done
        done += 1
        if done == number:
            raise end
        replace(source, target)

    return replaced


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("number", [1, 2, 3])
def test_several_files_are_written_or_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: BaseException, number: int
) -> None:
    places = [tmp_path / name for name in "abc"]
    for place in places:
        place.write_bytes(b"old")
    monkeypatch.setattr(os, "replace", ending_at(number, end))
    with pytest.raises(type(end)):
        write_all(dict.fromkeys(places, b"new"))
    assert tree(tmp_path) == dict.fromkeys("abc", b"old")
    write_all(dict.fromkeys(places, b"new"))
    assert tree(tmp_path) == dict.fromkeys("abc", b"new")


def test_a_file_that_cannot_be_put_back_keeps_no_other_from_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    places = [tmp_path / name for name in "abc"]
    for place in places:
        place.write_bytes(b"old")
    replace, calls = os.replace, []

    def replaced(source: str, target: Path) -> None:
        calls.append(target.name)
        if calls in (["a", "b", "c"], ["a", "b", "c", "a"]):
            raise OSError(5, "Input/output error")
        replace(source, target)

    monkeypatch.setattr(os, "replace", replaced)
    with pytest.raises(OSError, match="Input/output"):
        write_all(dict.fromkeys(places, b"new"))
    assert tree(tmp_path) == {"a": b"new", "b": b"old", "c": b"old"}


def test_a_file_that_is_not_finished_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "folder/a"
    monkeypatch.setattr(Path, "open", lambda path, mode: Interrupting(path, mode))
    with pytest.raises(KeyboardInterrupt):
        create(place, b"x")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("number", [1, 2])
def test_a_renaming_that_is_interrupted_leaves_all_as_it_was(
    site_with: SiteWith, monkeypatch: pytest.MonkeyPatch, end: BaseException, number: int
) -> None:
    small = site_with({"a": post_text("A"), "b": post_text("B", body="[a](a.md)")})
    before = tree(small.pages)
    small.site.loader.refresh()
    monkeypatch.setattr(os, "replace", ending_at(number, end))
    with pytest.raises(type(end)):
        rename_page(small.site, "a", "new")
    assert tree(small.pages) == before
