"""The front matter of a file as text: one field is written, and every other line, comment and space stays as it is.

Pure. What is written is never trusted here: who changes a file reads the new text as the site would, and takes it only
where it says what was meant.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from trigpoint.content import yaml_nodes
from trigpoint.content.yaml_entries import FIRST_LINE, entries
from trigpoint.content.yaml_nodes import Mapping, Node
from trigpoint.fault_list import FaultList
from trigpoint.toml_lines import TomlError, load_toml

BOM = "\ufeff"
OPENING = re.compile(r"(---|\+\+\+)[ \t]*\n")
PLAIN = re.compile(r"[^\W\d_](?:[\w .+#-]*[\w+#])?")
"""What needs no quotes in YAML, in a list either: and no word that YAML takes for something else."""

ENTRY = re.compile(r"(?:\"[^\"]*\"|'[^']*'|[^:=]*?)[ \t]*[:=][ \t]*(?P<value>.*)")
ITEM = re.compile(r"[ \t]*(?:-(?:[ \t]+|$))*(?P<value>.*)")
BLOCK = re.compile(r"[|>][-+\d]*[ \t]*(?:#.*)?$")
"""The end of a line below which a text begins, in which a `#` is no comment."""

YAML_WORDS = frozenset(("true", "false", "yes", "no", "on", "off", "null", "y", "n"))


@dataclass(frozen=True, slots=True)
class HeaderText:
    """A source in three pieces, with `\\n` for its newlines: `opening` fence, the lines of the header, and the `rest`.

    `newline` is what stands in the file, `first_line` the number of the header's first line.
    """

    opening: str
    lines: tuple[str, ...]
    rest: str
    newline: str = "\n"
    mark: str = ""

    @property
    def raw(self) -> bytes:
        """The bytes of the file."""
        text = self.opening + "".join(f"{line}\n" for line in self.lines) + self.rest
        return (self.mark + text.replace("\n", self.newline)).encode()


def header_text(raw: bytes) -> HeaderText | None:
    """A file's text in its pieces; None where it has no header between two fences, or is not UTF-8."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        return None
    mark, text = (BOM, text[1:]) if text.startswith(BOM) else ("", text)
    newline = "\r\n" if "\r\n" in text and text.count("\r\n") == text.count("\n") else "\n"
    text = text.replace(newline, "\n")
    opening = OPENING.match(text)
    if opening is None:
        return None
    fence = r"\+\+\+" if opening[1] == "+++" else r"(?:---|\.\.\.)"
    closing = re.compile(rf"^{fence}[ \t]*$", re.MULTILINE).search(text, opening.end())
    if closing is None:
        return None
    lines = text[opening.end() : closing.start()].split("\n")[:-1]
    return HeaderText(opening[0], tuple(lines), text[closing.start() :], newline, mark)


def with_field(text: HeaderText, name: str, value: str, after: Sequence[str] = ()) -> HeaderText:
    """The text with this value, as YAML writes it, behind the name. A new line stands below the first of `after`."""
    place = _place(text, name)
    if place is None:
        below = next((above.stop for each in after if (above := _place(text, each))), _end(text))
        line = f"{name}{' = ' if _is_toml(text) else ': '}{value}"
        return _put(text, range(below, below), line)
    found = _entry(name).match(text.lines[place.start])
    assert found
    name, comment = found["name"], _comment(found["value"])
    line = f"{name}{' ' * name.endswith(':')}{value}{' ' * comment.startswith('#')}{comment}"
    return _put(text, place, line, *_comments(text, place))


def without_field(text: HeaderText, name: str, stand_in: str = "") -> HeaderText:
    """The text without this field. Where a comment stands on its line, that stays, with the value `stand_in`."""
    place = _place(text, name)
    if place is None:
        return text
    if stand_in and _parted(text, place, place.start)[1]:
        return with_field(text, name, stand_in)
    return _put(text, place, *_comments(text, place))


def value_of(text: HeaderText, name: str) -> str | None:
    """What is written behind the name on its line, without a comment; None where there is no such field."""
    place = _place(text, name)
    found = _entry(name).match(text.lines[place.start]) if place else None
    return found["value"].removesuffix(_comment(found["value"])).strip() if found else None


def with_item(text: HeaderText, name: str, item: str) -> HeaderText:
    """The text with one item more at the end of a list, whichever way the list is written."""
    place, value = _place(text, name), value_of(text, name) or ""
    if place is None or (len(place) == 1 and not value.startswith("[")):
        return with_field(text, name, f"[{value}, {item}]" if value else f"[{item}]")
    whole = {number: _parted(text, place, number)[0] for number in place}
    closing = next((number for number in reversed(place) if "]" in whole[number]), None)
    below = "".join(whole[number] for number in place[1:])
    if closing is not None and (value or below.strip()).startswith("["):
        return _with_item_in_brackets(text, whole, closing, item)
    last = next((number for number in reversed(place) if whole[number].lstrip().startswith("-")), place.start)
    indent = whole[last][: len(whole[last]) - len(whole[last].lstrip())]
    return _put(text, range(last + 1, last + 1), f"{indent}- {item}")


def _with_item_in_brackets(text: HeaderText, whole: dict[int, str], closing: int, item: str) -> HeaderText:
    """The same for a list in `[ ]`. `whole`: its lines without their comments."""
    before = whole[closing].rpartition("]")[0].rstrip()
    behind = text.lines[closing][len(whole[closing].rpartition("]")[0]) :]
    above = "".join(line for number, line in whole.items() if number < closing) + before
    sign = ", " if not above.rstrip().endswith((",", "[")) else " " if before.endswith(",") else ""
    return _put(text, range(closing, closing + 1), f"{before}{sign}{item}{behind}")


