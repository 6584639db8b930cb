"""Links in a text that name a file or folder are led to its new name; code and all else stay as they are. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from urllib.parse import unquote

from trigpoint.markup.block_grammar import read
from trigpoint.markup.code_mask import uncoded
from trigpoint.markup.targets import FOREIGN, SRCSET, written_in

WHOLE = re.compile(r"([\s\S]+)")
CANDIDATE = re.compile(r"(?:^|,)\s*(\S*[^\s,])")
"""A target in a `srcset`, which ends at white space and not with a comma. Source: HTML Standard, 4.8.4.2.2."""

IsMeant = Callable[[str], bool]
"""Says of a target, as it is written, whether it leads to what gets another name."""


def relinked(body: str, is_meant: IsMeant, names: Mapping[str, str]) -> str:
    """The Markdown with each target that is meant by its new name. `names`: segments of paths, old to new."""
    prose, pieces, at = uncoded(body, read(body)), [], 0
    for found in written_in(prose):
        group = found.lastindex or 0
        targets = CANDIDATE.finditer(found[group]) if group == SRCSET else WHOLE.finditer(found[group])
        for target in targets:
            start, end = (found.start(group) + place for place in target.span(1))
            if not FOREIGN.match(target[1]) and is_meant(target[1]):
                pieces += [body[at:start], renamed(target[1], names)]
                at = end
    return "".join([*pieces, body[at:]])


def renamed(target: str, names: Mapping[str, str]) -> str:
    """The target with the last segment of its path that has another name now by that name."""
    ends = min((place for sign in "?#" if (place := target.find(sign)) >= 0), default=len(target))
    segments = target[:ends].split("/")
    for number in reversed(range(len(segments))):
        new = names.get(unquote(segments[number]))
        if new is not None:
            segments[number] = new
            break
    return "/".join(segments) + target[ends:]
