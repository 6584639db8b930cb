"""Where a foreign header ends and the text begins, in whichever form it was written; pure.

Each form is tried in turn. What is found becomes YAML with as many lines (TOML keeps its fence `+++`), so that messages
name the lines of the file. Sources: the documentation of Hugo (JSON, TOML), Pelican and MultiMarkdown (bare lines),
Flask-FlatPages (YAML up to the first empty line), Nikola (comments), Hexo (`;;;`, no first fence), Pandoc (`%`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from trigpoint.content.foreign.loose_yaml import mended

LIMIT = 64 * 1024
"""The bytes of a header at most."""

NAMES = (
    "title|date|tags?|layout|authors?|slug|status|draft|publish(?:ed|date)?|pubdate|categor(?:y|ies)|description|permalink"
    "|summary|created|modified|updated|lang"
)
FIELD = re.compile(rf"(?i:[ \t]*[\"']?(?:{NAMES})[\"']?[ \t]*[:=])")
"""A field by a name that headers have: what a text would hardly say at this place."""

ENTRY = re.compile(r"[ \t]*[\"']?[A-Za-z_][\w -]*+[\"']?[ \t]*[:=]")
UNSEEN = r"[\s\u00ad\u200b-\u200f\u2060-\u2064\ufeff]"
ABOVE = re.compile(rf"(?:{UNSEEN}|<!--(?:(?!-->).)*+-->|\#(?!\+)[^\n]*\n)*+", re.S)
"""What other programs overlook above a fence: empty lines, signs that nobody sees, comments, a heading."""

FENCE = re.compile(
    r"[ \t]*(?P<fence>---|\+\+\+|;;;|`{3,}|~{3,}|--|-{4,}|={3,}|\*{3,}|_{3,}|\.{3}|[—–]-?)"
    r"[ \t]*+(?:(?P<kind>toml|ya?ml|json)[ \t]*+)?\n"
)
COMMENT = re.compile(r"<!--[ \t]*+\n?(?P<inside>.*?)-->[ \t]*(?:\n|\Z)", re.S)
COMMENTS = re.compile(r"(?:<!--[ \t]*\.\.[ \t][^\n]*-->[ \t]*(?:\n|\Z)){2,}")
DOTTED = re.compile(r"[ \t]*\.\.[ \t]+(?P<name>[\w-]+):[ \t]*(?P<value>.*)")
IMPORTS = re.compile(r"(?:import\b[^\n]*\n|\s)*+")
KEYWORD = re.compile(r"\#\+(?P<name>\w+):[ \t]*(?P<value>.*)")
BARE = re.compile(r"[^\W\d_][\w -]{0,40}?[ \t]*:(?=[ \t]|$)|[A-Za-z][\w-]{0,30}:(?!//)")
"""An entry without a fence around it. Python-Markdown, which reads Pelican's, wants no space behind the colon."""

EXPORT = re.compile(r"\s*export[ ]const[ ]\w+[ ]*=[ ]*(?P<inside>\{.*?\n\})[ \t]*+(?:;[ \t]*+)?(?:\n|\Z)", re.S)
PERCENT = ("title", "author", "date")
"""What Pandoc's first three lines say."""


@dataclass(frozen=True, slots=True)
class Parts:
    """A header without its fences (TOML: with the first one), the text below it, and the line where that begins."""

    header: str
    body: str
    body_line: int


Form = Callable[[str, int], Parts | None]
"""Finds a header of one form that begins at this place of a text."""


def parts_of(text: str, forms: Sequence[Form] | None = None) -> Parts | None:
    """Header and text; None where no header of these forms (of any: `FORMS`) is found that is whole."""
    start = ABOVE.match(text).end()  # type: ignore[union-attr]
    if not FENCE.match(text, start):
        start = re.match(f"{UNSEEN}*", text).end()  # type: ignore[union-attr]
    for form in FORMS if forms is None else forms:
        if found := form(text, start):
            return found
    return None


