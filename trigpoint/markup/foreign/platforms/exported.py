"""What platforms and plugins read in texts: WordPress's shortcodes, Hashnode's embeds, Pelican's gists. Pure."""

from __future__ import annotations

import re

from trigpoint.markup.foreign.boxes import arguments
from trigpoint.markup.foreign.html_form import in_its_place
from trigpoint.markup.foreign.masking import Rule, written
from trigpoint.markup.pairs import pair


def _caption(text: str, found: re.Match[str]) -> str:
    """`[caption id="…"]![a](a.png) The words[/caption]`: the picture, and its words."""
    _, named = arguments(written(text, found, "args"))
    return " ".join(filter(None, (written(text, found, "inside").strip(), named.get("caption", ""))))


def _code(text: str, found: re.Match[str]) -> str | None:
    """`[sourcecode language="x"]` and `[/sourcecode]` on lines of their own: a fence."""
    plain, named = arguments((found["args"] or "").lstrip("= "))
    language = named.get("language") or named.get("lang") or "".join(plain[:1])
    fence = "`" * max([3, *(len(run) + 1 for run in re.findall(r"`+", text[found.start() : found.end()]))])
    return f"{fence}{re.sub(r'[^A-Za-z0-9+#-]', '', language)}\n{written(text, found, 'inside')}\n{fence}"


def _address(text: str, found: re.Match[str]) -> str:
    return f"<{found['address']}>"


def _gist(text: str, found: re.Match[str]) -> str:
    return f"[Gist {found['id']}](https://gist.github.com/{found['id']})"


CODE: Rule = (
    ("[code", "[sourcecode"),
    pair(
        r"(?:^|(?<=<p>))[ \t]*\\?\[(?P<name>(?:source)?code)(?P<args>[ =][^\]\n]*?)?\\?\][ \t]*\n",
        r"\n[ \t]*\\?\[/(?P=name)\\?\](?=[ \t]*$|</p>)",
        re.M,
    ),
    in_its_place(_code),
)
RULES: tuple[Rule, ...] = (
    (
        "[caption",
        re.compile(
            r"\\?\[caption(?P<args>[ ](?:(?!\[caption)[^\]\n])*?)\\?\]"
            r"(?P<inside>(?:(?!\[caption).){0,3000}?)\\?\[/caption\\?\]",
            re.S,
        ),
        _caption,
    ),
    ("[gallery", re.compile(r"\\?\[gallery\b[^\[\]\n]*\]"), lambda text, found: ""),
    ("[gist:", re.compile(r"\[gist:id=(?P<id>[\w/-]+)(?:,[^\[\]\n]*)?\]"), _gist),
    ("[embed]", re.compile(r"\[embed\](?P<address>https?://[^\s\[\]<>]+)\[/embed\]"), _address),
    ("%[", re.compile(r"%\[(?P<address>https?://[^\s\[\]<>]+)[ ]?\]"), _address),
)
