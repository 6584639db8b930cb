"""Liquid's and Nunjucks's conditions: of `{% if %}`, `{% unless %}` and `{% case %}` one branch stays. Pure.

What the header says decides, and what nobody but the old site could know is false, as Liquid has it for what is not
there (`site.x`). Where a value cannot be told, the first branch stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from trigpoint.markup.foreign.masking import line_of

TAG = re.compile(
    r"\{%-?[ \t]*(?P<name>if|unless|case|elsif|elseif|elif|else|when|endif|endunless|endcase)\b"
    r"(?P<test>(?:(?!%\}|\{%).){0,1000}?)[ \t]*-?%\}",
    re.S,
)
OPENINGS = ("if", "unless", "case")
COMPARED = re.compile(r"(?P<left>.+?)\s*(?P<sign>==|!=|<>|\bcontains\b)\s*(?P<right>.+)", re.S)
JOINED = re.compile(r"\s(?P<word>and|or)\s")
QUOTED = re.compile(r"\"([^\"]*)\"|'([^']*)'")
NAMED = re.compile(
    r"(?P<of>page|frontmatter|site|layout|include|jekyll|theme|config)\.(?P<name>[\w.-]+)|(?P<bare>[\w-]+)"
)
CONSTANTS: Mapping[str, object] = {
    "true": True, "false": False, "nil": None, "null": None, "none": None, "empty": "", "blank": "",
    "jekyll.environment": "production",
}  # fmt: skip
COMPUTED = ("url", "path", "date", "id", "name", "dir", "collection", "excerpt", "content", "slug", "next", "previous")
"""What a page has though its header does not say it."""

SHOWN = 60
"""The characters of a condition that a message shows."""


@dataclass(frozen=True, slots=True)
class Values:
    """What is known: the header's texts, the names of all its entries, and the names that the text sets.

    `site` are values of the site by their whole names; those of names that begin with one of `computed` cannot be told.
    """

    texts: Mapping[str, str] = field(default_factory=dict)
    names: frozenset[str] = frozenset()
    assigned: Mapping[str, str] = field(default_factory=dict)
    site: Mapping[str, str] = field(default_factory=dict)
    computed: tuple[str, ...] = ()


@dataclass(slots=True)
class _Condition:
    """A condition that is open: its first tag, and where each of its branches starts, with its test."""

    opening: re.Match[str]
    branches: list[re.Match[str]]


@dataclass(frozen=True, slots=True)
class Cut:
    """What goes, from where to where; `shown` is a condition that nobody knows to hold, or ""."""

    start: int
    end: int
    shown: str = ""


def without_conditions(text: str, prose: str, values: Values) -> tuple[str, list[tuple[int, str]]]:
    """The text with one branch of each condition, and as many lines; and those that nobody knows to hold, by line."""
    pieces, doubts, at = [], [], 0
    for cut in _cuts(prose, text, values):
        pieces += [text[at : cut.start], "\n" * text.count("\n", cut.start, cut.end)]
        doubts += [(line_of(text, cut.start), cut.shown)] if cut.shown else []
        at = cut.end
    return "".join([*pieces, text[at:]]), doubts


def _cuts(prose: str, text: str, values: Values) -> list[Cut]:
    """The tags and the branches that go, in order; `prose` is the text with its code blanked."""
    found: list[Cut] = []
    opened: list[_Condition] = []
    for tag in TAG.finditer(prose):
        name = tag["name"]
        if name in OPENINGS:
            opened.append(_Condition(tag, [tag]))
        elif opened and not name.startswith("end"):
            opened[-1].branches.append(tag)
        elif opened and name == f"end{opened[-1].opening['name']}":
            found += _of_one(opened.pop(), tag, text, values)
    return _outermost(found)


def _outermost(found: list[Cut]) -> list[Cut]:
    """The cuts without those that lie in another one."""
    kept: list[Cut] = []
    for cut in sorted(found, key=lambda each: (each.start, -each.end)):
        if not kept or cut.start >= kept[-1].end:
            kept.append(cut)
    return kept


def _of_one(condition: _Condition, end: re.Match[str], text: str, values: Values) -> Iterator[Cut]:
    branches = condition.branches[condition.opening["name"] == "case" :]
    chosen, is_known = _chosen(condition, branches, text, values)
    starts = [branch.start() for branch in branches] + [end.start()]
    opening = condition.opening
    shown = "" if is_known else " ".join(text[opening.start() : opening.end()].split())[:SHOWN]
    if not branches or branches[0] is not opening:
        yield Cut(opening.start(), starts[0], shown)
    for number, branch in enumerate(branches):
        last = branch.end() if number == chosen else starts[number + 1]
        yield Cut(branch.start(), last, shown if branch is opening else "")
    yield Cut(end.start(), end.end())


def _chosen(condition: _Condition, branches: list[re.Match[str]], text: str, values: Values) -> tuple[int, bool]:
    """The number of the branch that stays (-1: none does), and whether that is known."""
    name, subject = condition.opening["name"], _test(condition.opening, text)
    for number, branch in enumerate(branches):
        test = _test(branch, text)
        if branch["name"] == "else":
            return number, True
        holds = _is_one_of(subject, test, values) if name == "case" else _holds(test, values)
        if holds is None:
            return number, False
        if holds != (name == "unless" and branch is condition.opening):
            return number, True
    return -1, True


def _test(tag: re.Match[str], text: str) -> str:
    return text[slice(*tag.span("test"))].strip(" \t\n-")


def _is_one_of(subject: str, choices: str, values: Values) -> bool | None:
    """Whether a value is one of those that stand behind `when`."""
    found = [_compared(subject, "==", choice, values) for choice in re.split(r",|\bor\b", choices)]
    return True if True in found else None if None in found else False


def _holds(test: str, values: Values) -> bool | None:
    """Whether a test holds; None where nobody can tell. Liquid reads `and` and `or` from behind, without brackets."""
    plain = QUOTED.sub(lambda quoted: "\0" * len(quoted[0]), test)
    if re.search(r"[()|]|<(?!>)|(?<!<)>", plain):
        return None
    words = list(JOINED.finditer(plain))
    starts, ends = [0, *(word.end() for word in words)], [*(word.start() for word in words), len(test)]
    holds = [_simple(test[start:end], values) for start, end in zip(starts, ends, strict=True)]
    result = holds.pop()
    for word, first in zip(reversed(words), reversed(holds), strict=True):
        decisive = word["word"] == "or"
        result = decisive if decisive in (first, result) else None if None in (first, result) else not decisive
    return result


def _simple(test: str, values: Values) -> bool | None:
    test = test.strip()
    if re.match(r"not\s", test):
        holds = _simple(test[3:], values)
        return None if holds is None else not holds
    if found := COMPARED.fullmatch(test):
        return _compared(found["left"], found["sign"], found["right"], values)
    known, value = _value(test, values)
    return value not in (None, False) if known else None


def _compared(left: str, sign: str, right: str, values: Values) -> bool | None:
    (is_known, one), (is_other_known, other) = _value(left, values), _value(right, values)
    if not (is_known and is_other_known) or ENTRY in (one, other):
        return None
    if sign == "contains":
        return isinstance(one, str) and isinstance(other, str) and other in one
    return (one == other) == (sign == "==")


ENTRY = object()
"""An entry of the header that is no text: a list or a mapping."""


def _value(written: str, values: Values) -> tuple[bool, object]:
    """Whether a value is known, and what it is."""
    written = written.strip()
    if quoted := QUOTED.fullmatch(written):
        return True, quoted[1] if quoted[1] is not None else quoted[2]
    if written in CONSTANTS:
        return True, CONSTANTS[written]
    named = NAMED.fullmatch(written)
    if named is None or written.isdecimal():
        return written.isdecimal(), written
    name = named["bare"] or named["name"]
    if named["bare"] in values.assigned:
        return True, values.assigned[name]
    if written in values.site:
        return True, _typed(values.site[written])
    if named["of"] in (None, "page", "frontmatter"):
        return _of_header(name, named["bare"] is None, values)
    if any(each.startswith(f"{written}.") for each in values.site):
        return True, ENTRY
    return (False, None) if f"{written}.".startswith(values.computed) and values.computed else (True, None)


def _typed(text: str) -> object:
    return {"true": True, "false": False}.get(text.lower(), text)


def _of_header(name: str, is_of_page: bool, values: Values) -> tuple[bool, object]:
    """The value of an entry; one that is not there is nothing, where it is said to be the page's."""
    first, _, rest = name.partition(".")
    if rest or first in COMPUTED:
        return (False, None) if first in values.names or first in COMPUTED else (is_of_page, None)
    if first in values.texts:
        return True, _typed(values.texts[first])
    return (True, ENTRY) if first in values.names else (is_of_page, None)
