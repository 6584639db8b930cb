"""An archive taken apart into a folder of its own: nothing leaves that folder, and nothing grows without end.

Every entry is looked at before the first is written. Source: the limits are those of docs/moving.md.
"""

from __future__ import annotations

import gzip
import io
import lzma
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import IO, BinaryIO, cast

from trigpoint.importing.generators import ImportStopped
from trigpoint.importing.reading.folders import is_of_macos

MOST, LARGEST = 10_000, 200_000_000
"""Entries of an archive, and bytes of all of them together, at most."""
LARGEST_HEADER, LARGEST_HEADERS = 256_000, 30_000_000
"""Bytes that a tar may have before one of its files, and before all of them together."""
DAMAGED = (
    zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError,
    EOFError, NotImplementedError, OSError, RuntimeError, UnicodeError,
)  # fmt: skip
"""What the readers of archives raise where bytes are damaged, or packed in a way that they do not know."""
SUFFIXES = (".zip", ".tar", ".tar.gz", ".tgz")


def is_archive(path: Path) -> bool:
    return path.name.lower().endswith(SUFFIXES)


def unpack(path: Path, into: Path) -> Path:
    """Take the archive apart below this folder; gives the folder of its texts. Raises ImportStopped, OSError."""
    try:
        if path.name.lower().endswith(".zip"):
            with zipfile.ZipFile(path) as archive:
                _unpack_zip(archive, path.name, into)
        else:
            with _unpressed(path) as file:
                _unpack_tar(_Bounded(file, path.name), path.name, into)
    except DAMAGED as error:
        if getattr(error, "errno", None):  # Of the system, not of gzip or bz2.
            raise
        raise ImportStopped(f"{path.name} cannot be taken apart: {error}.") from error
    inside = list(into.iterdir())
    return (
        inside[0]
        if len(inside) == 1 and inside[0].is_dir() and inside[0].name not in ("posts", "content", "_posts")
        else into
    )


def _unpack_zip(archive: zipfile.ZipFile, name: str, into: Path) -> None:
    entries = [entry for entry in archive.infolist() if not is_of_macos(entry.filename)]
    _check_count(len(entries), sum(entry.file_size for entry in entries), name)
    for entry in entries:
        _check_name(entry.filename, name)
        mode = entry.external_attr >> 16
        if mode and not (stat.S_ISREG(mode) or stat.S_ISDIR(mode) or stat.S_IFMT(mode) == 0):
            raise ImportStopped(f'"{entry.filename}" in {name} is a link or a device: the archive is not taken apart.')
        if entry.flag_bits & 1:
            raise ImportStopped(f"{name} is behind a password: the archive is not taken apart.")
    _write_all(((entry.filename, archive.open(entry)) for entry in entries if not entry.is_dir()), name, into)


def _unpressed(path: Path) -> BinaryIO:
    """The bytes of a tar, which may be pressed by gzip."""
    with path.open("rb") as file:
        is_pressed = file.read(2) == b"\x1f\x8b"
    return cast(BinaryIO, gzip.open(path)) if is_pressed else path.open("rb")


class _Bounded(io.RawIOBase):
    """A tar as its reader sees it: where headers have no end, or the whole has none, it ends with ImportStopped.

    `tarfile` reads long names, extended headers and lists of holes whole, before it gives the entry that they belong
    to; a gigabyte of them is small when it is pressed. So each step to another entry has a bound, and all have one.
    """

    def __init__(self, file: BinaryIO, name: str) -> None:
        self._file, self._name = file, name
        self._all_headers: float = LARGEST_HEADERS
        self.next_header()

    def next_header(self) -> None:
        self._header: float = LARGEST_HEADER

    def files_follow(self) -> None:
        """All headers are read: who reads files counts their bytes."""
        self._header = self._all_headers = float("inf")

    def read(self, size: int = -1) -> bytes:
        taken = size if size >= 0 else LARGEST
        self._header -= taken
        self._all_headers -= taken
        if self._header < 0 or self._all_headers < 0:
            raise ImportStopped(
                f"{self._name} has longer headers than files need: it is not taken apart. "
                "Unpack it yourself, and name the folder."
            )
        return self._file.read(size)

    def seek(self, position: int, whence: int = io.SEEK_SET) -> int:
        _check_count(0, position - LARGEST_HEADERS, self._name)
        return self._file.seek(position, whence)

    def tell(self) -> int:
        return self._file.tell()


def _unpack_tar(bounded: _Bounded, name: str, into: Path) -> None:
    with tarfile.open(fileobj=bounded, mode="r:") as archive:
        entries = list(_entries(archive, bounded, name))
        bounded.files_follow()
        files = ((entry.name, file) for entry in entries if entry.isreg() and (file := archive.extractfile(entry)))
        _write_all(files, name, into)


def _entries(archive: tarfile.TarFile, bounded: _Bounded, name: str) -> Iterator[tarfile.TarInfo]:
    """The files and folders of a tar. Raises ImportStopped where there is anything else."""
    total = 0
    for count, entry in enumerate(archive, 1):
        total += entry.size
        _check_count(count, total, name)
        _check_name(entry.name, name)
        if not (entry.isreg() or entry.isdir()):
            raise ImportStopped(f'"{entry.name}" in {name} is a link or a device: the archive is not taken apart.')
        bounded.next_header()
        if not is_of_macos(entry.name):
            yield entry


def _check_count(count: int, size: int, name: str) -> None:
    if count > MOST:
        raise ImportStopped(
            f"{name} has more than {MOST:,} entries: it is not taken apart. Unpack it yourself, and name the folder."
        )
    if size > LARGEST:
        raise ImportStopped(
            f"{name} holds more than {LARGEST // 1_000_000} MB: it is not taken apart. "
            "Unpack it yourself, and name the folder."
        )


def _check_name(written: str, name: str) -> None:
    parts = written.replace("\\", "/").split("/")
    if written.startswith(("/", "\\")) or ".." in parts or "\0" in written or (len(written) > 1 and written[1] == ":"):
        raise ImportStopped(f'"{written[:80]}" in {name} leads out of it: the archive is not taken apart.')


def _write_all(files: Iterator[tuple[str, IO[bytes]]], name: str, into: Path) -> None:
    """Write the files; what is really in them is counted, whatever the archive says of it."""
    left = LARGEST
    for path, file in files:
        target = into.joinpath(*(part for part in path.replace("\\", "/").split("/") if part not in ("", ".")))
        target.parent.mkdir(parents=True, exist_ok=True)
        with closing(file), target.open("xb") as out:
            while chunk := file.read(1 << 16):
                left -= len(chunk)
                if left < 0:
                    _check_count(0, LARGEST + 1, name)
                out.write(chunk)
