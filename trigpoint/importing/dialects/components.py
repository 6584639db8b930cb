"""MDX: imports and exports go, components of known names become Markdown, of others their content stays. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable

from trigpoint.markup.foreign.calls import Call, parameters
from trigpoint.markup.foreign.masking import Sought
from trigpoint.markup.foreign.mdx import COMMENT, by_attributes
from trigpoint.markup.foreign.names import meaning_of

STATEMENT = re.compile(
    r"^(?:import\s+(?:[\w*{},][\w*{},\s]*\sfrom\s+)?[\"'][^\"'\n]+[\"'];?"
    r"|export\s+(?:const|default|function|let)\b(?:[^\n]*\{\s*\n(?:.*\n)*?\}[;)]*|[^\n]*))[ \t]*$",
    re.M,
)
PROPS = (
    r"(?P<props>(?:\s+[\w:.-]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|\{(?:[^{}]|\{[^{}]*\})*\}))?|\s+\{\.\.\.[\w.]+\})*)\s*"
)
SINGLE = re.compile(rf"<(?P<name>[A-Z][\w.]*){PROPS}/>")
PAIR = re.compile(rf"<(?P<name>[A-Z][\w.]*){PROPS}>(?P<inner>(?:(?!<(?P=name)[\s>]).)*?)</(?P=name)\s*>", re.S)
SPACE = re.compile(r"\{[\"'`]([^\"'`{}]*)[\"'`]\}")

PROGRAM = re.compile(r"\A\s*(?:require\(\s*)?(?P<mark>[\"'`])(?P<text>[^\"'`]*)(?P=mark)\s*\)?(?:\.default)?\s*\Z")
"""A value in braces that is a text: `{"a"}`, `{require("a.png").default}`."""


Unknown = Callable[[str, str, str], str]
"""What stands for a component whose name says nothing: given that name, the tag, and what its attributes say."""


def resolved(text: str, masked: Callable[[str], str], unknown: Unknown) -> str:
    """The text without MDX's own."""
    text = _over(text, masked, STATEMENT, lambda found, whole: "")
    text = _over(text, masked, COMMENT, lambda found, whole: "<!--more-->" if "truncate" in found[0] else "")
    for _ in range(12):
        before = text
        text = _over(text, masked, PAIR, lambda found, whole: _meant(found, whole, True, unknown))
        text = _over(text, masked, SINGLE, lambda found, whole: _meant(found, whole, False, unknown))
        if text == before:
            break
    text = _over(text, masked, SPACE, lambda found, whole: found[1])
    return re.sub(r"(<[a-z][^<>\n]*?)\bclassName=", r"\1class=", text)


def _over(text: str, masked: Callable[[str], str], pattern: Sought, shown: Callable[[re.Match[str], str], str]) -> str:
    prose = masked(text)
    pieces, at = [], 0
    for found in pattern.finditer(prose):
        pieces += [text[at : found.start()], shown(found, text)]
        at = found.end()
    return "".join([*pieces, text[at:]]) if pieces else text


def _meant(found: re.Match[str], text: str, is_pair: bool, unknown: Unknown) -> str:
    name = found["name"]
    positional, written = parameters(text[found.start("props") : found.end("props")])
    named = {key: PROGRAM.sub(r"\g<text>", value) for key, value in written.items()}
    inner = text[found.start("inner") : found.end("inner")] if is_pair else ""
    call = Call(name, text[found.start() : found.end()], positional, named, "", inner, inner, is_pair, True)
    meaning = meaning_of(name)
    result = meaning(call) if meaning else None
    if result is None:
        said = "" if is_pair else by_attributes(call, text[found.start("props") : found.end("props")]) or ""
        mark = unknown(name, f"<{name}{found['props']}>", said)
        result = f"{mark}\n\n{inner.strip(chr(10))}\n" if is_pair and "\n" in inner else mark + inner
    return f"\n{result}\n" if "\n" in result or (is_pair and "\n" in inner) else result
