"""The files of an old blog's folder: listed once, read with care, never written to.

A link that leads out of the folder is not followed, and what programs leave behind is passed over.
"""

from __future__ import annotations

import os
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from pathlib import Path

from trigpoint.file_reading import LFS
from trigpoint.importing.generators import ImportStopped
from trigpoint.importing.reading.entries import Finding

SKIPPED = frozenset(("node_modules", "bower_components", "venv", "__pycache__", "_site"))
"""Folders that hold no text of an author, besides hidden ones."""
LARGEST_TEXT = 20_000_000
"""Bytes of a text at most: an article of twenty million is a dump."""
MOST = 500_000
"""Files of a folder at most."""


@dataclass(frozen=True)
class Folder:
    """A folder and the paths of its files, relative to it, with `/`, sorted."""

    root: Path
    paths: tuple[str, ...]
    findings: tuple[Finding, ...] = field(default=(), compare=False)

    @classmethod
    def of(cls, root: Path) -> Folder:
        """The files below this folder. Raises ImportStopped where there are too many, OSError."""
        return cls.of_parts(root, ("",))

    @classmethod
    def of_parts(cls, root: Path, parts: Iterable[str]) -> Folder:
        """The files below those of these folders that are there; whatever else lies in the root is not looked at."""
        found: list[str] = []
        refused: list[Finding] = []
        for part in parts:
            real = (root / part).resolve()
            for path in _walked(root, part, refused):
                whole = root / path
                if whole.is_symlink() and not _is_within(whole.resolve(), real):
                    refused.append(Finding("link-not-followed", path=path))
                elif whole.is_file():
                    found.append(path)
                if len(found) > MOST:
                    raise ImportStopped(f"{root} holds more than {MOST} files. Name the folder of the blog itself.")
        return cls(root, tuple(sorted(found)), tuple(refused))

    @cached_property
    def names(self) -> frozenset[str]:
        return frozenset(self.paths)

    @cached_property
    def folded(self) -> dict[str, str]:
        """The paths by their letters without case: what a file system or a host may have overlooked."""
        return {path.casefold(): path for path in reversed(self.paths)}

    def has(self, *names: str) -> bool:
        return any(name in self.names for name in names)

    def first(self, *names: str) -> str:
        """The first of these that is there, or ""."""
        return next((name for name in names if name in self.names), "")

    def below(self, folder: str, *suffixes: str) -> Iterator[str]:
        """The files below this folder ("" for all), whose names end in one of the suffixes (none: all)."""
        start = f"{folder.strip('/')}/" if folder.strip("/.") else ""
        for path in islice(self.paths, bisect_left(self.paths, start), None):
            if not path.startswith(start):
                return
            if not suffixes or path.lower().endswith(suffixes):
                yield path

    def text(self, path: str) -> str:
        """The file as text with one kind of line end. Raises OSError, and ValueError with a reason."""
        raw = (self.root / path).read_bytes()
        if len(raw) > LARGEST_TEXT:
            raise ValueError(f"it has more than {LARGEST_TEXT // 1_000_000} MB")
        return as_text(raw)

    def readable_text(self, path: str) -> str:
        """The same; "" where there is no file that can be read, or none is named."""
        try:
            return self.text(path) if path else ""
        except (OSError, ValueError):
            return ""


def as_text(raw: bytes) -> str:
    """Bytes as text: UTF-8, UTF-16 by its mark, else Windows-1252, as old programs wrote. Raises ValueError."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = raw.decode("utf-16")
    else:
        if raw.startswith(LFS):
            raise ValueError("it is a Git LFS pointer: run `git lfs pull` there")
        if b"\0" in raw[:8000]:
            raise ValueError("it is no text")
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = raw.decode("cp1252", "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def is_hidden(path: str) -> bool:
    """Whether a name in this path begins with a dot: keys and passwords lie in such files, and no text does."""
    return any(name.startswith(".") for name in path.split("/"))


def is_of_macos(path: str) -> bool:
    """Whether macOS puts such a file into archives, beside what its owner sees: `__MACOSX/`, `._a.html`."""
    parts = path.rstrip("/").split("/")
    return "__MACOSX" in parts or parts[-1].startswith("._") or parts[-1] == ".DS_Store"


def _is_within(target: Path, folder: Path) -> bool:
    """Whether what a link leads to lies in this folder, and is not hidden there."""
    return target.is_relative_to(folder) and not is_hidden(target.relative_to(folder).as_posix())


def _walked(root: Path, part: str, refused: list[Finding]) -> Iterator[str]:
    """The paths below this part of the root ("" for all of it); links to folders are refused, hidden folders left."""
    if (root / part).resolve() != root.resolve() / part:
        refused.append(Finding("link-not-followed", path=part))
        return
    for folder, folders, files in os.walk(root / part):
        here = Path(folder).relative_to(root)
        kept = []
        for name in sorted(folders):
            if is_hidden(name) or is_of_macos(name) or name in SKIPPED:
                continue
            if (Path(folder) / name).is_symlink():
                refused.append(Finding("link-not-followed", path=(here / name).as_posix(), is_loss=False))
            else:
                kept.append(name)
        folders[:] = kept
        yield from ((here / name).as_posix() for name in files if not is_of_macos(name))