def _parts(text: str, header: str, end: int, opened: int = 0) -> Parts:
    """`header` stands for what ends at `end`; `opened` is the line, from 0, on which its own first line stands.

    It gets empty lines above and below: where a fence opens it its first line is line 2 of the file, else line 1.
    """
    body_line = text.count("\n", 0, end) + 1
    fence = "+++\n" if header.startswith("+++\n") else ""
    padded = "\n" * max(0, opened - 1) + header.removeprefix(fence).strip("\n") + "\n"
    padded += "\n" * (body_line - (3 if opened else 1) - padded.count("\n"))
    return Parts(fence + padded, text[end:], body_line)


def _fenced(text: str, start: int) -> Parts | None:
    opening = FENCE.match(text, start)
    if opening is None:
        return None
    fence, at = opening["fence"], opening.end()
    mark = r"(?:-{3,}|\.\.\.)" if fence == "---" else re.escape(fence)
    close = re.compile(rf"^[ \t]*{mark}[ \t]*$\n?", re.M).search(text, at)
    if close is None:
        return _unclosed(text, at) if fence in ("---", "+++") else None
    inside = text[at : close.start()]
    is_sure = fence in ("---", "+++", ";;;") and start == opening.start("fence") == 0
    begins = inside.lstrip()
    if not (begins.startswith(("{", "#", "[", "- ", "? ")) or ENTRY.match(begins)) and (begins or not is_sure):
        return None
    if not is_sure and not (any(map(FIELD.match, inside.split("\n"))) or begins.startswith("{")):
        return None
    line = text.count("\n", 0, at)
    if fence == "+++" or opening["kind"] == "toml":
        return _parts(text, "+++\n" + inside, close.end(), line)
    if fence == ";;;" or opening["kind"] == "json" or begins.startswith("{"):
        inside = _from_json(inside if begins.startswith("{") else f"{{{inside}}}")
    return _parts(text, inside, close.end(), line)


def _unclosed(text: str, at: int) -> Parts | None:
    """A header whose last fence was forgotten ends with its paragraph, where every line of that is an entry."""
    end = text.find("\n\n", at)
    lines = text[at:end].split("\n") if end > 0 else []
    if (
        not lines
        or not any(map(FIELD.match, lines))
        or not all(ENTRY.match(line) or line[:1] in " \t-" for line in lines)
    ):
        return None
    return _parts(text, text[at:end], end + 1, text.count("\n", 0, at)) if text[:3] == "---" else None


def _json(text: str, start: int) -> Parts | None:
    """An object of JSON at the very start; Hugo's form."""
    if text[start : start + 1] != "{":
        return None
    try:
        found, end = json.JSONDecoder(strict=False).raw_decode(text, start)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or not any(FIELD.match(f"{name}:") for name in found):
        return None
    end = re.compile(r"[^\n]*(?:\n|\Z)(?:---[ \t]*(?:\n|\Z))?").match(text, end).end()  # type: ignore[union-attr]
    opened = text.count("\n", 0, start) + text.startswith("{\n", start)
    return _parts(text, _lines_of(found, text.count("\n", start, end)), end, opened)


def _from_json(written: str) -> str:
    """One line for each entry; what is no JSON is left to YAML, which reads more."""
    try:
        found = json.loads(written, strict=False)
    except (ValueError, RecursionError):
        return written.replace("\t", " ")
    return _lines_of(found, written.count("\n")) if isinstance(found, dict) else written


def _lines_of(table: dict[str, object], most: int) -> str:
    """The entries as YAML, each in a line of its own where so many lines are there."""
    if len(table) > most:
        return json.dumps(table, ensure_ascii=False)
    return "\n".join(f"{json.dumps(name)}: {json.dumps(value, ensure_ascii=False)}" for name, value in table.items())


def _comments(text: str, start: int) -> Parts | None:
    """Nikola's fields with a comment for each: `<!-- .. title: A -->`."""
    found = COMMENTS.match(text, start)
    if found is None:
        return None
    lines = [
        DOTTED.match(line.strip().removeprefix("<!--").removesuffix("-->")) for line in found[0].strip("\n").split("\n")
    ]
    return _parts(text, "\n".join(map(_as_text, lines)), found.end(), text.count("\n", 0, start))


