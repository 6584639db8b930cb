"""The files of an old blog: links that lead out are not followed, odd bytes are read as what they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from trigpoint.importing.reading.folders import Folder, as_text


def test_a_link_out_of_the_folder_or_to_what_is_hidden_is_not_followed(tmp_path: Path) -> None:
    blog = tmp_path / "blog"
    blog.mkdir()
    (tmp_path / "secret.md").write_text("secret")
    (tmp_path / "other").mkdir()
    (blog / "a.md").symlink_to("../secret.md")
    (blog / "b").symlink_to("../other")
    (blog / ".env").write_text("secret")
    (blog / "e.txt").symlink_to(".env")
    (blog / "c.md").write_text("C")
    (blog / "d.md").symlink_to("c.md")
    found = Folder.of(blog)
    assert found.paths == (".env", "c.md", "d.md")
    assert {finding.path for finding in found.findings} == {"a.md", "b", "e.txt"}


@pytest.mark.parametrize(
    "raw", ["Größe\n".encode(), "\ufeffGröße\r\n".encode(), "Größe\n".encode("utf-16"), "Größe\n".encode("cp1252")]
)
def test_a_text_is_read_in_its_encoding(raw: bytes) -> None:
    assert as_text(raw) == "Größe\n"


def test_what_is_no_text_is_named() -> None:
    with pytest.raises(ValueError, match="no text"):
        as_text(b"\0\1\2")
    with pytest.raises(ValueError, match="git lfs pull"):
        as_text(b"version https://git-lfs.github.com/spec/v1\n")
