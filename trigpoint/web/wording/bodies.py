"""The labels that a rendered body brings along ("Note", "Link to this section: …"), in the language of its page. Pure.

A Document is rendered without asking who shows it, and has them in English. They are known by the whole tags that
`markup` writes.
"""

from __future__ import annotations

import re
from html import unescape

from trigpoint.web.wording.words import Words

LABEL = re.compile(
    r'(?P<start><(?:p|summary)\b[^<>]* class="callout-title"[^<>]*>)'
    r"(?P<callout>Note|Tip|Important|Warning|Caution)(?=</)"
    r'|(?P<role>(?<=<aside)[^<>]* aria-label=")(?P<kind>note|tip|important|warning|caution)(?=")'
    r'|(?P<anchor><a class="anchor"[^<>]* aria-label=")Link to this section: (?P<section>[^"]*)(?=")'
    r'|(?P<annotation><a class="annotation"[^<>]* aria-label=")Note (?P<mark>\d+)(?=")'
    r'|(?P<back> title=")Back to reference (?P<number>\d+)(?=")'
    r'|(?P<table><div aria-label=")Table(?: (?P<place>\d+))?(?P<above>: [^"]*)?(?=" class="table")'
    r'|(?P<diagram><(?:figure|svg)[^<>]* aria-label=")Diagram(?:: (?P<title>[^"]*))?(?=")'
    r"|(?P<source><summary>)Diagram as text(?=</summary>)"
    r'|(?P<formula><span[^<>]* aria-label=")Formula(?=")'
    r'|(?P<box><input[^<>]* aria-label=")(?P<done>Done|To do)(?=")'
)


def labelled(html: str, words: Words) -> str:
    """The HTML of a body with its labels in these words."""
    return LABEL.sub(lambda found: _label(found, words), html) if words.entries.pages else html


def _label(found: re.Match[str], words: Words) -> str:
    given = found.groupdict()
    start = next(given[name] for name in STARTS if given[name])
    return f"{start}{_said(given, words)}"


def _said(given: dict[str, str | None], words: Words) -> str:
    """The label as HTML."""
    if callout := given["callout"] or given["kind"]:
        return words(callout.capitalize())
    if given["anchor"]:
        return words("Link to this section: {title}", title=unescape(given["section"] or ""))
    if given["annotation"]:
        return words("Note {number}", number=given["mark"])
    if given["back"]:
        return words("Back to reference {number}", number=given["number"])
    if given["table"]:
        said = words("Table {number}", number=given["place"]) if given["place"] else words("Table")
        return f"{said}{given['above'] or ''}"
    if given["diagram"]:
        return words("Diagram: {title}", title=unescape(given["title"])) if given["title"] else words("Diagram")
    return words(given["done"] or ("Diagram as text" if given["source"] else "Formula"))


STARTS = ("start", "role", "anchor", "annotation", "back", "table", "diagram", "source", "formula", "box")
"""The groups of LABEL that stand before what is said."""
