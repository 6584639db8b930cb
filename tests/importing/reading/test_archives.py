"""An archive is taken apart only where nothing can leave its folder, and nothing is too large."""

from __future__ import annotations

import gzip
import io
import stat
import tarfile
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_LZMA, ZipFile, ZipInfo

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


@pytest.mark.parametrize("suffix", ["zip", "tar.gz"])
def test_what_macos_adds_to_an_archive_is_left_out(tmp_path: Path, suffix: str) -> None:
    names = ("blog/a.md", "blog/._a.md", "blog/.DS_Store", "__MACOSX/blog/._a.md", "__MACOSX/._blog", ".DS_Store")
    path = tmp_path / f"a.{suffix}"
    if suffix == "zip":
        zipped(tmp_path, *((name, b"A") for name in names))
    else:
        with tarfile.open(path, "w:gz") as archive:
            for name in names:
                archive.addfile(tarfile.TarInfo(name))
    found = unpack(path, into(tmp_path))
    assert (found.name, list(tree(found))) == ("blog", ["a.md"])


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


def tarred(folder: Path, *blocks: bytes) -> Path:
    """A tar, pressed, of these blocks."""
    path = folder / "a.tar.gz"
    path.write_bytes(gzip.compress(b"".join(blocks)))
    return path


def block(kind: bytes, size: int, name: str = "x") -> bytes:
    entry = tarfile.TarInfo(name)
    entry.type, entry.size = kind, size
    return entry.tobuf(tarfile.GNU_FORMAT)


def summed(header: bytes) -> bytes:
    """This header with its checksum."""
    blank = (header[:148] + b" " * 8 + header[156:]).ljust(512, b"\0")
    return blank[:148] + b"%06o\0 " % sum(blank) + blank[156:]


LONG = 8_000_000 // 512 * 512
PAX = b"19 comment=%s\n" % (b"x" * 7)


@pytest.mark.parametrize(
    "blocks",
    [
        (block(tarfile.XHDTYPE, LONG), b"%d comment=" % LONG, b"x" * (LONG - 15)),
        (block(tarfile.XGLTYPE, LONG), b"x" * LONG),
        (block(tarfile.GNUTYPE_LONGNAME, LONG), b"x" * LONG),
        (block(tarfile.GNUTYPE_LONGLINK, LONG), b"x" * LONG),
        tuple((block(tarfile.XHDTYPE, 19) + PAX.ljust(512, b"\0")) * 20 for _ in range(20)),
        (summed(block(tarfile.GNUTYPE_SPARSE, 0)[:482] + b"\1"), (b"\0" * 504 + b"\1" + b"\0" * 7) * 2000),
    ],
    ids=["extended", "global", "name", "link", "chain", "holes"],
)
def test_a_header_without_end_is_not_read(tmp_path: Path, blocks: tuple[bytes, ...]) -> None:
    path, target = tarred(tmp_path, *blocks), into(tmp_path)
    tracemalloc.start()
    with pytest.raises(ImportStopped, match="longer headers"):
        unpack(path, target)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 2_000_000
    assert tree(target) == {}


def test_headers_without_number_are_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "LARGEST_HEADERS", 100_000)
    path = tarred(tmp_path, *[block(tarfile.XHDTYPE, 19) + PAX.ljust(512, b"\0") + block(b"0", 0)] * 200)
    with pytest.raises(ImportStopped, match="longer headers"):
        unpack(path, into(tmp_path))


@pytest.mark.parametrize("suffix", [".tar", ".tar.gz", ".tgz"])
@pytest.mark.parametrize("form", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT])
def test_a_tar_is_taken_apart(tmp_path: Path, suffix: str, form: int) -> None:
    path, long = tmp_path / f"a{suffix}", f"blog/{'ü' * 60}/{'b' * 120}.md"
    with tarfile.open(path, "w" if suffix == ".tar" else "w:gz", format=form) as archive:
        for name, content in (("blog/a.md", b"A" * 300_000), (long, b"B"), ("blog/c.md", b"")):
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    found = unpack(path, into(tmp_path))
    assert tree(found) == {"a.md": b"A" * 300_000, long.removeprefix("blog/"): b"B", "c.md": b""}


@pytest.mark.parametrize("method", [ZIP_DEFLATED, ZIP_LZMA, ZIP_BZIP2])
def test_a_damaged_zip_is_said_in_a_sentence(tmp_path: Path, method: int) -> None:
    path, target = tmp_path / "a.zip", into(tmp_path)
    with ZipFile(path, "w", method) as archive:
        archive.writestr("a.md", bytes(range(256)) * 40)
    whole = path.read_bytes()
    start = whole.index(b"a.md") + 20
    path.write_bytes(whole[:start] + b"\xff" * 60 + whole[start + 60 :])
    with pytest.raises(ImportStopped, match=r"a\.zip cannot be taken apart: .+\."):
        unpack(path, target)


@pytest.mark.parametrize(
    "damage", [lambda raw: raw[:-40], lambda raw: raw[:12] + b"\xff" * 30 + raw[42:]], ids=["end", "middle"]
)
def test_a_damaged_tar_is_said_in_a_sentence(tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    path = tarred(tmp_path, block(b"0", 512), bytes(range(256)) * 2, bytes(1024))
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(ImportStopped, match=r"a\.tar\.gz cannot be taken apart: .+\."):
        unpack(path, into(tmp_path))
