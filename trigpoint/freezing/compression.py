"""Smaller variants of a release's text files (`index.html.gz`, `.br`, `.zst`), for hosts that send them as they lie.

Made on all cores (the compressors release the GIL), and only for what
is new: the compressed file of a file that stays is taken from the older release. A
compressor is loaded when it is first asked for.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable, Collection, Container, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from trigpoint.freezing.checks.outputs import ENDINGS, folded
from trigpoint.freezing.ledger import Record
from trigpoint.freezing.release import Release
from trigpoint.inventory import mark_of
from trigpoint.notes import digest_of_bytes

SMALL = 1_000
"""Bytes: a smaller file gains nothing."""

FORMS: Mapping[str, Callable[[bytes], bytes]] = {
    "gz": lambda content: gzip.compress(content, 9, mtime=0),
    "br": lambda content: bytes(import_module("brotli").compress(content, quality=9)),
    "zst": lambda content: bytes(import_module("zstandard").ZstdCompressor(level=19).compress(content)),
}


@dataclass(frozen=True, slots=True)
class CompressedFile:
    """A compressed file to be: of which file, and in which form."""

    source: str
    form: str

    @property
    def path(self) -> str:
        return f"{self.source}.{self.form}"


def compressed_files_of(
    records: Iterable[Record], forms: Collection[str], taken: Container[str]
) -> tuple[CompressedFile, ...]:
    """The compressed files that these files should have, but for those whose place, letter case aside, is `taken`."""
    wanted = (
        CompressedFile(record.path, form)
        for record in records
        if record.path.endswith(ENDINGS) and record.mark[0] >= SMALL
        for form in forms
    )
    return tuple(each for each in wanted if folded(each.path) not in taken)


def compress(
    release: Release, wanted: Iterable[CompressedFile], kept: Mapping[str, Record], jobs: int
) -> dict[str, Record]:
    """The records of the wanted compressed files by path: those that are kept, and those that are made."""
    missing = [compressed_file for compressed_file in wanted if compressed_file.path not in kept]
    with ThreadPoolExecutor(jobs) as threads:
        made = threads.map(lambda compressed_file: _made(release.path, compressed_file), missing)
        return dict(sorted([*kept.items(), *((record.path, record) for record in made)]))


def _made(folder: Path, compressed_file: CompressedFile) -> Record:
    content = FORMS[compressed_file.form]((folder / compressed_file.source).read_bytes())
    target = folder / compressed_file.path
    target.write_bytes(content)
    return Record(compressed_file.path, digest_of_bytes(content), mark_of(str(target)))
