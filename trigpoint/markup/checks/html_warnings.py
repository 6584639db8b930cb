"""What an author's own HTML should be warned of: tags that are not closed, or close nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable

from trigpoint.fault_list import BodyFaults
from trigpoint.markup.elements import VOID, is_known

IGNORED = re.compile(
    r"(?P<ticks>`+)(?!`).*?(?<!`)(?P=ticks)(?!`)|<!--.*?(?:-->|\Z)|\\<|\]\(\s*<[^<>\n]*>|<(?P<raw>script|style|pre|textarea)\b(?P<start>[^<>]*)>.*?(?:</(?P=raw)\s*>|\Z)"
    r"|<(?P<end>/?)(?P<tag>[A-Za-z][\w-]*)(?P<attributes>(?>(?:\s(?:[^<>\"']|\"[^\"]*\"|'[^']*')*)?))(?P<self>/?)>",
    re.S | re.I,
)
UNQUOTED = re.compile(r"=\s*[^\s\"'=<>]+\Z")
"""At the end of attributes: a value without quotes, to which a slash behind it belongs."""
OPTIONAL = frozenset(("p", "li", "dt", "dd", "td", "th", "tr", "thead", "tbody", "tfoot", "option", "rt", "rp"))
"""Elements that HTML closes by itself."""


def lint(fragments: Iterable[tuple[int, str]], findings: BodyFaults) -> None:
    """Warn of what stands in these pieces of source, each with its line from 0, taken in their order."""
    opened: list[tuple[str, int]] = []
    for start, text in fragments:
        line, at = start, 0
        for found in IGNORED.finditer(text):
            line += text.count("\n", at, found.start())
            at = found.start()
            _judge(found, line, opened, findings)
    for tag, line in opened:
        _warn_unclosed(tag, line, findings)


def _judge(found: re.Match[str], line: int, opened: list[tuple[str, int]], findings: BodyFaults) -> None:
    if found[0].startswith("<!--") and not found[0].endswith("-->"):
        findings.warning(
            line, "A comment is not closed: it hides the rest of its block.", "Write `-->` at its end.", "html"
        )
    tag = (found["tag"] or found["raw"] or "").lower()
    if not tag:
        return
    if found["raw"] and not re.search(r"</[a-z]+\s*>\Z", found[0], re.I):
        _warn_unclosed(tag, line, findings)
    if found["raw"] or tag in VOID or tag in OPTIONAL or _closes_itself(found):
        return
    if not is_known(tag, draws=True):
        if not found["end"]:
            sentence = f"`<{tag}>` is no element of HTML; its tags are not shown."
            findings.warning(line, sentence, "Put code in backticks.", "html")
        return
    if not found["end"]:
        opened.append((tag, line))
    elif any(tag == other for other, _ in opened[-50:]):
        while (last := opened.pop())[0] != tag:
            _warn_unclosed(*last, findings)
    else:
        findings.warning(line, f"`</{tag}>` closes nothing.", "Take it out.", "html")


def _closes_itself(found: re.Match[str]) -> bool:
    """Whether this tag ends with a slash that is not part of an address (`<a href=/x/>`)."""
    attributes = found["attributes"] or ""
    return bool(found["self"] or attributes.endswith("/")) and not UNQUOTED.search(attributes)


def _warn_unclosed(tag: str, line: int, findings: BodyFaults) -> None:
    findings.warning(line, f"`<{tag}>` is not closed.", f"Write `</{tag}>`, or put code in backticks.", "html")