def without_item(text: HeaderText, name: str, item: str) -> HeaderText:
    """The text without this item of a list; without the list where it had no other."""
    place = _place(text, name)
    for number in place or ():
        whole, comment = _parted(text, place or range(0), number)
        fresh = _without(whole, item)
        if fresh != whole:
            line = fresh.rstrip() + comment if fresh.strip() else fresh + comment.strip()
            changed = _put(text, range(number, number + 1), *([line] if line.strip() else []))
            return changed if _has_items(changed, name) else without_field(changed, name, stand_in="[]")
    return text


def _without(line: str, item: str) -> str:
    """A line of a list without this item; of one that stands alone there the indentation is left."""
    quoted = rf"[\"']?{re.escape(item.rstrip('/'))}/?[\"']?"
    alone = re.fullmatch(rf"(\s*)(?:-\s+)?{quoted}\s*,?\s*", line)
    between = rf"(?<=[\[,\s]){quoted}\s*,\s*|,\s*{quoted}\s*(?=\]|$)|(?<=\[)\s*{quoted}\s*(?=\]|$)"
    return alone[1] if alone else re.sub(between, "", line, count=1)


def _has_items(text: HeaderText, name: str) -> bool:
    place = _place(text, name)
    if place is None:
        return False
    below = "".join(_parted(text, place, number)[0] for number in place[1:])
    return bool(re.sub(r"[\[\]\s]", "", (value_of(text, name) or "") + below))


def written(text: str) -> str:
    """A text as YAML and TOML have it, in a list too: in YAML as it is where that means the same, else in quotes."""
    is_plain = PLAIN.fullmatch(text) and text.casefold() not in YAML_WORDS and " #" not in text
    return text if is_plain else json.dumps(text, ensure_ascii=False)


def _entry(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?P<name>[\"']?{re.escape(name)}[\"']?[ \t]*[:=][ \t]*)(?P<value>.*)", re.IGNORECASE)


def _place(text: HeaderText, name: str) -> range | None:
    """The numbers of the lines of this field, the comments below it left out."""
    found = (_toml_place if _is_toml(text) else _yaml_place)(text, name)
    return found if found and _entry(name).match(text.lines[found.start]) else None


def _yaml_place(text: HeaderText, name: str) -> range | None:
    """YAML itself says where a field and what is in it begins; it ends above the next line that is not indented."""
    fields = entries("".join(f"{line}\n" for line in text.lines), FaultList("", forgiving=True))
    found = fields and next((entry for key, entry in fields.entries.items() if key.casefold() == name.casefold()), None)
    if not found:
        return None
    start, last = found[0].line - FIRST_LINE, _last_line(found[1]) - FIRST_LINE
    stop = max(start, last) + 1
    while stop < len(text.lines) and text.lines[stop][:1] in ("", *" \t]}#"):
        stop += 1
    comment = r"#" if BLOCK.search(text.lines[last]) else r"\s*#"
    while stop - 1 > last and (not text.lines[stop - 1].strip() or re.match(comment, text.lines[stop - 1])):
        stop -= 1
    return range(start, stop)


def _last_line(node: Node) -> int:
    """The line on which the last of what is in this node begins."""
    last, rest = node.line, [node]
    while rest:
        each = rest.pop()
        last = max(last, each.line)
        if isinstance(each, yaml_nodes.Sequence):
            rest += each.items
        elif isinstance(each, Mapping):
            rest += [part for entry in each.entries.values() for part in entry]
    return last


def _toml_place(text: HeaderText, name: str) -> range | None:
    return next((place for place in _statements(text) if _entry(name).match(text.lines[place.start])), None)


def _statements(text: HeaderText) -> Iterator[range]:
    """The lines of each entry of TOML above the first table, whose entries are its own; and each line without one."""
    start = 0
    while start < len(text.lines) and not text.lines[start].lstrip().startswith("["):
        stops = range(start + 1, len(text.lines) + 1)
        stop = next((stop for stop in stops if _is_whole(text.lines[start:stop])), start + 1)
        yield range(start, stop)
        start = stop


def _is_whole(lines: Sequence[str]) -> bool:
    try:
        load_toml("\n".join(lines))
    except TomlError:
        return False
    return True


def _end(text: HeaderText) -> int:
    """Where a new field stands that has no other place: at the end; in TOML above what belongs to a table."""
    if not _is_toml(text):
        return len(text.lines)
    stops = (place.stop for place in _statements(text) if text.lines[place.start].strip()[:1] not in ("", "#"))
    return max(stops, default=0)


def _put(text: HeaderText, place: range, *lines: str) -> HeaderText:
    """The text with these lines in the place of those."""
    return replace(text, lines=(*text.lines[: place.start], *lines, *text.lines[place.stop :]))


def _comments(text: HeaderText, place: range) -> Iterator[str]:
    """The comments inside a field, below its first line: each a line of its own."""
    for number in place[1:]:
        whole, comment = _parted(text, place, number)
        if comment:
            yield comment.strip() if whole.strip() else text.lines[number]


def _parted(text: HeaderText, place: range, number: int) -> tuple[str, str]:
    """A line of the field at this place, and the comment at its end."""
    line = text.lines[number]
    found = (ENTRY if number == place.start else ITEM).match(line)
    comment = _comment(found["value"]) if found else ""
    return line[: len(line) - len(comment)], comment


def _comment(value: str) -> str:
    """The comment at the end of a value, with the space before it."""
    found = re.fullmatch(
        r"(?:\"(?:\\.|[^\"\\])*\",?|'[^']*',?|\[[^\]]*\]|[^\"'\[#][^#]*?|[^\"'\[#].*?(?=\s#)|)((?:^|\s+)#.*)", value
    )
    return found[1] if found else ""


def _is_toml(text: HeaderText) -> bool:
    return text.opening.startswith("+++")