def _comment(text: str, start: int) -> Parts | None:
    """Fields in a comment: Nikola's `.. title: A`, or plain ones."""
    found = COMMENT.match(text, start)
    if found is None:
        return None
    lines = found["inside"].strip("\n").split("\n")
    line = text.count("\n", 0, found.start("inside"))
    dotted = [DOTTED.match(each) for each in lines]
    if any(dotted):
        return _parts(text, "\n".join(map(_as_text, dotted)), found.end(), line)
    if not FIELD.match(found["inside"].lstrip()):
        return None
    return _parts(text, _as_yaml(lines), found.end(), line)


def _dotted(text: str, start: int) -> Parts | None:
    """Nikola's `.. title: A`, or Org's `#+TITLE: A`, up to the first line of another form."""
    pattern = KEYWORD if text.startswith("#+", start) else DOTTED
    found = []
    end = start
    while match := pattern.match(text, end):
        found.append(match)
        end = text.find("\n", match.end()) + 1 or len(text)
    return _parts(text, "\n".join(map(_as_text, found)), end, text.count("\n", 0, start)) if found else None


def _as_text(found: re.Match[str] | None) -> str:
    value = found["value"].strip() if found else ""
    return f"{found['name']}: {json.dumps(value, ensure_ascii=False) if value else ''}" if found else ""


def _exported(text: str, start: int) -> Parts | None:
    """MDX: an object that the text exports. YAML reads it, where it holds nothing but values."""
    found = EXPORT.match(text, IMPORTS.match(text).end())  # type: ignore[union-attr]
    inside = found["inside"].replace("\t", " ") if found else ""
    if found is None or not re.search(rf"\b(?:{NAMES})\b", inside):
        return None
    return _parts(text, inside, found.end(), text.count("\n", 0, found.start("inside")) + 1)


def _percent(text: str, start: int) -> Parts | None:
    found = re.compile(r"%[ \t]++([^\n]*+)\n(?:%[ \t]*+([^\n]*+)\n)(?:%[ \t]*+([^\n]*+)\n)?").match(text, start)
    if found is None:
        return None
    said = zip(PERCENT, found.groups(), strict=True)
    lines = [f"{name}: {json.dumps(value.strip(), ensure_ascii=False)}" if value else "" for name, value in said]
    return _parts(text, "\n".join(lines), found.end(), text.count("\n", 0, start))


def _bare(text: str, start: int) -> Parts | None:
    """Entries without fences, up to the first empty line or a lone `---`, which Hexo has below one too.

    A value is a text, or YAML of several lines.
    """
    lines = _entries(list(_paragraph(text[start:])))
    if not lines:
        return None
    end = start + sum(len(line) + 1 for line in lines)
    fence = re.compile(r"(?:[ \t]*\n)*+(?:---|\.\.\.)[ \t]*(?:\n|\Z)").match(text, end)
    end = fence.end() if fence else min(end, len(text))
    line = text.count("\n", 0, start)
    header = "\n" * line + _as_yaml(lines) + "\n"
    body_line = text.count("\n", 0, end) + 1
    header += "\n" * (body_line - 1 - header.count("\n"))
    return Parts(header, text[end:], body_line)


def _as_yaml(lines: list[str]) -> str:
    """Entries whose values are texts. More than a header may have stay as they are: they are refused."""
    text = "\n".join(lines)
    return mended(text, are_texts=True) if len(text) <= LIMIT else text


def _paragraph(text: str) -> Iterator[str]:
    for line in text.split("\n"):
        if not line.strip() or re.fullmatch(r"(?:---|\.\.\.)[ \t]*", line):
            return
        yield line


def _entries(lines: list[str]) -> list[str]:
    """The lines of a paragraph up to the first that is no entry and does not go on with one; none where it is a text.

    Where a text follows at once, two fields by names that headers have must stand above it.
    """
    count = next((at for at, line in enumerate(lines) if not (BARE.match(line) or line[:1] in " \t-#")), len(lines))
    known = sum(FIELD.match(line) is not None for line in lines[:count])
    is_header = count > 0 and BARE.match(lines[0]) is not None and known >= (1 if count == len(lines) else 2)
    return lines[:count] if is_header else []


MARKED: Sequence[Form] = (_fenced, _json, _comments, _comment, _dotted, _exported, _percent)
"""Forms whose first line is no sentence: a fence or another mark stands around them, or before each entry."""

FORMS: Sequence[Form] = (*MARKED, _bare)
