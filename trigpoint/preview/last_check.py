"""What the last check found, and what of it still holds while the next one runs: nothing goes to come back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from trigpoint.checking.selection import LINKS
from trigpoint.faults import Fault
from trigpoint.library.library import Library
from trigpoint.notes import Digest
from trigpoint.settings import Settings


@dataclass(frozen=True, slots=True)
class LastCheck:
    """The findings of a Library; the digest of each source then; the lines of the findings that hang on other files."""

    faults: tuple[Fault, ...] = ()
    digests: Mapping[str, Digest] = field(default_factory=dict)
    lines: Mapping[Fault, str] = field(default_factory=dict)

    @classmethod
    def of(cls, library: Library, settings: Settings, faults: Iterable[Fault]) -> LastCheck:
        found = tuple(sorted(faults))
        texts = {path: _lines(settings, path) for path in {fault.path for fault in found if fault.kind in LINKS}}
        lines = {
            fault: texts[fault.path][fault.line - 1]
            for fault in found
            if fault.kind in LINKS and 0 < fault.line <= len(texts[fault.path])
        }
        return cls(found, {page.path: page.source.digest for page in library.snapshot.pages}, lines)

    def still(self, library: Library, settings: Settings, path: str) -> tuple[Fault, ...]:
        """What holds of the source at this path: all where it has not changed, else what is wrong with links whose
        line is there as it was, be it further up or down."""
        shown = f"{settings.pages}/{path}"
        known = tuple(fault for fault in self.faults if fault.path == shown)
        page = library.page_of(path)
        is_same = page and path not in library.snapshot.held and self.digests.get(path) == page.source.digest
        return known if is_same else tuple(self._moved(known, _lines(settings, shown)))

    def _moved(self, known: Iterable[Fault], lines: list[str]) -> Iterator[Fault]:
        for fault in known:
            line = self.lines.get(fault)
            if line and lines[fault.line - 1 : fault.line] == [line]:
                yield fault
            elif line and lines.count(line) == 1:
                yield replace(fault, line=lines.index(line) + 1)


def _lines(settings: Settings, path: str) -> list[str]:
    try:
        return (settings.root / path).read_bytes().decode("utf-8", "replace").splitlines()
    except OSError:
        return []
