"""What a tag means, as HTML: for tags in a block of HTML, in which nothing would read Markdown. Pure."""

from __future__ import annotations

import re
from html import escape, unescape

from trigpoint.markup.foreign.masking import Meaning, is_in_html
from trigpoint.markup.pairs import Pair

PICTURE = re.compile(
    r"!\[(?P<alt>(?:[^\[\]\\]|\\.)*)\]\((?:<(?P<angled>[^<>\n]*)>|(?P<bare>[^\s()]*))"
    r"(?:[ ]+\"(?P<title>(?:[^\"\\]|\\.)*)\")?\)(?:\{[^{}\n]*\})?"
)
LINK = re.compile(r"(?<!\\)\[(?P<text>(?:[^\[\]\\]|\\.)*)\]\((?:<(?P<angled>[^<>\n]*)>|(?P<bare>[^\s()]*))\)")
STRONG = re.compile(r"\*\*(?P<text>[^*\n]+)\*\*")
ANCHOR = re.compile(r"<a href=\"([^\"<>]*)\">")
BEFORE_ADDRESS = ("](", "](<", '="', "='")
BARE = re.compile(r"<(?P<address>https?://[^\s<>]+)>")


FENCE = Pair(
    re.compile(r"^[ \t]*(?P<name>`{3,})[^\n]*\n", re.M),
    re.compile(
        r"^[ \t]*(?P<name>`{3,})(?P<language>[\w+#.-]*)[^\n]*\n(?P<code>.*?)\n?[ \t]*(?P=name)[ \t]*$", re.S | re.M
    ),
    re.compile(r"(?P<name>`{3,})[ \t]*$", re.M),
    may_be_longer=True,
)
QUOTE = re.compile(r"(?:^[ \t]*>[^\n]*(?:\n|\Z))+", re.M)
CALLOUT = re.compile(r"\A\[!(?P<kind>[\w-]+)\][-+]?[ ]*(?P<title>[^\n]*)\n?")
EMPTY = re.compile(r"^[ \t]*$", re.M)
FILLED = "<!-- -->"
"""Stands in an empty line of HTML, which would end its block."""


def as_html(markdown: str) -> str:
    """The same with its pictures, links, quotes, code and strong words in tags."""
    if not re.search(r"\]\(|\*\*|<http|```|^[ \t]*>", markdown, re.M):
        return markdown
    html = PICTURE.sub(_picture, QUOTE.sub(_quote, FENCE.sub(_code, markdown)))
    html = LINK.sub(lambda found: _link(found["angled"] or found["bare"] or "", found["text"]), html)
    html = BARE.sub(lambda found: _link(found["address"], found["address"]), html)
    html = STRONG.sub(r"<strong>\g<text></strong>", html)
    return EMPTY.sub(FILLED, html) if "\n" in html.strip("\n") else html


def in_its_place(meaning: Meaning) -> Meaning:
    """The meaning, in tags where it stands in a block of HTML, and its address alone where that of a link stands."""

    def placed(text: str, found: re.Match[str]) -> str | None:
        new = meaning(text, found)
        if new and text.endswith(BEFORE_ADDRESS, 0, found.start()):
            return _address(new)
        return as_html(new) if new and is_in_html(text, found.start()) else new

    return placed


def _address(markdown: str) -> str:
    """What a picture or a link leads to; the text itself where it is neither."""
    shown = PICTURE.fullmatch(markdown) or LINK.fullmatch(markdown)
    anchor = ANCHOR.match(markdown)
    return shown["angled"] or shown["bare"] if shown else unescape(anchor[1]) if anchor else markdown


def one_block(html: str) -> str:
    """A text that is HTML throughout, as one block of it, with as many lines: no part of it is Markdown."""
    return f"<div>{filled(html)}</div>" if html.strip() else html


def filled(html: str) -> str:
    """HTML without empty lines, below which Markdown would begin."""
    return EMPTY.sub(FILLED, html)


def _code(found: re.Match[str]) -> str:
    kind = f' class="language-{found["language"]}"' if found["language"] else ""
    code = escape(found["code"], quote=False).replace(escape(FILLED, quote=False), FILLED)
    return f"<pre>\n<code{kind}>{code}\n</code></pre>"


def _quote(found: re.Match[str]) -> str:
    inside = re.sub(r"^[ \t]*>[ ]?", "", found[0], flags=re.M)
    callout = CALLOUT.match(inside)
    if callout is None:
        return f"<blockquote>{inside}</blockquote>"
    title = f"<p><strong>{callout['title']}</strong></p>" if callout["title"] else ""
    kind = callout["kind"].lower()
    return f'<div class="callout callout-{kind}">{title}\n{inside[callout.end() :].rstrip()}\n</div>'


def _picture(found: re.Match[str]) -> str:
    source = found["angled"] or found["bare"] or ""
    image = f'<img src="{escape(source)}" alt="{escape(_plain(found["alt"]))}">'
    title = _plain(found["title"] or "")
    return f"<figure>{image}<figcaption>{escape(title, quote=False)}</figcaption></figure>" if title else image


def _link(address: str, text: str) -> str:
    return f'<a href="{escape(address)}">{text if "<" in text else _plain(text)}</a>'


def _plain(text: str) -> str:
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text)
