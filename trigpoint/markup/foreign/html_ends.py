"""Where HTML ends for kramdown and Python-Markdown though no empty line follows, and CommonMark reads on. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from trigpoint.markup import block_grammar
from trigpoint.markup.block_reader import BLANK, BLOCK_TAGS, ENDED, LONE_TAG, Block, within
from trigpoint.markup.elements import VOID
from trigpoint.markup.foreign.html_form import FILLED
from trigpoint.markup.pairs import Pair

MARKDOWN = re.compile(r"[ \t]*<[a-z][^<>]*\smarkdown\b", re.I)
FOLLOWED = re.compile(r">[ \t]*\n(?:[ \t>]*[^\s<>]|[ \t]*<[a-z][^<>\n]*\smarkdown\b)")
"""A line that may end a piece of HTML, with text right below, or with HTML that holds Markdown."""

TAG = re.compile(r"<(?P<close>/)?(?P<name>[A-Za-z][\w-]*)(?:[^<>\"']|\"[^\"]*\"|'[^']*')*?(?P<single>/)?>")
HIDDEN = Pair(
    re.compile(r"<(?:!(?=--))?(?P<name>--|(?:script|style|pre|textarea|svg|math)\b)", re.I),
    re.compile(r"<!--.*?-->|<(?P<raw>script|style|pre|textarea|svg|math)\b.*?</(?P=raw)\s*>", re.S | re.I),
    re.compile(r"(?P<name>--(?=>)|(?<=</)(?:script|style|pre|textarea|svg|math)(?=\s*>))\s*>", re.I),
)
"""What may hold tags that are none."""

SPANNING = re.compile(r"<(?P<name>/?[A-Za-z][\w-]*)(?:[^<>\"']++|\"[^\"<]*+\"|'[^'<]*+')*+>")
"""A tag, which may have several lines: what it quotes has no `<`, so that each is sought up to the next one only."""

PHRASE = re.compile(
    r"</?(?:img|br|a|span|b|i|em|strong|font|u|s|sup|sub|small|big|mark|del|ins|kbd|abbr|cite|q|label|button|input)\b",
    re.I,
)
"""How an element begins that belongs to a line of text, to all but CommonMark, where it stands alone in its line."""

BLOCK = re.compile(rf"</?(?:{BLOCK_TAGS}|script|style|pre)\b", re.I)
MARKED = re.compile(rf"^(?P<margin>[ \t>]*)(?P<line>(?:[^ \t>\n][^\n]*)?){ENDED}$", re.M)
JOINED = re.compile(rf"^(?P<tag>[ ]{{0,3}}<[^\n]*>){FILLED}\n[ \t]*(?=[^\s>])", re.M)
ABOVE_BLOCK = re.compile(
    rf"^(?P<tag>[ ]{{0,3}}<[^\n]*>){FILLED}\n(?=[ ]{{0,3}}(?:#{{1,6}}[ \t]|[`~-]{{3}}|[-*+|][ \t]|\d{{1,9}}[.)][ \t]))",
    re.M,
)
START = re.compile(rf"[ ]{{0,3}}</?(?:{BLOCK_TAGS})(?=\s|/?>|$)", re.I)
FENCE = re.compile(r"[ \t>]*(?:[-*+][ \t]+)?(?P<mark>`{3,}|~{3,})")
ROUNDS = 20
"""How often the text is read again, at most: what ends one piece of HTML may begin with code, and that with another."""


def with_ended_html(text: str) -> str:
    """The text with a mark where Markdown goes on behind a line of HTML; as many lines. Raises TooDeepError."""
    marked = text
    for _ in range(ROUNDS):
        before, marked = marked, _marked(marked) if FOLLOWED.search(marked) else marked
        if marked == before:
            break
    return _verified(marked, text) if marked != text else text


def _verified(marked: str, text: str) -> str:
    """The marked text without marks in what is no HTML any more: code may begin where other HTML ended."""
    lines, originals = marked.split("\n"), text.split("\n")
    html: set[int] = set()
    for block in within(block_grammar.read(marked)):
        if block.kind == "html":
            html.update(range(block.line, block.line + len(block.lines)))
        elif block.kind == "code":
            end = block.line + len(block.lines) + 1
            lines[block.line : end] = originals[block.line : end]
    return "\n".join(
        line if at in html or not line.endswith(ENDED) else original
        for at, (line, original) in enumerate(zip(lines, originals, strict=True))
    )


def parted(text: str) -> str:
    """The same with an empty line for each mark, which every reader of Markdown understands."""
    if ENDED in text:
        text = MARKED.sub(lambda end: f"{end['margin']}{end['line']}\n{end['margin'].rstrip()}", text)
    return JOINED.sub(r"\g<tag> ", ABOVE_BLOCK.sub(r"\g<tag>\n\n", text))


def _marked(text: str) -> str:
    lines = text.split("\n")
    for block in within(block_grammar.read(text)):
        if block.kind == "html" and block.closing is BLANK and len(block.lines) > 1:
            if _is_phrase(block):
                lines[block.line] += FILLED
            else:
                for end in _ends(block.lines):
                    lines[block.line + end] += ENDED
    return "\n".join(lines)


def _is_phrase(block: Block) -> bool:
    """Whether HTML begins with `<img …>` or the like alone in its line, and is a paragraph to others."""
    is_lone = PHRASE.match(block.lines[0]) and LONE_TAG.match(block.lines[0])
    is_html = all(line.lstrip().startswith("<") for line in block.lines)
    return bool(is_lone) and not is_html and not any(map(BLOCK.search, block.lines))


def _at_its_end(tag: re.Match[str]) -> str:
    """A tag of several lines as one that stands in the last of them."""
    first, *others = tag[0].split("\n")
    return f"{first}{chr(10) * len(others)}<{tag['name']}{'/' * tag[0].endswith('/>')}>" if others else first


def _ends(lines: list[str]) -> Iterator[int]:
    """The lines at whose end no element is open, and below which stands text; from the next HTML on likewise."""
    whole = HIDDEN.sub(lambda found: re.sub(r"[^\n]", "-", found[0][:-1]) + ">", "\n".join(lines))
    shown = SPANNING.sub(_at_its_end, whole).split("\n")
    depth, is_html, fence = 0, True, ""
    for at, line in enumerate(shown[:-1]):
        if not is_html and (found := FENCE.match(line)):
            fence = "" if fence and found["mark"].startswith(fence) else fence or found["mark"]
        if fence:
            continue
        is_html = is_html or START.match(line) is not None
        for tag in TAG.finditer(line) if is_html else ():
            if not (tag["single"] or tag["name"].lower() in VOID):
                depth += -1 if tag["close"] else 1
        is_followed = not shown[at + 1].lstrip().startswith("<") or MARKDOWN.match(shown[at + 1])
        if is_html and depth <= 0 and line.rstrip().endswith(">") and is_followed:
            yield at
            depth, is_html = 0, False
