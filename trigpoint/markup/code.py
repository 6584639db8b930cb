"""A code block: what its fence asks for, and its HTML. The only door to pygments.

The text of code is never interpreted: it is coloured or shown plain, and escaped in either case.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from html import escape
from io import StringIO
from unicodedata import east_asian_width

from markdown_it.common.utils import unescapeAll
from pygments.formatters import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name, get_lexer_for_filename
from pygments.token import STANDARD_TYPES, Token, _TokenType
from pygments.util import ClassNotFound

from trigpoint.faults import did_you_mean
from trigpoint.markup import diagrams, formulas
from trigpoint.markup.annotations import Annotations, parted
from trigpoint.markup.block_reader import Block
from trigpoint.markup.document import Code, Drawing
from trigpoint.markup.includes import IncludedFiles

LARGEST = 200_000
"""Characters of the largest block that is coloured."""
LONG = 20
"""Lines of a block that may be parted on paper."""
TRAP = re.compile(r"\\{20}")
"""Runs of backslashes make the patterns of several lexers take exponential time."""
TEXT = frozenset(("", "text", "plain", "plaintext", "txt", "none", "ascii"))
"""Names of no language: a block of it says none."""
PLAIN = TEXT | {"mermaid", "math"}
"""Languages that are shown as they are, without a warning."""

INFO = re.compile(r"([^\s{=]*)(?=[\s{]|$)\s*(.*)$")
FOREIGN_INFO = re.compile(
    r"\A(?:\{(?=[a-z]+[,} ])(?P<knitr>[a-z]+),?|(?P<asked>[\w+#-]+)(?:\?(?=\w)|,(?=\S*=)|/(?=\d)|:(?=[A-Za-z]+=))"
    r"|(?P<change>diff)-[a-z]+)",
    re.I,
)
"""How R Markdown (`{r, echo=FALSE}`), Zola (`rust,hl_lines=1`), Eleventy (`js/2-4`, `diff-js`), Gatsby
(`js:title=a.js`) and others begin."""
OPTION = re.compile(
    r"""\.(?P<name>[\w+#-]+)|(?P<key>[A-Za-z][\w-]*)(?:\s*=\s*(?P<value>"[^"]*"|'[^']*'|\[[^\[\]]*+\]|[^\s,}"']+))?|(?P<lines>\d[\d,\s-]*)"""
)
SWITCHES = {"linenums": "linenums", "linenos": "linenums", "numberlines": "linenums", "showlinenumbers": "linenums",
            "linenostart": "start", "startfrom": "start", "hl_lines": "hl_lines", "title": "title", "filename": "title",
            "name": "title", "file": "file", "region": "region"}  # fmt: skip
"""What authors call an option, in lower case, and what we call it."""
WITH_COLOUR = """
c ch cm c1 cs cpf k kd kn kp kr ow nt s sa sb sc dl sd s1 s2 sh sx ss m mb mf mh mi mo il ld nf fm nc ne nn kt nb bp no
kc se si sr go nd ni cp gd gr gt gi gh gu gs gp ge
"""
COLOURED = frozenset(WITH_COLOUR.split())
"""Pygments' classes that static/css/syntax.css has a colour for; an element of any other would show nothing."""
WIDEST = 96
"""Columns of a line that a desk shows without scrolling; tests/test_browser.py measures it."""
KNOWN = ("title", "linenums", "hl_lines", "file", "region")


Complaint = tuple[str, str, str, str]
"""What was not understood: sentence, cure, and the kind and subject of the fault."""


@dataclass(frozen=True, slots=True)
class Listing:
    """What a fence asks for. `first` numbers the lines from there (0: no numbers); `marked` are first and last
    lines of the ranges to highlight; `file` is None where none is asked for; `complaints` are sentences with cures
    about what was not understood."""

    language: str = ""
    title: str = ""
    first: int = 0
    marked: tuple[tuple[int, int], ...] = ()
    file: str | None = None
    region: str = ""
    complaints: tuple[Complaint, ...] = field(default=())


def listing(info: str) -> Listing:
    """What this info string asks for, in our form, Hugo's or Pandoc's: `py title="a.py"`, `py {linenos=true}`."""
    info = FOREIGN_INFO.sub(lambda start: f"{start['knitr'] or start['asked'] or start['change']} ", unescapeAll(info))
    found = INFO.match(info)
    word, rest = (found[1], found[2]) if found else ("", info)
    asked = Listing(language=word.split(",")[0].lstrip(".").lower())
    for option in OPTION.finditer(rest):
        asked = _with(asked, option)
    return asked


def _with(asked: Listing, option: re.Match[str]) -> Listing:
    name, key, lines = option["name"], option["key"], option["lines"]
    if lines:
        return _marking(asked, lines)
    if name and name.lower() != "numberlines":
        return asked if asked.language else replace(asked, language=name.lower())
    key = key or name
    value = (option["value"] or "").strip("\"'")
    if key.lower() not in SWITCHES:
        cure = did_you_mean(key, KNOWN) or f"Known are {', '.join(KNOWN)}."
        return _complaining(asked, f'"{key}" is no option of a code block.', cure, "code-option", key)
    if key.lower() in ("file", "region") and option["value"] is None:
        return _complaining(asked, f'"{key}" names nothing.', f'Write `{key}="…"`.', "code-option", key)
    return _switched(asked, SWITCHES[key.lower()], value)


def _switched(asked: Listing, switch: str, value: str) -> Listing:
    if switch == "hl_lines":
        return _marking(asked, value.strip("[]"))
    if switch == "start":
        return replace(asked, first=int(value)) if value.isdecimal() and asked.first and len(value) < 8 else asked
    if switch == "linenums":
        start = int(value) if value.isdecimal() and len(value) < 8 else 1
        return replace(asked, first=0 if value.lower() in ("false", "0") else start)
    return _naming(asked, switch, value)


def _naming(asked: Listing, switch: str, value: str) -> Listing:
    if switch == "title":
        return replace(asked, title=value)
    return replace(asked, file=value) if switch == "file" else replace(asked, region=value)


def _marking(asked: Listing, lines: str) -> Listing:
    ranges = re.findall(r"(\d+)(?:\s*-\s*(\d+))?", lines)[:100]
    pairs = tuple((int(first[:9]), int((last or first)[:9])) for first, last in ranges)
    return replace(asked, marked=asked.marked + pairs)


def _complaining(asked: Listing, sentence: str, cure: str, kind: str, subject: str = "") -> Listing:
    return replace(asked, complaints=(*asked.complaints, (sentence, cure, kind, subject)))


def figure_of(block: Block, included_files: IncludedFiles, notes: int = 0, group: int = 0) -> str | Drawing | Code:
    """A code block as HTML, its complaints reported; a formula or a diagram where that is its language.

    `notes` are the items of a numbered list right behind it, which its lines may be annotated by.
    """
    if not block.closing:
        while block.lines and not block.lines[-1].strip():
            block.lines.pop()
    text = block.text
    asked = listing(block.note)
    if asked.file is not None:
        text = _included(text, asked.file, asked.region, block.line, included_files)
    if asked.language == "math":
        return f"<p>{formulas.displayed(text, block.line + 1, included_files.findings).html}</p>"
    asked = checked(asked, text)
    for complaint in asked.complaints:
        included_files.findings.warning(block.line, *complaint)
    if block.closing and not block.closed:
        included_files.findings.warning(
            block.line, "This code block is not closed: it goes on to the end.", "Close it.", "code-open"
        )
    annotated, annotations = parted(text, group) if notes else (text, None)
    if annotations and annotations.numbers and max(annotations.numbers.values()) <= notes:
        shown = Code(
            figure(annotated, asked, annotations), plain(text, asked), asked.file or "", plain(annotated, asked)
        )
    else:
        shown = Code(figure(text, asked), plain(text, asked), asked.file or "")
    return _drawn(text, asked, block.line, shown, included_files) if asked.language == "mermaid" else shown


def _drawn(text: str, asked: Listing, line: int, source: Code, included_files: IncludedFiles) -> Code | Drawing:
    """The diagram; its source as code where it cannot be drawn."""
    if kind := diagrams.kind_not_drawn(text):
        sentence, cure = (
            f"This diagram is shown as text: {kind} is not drawn.",
            f"Drawn are {', '.join(diagrams.KINDS)}.",
        )
        included_files.findings.warning(line, sentence, cure, "diagram-kind", kind)
        return source
    if not diagrams.is_at_hand():
        included_files.findings.warning(
            line, "This diagram is shown as text.", "There is no merman on this machine to draw it.", "diagram-tool"
        )
        return source
    included_files.drawings += 1
    try:
        drawing = diagrams.svg(text, f"diagram-{included_files.drawings}")
    except diagrams.UnreadableError as error:
        sentence, cure = f"This diagram cannot be drawn: {error}.", "Mend it, or call it `text`."
        included_files.findings.doubt(line, sentence, cure, "diagram")
        return source
    return Drawing(diagrams.figure(drawing, text, asked.title), source.plain)


def formula_of(block: Block, included_files: IncludedFiles) -> str:
    """A formula on lines of its own as HTML; one that is not closed is an error."""
    text = block.text.strip()
    if not block.closed:
        included_files.findings.doubt(
            block.line, "This formula is not closed.", "Write `$$` behind it, before the empty line.", "formula"
        )
        return f'<p><code class="math-wrong">{escape(text, quote=False)}</code></p>'
    return f"<p>{formulas.displayed(text[2:-2], block.line, included_files.findings).html}</p>"


def _included(text: str, file: str, region: str, line: int, included_files: IncludedFiles) -> str:
    found = included_files.code(file, region, line)
    if found is None:
        return text
    if text.strip() and text.strip("\n") != found:
        shown = f' region "{region}"' if region else ""
        included_files.findings.error(
            line, f'This code has drifted from "{file}"{shown}.', "Empty the block, or mend one.", "code-drifted"
        )
    return found


def checked(asked: Listing, code: str) -> Listing:
    """The same with complaints about what does not fit this code: a language, a line that is not there."""
    length = code.count("\n") + 1
    file = asked.file or ""
    language = asked.language or _language_of(file)
    asked = _of_width(replace(asked, language=language, title=asked.title or file), code)
    if asked.region and asked.file is None:
        sentence = f'The region "{asked.region}" is of no file.'
        asked = _complaining(asked, sentence, 'Write `file="…"` beside it.', "code-option")
    if any(first < 1 or last > length for first, last in asked.marked):
        asked = _complaining(
            asked, f"`hl_lines` names a line outside of 1-{length}.", "Only lines that exist are marked.", "code-lines"
        )
    if language not in PLAIN and _lexer(language) is None:
        asked = _complaining(
            asked,
            f'"{language[:40]}" is no language that can be coloured.',
            "It is shown plain.",
            "code-language",
            language,
        )
    elif language not in PLAIN and not _is_lexable(code):
        asked = _complaining(
            asked, "This code is too large or too intricate to colour.", "It is shown plain.", "code-size"
        )
    return asked


def _of_width(asked: Listing, code: str) -> Listing:
    """The same with a complaint about the longest line where a desk does not show all of it."""
    width, number = max((columns(line), -number) for number, line in enumerate(code.split("\n"), 1))
    if width <= WIDEST:
        return asked
    sentence = f"Line {-number} of this code has {width} columns, and {WIDEST} are shown without scrolling."
    return _complaining(asked, sentence, "Break it where that is possible.", "code-width", "the width of code")


def columns(line: str) -> int:
    """How many columns a line of code takes; a tab leads to the next fourth, a wide letter takes two."""
    wide = 0 if line.isascii() else sum(east_asian_width(letter) in "WF" for letter in line)
    return len(line.expandtabs(4)) + wide


def figure(code: str, asked: Listing, annotations: Annotations | None = None) -> str:
    """The block as HTML. `asked` has been checked."""
    language = f' data-language="{escape(asked.language)}"' if asked.language not in TEXT else ""
    caption = f"<figcaption>{escape(asked.title)}</figcaption>" if asked.title else ""
    body = _coloured(code, asked.language)
    if annotations:
        body = "\n".join(line + annotations.html(at) for at, line in enumerate(body.split("\n")))
    lines = "".join(_marked(body.split("\n"), asked)) if asked.first or asked.marked else f"{body}\n"
    kind = "code long" if code.count("\n") >= LONG else "code"
    return (
        f'<figure class="{kind}"{language}>{caption}<div class="highlight">'
        f'<pre tabindex="0"><code>{lines}</code></pre></div></figure>'
    )


def plain(code: str, asked: Listing) -> str:
    """The block as HTML for readers without our styles: its title, its language by the usual class, and its text."""
    language = f' class="language-{escape(asked.language)}"' if asked.language not in TEXT else ""
    block = f"<pre><code{language}>{escape(code, quote=False)}\n</code></pre>"
    return f"<figure><figcaption>{escape(asked.title)}</figcaption>{block}</figure>" if asked.title else block


def _marked(lines: list[str], asked: Listing) -> Iterator[str]:
    for number, line in enumerate(lines, 1):
        label = f'<span class="lineno" data-line="{asked.first + number - 1}"></span>' if asked.first else ""
        is_marked = any(first <= number <= last for first, last in asked.marked)
        # The line's end stands inside: a block of its own with the end behind it would be followed by an empty line.
        yield f'<span class="hll">{label}{line}\n</span>' if is_marked else f"{label}{line}\n"


@lru_cache(maxsize=256)
def _coloured(code: str, language: str) -> str:
    """The code's lines as HTML; no element reaches over the end of a line.

    Remembered, because colours are a third of a page's cost and an edit seldom touches a block.
    """
    lexer = _lexer(language) if language not in PLAIN and _is_lexable(code) else None
    if lexer is None:
        return escape(code, quote=False)
    try:
        written = StringIO()
        _formatter().format(((_coloured_kind(kind), text) for kind, text in lexer.get_tokens(code)), written)
    except Exception:  # A lexer's mistake costs the colours of one block.
        return escape(code, quote=False)
    return written.getvalue().removesuffix("\n")


@cache
def _coloured_kind(kind: _TokenType) -> _TokenType:
    """The nearest kind of token, from this one upwards, that has a colour; plain text where none has."""
    while kind is not Token and STANDARD_TYPES.get(kind) not in COLOURED:
        kind = kind.parent or Token
    return kind


def _is_lexable(code: str) -> bool:
    return len(code) <= LARGEST and not TRAP.search(code)


@lru_cache(maxsize=256)
def _lexer(language: str) -> Lexer | None:
    try:
        return get_lexer_by_name(language, stripnl=False)
    except ClassNotFound:
        return None


@lru_cache(maxsize=256)
def _language_of(file: str) -> str:
    try:
        return str(get_lexer_for_filename(file).aliases[0]) if file else ""
    except (ClassNotFound, IndexError):
        return ""


@lru_cache(maxsize=1)
def _formatter() -> HtmlFormatter[str]:
    return HtmlFormatter(nowrap=True)
