"""The front matter of a file as text: one field is written, and every other line, comment and space stays as it is.

Pure. What is written is never trusted here: who changes a file reads the new text as the site would, and takes it only
where it says what was meant.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

BOM = "\ufeff"
OPENING = re.compile(r"(---|\+\+\+)[ \t]*\n")
PLAIN = re.compile(r"[^\W\d_](?:[\w .+#-]*[\w+#])?")
"""What needs no quotes in YAML, in a list either: and no word that YAML takes for something else."""

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
    closing = re.compile(r"^(?:---|\.\.\.|\+\+\+)[ \t]*$", re.MULTILINE).search(text, opening.end())
    if closing is None:
        return None
    lines = text[opening.end() : closing.start()].split("\n")[:-1]
    return HeaderText(opening[0], tuple(lines), text[closing.start() :], newline, mark)


def with_field(text: HeaderText, name: str, value: str, after: Sequence[str] = ()) -> HeaderText:
    """The text with this value, as YAML writes it, behind the name. A new line stands below the first of `after`."""
    place = _place(text, name)
    if place is None:
        below = next((above.stop for each in after if (above := _place(text, each))), len(text.lines))
        line = f"{name}{' = ' if _is_toml(text) else ': '}{value}"
        return replace(text, lines=(*text.lines[:below], line, *text.lines[below:]))
    found = _entry(name).match(text.lines[place.start])
    assert found
    name = found["name"]
    line = f"{name}{' ' * name.endswith(':')}{value}{_comment(found['value'])}"
    return replace(text, lines=(*text.lines[: place.start], line, *text.lines[place.stop :]))


def without_field(text: HeaderText, name: str, stand_in: str = "") -> HeaderText:
    """The text without this field. Where a comment stands on its line, that stays, with the value `stand_in`."""
    place = _place(text, name)
    if place is None:
        return text
    found = _entry(name).match(text.lines[place.start])
    if stand_in and found and _comment(found["value"]):
        return with_field(text, name, stand_in)
    return replace(text, lines=(*text.lines[: place.start], *text.lines[place.stop :]))


def value_of(text: HeaderText, name: str) -> str | None:
    """What is written behind the name on its line, without a comment; None where there is no such field."""
    place = _place(text, name)
    found = _entry(name).match(text.lines[place.start]) if place else None
    if found is None:
        return None
    value = found["value"]
    return value.removesuffix(_comment(value)).strip()


def with_item(text: HeaderText, name: str, item: str) -> HeaderText:
    """The text with one item more at the end of a list, whichever way the list is written."""
    place = _place(text, name)
    if place is None or (place.stop - place.start == 1 and not value_of(text, name)):
        return with_field(text, name, f"[{item}]")
    lines = list(text.lines)
    closing = next((number for number in reversed(place) if "]" in lines[number]), None)
    if closing is not None and "[" in "".join(lines[place.start : closing + 1]):
        before, _, behind = lines[closing].rpartition("]")
        before = before.rstrip()
        sign = "" if before.endswith("[") or not before else " " if before.endswith(",") else ", "
        lines[closing] = f"{before}{sign}{item}]{behind}"
    else:
        last = next((number for number in reversed(place) if lines[number].lstrip().startswith("- ")), place.start)
        indent = lines[last][: len(lines[last]) - len(lines[last].lstrip())]
        lines.insert(last + 1, f"{indent}- {item}")
    return replace(text, lines=tuple(lines))


def without_item(text: HeaderText, name: str, item: str) -> HeaderText:
    """The text without this item of a list; without the list where it had no other."""
    place = _place(text, name)
    if place is None:
        return text
    quoted = rf"[\"']?{re.escape(item.rstrip('/'))}/?[\"']?"
    for number in place:
        line = text.lines[number]
        if re.fullmatch(rf"\s*-\s+{quoted}\s*(?:#.*)?", line):
            lines = (*text.lines[:number], *text.lines[number + 1 :])
            rest = replace(text, lines=lines)
            return without_field(rest, name) if place.stop - place.start == 2 else rest
        fresh, changes = re.subn(
            rf"(?<=[\[,\s]){quoted}\s*,\s*|,\s*{quoted}\s*(?=\])|(?<=\[)\s*{quoted}\s*(?=\])", "", line, count=1
        )
        if changes:
            changed = replace(text, lines=(*text.lines[:number], fresh, *text.lines[number + 1 :]))
            return without_field(changed, name) if re.search(r"[:=]\s*\[\s*\]", fresh) else changed
    return text


def written(text: str) -> str:
    """A text as YAML and TOML have it, in a list too: in YAML as it is where that means the same, else in quotes."""
    is_plain = PLAIN.fullmatch(text) and text.casefold() not in YAML_WORDS and " #" not in text
    return text if is_plain else json.dumps(text, ensure_ascii=False)


def _entry(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?P<name>[\"']?{re.escape(name)}[\"']?[ \t]*[:=][ \t]*)(?P<value>.*)", re.IGNORECASE)


def _place(text: HeaderText, name: str) -> range | None:
    """The numbers of the lines of this field, the comments below it left out."""
    top = len(text.lines)
    if _is_toml(text):  # Below a table's name stand the table's own fields.
        top = next((number for number, line in enumerate(text.lines) if line.lstrip().startswith("[")), top)
    pattern = _entry(name)
    start = next((number for number in range(top) if pattern.match(text.lines[number])), None)
    if start is None:
        return None
    stop = start + 1
    while stop < top and not re.match(r"[\"']?[A-Za-z_][\w-]*[\"']?[ \t]*[:=]", text.lines[stop]):
        stop += 1
    while stop - 1 > start and (not text.lines[stop - 1].strip() or text.lines[stop - 1].startswith("#")):
        stop -= 1
    return range(start, stop)


def _comment(value: str) -> str:
    """The comment at the end of a line, with the space before it."""
    found = re.fullmatch(
        r"(?:\"(?:\\.|[^\"\\])*\"|'[^']*'|\[[^\]]*\]|[^\"'\[#][^#]*?|[^\"'\[].*?(?=\s#)|)(\s+#.*)", value
    )
    return found[1] if found else ""


def _is_toml(text: HeaderText) -> bool:
    return text.opening.startswith("+++")
