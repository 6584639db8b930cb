"""Attributes in braces, as kramdown has them: `#id`, `.class`, `key=value`. Anything else in braces is text. Pure."""

from __future__ import annotations

import re

ONE = re.compile(
    r"""[ \t]*(?:\#(?P<id>[^\s\#{}="'<>&]+)|\.(?P<class>-?[A-Za-z_][\w-]*)"""
    r"""|(?P<key>[A-Za-z_:][\w:.-]*)=(?P<value>"[^"]*"|'[^']*'|[^\s"'{}<>&]+))(?=\s|\Z)"""
)
BEHIND = re.compile(r"(?:^|\s+)\{:?([^{}\n]*)\}[ \t]*\Z")
ALONE = re.compile(r"[ \t]*\{:[ \t]*([^{}\n]*)\}[ \t]*\Z")


def attributes_of(text: str) -> dict[str, str]:
    """The attributes that stand between braces; none where anything else stands there, or a script."""
    given: dict[str, str] = {}
    at = 0
    text = text.strip()
    while at < len(text):
        found = ONE.match(text, at)
        if found is None or (found["key"] or "").lower().startswith("on"):
            return {}
        if found["class"]:
            given["class"] = f"{given['class']} {found['class']}" if "class" in given else found["class"]
        elif found["id"]:
            given["id"] = found["id"]
        else:
            value = found["value"]
            given[found["key"]] = value[1:-1] if value[0] in "\"'" else value
        at = found.end()
    return given


def behind(text: str) -> tuple[str, dict[str, str]]:
    """A heading's text without the attributes that stand behind it, and those."""
    found = BEHIND.search(text) if text.rstrip().endswith("}") else None
    given = attributes_of(found[1]) if found else {}
    return (_unclosed(text[: found.start()].rstrip()), given) if found and given else (text, {})


def _unclosed(text: str) -> str:
    """A heading's text without the signs that close it: `## A ## {#a}`."""
    bare = text.rstrip("#")
    return bare.rstrip() if bare[-1:] in " \t" else text


def alone(line: str) -> dict[str, str]:
    """The attributes of which this line consists."""
    found = ALONE.match(line)
    return attributes_of(found[1]) if found else {}


def misunderstood(text: str) -> str:
    """Braces behind a heading that look as if they were to give attributes, and do not."""
    found = BEHIND.search(text) if text.rstrip().endswith("}") else None
    return found[0].strip() if found and re.match(r"\{:|\{[ \t]*[#.]|\{[^{}]*=[ \t]*[\"']", found[0].strip()) else ""
