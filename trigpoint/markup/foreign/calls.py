"""A Call of a template language: `{% figure a.png "x" %}`, `{{< figure src="a.png" >}}`, `{{ figure(src="a.png") }}`.

Its name, its parameters by place and by name, and what stands between its opening and closing tag. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

PARAMETER = re.compile(
    r"""\s*(?:,\s*)?(?:(?P<name>[\w.-]+)\s*(?P<sign>=|:(?!//)(?=\s*["'\w/{\[]|$))\s*)?"""
    r"""(?:"(?P<double>(?:[^"\\]|\\.)*)"|'(?P<single>(?:[^'\\]|\\.)*)'|`(?P<tick>[^`]*)`|\{(?P<brace>[^{}]*)\}|(?P<bare>[^\s,"'`][^\s,]*))""",
    re.S,
)


@dataclass(frozen=True, slots=True)
class Call:
    """A tag with what it holds. `inner` is translated already, `raw` as it was written; both "" for a single tag."""

    name: str
    written: str
    positional: tuple[str, ...] = ()
    named: Mapping[str, str] = field(default_factory=dict)
    arguments: str = ""
    inner: str = ""
    raw: str = ""
    is_pair: bool = False
    is_alone: bool = False

    def get(self, *keys: str | int) -> str:
        """The first of these parameters, by name or place, that says something; else ""."""
        for key in keys:
            if isinstance(key, int):
                value = self.positional[key] if key < len(self.positional) else ""
            else:
                value = self.named.get(key, "")
            if value.strip():
                return value.strip()
        return ""


def parameters(arguments: str) -> tuple[tuple[str, ...], dict[str, str]]:
    """The parameters by place and by name, as Liquid, Hugo, Zola and Nunjucks write them."""
    positional: list[str] = []
    named: dict[str, str] = {}
    at = 0
    while found := PARAMETER.match(arguments, at):
        at = found.end()
        value = next(
            value for key in ("double", "single", "tick", "brace", "bare") if (value := found[key]) is not None
        )
        value = re.sub(r"\\([\"'\\])", r"\1", value) if found["bare"] is None else value
        if found["name"]:
            named[found["name"].lower()] = value
        elif found["brace"] is not None and ":" in value:  # `{ id: 'a', path: 'b' }`, an object.
            named |= parameters(value)[1]
        else:
            positional.append(value)
    return tuple(positional), named


def inline(text: str) -> str:
    """A text in one line."""
    return " ".join(text.split())


def comment(written: str) -> str:
    """What could not be translated, where its author finds it and no reader does."""
    safe = inline(written).replace("--", "- -").replace("--", "- -").replace(">", "&gt;")
    return f"<!-- import: {safe[:2000]} -->"
