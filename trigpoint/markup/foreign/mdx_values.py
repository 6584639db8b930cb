"""What stands in braces in MDX: texts are shown, code in components becomes fences, and what is computed goes. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from trigpoint.markup.foreign.masking import without_fences, without_formulas
from trigpoint.markup.foreign.meanings import code, target

BRACE = re.compile(r"\\.|(?<![={])\{[ ]*(?:\"[^\"\n]*\"|'[^'\n]*')[ ]*\}|[{}]|\n[ \t]*\n", re.S)
LONGEST = 5000
"""The characters of an expression."""

STRING = re.compile(r"\"((?:[^\"\\]|\\.)*)\"|'((?:[^'\\]|\\.)*)'|`((?:[^`\\$]|\\.|\$(?!\{))*)`")
OF_HEADER = re.compile(
    r"(?:frontmatter|frontMatter|metadata|meta|props|post)\.(?:frontmatter\.|frontMatter\.)?([\w-]+)"
)
NO_EXPRESSION = re.compile(r"\{(?:[#:.%{]|[ \t]*/[*/])")
"""An identity, an attribute list or a tag of another language; and a comment."""

COMPUTED = re.compile(r"=>|\.map\(|\bfunction\b")
TEMPLATE = r"\{\s*(?:String\.raw)?`(?P<code>(?:[^`\\]|\\.){0,20000})`\s*\}"
NAMES = r"(?P<name>(?=[A-Z]\w*>|[A-Z]\w*\s)\w*(?:[Cc]ode|Mermaid|Terminal|Shell|Snippet|Highlight|Prism)\w*)"
ALONE = r"(?:(?<=\n)\n)?^[ \t]*"
BELOW = r"[ \t]*(?:\n(?=\n|\Z)|$)"
"""The empty lines around a component that stands alone: a fence needs no others, and has lines of its own."""

WITHIN = re.compile(rf"{ALONE}<{NAMES}(?P<props>[^<>{{}}]{{0,500}})>\s*{TEMPLATE}\s*</(?P=name)>{BELOW}", re.M)
GIVEN = re.compile(
    rf"{ALONE}<{NAMES}(?P<props>[^<>{{}}]{{0,500}}?)\s(?:code|chart|children|content|value|source)={TEMPLATE}"
    rf"(?P<more>[^<>{{}}]{{0,500}})/>{BELOW}",
    re.M,
)
LANGUAGE = re.compile(r"\b(?:lang|language|className)=[\"'{]*(?:language-)?([\w+#-]+)")
TITLE = re.compile(r"\b(?:title|filename|fileName|file)=\"([^\"]*)\"")
PICTURE = re.compile(r"[\"'`]([^\"'`\s{}]+\.(?:png|jpe?g|gif|webp|avif|svg))[\"'`]", re.I)
MOST = 100
"""The pictures of a component that are shown."""


def with_fences(text: str) -> str:
    """The text with fences for components that hold code: <CodeBlock language="js">{`a`}</CodeBlock>."""
    if "{`" not in text and "raw`" not in text and "{ `" not in text:
        return text
    return GIVEN.sub(_fence, WITHIN.sub(_fence, text))


def _fence(found: re.Match[str]) -> str:
    props = found["props"] + (found.groupdict().get("more") or "")
    language, title = LANGUAGE.search(props), TITLE.search(props)
    kind = "mermaid" if "mermaid" in found["name"].lower() else language[1] if language else ""
    fence = code(_unescaped(found["code"]), kind, f'title="{title[1]}"' if title else "")
    return fence + "\n" * max(0, found[0].count("\n") - fence.count("\n"))


def with_values(text: str, header: Mapping[str, str]) -> str:
    """The text without expressions: those that are texts, or name an entry of the header, are shown."""
    if "{" not in text:
        return text
    pieces, at = [], 0
    for start, end in _expressions(without_formulas(without_fences(text))):
        shown = _shown(text[start:end], header)
        pieces += [text[at:start], shown, "\n" * (text.count("\n", start, end) - shown.count("\n"))]
        at = end
    return "".join([*pieces, text[at:]])


def _expressions(prose: str) -> Iterator[tuple[int, int]]:
    """Where each expression starts and ends; those of an attribute's value are none. No empty line is in one."""
    start, depth = 0, 0
    for sign in BRACE.finditer(prose):
        if sign[0] == "{":
            start, depth = (start if depth else sign.start()), depth + 1
        elif sign[0] == "}" and depth:
            depth -= 1
            is_value = prose[start - 1 : start] == "=" or NO_EXPRESSION.match(prose, start)
            if not depth and not is_value and sign.end() - start <= LONGEST:
                yield start, sign.end()
        elif sign[0][0] == "\n":
            depth = 0
        elif sign[0][0] == "{" and not depth:
            yield sign.span()


def _shown(written: str, header: Mapping[str, str]) -> str:
    inside = written[1:-1].strip()
    if text := STRING.fullmatch(inside):
        return _as_text(_unescaped(next(value for value in text.groups() if value is not None)), written)
    if named := OF_HEADER.fullmatch(inside):
        return header.get(named[1], "")
    first, last = inside.find("<"), inside.rfind(">")
    return inside[first : last + 1] if 0 <= first < last and not COMPUTED.search(inside) else ""


def _as_text(text: str, written: str) -> str:
    """A text of a program as Markdown, in which its signs mean nothing."""
    if "\n" in text:
        return text
    return re.sub(r"([\\`*_{}\[\]<>#|])", r"\\\1", text) if text.strip() else written[2:-2]


def _unescaped(text: str) -> str:
    return re.sub(r"\\([`$\\\"'])", r"\1", text)


def pictures(props: str) -> str:
    """The pictures that a component's attributes name, whichever these are."""
    found = list(dict.fromkeys(PICTURE.findall(props)))[:MOST]
    return " ".join(f"![]({target(path)})" for path in found)
