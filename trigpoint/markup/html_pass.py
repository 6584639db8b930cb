"""The last pass over an article's HTML: it is made balanced, its headings, links, ids and code blocks are put in order.

HTML comes in as Python-Markdown wrote it, with marks where code blocks go; what comes out can stand inside any
page. The only door to selectolax.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import escape, unescape

from selectolax.lexbor import LexborHTMLParser

from trigpoint.fault_list import BodyFaults
from trigpoint.markup.block_grammar import cleaned
from trigpoint.markup.checks.target_checks import (
    check_empty,
    check_foreign,
    check_map,
    check_part,
    check_refresh,
    map_names,
)
from trigpoint.markup.document import OF_LAYOUT, Anchor, Code, Drawing, Heading, Image, Link, Part, Resource
from trigpoint.markup.elements import CANDIDATES, FOLLOWED, HOLDERS, LEADING, LEVELS, LOADING, OF_DRAWINGS, SHOWN
from trigpoint.markup.formulas import Formula, text_of
from trigpoint.markup.targets import FOREIGN, Lines, decoded

RAW_TEXT = "script|style|iframe|noembed|noframes|xmp"
"""Elements whose insides are written unescaped."""
ATTRIBUTES = r"""(?>(?:[^"'>]|"[^"]*"|'[^']*')*)"""
TOKEN = re.compile(
    rf"<figure>\x11(?P<code>\d+)\x12</figure>|<(?P<raw>{RAW_TEXT})\b{ATTRIBUTES}>.*?</(?P=raw)\s*>"
    rf"|<(?P<end>/?)(?P<tag>[A-Za-z][^\s/>]*)(?P<attributes>{ATTRIBUTES})>",
    re.S | re.I,
)
FORMULA = re.compile("\x17(\\d+)\x18")
COMMENT = re.compile(r"<!--.*?-->", re.S)
UNSURE = "svg, math, script, style, template, noscript, xmp, iframe, noembed, noframes"
"""Elements whose insides are read by rules of their own."""
ID = re.compile(r'\sid="([^"]*)"')
NAME = re.compile(r'\sname="([^"]*)"')
START = re.compile(rf"<(?P<tag>[A-Za-z][^\s/>]*){ATTRIBUTES}>")
SCRIPT = re.compile(r"[\s\x00-\x20]*(?:java|vb)script\s*:", re.I)
CAPTIONED = re.compile(r'<p>(<img\b[^<>]*?) title="([^"]+)"([^<>]*>)\s*</p>')
CANDIDATE = re.compile(r"([^\s,]\S*[^\s,]|[^\s,])((?:\s+[^,]*)?(?:,|$))")
NOTES = re.compile(r'<sup id="fnref[^"]*">.*?</sup>|<a class="footnote-backref".*?</a>', re.S)
BREAK = re.compile(r"</?(?:p|div|li|h\d|t[dhr]|br|d[dlt]|[uo]l|blockquote|aside|figcaption|summary)\b[^>]*>", re.I)
TAG_END = re.compile(rf"<[A-Za-z]{ATTRIBUTES}>")
TAG = re.compile(
    rf"<(?P<raw>{RAW_TEXT})\b{ATTRIBUTES}>.*?</(?P=raw)\s*>|<!--.*?-->|</?[A-Za-z]{ATTRIBUTES}>", re.S | re.I
)
FEWEST_ENTRIES = 2
"""A table of contents with fewer entries says nothing that the page does not."""
VIDEO = "video"
"""The class of a link whose page is shown in its place when it is clicked (static/js/video.js)."""
ATTRIBUTE = re.compile(r'\s([A-Za-z][\w:-]*)="([^"]*)"')
TABLE = re.compile(r'(?<=^<div aria-label="Table)[ \d]*(?=" class="table")')
"""Where the name of a table's frame ends."""


@dataclass(slots=True)
class Pass:
    """One article on its way: what has been put out, and what was met."""

    code: Sequence[str | Drawing | Code]
    lines: Lines
    findings: BodyFaults
    typed: Sequence[str] = ()
    maps: frozenset[str] = frozenset()
    out: list[Part] = field(default_factory=list)
    ids: dict[str, None] = field(default_factory=dict)
    id_counts: Counter[str] = field(default_factory=Counter)
    taken: set[str] = field(default_factory=set)
    repeats: dict[str, int] = field(default_factory=dict)
    headings: list[Heading] = field(default_factory=list)
    ranks: dict[int, int] = field(default_factory=dict)
    opened: list[tuple[int, str, str]] = field(default_factory=list)
    resources: list[Resource] = field(default_factory=list)


def balanced(html: str, findings: BodyFaults) -> str:
    """The same HTML as a browser would repair it: what is open is closed, what closes nothing is gone.

    HTML that a browser would read differently each time (a drawing with a
    script, a script within a script) loses what makes it so: only text that is
    read as it was written is sure to end where it should. Comments go.
    """
    html = re.sub(r"<(/?)plaintext", r"<\1div", html, flags=re.I)
    html = re.sub(r"<\?[^<>]*>", "", html).replace("<?", "&lt;?")
    for tags in ("", "", UNSURE, UNSURE):
        html = COMMENT.sub("", _repaired(html, tags))
        if "<!--" not in html and _repaired(html, "") == html:
            return html
        if tags:
            findings.warning(
                0, "Some HTML cannot be repaired; scripts and drawings were taken out.", "Close its tags.", "html"
            )
    return f"<pre>{escape(html)}</pre>"


def _repaired(html: str, without: str) -> str:
    tree = LexborHTMLParser(html, is_fragment=True)
    for node in tree.css(without) if without else ():
        node.decompose()
    return tree.html or ""


def ordered(
    html: str, code: Sequence[str | Drawing | Code], formulas: Sequence[Formula], body: str, findings: BodyFaults
) -> Pass:
    """The pieces of this well-formed HTML, with code and formulas in their places, and its ids and headings."""
    html = CAPTIONED.sub(r'<figure class="image">\1\3<figcaption>\2</figcaption></figure>', html)
    typed = [escape(formula.typed) for formula in formulas]
    done = Pass(
        code, Lines(body), findings, typed, map_names(html), taken={unescape(each) for each in ID.findall(html)}
    )
    at = 0
    tokens = list(TOKEN.finditer(html))
    used = sorted({int(token["tag"][1]) for token in tokens if (token["tag"] or "").lower() in LEVELS})
    done.ranks = {level: rank for rank, level in enumerate(used, 2)}
    shown = [formula.html for formula in formulas]
    for token in tokens:
        done.out.append(filled(html[at : token.start()], shown))
        at = token.end()
        _put(done, token)
    done.out.append(filled(html[at:], shown))
    return done


def filled(text: str, formulas: Sequence[str]) -> str:
    """The text with formulas where their marks are."""
    return FORMULA.sub(lambda found: formulas[int(found[1])], text) if "\x17" in text else text


def plain_text(html: str) -> str:
    """The text of HTML as one line, without notes' marks."""
    text = TAG.sub("", BREAK.sub(" ", NOTES.sub("", text_of(html))))
    return " ".join(unescape(text).split())


def slug(text: str) -> str:
    """A heading's text as an id, in any script: letters, digits and marks stay, spaces become hyphens."""
    spaced = "".join(char if _is_kept(char) else " " * char.isspace() for char in unicodedata.normalize("NFC", text))
    return "-".join(spaced.lower().split()) or "section"


def _is_kept(char: str) -> bool:
    return char.isalnum() or char in "_-" or unicodedata.category(char)[0] == "M"


def nested(headings: Sequence[Heading]) -> tuple[Heading, ...]:
    """The headings of levels 2 and 3, the latter as children of the former; none where there would be one alone."""
    tops: list[tuple[Heading, list[Heading]]] = []
    for heading in headings:
        if heading.level == 2 or not tops:
            tops.append((heading, []))
        elif heading.level == 3:
            tops[-1][1].append(heading)
    if sum(1 + len(children) for _, children in tops) < FEWEST_ENTRIES:
        return ()
    return tuple(Heading(top.id, top.html, top.level, tuple(children)) for top, children in tops)


def _put(done: Pass, token: re.Match[str]) -> None:
    """One tag or code block."""
    whole, tag = filled(token[0], done.typed), (token["tag"] or "").lower()
    if not (token["code"] or token["end"]):
        done.resources += _resources(done, (tag or token["raw"]).lower(), whole)
    if token["code"]:
        done.out.append(done.code[int(token["code"])])
    elif tag in LEVELS:
        _put_heading(done, token, int(tag[1]))
    elif token["end"]:
        done.out.append(whole)
    else:
        _put_start(done, whole, tag or (token["raw"] or "").lower())


def _put_start(done: Pass, whole: str, tag: str) -> None:
    """A start tag, and what is inside of an element whose insides are no HTML."""
    whole = _composed(whole)
    start = START.match(whole)
    end = start.end() if start else len(whole)
    _note_id(done, whole[:end])
    check_map(whole[:end], done.maps, done.lines, done.findings)
    if tag == "meta":
        check_refresh(whole, done.lines, done.findings)
    if tag == "a" and (name := NAME.search(whole)):  # An anchor, as HTML 4 had them; browsers know it still.
        done.ids[unescape(name[1])] = None
    if tag == "div" and done.headings:
        below = escape(plain_text(done.headings[-1].html))
        whole = TABLE.sub(lambda found: f"{found[0]}: {below}", whole)
        end = len(whole)
    if tag not in HOLDERS:
        done.out.append(whole)
        return
    done.out.extend(_image(_with_links(done, whole[:end], tag), tag))
    if whole[end:]:
        done.out.append(whole[end:])


def _resources(done: Pass, element: str, whole: str) -> Iterator[Resource]:
    """What this start tag, or this element with all that is in it, has a browser load, run or style."""
    tag = whole[: (TAG_END.match(whole) or re.match("", whole)).end()]  # type: ignore[union-attr]
    attributes = {name.lower(): unescape(value) for name, value in ATTRIBUTE.findall(tag)}
    if element in ("script", "style") and "src" not in attributes:
        yield Resource(element, "", "", _line(done, f"<{element}"))
    if element == "a" and VIDEO in attributes.get("class", "").split() and FOREIGN.match(attributes.get("href", "")):
        yield Resource("iframe", "src", attributes["href"], _line(done, attributes["href"]))
    for name, value in attributes.items():
        if name == "style" or name.startswith("on"):
            yield Resource(element, name, "", _line(done, f'{name}="{value}', f"{name}=", value))
        elif name == "srcset":
            for found in CANDIDATE.finditer(value):
                yield from _loaded(done, element, name, found[1])
        elif name in LOADING and not (element == "link" and "stylesheet" not in attributes.get("rel", "").lower()):
            yield from _loaded(done, element, name, value)


def _loaded(done: Pass, element: str, attribute: str, target: str) -> Iterator[Resource]:
    """The resource, but for a file of this site in a place where it is a Link."""
    is_followed = element in FOLLOWED or (element in SHOWN and not FOREIGN.match(target))
    if target and not is_followed and not SCRIPT.match(target):
        yield Resource(element, attribute, target.strip(), _line(done, target, f"<{element}"))


def _line(done: Pass, *words: str) -> int:
    """The line in the file of the first of these words that the source has."""
    for each in words:
        line = done.lines.next(each)
        if line is not None:
            return done.findings.first_line + line
    return 0


def _composed(tag: str) -> str:
    """The tag with its id in the Unicode form that links to it are given in."""
    return tag if tag.isascii() else ID.sub(lambda found: unicodedata.normalize("NFC", found[0]), tag)


def _note_id(done: Pass, tag: str) -> None:
    found = ID.search(tag)
    if found is None:
        return
    name = unescape(found[1])
    done.ids[name] = None
    done.id_counts[name] += 1
    if done.id_counts[name] == 2:
        sentence = f'The id "{name}" stands here for the second time: links lead to the first.'
        done.findings.warning(done.lines.second_id(name), sentence, "Give each its own.", "id-twice", name)
    if name.startswith(OF_LAYOUT):
        done.findings.warning(
            done.lines.first(name),
            f'The id "{name}" starts with "{OF_LAYOUT}", as the ids of the layout do.',
            "Take another.",
            "id-of-layout",
        )


def _put_heading(done: Pass, token: re.Match[str], level: int) -> None:
    if not token["end"]:
        done.opened.append((len(done.out), f"h{min(done.ranks[level], 6)}", _composed(token["attributes"])))
        done.out.append("")
    elif done.opened:
        _close_heading(done, *done.opened.pop())
    else:
        done.out.append(token[0])


def _close_heading(done: Pass, at: int, tag: str, attributes: str) -> None:
    inner = "".join(map(_in_heading, done.out[at + 1 :]))
    text = plain_text(inner)
    given = ID.search(attributes)
    name = unescape(given[1]) if given else _fresh_id(done, text)
    done.out[at] = f"<{tag}{attributes}>" if given else f'<{tag} id="{escape(name)}"{attributes}>'
    _note_id(done, str(done.out[at]))
    done.out += [Anchor(Link("#" + name, 0), f"Link to this section: {text}"), f"</{tag}>"]
    bare = re.sub(r"</?a\b[^>]*>|\sid=\"[^\"]*\"", "", NOTES.sub("", inner)).strip()
    done.headings.append(Heading(name, bare, int(tag[1])))


def _in_heading(part: Part) -> str:
    if isinstance(part, Image):
        return part.html(part.link.target)
    if isinstance(part, Drawing | Anchor):
        return ""
    if isinstance(part, Code):
        return part.html
    return part if isinstance(part, str) else escape(part.target)


def _fresh_id(done: Pass, text: str) -> str:
    start = slug(text)
    start = f"section-{start}" if start.startswith(OF_LAYOUT) else start
    name, number = start, done.repeats.get(start, 1)
    while name in done.taken:
        number += 1
        name = f"{start}-{number}"
    done.repeats[start] = number
    done.taken.add(name)
    return name


def _image(pieces: Iterator[str | Link], tag: str) -> Iterator[Part]:
    """An `<img>` with one target, which is of this site, as an Image; any other tag as it is."""
    kept = tuple(pieces)
    match kept:
        case (str(before), Link() as link, str(behind)) if tag == "img" and " srcset=" not in before + behind:
            yield Image(link, before, behind)
        case _:
            yield from kept


def _with_links(done: Pass, text: str, tag: str) -> Iterator[str | Link]:
    """The start tag, cut where its targets are of this site."""
    if tag == "img" and " loading=" not in text:
        text = text.rstrip("/>").rstrip() + ' loading="lazy" decoding="async">'
    at = 0
    for found in ATTRIBUTE.finditer(text):
        name, value = found[1].lower(), unescape(found[2])
        if name not in HOLDERS[tag]:
            continue
        check_empty(value, name, done.lines, done.findings)
        if tag in OF_DRAWINGS and value.startswith("#"):
            check_part(value, done.taken, done.lines, done.findings)
            continue
        if name in CANDIDATES:
            yield text[at : found.start(2)]
            yield from _candidates(done, value)
        elif SCRIPT.match(value):
            yield text[at : found.start()]
            at = found.end()
            _warn_of_script(done, value)
            continue
        elif FOREIGN.match(value):
            check_foreign(value, done.lines, done.findings)
            continue
        else:
            yield text[at : found.start(2)]
            yield _link(done, value, embedded=name not in LEADING)
        at = found.end(2)
    yield text[at:]


def _warn_of_script(done: Pass, value: str) -> None:
    line = done.lines.of(value)
    done.findings.warning(line, "A link runs a script; it was taken out.", "Link to a page.", "link-script")


def _candidates(done: Pass, srcset: str) -> Iterator[str | Link]:
    for found in CANDIDATE.finditer(srcset):
        yield escape(found[1]) if FOREIGN.match(found[1]) else _link(done, found[1], embedded=True)
        yield escape(found[2]) + (" " if found[2].endswith(",") else "")


def _link(done: Pass, value: str, embedded: bool) -> Link:
    line = done.lines.line(value)
    return Link(decoded(cleaned(value).strip()), 0 if line is None else done.findings.first_line + line, embedded)
