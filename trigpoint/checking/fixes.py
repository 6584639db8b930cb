"""What a check finds and can only mean one thing is written into the source: a space, quotes, a letter's case.

Each change is taken back where the next check finds that it made something worse.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from trigpoint.content.yaml_entries import FIRST_LINE
from trigpoint.faults import Fault
from trigpoint.freezing.checks.vanished import ID_CHANGED
from trigpoint.writing.files import put_back, write_all
from trigpoint.writing.header_text import header_text, value_of, with_field

HEADER = "front-matter"
ENTRY = re.compile(r"(?P<field>[a-z_]+):")
CURE = re.compile(r"(?:Write|Put the \w+ in quotes:) `(?P<line>(?P<field>[a-z_]+): (?!.*` or `)[^…\n]+)`\.")
CHOSEN = ("slug",)
"""Fields whose value is for the author to choose: an address stays for good."""

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
FORMULA = re.compile(r"`\\\((?P<formula>.+)\\\)`")
ID = re.compile(r'Write `id: (?P<id>"[^"\\\s]+")`')
TITLE_OF_LINK = re.compile(r'Did you mean "(?P<target>[^"]+)"\?')
HEADING = re.compile(r"( {0,3}#{1,6})(?=[^#\s])")
MOST = 10_000
"""Characters of a line that is looked at."""


@dataclass(frozen=True, slots=True)
class Fixed:
    """A line that was changed, and the kind of the finding that asked for it."""

    path: str
    line: int
    text: str
    kind: str


def fixed_line(fault: Fault, line: str) -> str | None:
    """The line as it should be; None where that is not certain. Pure."""
    change = CHANGES.get(fault.kind)
    changed = change(fault, line) if change and len(line) <= MOST else None
    return changed if changed is not None and changed != line else None


def _front_matter(fault: Fault, line: str) -> str | None:
    """The cure itself, where it is a whole line of the same field; or the line without characters nobody can see."""
    if fault.sentence.startswith("A control character"):
        return CONTROL.sub("", line)
    cure, entry = CURE.fullmatch(fault.cure), ENTRY.match(line)
    if cure is None or entry is None or cure["field"] != entry["field"] or "#" in line.partition(":")[2]:
        return None
    says_the_same = _words(line) == _words(cure["line"])  # Else it is an example of what may stand there.
    return cure["line"] if says_the_same and entry["field"] not in CHOSEN else None


def _words(text: str) -> str:
    return "".join(filter(str.isalnum, text)).casefold()


def _heading(fault: Fault, line: str) -> str | None:
    return HEADING.sub(r"\1 ", line, count=1)


def _formula(fault: Fault, line: str) -> str | None:
    found = FORMULA.search(fault.sentence)
    written = rf"\({found['formula']}\)" if found else ""
    return line.replace(written, f"${written[2:-2].strip()}$") if written and line.count(written) == 1 else None


def _link(fault: Fault, line: str) -> str | None:
    """A target that differs in nothing but the case of its letters from the one thing that is there."""
    found, target = TITLE_OF_LINK.search(fault.cure), fault.subject
    if found is None or not target or found["target"].casefold() != target.casefold() or line.count(target) != 1:
        return None
    return line.replace(target, found["target"])


CHANGES: dict[str, Callable[[Fault, str], str | None]] = {
    HEADER: _front_matter,
    "heading": _heading,
    "formula-form": _formula,
    "link-dead": _link,
}
"""What can be done about each kind of finding."""


def fix(root: Path, found: Iterable[Fault], again: Callable[[], tuple[Fault, ...]]) -> tuple[Fixed, ...]:
    """Change what is certain in the files below `root`; `again` checks them anew.

    Raises OSError; then, and where a check fails, all is as it was. Raises RestoreError where some is not.
    """
    found = tuple(found)
    before, after, done = _changes(root, found)
    if not after:
        return ()
    write_all(after)
    worse = frozenset(path.relative_to(root).as_posix() for path in after)
    try:
        worse = _worse(found, again(), done)
    finally:
        put_back({root / path: before[root / path] for path in worse if root / path in before})
    return tuple(each for each in done if each.path not in worse)


def _changes(root: Path, found: Iterable[Fault]) -> tuple[dict[Path, bytes], dict[Path, bytes], list[Fixed]]:
    """The files that change, as they are and as they should be, and the lines that are others."""
    before: dict[Path, bytes] = {}
    after: dict[Path, bytes] = {}
    done: list[Fixed] = []
    for path, faults in _by_file(found).items():
        place = root / path
        raw = place.read_bytes()
        changed, lines = _changed(path, raw, faults)
        if lines:
            before[place], after[place] = raw, changed
            done += lines
    return before, after, done


def _by_file(found: Iterable[Fault]) -> dict[str, list[Fault]]:
    files: dict[str, list[Fault]] = defaultdict(list)
    for fault in found:
        if (fault.line and fault.kind in CHANGES) or fault.kind == ID_CHANGED:
            files[fault.path].append(fault)
    return files


def _changed(path: str, raw: bytes, faults: list[Fault]) -> tuple[bytes, list[Fixed]]:
    """The file with all that is certain, and its lines that are others. A new line waits until those are right."""
    changed, lines = _with_lines(path, raw, faults)
    return (changed, lines) if lines else _with_id(path, raw, faults)


def _with_id(path: str, raw: bytes, faults: Iterable[Fault]) -> tuple[bytes, list[Fixed]]:
    """The file with the id by which the feed's readers know the article, where its header has none."""
    found = next((found for fault in faults if fault.kind == ID_CHANGED and (found := ID.search(fault.cure))), None)
    text = header_text(raw)
    if not found or not text or value_of(text, "id") is not None:
        return raw, []
    changed = with_field(text, "id", found["id"], after=("date", "title"))
    number = next(
        number for number, pair in enumerate(zip(changed.lines, (*text.lines, ""), strict=True)) if pair[0] != pair[1]
    )
    return changed.raw, [Fixed(path, number + FIRST_LINE, changed.lines[number], ID_CHANGED)]


def _with_lines(path: str, raw: bytes, faults: Iterable[Fault]) -> tuple[bytes, list[Fixed]]:
    lines = raw.decode("utf-8", "surrogateescape").split("\n")
    done: dict[int, Fixed] = {}
    for fault in faults:
        if fault.line > len(lines):
            continue
        line = lines[fault.line - 1]
        end = "\r" if line.endswith("\r") else ""
        fixed = fixed_line(fault, line.removesuffix("\r"))
        if fixed is not None:
            lines[fault.line - 1] = fixed + end
            done[fault.line] = Fixed(path, fault.line, fixed.strip(), fault.kind)
    return "\n".join(lines).encode("utf-8", "surrogateescape"), [done[number] for number in sorted(done)]


def _worse(before: Iterable[Fault], after: Iterable[Fault], done: Iterable[Fixed]) -> frozenset[str]:
    """The files in which a changed line has a fault now that was not found before.

    What is found elsewhere, or of a tag in a header that can be read at last, was there before.
    """
    kinds = {(each.path, each.line): each.kind for each in done}
    known = frozenset(map(_known_by, before))
    new = (fault for fault in after if (fault.path, fault.line) in kinds and _known_by(fault) not in known)
    return frozenset(fault.path for fault in new if fault.kind == HEADER or kinds[fault.path, fault.line] != HEADER)


def _known_by(fault: Fault) -> tuple[str, str, str]:
    return fault.path, fault.kind, fault.sentence
