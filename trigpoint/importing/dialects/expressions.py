"""`{{ site.baseurl }}`, `{{ "/a.png" | relative_url }}`: the values of Liquid and Nunjucks that a text can hold.

Nothing is ever run: a name has the value that the configuration, the header or `import.toml` gives it,
and a filter that
is not known ends it. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from trigpoint.importing.reading.permalinks import ascii_slug, jekyll_slug
from trigpoint.markup.foreign.html_form import as_html
from trigpoint.markup.foreign.masking import is_in_html

EXPRESSION = re.compile(r"\{\{-?(?![<%{])(?P<inside>(?:\"[^\"\n]*\"|'[^'\n]*'|(?!\}\}).){0,600}?)-?\}\}(?!\})", re.S)
PART = re.compile(r"\|(?=(?:[^\"']|\"[^\"]*\"|'[^']*')*$)")
MARKDOWN = re.compile(r"\]\(|\*\*")
CALL = re.compile(
    r"(?P<name>url|asset|asset_path|url_for|static|link|image|relURL|absURL|asset_url)\(\s*[\"'](?P<value>[^\"']*)[\"'].*\)$"
)
SITE_ADDRESS = (
    "site.url", "site.baseurl", "site.github.url", "site.base_url", "site.root", "base_url", "baseurl", "BASE_PATH",
    "ASSET_PATH", "HOME_PATH",
    "site.production_url", "SITEURL", "siteurl", "base_path", "config.root", "site.baseUrl", "baseUrl",
    "metadata.url", "url_root",
)  # fmt: skip
"""Names that stand for where the site is: an address behind them is one of this site."""
SAME = (
    "relative_url", "absolute_url", "escape", "xml_escape", "uri_escape", "url", "strip", "markdownify", "safe",
    "trim", "asset_url", "absoluteurl", "htmlbaseurl",
    "strip_newlines", "smartify", "cgi_escape", "escape_once", "asset_path", "e", "raw", "absolute", "url_for",
    "baseurl", "static", "inspect", "jsonify", "relurl", "absurl", "default",
)  # fmt: skip
FILTERS: dict[str, Callable[[str, str], str]] = {
    "prepend": lambda value, other: other + value,
    "append": lambda value, other: value + other,
    "downcase": lambda value, _: value.lower(),
    "lower": lambda value, _: value.lower(),
    "upcase": lambda value, _: value.upper(),
    "upper": lambda value, _: value.upper(),
    "capitalize": lambda value, _: value[:1].upper() + value[1:],
    "title": lambda value, _: value.title(),
    "slugify": lambda value, _: jekyll_slug(value),
    "slug": lambda value, _: ascii_slug(value),
    "remove": lambda value, other: value.replace(other, ""),
    "date": lambda value, _: value[:10],
}
Value = Mapping[str, str]


def value_of(inside: str, values: Value) -> str | None:
    """What an expression stands for; None where that is not known."""
    first, *filters = (part.strip() for part in PART.split(inside))
    value = _operand(first, values)
    if value and "\n" in value and filters[:1] == ["markdownify"]:
        value = f"\n\n{value.strip()}\n\n"
    for written in filters:
        name, _, argument = written.partition(":")
        name, _, called = name.strip().partition("(")
        argument = argument.strip() or called.rstrip(")").strip()
        if value is None:
            value = _operand(argument, values) if name == "default" else None
        elif name == "date" and not value[:4].isdigit():  # "now": the day of a build.
            value = None
        elif name == "replace":
            old, _, new = argument.partition(",")
            value = value.replace(_operand(old.strip(), values) or "\0", _operand(new.strip(), values) or "")
        elif name.lower() not in SAME:
            other = _operand(argument, values) if argument else ""
            value = FILTERS[name](value, other) if name in FILTERS and other is not None else None
    return value


def _operand(written: str, values: Value) -> str | None:
    """A literal, a name, or names joined by `+` or `~`."""
    written = written.strip()
    if quoted := re.fullmatch(r"\"([^\"]*)\"|'([^']*)'", written):
        return quoted[1] if quoted[1] is not None else quoted[2]
    if re.fullmatch(r"-?\d+(?:\.\d+)?", written):
        return written
    if called := CALL.match(written):
        return called["value"]
    if written in SITE_ADDRESS:
        return values.get(written, "") if not written.endswith(("url", "URL", "baseUrl")) else ""
    if written in values:
        return values[written]
    if re.search(r"[+~]", written) and not re.search(r"^[+~]|[+~]$", written):
        parts = [_operand(part, values) for part in re.split(r"[+~]", written)]
        known = [part for part in parts if part is not None]
        if len(known) < len(parts):
            return None
        return str(sum(map(int, known))) if "+" in written and all(map(str.isdecimal, known)) else "".join(known)
    return None


def replaced(text: str, prose: str, values: Value, unknown: Callable[[str, bool], str]) -> str:
    """The text with each expression's value; `unknown` gives what stands for one that has none.

    It is told whether that stands in an address.
    """
    pieces, at = [], 0
    for found in EXPRESSION.finditer(prose):
        inside = text[found.start("inside") : found.end("inside")].strip()
        value = value_of(inside, values)
        if value and MARKDOWN.search(value) and is_in_html(text, found.start()):
            value = as_html(value)
        if value is None:
            value = unknown(text[found.start() : found.end()], _is_in_address(prose, found.start()))
        pieces += [text[at : found.start()], value]
        at = found.end()
    return "".join([*pieces, text[at:]])


def _is_in_address(prose: str, at: int) -> bool:
    """Whether this place is inside of a link's target or an attribute, where no comment can stand."""
    line = prose[max(0, at - 1000) : at].rpartition("\n")[2]
    return bool(re.search(r"\]\([^()\s]*$|^\s*\[[^\]]+\]:\s*\S*$|=\s*[\"'][^\"']*$|<[^<>\s]*$", line))
