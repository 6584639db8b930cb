"""A Fault is a mistake in what somebody wrote, and where: a value, never an exception.

Every part of the engine makes Faults and hands them on; commands and preview
print them. A Fault has one printed form, the one that editors jump to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from itertools import takewhile


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One mistake, at one place.

    Shape: `path` is what the author would type at the root of the repository
    (`pages/posts/a.md`); `line` and `column` count from 1, and 0 means the
    whole file (or line). `sentence` says what was found and what was expected,
    `cure` what to do. A `warning` is reported, but does not stop a freeze. `kind`
    names the sort of mistake (docs/checks.md lists them), `subject` what it is
    about (a tag, a host): faults with the same of both may be summed up.
    """

    path: str
    line: int
    column: int
    sentence: str
    cure: str = ""
    warning: bool = False
    kind: str = field(default="", compare=False)
    subject: str = field(default="", compare=False)

    @property
    def place(self) -> str:
        """The file, and as much of line and column as is known: `a.md:4:1`."""
        known = [self.path]
        known += [str(number) for number in (self.line, self.column) if number]
        return ":".join(known)

    def __str__(self) -> str:
        kind = "warning: " if self.warning else ""
        return f"{self.place}: {kind}{self.sentence} {self.cure}".rstrip()


def unexpected(path: str, error: Exception) -> Fault:
    """The Fault of a file at which the program itself failed."""
    sentence = f"This cannot be read ({type(error).__name__}: {str(error)[:200]}); that is a fault of the program."
    cure = "Please report it; until then, change what is unusual in it."
    return Fault(path, 0, 0, " ".join(sentence.split()), cure, kind="program")


def errors(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """The faults that stop a freeze, in the order of their places."""
    return tuple(sorted(fault for fault in faults if not fault.warning))


def counted(number: int, noun: str, plural: str = "") -> str:
    """A number with its noun: `1 post`, `2 posts`, `0 entries`."""
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"


SHOWN = 3
"""So many equal faults are printed one by one; of more, the first and their number."""


def summed_up(faults: Iterable[Fault]) -> Iterator[tuple[Fault, tuple[Fault, ...]]]:
    """The faults to print, in their order, each with the equal ones that it stands for.

    Two are equal where kind, subject and severity are; without a kind a fault stands for itself alone. Up to SHOWN
    equal ones each stand for themselves.
    """
    groups: dict[object, list[Fault]] = {}
    for fault in sorted(faults):
        key = (fault.kind, fault.subject, fault.warning) if fault.kind else fault
        groups.setdefault(key, []).append(fault)
    shown = [(fault, ()) for group in groups.values() if len(group) <= SHOWN for fault in group]
    yield from sorted([*shown, *((group[0], tuple(group[1:])) for group in groups.values() if len(group) > SHOWN)])


LIKE, LIKE_IF_ONE_MISTAKE = 0.7, 0.6
"""How alike words are (by difflib) of which one may mean the other; in short ones a single mistake makes more of it."""


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word most like this one, or "" where none is near."""
    folded, typed = {name.casefold(): name for name in known}, word.casefold()
    near = get_close_matches(typed, folded, n=3, cutoff=LIKE_IF_ONE_MISTAKE)
    found = get_close_matches(typed, near, n=1, cutoff=LIKE) or [name for name in near if _is_one_mistake(typed, name)]
    return folded[found[0]] if found else ""


def _is_one_mistake(typed: str, known: str) -> bool:
    """Whether one letter is wrong, missing or too many, or two neighbours are swapped."""
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(typed, known, strict=False)))
    typed, known = typed[same:], known[same:]
    is_swapped = typed[:2] == known[1::-1] and typed[2:] == known[2:]
    return is_swapped or typed[1:] in (known, known[1:]) or typed == known[1:]


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A cure that names the nearest known word, or "" where none is near."""
    name = nearest(word, known)
    return f'Did you mean "{name}"?' if name else ""
