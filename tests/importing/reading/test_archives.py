"""An archive is taken apart only where nothing can leave its folder, and nothing is too large."""

from __future__ import annotations

import io
import stat
import tarfile
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pytest

from tests.conftest import tree
from trigpoint.importing.generators import ImportStopped
from trigpoint.importing.reading import archives
from trigpoint.importing.reading.archives import unpack


def zipped(folder: Path, *entries: tuple[str | ZipInfo, bytes]) -> Path:
    path = folder / "a.zip"
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return path


def into(folder: Path) -> Path:
    target = folder / "out"
    target.mkdir()
    return target


def test_an_archive_is_taken_apart(tmp_path: Path) -> None:
    found = unpack(zipped(tmp_path, ("blog/a.md", b"A"), ("blog/b/c.md", b"C")), into(tmp_path))
    assert tree(found) == {"a.md": b"A", "b/c.md": b"C"}


@pytest.mark.parametrize("name", ["../x.md", "/x.md", "a/../../x.md", "..\\x.md", "C:\\x.md"])
def test_an_entry_that_leads_out_stops_it_before_anything_is_written(tmp_path: Path, name: str) -> None:
    target = into(tmp_path)
    with pytest.raises(ImportStopped, match="leads out"):
        unpack(zipped(tmp_path, ("a.md", b"A"), (name, b"X")), target)
    assert tree(target) == {}
    assert not (tmp_path / "x.md").exists()


def test_a_link_stops_it(tmp_path: Path) -> None:
    link = ZipInfo("link")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with pytest.raises(ImportStopped, match="link or a device"):
        unpack(zipped(tmp_path, (link, b"/etc/passwd")), into(tmp_path))


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE])
def test_links_and_devices_of_a_tar_stop_it(tmp_path: Path, kind: bytes) -> None:
    path = tmp_path / "a.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        entry = tarfile.TarInfo("x")
        entry.type, entry.linkname = kind, "/etc/passwd"
        archive.addfile(entry)
    with pytest.raises(ImportStopped, match="link or a device"):
        unpack(path, into(tmp_path))


def test_a_bomb_is_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "LARGEST", 1_000_000)
    target = into(tmp_path)
    with pytest.raises(ImportStopped, match="more than 1 MB"):
        unpack(zipped(tmp_path, ("a.md", b"\0" * 2_000_000)), target)
    assert tree(target) == {}


def test_an_archive_that_lies_about_its_size_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "LARGEST", 100_000)
    path = zipped(tmp_path, ("a.md", b"x" * 99_000))
    with pytest.raises(ImportStopped):
        archives._write_all(iter([("a.md", io.BytesIO(b"x" * 200_000))]), path.name, into(tmp_path))


def test_too_many_entries_stop_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MOST", 10)
    with pytest.raises(ImportStopped, match="more than 10 entries"):
        unpack(zipped(tmp_path, *((f"{n}.md", b"") for n in range(11))), into(tmp_path))


def test_what_is_no_archive_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"PK no zip")
    with pytest.raises(ImportStopped, match="cannot be taken apart"):
        unpack(tmp_path / "a.zip", into(tmp_path))
