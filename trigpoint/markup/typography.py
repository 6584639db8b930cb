"""Quotes, apostrophes, dashes and spaces as a language prints them, in the HTML of a body. Code stays as it is.

Of what an author types, only straight quotes, runs of hyphens and dots, and spaces before a unit or a French sign are
changed. Rules: The Chicago Manual of Style, 6; Duden, "Anführungszeichen"; Imprimerie nationale, "Ponctuation".
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from trigpoint.markup.document import Heading

THIN, FIXED = "\u202f", "\u00a0"
"""Spaces at which no line is broken."""

QUOTES: Mapping[str, tuple[str, str, str, str]] = {
    **dict.fromkeys(("en", "nl", "pt", "ko", "tr", "zh", "hi", "id", "vi", "ar"), ("“", "”", "‘", "’")),
    **dict.fromkeys(("de", "cs", "sk", "sl", "bg", "is", "lt"), ("„", "“", "‚", "‘")),
    **dict.fromkeys(("pl", "ro", "hu"), ("„", "”", "‚", "’")),
    **dict.fromkeys(("sv", "fi"), ("”", "”", "’", "’")),
    **dict.fromkeys(("es", "it", "el", "nb", "nn", "no"), ("«", "»", "“", "”")),
    **dict.fromkeys(("ru", "uk"), ("«", "»", "„", "“")),
    "da": ("»", "«", "›", "‹"),
    "fr": (f"«{THIN}", f"{THIN}»", "“", "”"),
}
"""By language: what opens and closes a quote, and one within it. A language that is not here is left as it is typed."""

VERBATIM = "pre|code|kbd|samp|var|script|style|math|svg|textarea"
MARKUP = re.compile(
    rf"""<!--.*?-->|<({VERBATIM})(?![\w-]).*?</\1\s*>|<(/?)([a-z][\w-]*)(?:[^<>"']|"[^"]*"|'[^']*')*>""",
    re.DOTALL | re.IGNORECASE,
)
WITHIN = """
a abbr b bdi bdo cite del dfn em i ins mark q s small span strong sub sup time u wbr
"""
INLINE = frozenset(WITHIN.split())
"""Elements within which a sentence goes on."""

SIGN = re.compile(r"""&quot;|&\#34;|&\#39;|&\#x27;|["']|---?|\.\.\.""")
UNIT = re.compile(
    r"(?<=\d) (?=(?:[µmnk]?s|min|h|[kKMGTP]?i?B|[kKMG]bit|[kKMG]?Hz|px|[mck]?m|k?g|k?W|V|A|[kKMG]?B/s|°C|%|€)(?![\w/]))"
)
FRENCH = re.compile(r" (?=[;:!?»](?:\s|$))")
CHANGED = re.compile(r"""["'&]|--|\.\.\.|\d | [;:!?»]""")
"""One of these stands in each text of which anything is changed."""
DIGIT_OR_END = re.compile(r"\d|$")


def typeset_headings(headings: tuple[Heading, ...], language: str) -> tuple[Heading, ...]:
    """The contents of an article, in the same signs as its text."""
    return tuple(
        replace(each, html=typeset(each.html, language), children=typeset_headings(each.children, language))
        for each in headings
    )


def typeset(html: str, language: str) -> str:
    """The HTML with the signs of this language (a tag as BCP 47 has it) in place of those of a typewriter."""
    quotes = QUOTES.get(language.partition("-")[0].lower())
    if quotes is None:
        return html
    sentence = _Sentence(quotes)
    pieces, at = [], 0
    for found in MARKUP.finditer(html):
        goes_on = bool(found[1]) or (not found[2] and (found[3] or "").lower() in INLINE)
        pieces += [sentence.typeset(html[at : found.start()], language, "x" if goes_on else ""), found[0]]
        at = found.end()
        if found[1]:
            sentence.before = "x"  # Code is a word of the sentence.
        elif found[3] and found[3].lower() not in INLINE:
            sentence = _Sentence(quotes)
    return "".join([*pieces, sentence.typeset(html[at:], language)])


class _Sentence:
    """What stands before a sign, and which quotes are open; a new block begins anew."""

    def __init__(self, quotes: tuple[str, str, str, str]) -> None:
        self._quotes = quotes
        self.before = ""
        self._open: Counter[str] = Counter()

    def typeset(self, text: str, language: str, behind: str = "") -> str:
        """A piece of the sentence. `behind` is the first sign of what follows it, as far as it is known."""
        if not text:
            return text
        if not CHANGED.search(text):
            self.before = text[-1]
            return text
        pieces, at = [], 0
        for found in SIGN.finditer(text):
            before = text[at : found.start()]
            self.before = before[-1:] or self.before
            made = self._sign(found[0], text[found.end() : found.end() + 1] or behind)
            pieces += [before, made]
            self.before, at = made[-1], found.end()
        self.before = text[at:][-1:] or self.before
        whole = UNIT.sub(FIXED, "".join([*pieces, text[at:]]))
        return FRENCH.sub(THIN, whole) if language[:2].lower() == "fr" else whole

    def _sign(self, sign: str, behind: str) -> str:
        if sign == "...":
            return "…"
        if sign.startswith("--"):
            return self._dash(sign, behind)
        return self._quote('"' if sign in ('"', "&quot;", "&#34;") else "'", sign, behind)

    def _dash(self, sign: str, behind: str) -> str:
        """A dash between spaces, words or numbers; `--flag` is none."""
        if sign == "---":
            return "—"
        is_range = self.before.isdigit() and behind.isdigit()
        return "–" if is_range or (self.before.isspace() and behind.isspace()) else sign

    def _quote(self, plain: str, sign: str, behind: str) -> str:
        start, end = self._quotes[:2] if plain == '"' else self._quotes[2:]
        is_start = not self.before or self.before.isspace() or self.before in "([{—–/“„«‘‚»" + THIN
        if plain == "'" and ((self.before.isalnum() and behind.isalpha()) or (is_start and DIGIT_OR_END.match(behind))):
            return "’"
        if is_start and behind and not behind.isspace():
            self._open[plain] += 1
            return start
        if self._open[plain]:
            self._open[plain] -= 1
            return end
        return sign if self.before.isdigit() or plain == '"' else "’"
