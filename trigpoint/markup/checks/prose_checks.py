"""What a reader would see of other generators' marks, of notes that are not there, and of pictures without words.

Called with each piece of prose as it is read, formulas and blocks of code already taken out; code spans are
blanked here. So an article about Jinja with its samples in code gets no warning.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from trigpoint.characters import shortened
from trigpoint.fault_list import BodyFaults
from trigpoint.faults import did_you_mean
from trigpoint.markup.code_mask import uncoded_prose

AS_CODE = "If it is to be shown, put it in backticks."


@dataclass(frozen=True, slots=True)
class Leftover:
    """A mark of another generator: how it looks (its name is the group `name`), what it is, what to write instead.

    One of its `signs` stands wherever it does: most prose has none of them.
    """

    pattern: re.Pattern[str]
    what: str
    cure: str
    signs: tuple[str, ...]


HIDDEN = "Write `<!-- … -->`, or take it out."

CURES = {
    "gallery": "Write `![what it shows](picture.png)` for each.",
    "caption": 'Write `![what it shows](picture.png "what stands below it")`.',
    "sourcecode": "Write a fence: three backticks and the language.",
    "code": "Write a fence: three backticks and the language.",
    "highlight": "Write a fence: three backticks and the language.",
    "endhighlight": "Close the code with three backticks.",
    "raw": "Take it out: nothing is interpreted here.",
    "endraw": "Take it out: nothing is interpreted here.",
    "figure": "Write `![what it shows](picture.png)`.",
    "img": "Write `![what it shows](picture.png)`.",
    "image": "Write `![what it shows](picture.png)`.",
    "youtube": "Link to the video.",
    "vimeo": "Link to the video.",
    "gist": "Link to it, or put the code beside the article.",
    "post_url": "Write the path of the file: `[text](other.md)`.",
    "link": "Write the path of the file: `[text](other.md)`.",
    "ref": "Write the path of the file: `[text](other.md)`.",
    "relref": "Write the path of the file: `[text](other.md)`.",
    "notice": "Write `> [!NOTE]` above the text.",
}
"""What to write instead of a tag or shortcode of this name."""

SHORTCODES = "audio|caption|code|embed|gallery|gist|highlight|playlist|sourcecode|tweet|video|vimeo|youtube"
"""Names that WordPress and its usual plugins know, for a pattern."""

LEFTOVERS = (
    Leftover(re.compile(r"(?<!\{)\{%-?[ \t]*(?P<name>[\w/-]+)?[^{}\n]*?%\}"), "a tag of Liquid or Jinja", "", ("{%",)),
    Leftover(
        re.compile(r"\{\{[<%][ \t]*/?[ \t]*(?P<name>[\w./-]+)?[^\n]{0,300}?[>%]\}\}"),
        "a shortcode of Hugo",
        "",
        ("{{",),
    ),
    Leftover(
        re.compile(r"(?<![\^_{$])\{\{(?![<%{])(?P<name>(?=[^{}\n]*[^\W\d])[^{}\n]*+)\}\}(?!\})"),
        "a value of a template",
        "Write the value itself.",
        ("{{",),
    ),
    Leftover(
        re.compile(r"(?<![\w\]\[!\\])\[\[(?![\s\[])(?P<name>(?=[^\[\]\n]*[^\W\d_])[^\[\]\n]*+)(?<!\s)\]\](?![\[(:])"),
        "a wiki link",
        "Write `[text](file.md)`.",
        ("[[",),
    ),
    Leftover(
        re.compile(r"^[ \t]*:{3,}[ \t]*(?:\{[^}\n]*\}|(?P<name>\w+)).*$", re.M),
        "a box of another dialect",
        "Write `> [!NOTE]` and begin its lines with `>`.",
        (":::",),
    ),
    Leftover(
        re.compile(r"^[ \t]*===[!+]?[ \t]+\"(?P<name>[^\"\n]*)\".*$", re.M),
        "a tab of MkDocs",
        "Write a heading for each; the text is not indented.",
        ("===",),
    ),
    Leftover(
        re.compile(r"^[ \t]*(?:!!!|\?\?\?\+?)[ \t]*(?P<name>[\w-]+)[^\n\"]*\"[^\n]*$", re.M),
        "a callout that is not understood",
        'Write `!!! note "Title"`, and indent its text by four columns.',
        ("!!!", "???"),
    ),
    Leftover(re.compile(r"\{#(?!\})(?P<name>)[^{}\n]*#\}"), "a comment of Jinja", HIDDEN, ("{#",)),
    Leftover(re.compile(r"\{/\*(?P<name>)[^\n]{0,300}?\*/\}"), "a comment of MDX", HIDDEN, ("{/*",)),
    Leftover(
        re.compile(r"<%[-=#!]?[ \t](?P<name>)[^<>\n]{0,300}?%>"),
        "a tag of ERB or EJS",
        "Write the value itself.",
        ("<%",),
    ),
    Leftover(
        re.compile(
            r"^(?:import[ \t]+(?:[\w$*{},. \t]+[ \t]from[ \t]+)?(?:\"[^\"\n]+\"|'[^'\n]+')"
            r"|export[ \t]+(?:const|let|var|function|default)[ \t]+(?P<name>\w+)[^\n]*[={(])[ \t]*;?[ \t]*$",
            re.M,
        ),
        "a line of MDX",
        "Take it out: no program runs in an article.",
        ("import", "export"),
    ),
    Leftover(
        re.compile(r"(?<!\w)</?(?P<name>[A-Z]\w*(?:\.[A-Z]\w*)+|(?=\w+\s[^<>]{0,300}?=\{)[A-Z]\w*)(?:\s[^<>]*)?>"),
        "a component of MDX",
        "Write it in Markdown or HTML.",
        ("<",),
    ),
    Leftover(
        re.compile(
            r"(?<![\w\]!\\])\[(?P<name>[A-Za-z][\w-]*)(?:[ \t]+[\w-]+=(?:\"[^\"\n]*\"|'[^'\n]*'))+[ \t]*/?\](?![\[(:])"
            rf"|(?<![\w\]!\\])\[(?P<known>{SHORTCODES})[ \t]+[\w-]+=[^\[\]\n]+\](?![\[(:])"
            r"|^[ \t]*\[(?P<alone>gallery|playlist)\][ \t]*$"
            r"|(?<![\w\]!\\])\[(?P<pair>[a-z][\w-]*)\](?=[^\[\]\n]{0,300}\[/(?P=pair)\])",
            re.M,
        ),
        "a shortcode of WordPress",
        "",
        ("=", "[/", "[gallery]", "[playlist]"),
    ),
    Leftover(
        re.compile(r"(?<![%\w])%%(?!%)(?P<name>)[^%\n]+%%(?![%\w])|^[ \t]*%%[ \t]*$", re.M),
        "a comment of Obsidian",
        HIDDEN,
        ("%%",),
    ),
    Leftover(
        re.compile(r"(?<!\\)!\[\[(?P<name>[^\[\]\n]+)\]\](?![\[(:])"),
        "an embed of Obsidian",
        "Write `![what it shows](file)`.",
        ("![[",),
    ),
)
DROPPED = Leftover(
    re.compile(r"(?P<name>\[TOC\]|\[\[toc\]\]|\{:[ \t]*(?:toc|\.?no_toc)[ \t]*\})", re.I),
    "a mark of another dialect, and it is left out",
    "Take it out: the contents stand beside an article by themselves, and a heading has its attributes in its line.",
    ("[", "{:"),
)
"""What stands as a paragraph of its own and shows nothing."""

NOTE = re.compile(r"(?<![\\\[(^|!])\[\^(?P<label>[\w.:-]+)\](?![*+?{(:])")
"""A reference to a footnote; a class of signs of a regular expression mostly stands between other signs of one."""
RANGE = re.compile(r"(?<![^\W_])[^\W_]-[^\W_](?![^\W_])")
"""`a-z`: no label of a note."""
WORDLESS = re.compile(r"(?<!\\)!\[[ \t]*\](?=[(\[])")
WORDLESS_HTML = re.compile(r"<img\b(?![^<>]*\salt\b)[^<>]*>", re.I)


SIGNS = ("[^", "![", "<", *(sign for leftover in LEFTOVERS for sign in leftover.signs))
"""One of these stands in each text that has anything to warn of."""


def check_prose(text: str, line: int, labels: Collection[str], findings: BodyFaults) -> None:
    """Warn of what this piece of prose holds; its first line is `line`, from 0. `labels` are of the footnotes."""
    if not any(sign in text for sign in SIGNS):
        return
    text = uncoded_prose(text)

    ends = [found.start() for found in re.finditer("\n", text)]

    def warn(at: int, sentence: str, cure: str, kind: str, subject: str = "") -> None:
        findings.warning(line + bisect_left(ends, at), sentence, cure, kind, subject)

    _leftovers(text, LEFTOVERS, warn)
    folded = {label.casefold() for label in labels} if "[^" in text else set()
    for found in NOTE.finditer(text):
        label = found["label"]
        if label.casefold() not in folded and _is_label(label, bool(labels)):
            cure = did_you_mean(label, labels) or f"Write `[^{label}]: …`, or put it in backticks if it is code."
            warn(found.start(), f'There is no footnote "{label}".', cure, "footnote-undefined")
    for pattern in (WORDLESS, WORDLESS_HTML):
        for found in pattern.finditer(text):
            cure = 'Write `![what it shows](…)`; for mere decoration `<img src="…" alt="">`.'
            warn(found.start(), "This picture has no words for who cannot see it.", cure, "alt-missing")


def check_dropped(text: str, line: int, findings: BodyFaults) -> None:
    """Warn of a paragraph that is no text here, and is not shown."""
    _leftovers(text, (DROPPED,), lambda at, *said: findings.warning(line, *said))


Warn = Callable[..., None]


def _leftovers(text: str, known: tuple[Leftover, ...], warn: Warn) -> None:
    for leftover, found in _found(text, known):
        name = next((value for value in found.groups() if value), "").strip()
        shown = shortened(" ".join(found[0].split()))
        cure = leftover.cure or CURES.get(name.lower(), "Write it in Markdown.")
        sentence = f'"{shown}" is {leftover.what}.'
        warn(found.start(), sentence, f"{cure} {AS_CODE}", "leftover", f"{leftover.what} {name}")


def _found(text: str, known: tuple[Leftover, ...]) -> Iterator[tuple[Leftover, re.Match[str]]]:
    for leftover in known:
        if any(sign in text for sign in leftover.signs):
            for found in leftover.pattern.finditer(text):
                yield leftover, found


def _is_label(label: str, are_notes: bool) -> bool:
    """Whether this is a footnote's label, not the inside of a regular expression.

    A single letter is one where the article has notes at all.
    """
    if RANGE.search(label) or not any(char.isalnum() for char in label):
        return False
    return len(label) > 1 or label.isdigit() or are_notes
