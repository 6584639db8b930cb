"""The door: a body with other generators' tags and blocks becomes one in our Markdown, with as many lines. Pure.

Used in foreign folders alone, before anything else reads the body. Code stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import chain

from trigpoint.markup.block_grammar import TooDeepError
from trigpoint.markup.foreign import (
    boxes,
    html_ends,
    html_form,
    kramdown,
    loose_marks,
    marks,
    mdx,
    notes,
    tags,
    tex,
)
from trigpoint.markup.foreign.code_marks import with_plain_code
from trigpoint.markup.foreign.computed import values
from trigpoint.markup.foreign.computed.header_values import (
    are_tags_text,
    unveiled,
    values_of,
    veiled,
    with_header_values,
)
from trigpoint.markup.foreign.masking import LONGEST, Rule, has, line_of, replaced, replaced_marks
from trigpoint.markup.foreign.names import meaning_of
from trigpoint.markup.foreign.platforms import cells, exported, line_blocks, pandoc, panes

SIGNS = re.compile(
    r"\{[%{:!*./#+=><~ -]|\{(?:filename|static|attach|tag|category|author|index)\}|:::|///|^[ ]*===|\|filename\||@/|@site|link://"
    r"|pathname:|^\^|^@tab|^<<<|@\[code"
    r"|#!|toc[\])_]|==|\+\+|\^\S|~\w|%%|\[\[|8<|:(?:material|fa|octicons|simple|mdi)|^[ ]{0,3}\|"
    r"|<[A-Z]\w*[\s/>]|`(?:#!|:::)[a-z]|<details|highlight-|<!-- ?(?:tab|timeline|node)"
    r"|%\[|\[caption|\[gallery|\[/?(?:source)?code|\[embed\]|\]\{[.#]|align="
    r"|^(?:[ ]{1,3}(?:\d{1,3}[.)]|[-*+])[ ]{2,3}|\d{2,3}[.)][ ]+)\S|^<--->|^(?:    |\t)[ \t]*<"
    r"|:[a-z0-9_+-]+:|\] \[|^#|[^\w\s*]\*\*\w|\]\([^()\n]* "
    r"|^[ \t>]*(?:`{3,}|~{3,})[ \t]*(?:[\w+#-]+[ \t]+[^\s{=]|\{[=A-Za-z])|`\{=|\(@"
    r"|^[ ]{0,3}\[[^\[\]\n]+\]:|>[ \t]*\n[ \t>]*[^\s<>]|\\(?:[(\[]|\$\$)|\\begin|\\(?:eq)?ref\{|<d-|<escape|\[gist:"
    r"|-[ \t]*\|",
    re.M,
)
"""One of these stands in every body that needs a translation."""

JEKYLL = re.compile(r"(?:.*/)?\d{4}-\d{1,2}-\d{1,2}-[^/]*\Z")
"""The name of a post of Jekyll's, which reads tags and values in all of its text where the header names a `layout`."""

BLOCKS: tuple[Rule, ...] = (*tags.BLOCKS, *panes.RULES, exported.CODE)
TAGS: tuple[tuple[Rule, ...], ...] = (boxes.RULES, kramdown.RULES, exported.RULES, tags.RULES)
MARKS: tuple[tuple[Rule, ...], ...] = (cells.RULES, tex.RULES, line_blocks.RULES, marks.RULES, loose_marks.RULES)
"""What MathJax's users write as formulas comes first: no mark means anything in one."""


@dataclass(frozen=True, slots=True)
class Leftover:
    """A tag that means nothing here, and is left out: its line from 0, and as much of it as a message shows."""

    line: int
    shown: str
    name: str


def translated(body: str, path: str = "", header: str = "") -> tuple[str, tuple[Leftover, ...]]:
    """The body in our own Markdown, and the tags that were left out of it. `path` is its file's, `header` is YAML."""
    if are_tags_text(header):
        body, left = translated(veiled(body), path)
        return unveiled(body), left
    is_html = path.lower().endswith((".html", ".htm"))
    body = html_form.one_block(body) if is_html else body
    is_mdx, is_computed = mdx.is_mdx(body, path), cells.is_computed(path)
    if len(body) > LONGEST or not (is_mdx or is_computed or SIGNS.search(body)):
        return body, ()
    try:
        body = cells.with_cells(body, is_computed, cells.hides_code(header))
        body = pandoc.with_references(body) if is_computed else body
        if "{%" in body or "{{" in body:
            body = with_header_values(body, header)
        has_liquid = tags.are_in(body) or ("\nlayout:" in f"\n{header}" and JEKYLL.match(path) is not None)
        body = (
            mdx.resolved(body, values_of(header).texts)
            if is_mdx
            else loose_marks.with_deeper_items(mdx.with_components(_without_comments(body)))
        )
        body = loose_marks.with_whole_html(body)
        body, left = _translated(body, header, has_liquid, html_form.filled if is_html else str)
        return pandoc.with_figures(body) if is_computed else body, left
    except TooDeepError:
        return body, ()


def _without_comments(body: str) -> str:
    """The text without comments of MDX, which some read in any Markdown (Docusaurus); one ends a summary."""
    if "{/*" not in body:
        return body
    return replaced(body, mdx.COMMENT, lambda text, found: "<!--more-->" if "truncate" in found[0] else "")


def _translated(
    body: str, header: str, has_liquid: bool, whole: Callable[[str], str]
) -> tuple[str, tuple[Leftover, ...]]:
    """`whole` closes the gaps that tags leave in a text that is HTML throughout."""
    body, loops = values.without_loops(with_plain_code(body))
    body, doubts = values.without_branches(body, values_of(header))
    left = [Leftover(line, shown, "for") for line, shown in loops]
    left += [Leftover(line, shown, "if") for line, shown in doubts]
    body = boxes.fenced(values.with_values(_by_rules(whole(body), BLOCKS)))
    for rules in TAGS:
        body = _by_rules(whole(body), rules)
    for sign, pattern, meaning in chain(*MARKS):
        body = replaced_marks(body, pattern, meaning) if has(body, sign) else body
    if has(body, ("{{", "{%")):
        body = replaced(body, tags.REST, lambda text, found: _left_out(text, found, left, has_liquid))
    body = loose_marks.with_definitions_apart(notes.with_inline_notes(whole(body)))
    body = html_ends.with_ended_html(body)
    return body, tuple(sorted(left, key=lambda each: each.line))


def _by_rules(body: str, rules: Iterable[Rule]) -> str:
    for sign, pattern, meaning in rules:
        if has(body, sign):
            body = replaced(body, pattern, meaning)
    return body


def _left_out(text: str, found: re.Match[str], left: list[Leftover], has_liquid: bool) -> str | None:
    """`has_liquid`: its generator reads Liquid, so that a value of any name is none of the text's words."""
    if not (tags.is_sure(text, found) or (has_liquid and tags.is_value(text, found))):
        return None
    name = next((name for name in found.groups() if name), "").strip()
    if name.startswith("end") and meaning_of(name.removeprefix("end")):  # Its opening says what it means.
        return ""
    left.append(Leftover(line_of(text, found.start()), " ".join(found[0].split()), name))
    return ""
