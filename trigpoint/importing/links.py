"""The targets of links and pictures in a body: each leads to the text or file that it meant. Pure."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import quote, urljoin

from trigpoint.importing.places import FOREIGN, MARK, MARKED, SPECIAL, Places
from trigpoint.importing.reading.entries import Entry, Finding
from trigpoint.markup.foreign.calls import comment
from trigpoint.markup.foreign.meanings import PICTURE, escaped
from trigpoint.markup.targets import SRCSET, written_in

SPACED = re.compile(
    r"(?P<before>!?\[(?:[^\[\]\n]|\[[^\[\]\n]*\])*\]\()"
    r"(?P<target>(?![<\s])[^()<>\n\"']*?[^()<>\n\"'\s] [^()<>\n\"']*?[^\s()<>\"'])(?P<after>\s*\)|\s+\"[^\"\n]*\"\s*\))"
)
"""A target with spaces, which only some readers of Markdown take for one."""
REMOTE = re.compile(
    r"(?:!\[(?:[^\[\]]|\[[^\[\]]*\])*\]\(|<img\b[^<>]*?\bsrc\s*=\s*[\"'])\s*<?(?P<at>(?:https?:)?//[^\s)\"'<>]+)", re.I
)
"""A picture of another host."""
NO_REFERENCE = re.compile(r"[ \t>*+\-\d.)]*(?:\[\^|(?<=\*)\[)")
"""What looks like the definition of a link: that of a footnote, and `*[HTML]: words`, of an abbreviation."""
BARE = re.compile(rf"<[A-Za-z/][^<>]*>|(?P<bare>{MARKED.pattern}(?:#[\w-]+)?)(?P<in_link>\]\()?")
"""A mark that stands in no tag of HTML, with its fragment."""
WIKI = re.compile(
    r"(?<![\w\]\\\[])(?P<bang>!?)\[\[(?P<name>[^\[\]|#\n]+)(?P<fragment>#[^\[\]|\n]*)?(?:\|(?P<text>[^\[\]\n]+))?\]\](?!\()"
)


@dataclass
class Beside:
    """The files that come to lie beside one text, by their paths below the source, each under a name of its own."""

    names: dict[str, str] = field(default_factory=dict)

    def name(self, path: str) -> str:
        if path not in self.names:
            self.names[path] = self._free(path)
        return self.names[path]

    def _free(self, path: str) -> str:
        stem, dot, suffix = re.sub(r"[\x00-\x1f\x7f\\<>:\"|?*]", "-", posixpath.basename(path)).rpartition(".")
        stem, suffix = (stem, f".{suffix}") if dot and stem else (suffix, "")
        stem = "file" if stem.startswith((".", "_")) and not stem.strip("._") else stem.lstrip("._")
        taken = {name.casefold() for name in self.names.values()} | {"index.md", "index.html"}
        number = 1
        while (name := f"{stem}-{number}{suffix}" if number > 1 else stem + suffix).casefold() in taken:
            number += 1
        return name


def rewritten(
    text: str, prose: str, entry: Entry, places: Places, beside: Beside, report: Callable[[Finding], None]
) -> str:
    """The text with its targets rewritten; files that it shows are noted in `beside`."""
    _report_remote(text, prose, entry, places, report)
    edits = list(_spaced(text, prose, entry, places, beside))
    spans = [(start, end) for start, end, _ in edits]
    for start, end, is_attribute in _targets(prose):
        if not any(first <= start < last for first, last in spans):
            edits += _edits(text, prose, (start, end, is_attribute), entry, places, beside, report)
    edits += _wiki(prose, entry, places)
    edits += _visible(prose, entry, places)
    return edited(text, edits)


def _visible(prose: str, entry: Entry, places: Places) -> Iterator[Edit]:
    """An address that stands in a sentence: a link with the title of what it leads to, or that title alone."""
    targets = {start for start, _, _ in _targets(prose)} if MARKED.search(prose) else set()
    for found in BARE.finditer(prose):
        if found["number"] and found.start() not in targets:
            number = int(found["number"])
            title = escaped(str(places.site.entries[number].fields.get("title") or "")) or "this post"
            is_text = found["in_link"] or places.is_hidden_from(entry, number)
            yield found.start(), found.end("bare"), title if is_text else f"[{title}]({found['bare']})"


Edit = tuple[int, int, str]
"""What to write instead of a piece of a text."""


def edited(text: str, edits: Iterable[Edit]) -> str:
    """The text with these pieces replaced; of two that overlap the first counts."""
    pieces, at = [], 0
    for start, end, new in sorted(edits):
        if start >= at:
            pieces += [text[at:start], new]
            at = end
    return "".join([*pieces, text[at:]])


def _report_remote(text: str, prose: str, entry: Entry, places: Places, report: Callable[[Finding], None]) -> None:
    for found in REMOTE.finditer(prose):
        line = entry.line + text.count("\n", 0, found.start())
        address = text[found.start("at") : found.end("at")]
        host = re.sub(r"^(?:https?:)?//(?:www\.)?([^/\s]+).*", r"\1", address)
        is_own = f"//{host}" in places.site.base_url or places.place(address, entry).is_own
        if not is_own and not places.fetched(address):
            report(Finding("remote-picture", host, entry.path, line))


def _spaced(text: str, prose: str, entry: Entry, places: Places, beside: Beside) -> Iterator[Edit]:
    for found in SPACED.finditer(prose):
        start, end = found.span("target")
        new = target_for(text[start:end], entry, places, beside)
        if new is not None:
            yield start, end, new


def _targets(prose: str) -> Iterator[tuple[int, int, bool]]:
    """Where each target stands, and whether that is in an attribute."""
    for found in written_in(prose):
        group = found.lastindex or 0
        start, end = found.span(group)
        if "\0" in found[group] or NO_REFERENCE.match(found[0]):
            continue
        if group != SRCSET:
            yield start, end, group == 3
            continue
        for part in re.finditer(r"[^\s,]\S*", found[group]):
            if not re.fullmatch(r"\d+(?:\.\d+)?[wx],?", part[0]):
                yield start + part.start(), start + part.end() - part[0].endswith(","), True


def _edits(
    text: str, prose: str, spot: tuple[int, int, bool], entry: Entry, places: Places, beside: Beside,
    report: Callable[[Finding], None],
) -> Iterator[Edit]:  # fmt: skip
    """What becomes of one target. What leads nowhere leads to the old site, or is a link no longer."""
    start, end, is_attribute = spot
    written = text[start:end]
    new = target_for(written, entry, places, beside)
    marked = MARKED.match(new or "")
    is_hidden = marked is not None and places.is_hidden_from(entry, int(marked[1]))
    if marked and is_hidden:
        new, written = None, places.site.base_path + places.site.entries[int(marked[1])].address
    if new is None:
        kind = "link-hidden" if is_hidden else "file-missing" if PICTURE.search(written) else "dead-link"
        report(Finding(kind, "", entry.path, entry.line + text.count("\n", 0, start), is_loss=False))
        link = None if is_attribute else whole_link(text, prose, start, end)
        new = "" if is_hidden else _at_the_old_site(written, entry, places)
        if not new and link:
            yield link[0], link[1], f"{comment(written)}{link[2]}"
        elif is_hidden:
            new = "#"
    if new and new != written:
        yield start, end, new


def _at_the_old_site(written: str, entry: Entry, places: Places) -> str:
    """A target that is not here leads on to where it led: the old site. "" where its host is not known."""
    if FOREIGN.match(written):
        return written
    host = "" if SPECIAL.match(written) else places.site.base_url
    path = urljoin(places.site.base_path + (entry.address or "/"), places.address_of_file(written, entry) or written)
    return f"{'https:' if host.startswith('//') else ''}{host}{path}" if host and not path.startswith("//") else ""


def whole_link(text: str, prose: str, start: int, end: int) -> tuple[int, int, str] | None:
    """A link's or picture's start, end and text, by the place of its target; None for a definition."""
    at = start - 1
    while at >= 0 and prose[at] in "(< ":
        at -= 1
    if at < 0 or prose[at] != "]":
        return None
    last, depth = at, 0
    while at >= 0:
        depth += (prose[at] == "]") - (prose[at] == "[")
        if depth == 0:
            break
        at -= 1
    close = re.compile(r">?(?:\s+(?:\"[^\"]*\"|'[^']*'))?\s*\)(?:\{:?[ ]*[.#\w][^{}\n]*\})?").match(prose, end)
    if at < 0 or close is None:
        return None
    return at - (prose[at - 1 : at] == "!"), close.end(), text[at + 1 : last]


def target_for(written: str, entry: Entry, places: Places, beside: Beside) -> str | None:
    """What to write instead of a target: as it is where it leads elsewhere, None where it leads nowhere."""
    if not written or written.startswith("#"):
        return written
    if file := places.fetched(written):
        return quote(beside.name(file), safe="/@+,;=!$~")
    place = places.place(re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", written), entry)
    if not place.is_own:
        return written
    if place.number >= 0:
        return MARK.format(place.number) + place.suffix
    if place.file:
        return quote(beside.name(place.file), safe="/@+,;=!$~") + place.suffix
    return place.address + place.suffix if place.address else None


def _wiki(prose: str, entry: Entry, places: Places) -> list[tuple[int, int, str]]:
    """`[[Name|text]]` where a text has that name."""
    if "[[" not in prose:
        return []
    edits = []
    for found in WIKI.finditer(prose):
        number = places.named(found["name"])
        if number >= 0 and not found["bang"]:
            shown = (found["text"] or found["name"]).strip()
            link = shown if places.is_hidden_from(entry, number) else f"[{shown}]({MARK.format(number)})"
            edits.append((found.start(), found.end(), link))
    return edits
