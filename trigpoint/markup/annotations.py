"""Notes on lines of code: `# (1)!` at the end of a line, and the numbered list behind the block says the rest.

Elsewhere, as on GitHub, the comment stands as it is typed. Here its number leads to the item of the list.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape

MARK = re.compile(r"[ \t]*(?:#|//|--|;+|%+|<!--|/\*|\(\*)?[ \t]*\(([1-9]\d?)\)!(?:[ \t]*(?:-->|\*/|\*\)))?[ \t]*$")
"""Behind any language's comment sign, which goes with it; or at the end of a comment, which stays."""


@dataclass(frozen=True, slots=True)
class Annotations:
    """The notes on a block of code: the number of each by its line, from 0; `group` tells blocks apart."""

    group: int
    numbers: dict[int, int]

    def html(self, line: int) -> str:
        """What stands at the end of this line of code."""
        number = self.numbers.get(line)
        if number is None:
            return ""
        target = escape(item_id(self.group, number))
        return f'<a class="annotation" href="#{target}" aria-label="Note {number}">{number}</a>'


def item_id(group: int, number: int) -> str:
    """The id of an item of the list behind an annotated block."""
    return f"code-note-{group}-{number}"


def parted(code: str, group: int) -> tuple[str, Annotations]:
    """The code without its marks, and what they are."""
    lines, numbers = code.split("\n"), {}
    for at, line in enumerate(lines):
        if line.endswith(("!", "-->", "*/", "*)", " ", "\t")) and (found := MARK.search(line)):
            numbers[at] = int(found[1])
            lines[at] = line[: found.start()]
    return "\n".join(lines), Annotations(group, numbers)
