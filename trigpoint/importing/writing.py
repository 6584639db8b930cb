"""Files of an import written below pages/: only what changed, and nothing that an author changed since.

What was written is remembered in `.import/written.json` by digest and source; a file that is there and is not as it was
written belongs to its author and stays, and so does one that came from another source.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from trigpoint.file_reading import LFS
from trigpoint.importing.reading.entries import Finding
from trigpoint.notes import digest_of_bytes

FOLDER = ".import"
LARGEST_FILE = 200_000_000
"""Bytes of a picture or other file that is copied, at most."""


@dataclass(frozen=True, slots=True)
class _Written:
    """A file as an import wrote it: its digest, and the source that it came from."""

    digest: str
    source: str


@dataclass
class Writer:
    """Writes what comes from one source below one folder, or with `dry` only says what would be written."""

    pages: Path
    memory: Path
    source: str
    dry: bool = False
    written: int = 0
    unchanged: int = 0
    findings: list[Finding] = field(default_factory=list)
    _before: dict[str, _Written] = field(default_factory=dict)
    _now: dict[str, _Written] = field(default_factory=dict)

    def __post_init__(self) -> None:
        try:
            self._before = dict(_remembered(json.loads((self.memory / "written.json").read_text("utf-8"))))
        except (OSError, ValueError):
            self._before = {}
        self._now = {path: each for path, each in self._before.items() if each.source != self.source}

    def text(self, path: str, text: str, source: str) -> None:
        self._bytes(path, text.encode("utf-8", "replace"), source)

    def copy(self, path: str, original: Path, source: str) -> None:
        """Copy a file. One that cannot be read is a finding."""
        try:
            if original.stat().st_size > LARGEST_FILE:
                self.findings.append(Finding("file-too-large", path=source))
                return
            content = original.read_bytes()
        except OSError as error:
            self.findings.append(Finding("unreadable", error.strerror or "", source))
            return
        if content.startswith(LFS):
            self.findings.append(Finding("lfs-pointer", path=source))
        self._bytes(path, content, source)

    def _bytes(self, path: str, content: bytes, source: str) -> None:
        target = self.pages / path
        digest = digest_of_bytes(content)
        there, before = self._there(target), self._before.get(path)
        is_ours = before is None or before.source == self.source
        if there == digest:
            self._now[path] = _Written(digest, self.source if before is None else before.source)
            self.unchanged += 1
            return
        if there and (before is None or not is_ours or there != before.digest):
            whose = "not of an import" if before is None else "" if is_ours else f"from {before.source}"
            self.findings.append(Finding("kept", whose, path, is_loss=bool(whose)))
            if before:
                self._now[path] = before
            return
        self._now[path] = _Written(digest, self.source)
        self.written += 1
        if not self.dry:
            replace_file(target, content)

    def _there(self, target: Path) -> str:
        """The digest of what stands there, "" for nothing, "?" for what is no file of ours."""
        if target.is_symlink():
            return "?"
        try:
            return digest_of_bytes(target.read_bytes())
        except (FileNotFoundError, NotADirectoryError):
            return ""
        except OSError:
            return "?"

    def forgotten(self) -> list[str]:
        """What an earlier import of this source wrote, this one does not, and is still there."""
        return sorted(path for path in self._before if path not in self._now and (self.pages / path).is_file())

    def finish(self) -> None:
        """Remember what was written."""
        for path in self.forgotten():
            self.findings.append(Finding("no-longer", path=path, is_loss=False))
            self._now[path] = self._before[path]
        texts = {path: f"{each.digest} {each.source}" for path, each in self._now.items()}
        if not self.dry:
            replace_file(
                self.memory / "written.json",
                (json.dumps(texts, ensure_ascii=False, indent=0, sort_keys=True) + "\n").encode(),
            )


def _remembered(known: object) -> Iterator[tuple[str, _Written]]:
    for path, written in known.items() if isinstance(known, dict) else ():
        digest, _, source = str(written).partition(" ")
        yield str(path), _Written(digest, source)


def replace_file(target: Path, content: bytes) -> None:
    """Write a file in one step. Raises OSError."""
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(f".{target.name[:100]}.importing")
    try:
        beside.write_bytes(content)
        os.replace(beside, target)
    finally:
        beside.unlink(missing_ok=True)
