"""What template languages show as it is: `raw`, and code in tags of their own; done first, so that it is fences later.

Jekyll and Eleventy read their tags before Markdown is read, also in code; Hugo's are escaped there (`{{</* x */>}}`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from textwrap import dedent

from trigpoint.markup.foreign.calls import parameters
from trigpoint.markup.foreign.code_marks import ESCAPED
from trigpoint.markup.foreign.html_form import as_html
from trigpoint.markup.foreign.masking import is_in_html
from trigpoint.markup.foreign.meanings import code, title_before_address
from trigpoint.markup.pairs import EMPTY_LINE, in_turn, pair

HIDDEN = {"{{": "\ue0f0\ue0f1", "}}": "\ue0f2\ue0f3", "{%": "\ue0f4\ue0f5", "%}": "\ue0f6\ue0f7", "{#": "\ue0f8\ue0f9"}
"""Signs of no alphabet that stand for the marks of templates while they are not to be read."""

MARGIN = r"(?P<margin>^[ \t]*(?=\{[{%]))?"
FENCE = replace(
    pair(
        r"^(?:[ \t>]|[-*+][ \t]|\d{1,9}[.)][ \t])*(?P<name>`{3,}(?=[^`\n]*\n)|~{3,})[^\n]*\n",
        r"(?:^[ \t>]*(?=[`~]+[ \t]*$)(?P=name)[`~]*[ \t]*$|\Z)",
        re.M,
        name="`{3,}|~{3,}",
    ),
    may_be_longer=True,
)
SPAN = pair(r"(?<![`\\])(?P<name>`+)(?!`)", r"(?<!`)(?P=name)(?!`)", name="`+", barrier=EMPTY_LINE)
LIQUID = pair(
    MARGIN + r"\{%-?\s*"
    r"(?P<name>raw|verbatim|highlight|codeblock|code_block|code|prism|syntax|terminal_code)\b"
    r"(?P<arguments>(?:(?!-?%\}|\{%).)*)-?%\}",
    r"\{%-?\s*end(?P=name)\s*-?%\}",
    re.M | re.S,
)
HUGO = pair(
    MARGIN + r"\{\{[<%]\s*"
    r"(?P<name>highlight|code|codeblock|code-block|raw|codes|prism|source|sourcecode|text(?=[ ][a-z]))\b"
    r"(?P<arguments>(?:(?![>%]\}\}|\{\{[<%])[^\n])*)\s*[>%]\}\}",
    r"\{\{[<%]\s*/\s*(?P=name)\s*[>%]\}\}",
    re.M,
)
COMMENT = pair(r"\{\{-?\s*/\*", r"\*/\s*-?\}\}")
"""To Hugo's templates; Zola takes it for an escaped shortcode."""
RAW_LINE = re.compile(r"^[ \t]*\{%-?\s*(?:end)?raw\s*-?%\}[ \t]*\n", re.M)
RAW_TAG = re.compile(r"\{%-?\s*(?:end)?raw\s*-?%\}")


def unveiled(text: str) -> str:
    """The text with the marks of templates in their places again."""
    for mark, sign in HIDDEN.items():
        text = text.replace(sign, mark)
    return text


def veiled(text: str) -> str:
    for mark, sign in HIDDEN.items():
        text = text.replace(mark, sign)
    return text


def resolved(text: str, dialects: Iterable[str]) -> str:
    """The text with fences for code in tags; marks of templates in code and in `raw` are veiled."""
    has_liquid = bool({"liquid", "nunjucks", "hexo"} & set(dialects)) and "{%" in text
    has_hugo = bool({"hugo", "nikola"} & set(dialects)) and "{{" in text
    if not has_liquid and not has_hugo and "/*" not in text:
        return text
    if "zola" not in dialects and "*/}}" in text:
        text = COMMENT.sub(lambda found: "", text)
    kinds = (FENCE, SPAN, *([LIQUID] if has_liquid else []), *([HUGO] if has_hugo else []))
    has_raw = has_liquid and "hexo" not in dialects
    pieces, at = [], 0
    for found in in_turn(text, kinds):
        pieces += [text[at : found.start()], _resolved(text, found, has_raw)]
        at = found.end()
    return _escapes("".join([*pieces, text[at:]]))


def _resolved(text: str, found: re.Match[str], has_raw: bool) -> str:
    if found.re in (FENCE.whole, SPAN.whole):
        return veiled(_unescaped(_without_raw(found[0]) if has_raw else found[0]))
    new = _tag(found["name"], found["arguments"].strip(), found["inside"], found["margin"])
    return as_html(new) if is_in_html(text, found.start()) else new


def _without_raw(code: str) -> str:
    return RAW_TAG.sub("", RAW_LINE.sub("", code))


def _unescaped(text: str) -> str:
    return ESCAPED.sub(lambda found: found["open"] + found["inside"] + found["close"], text) if "/*" in text else text


def _escapes(text: str) -> str:
    return ESCAPED.sub(_shown, text) if "/*" in text else text


def _shown(found: re.Match[str]) -> str:
    """The tag itself, in signs that nothing takes for one."""
    return (
        (found["open"] + found["inside"] + found["close"])
        .replace("{", "&#123;")
        .replace("<", "&lt;")
        .replace('"', "&quot;")
    )


def _tag(name: str, arguments: str, inner: str, margin: str | None) -> str:
    if name in ("raw", "verbatim") and not arguments:
        return (margin or "") + veiled(inner.removeprefix("\n") if margin is not None else inner)
    if "\n" not in inner.strip() and margin is None:
        ticks = "``" if "`" in inner else "`"
        return f"{ticks}{veiled(inner.strip())}{ticks}"
    text = veiled(_without_raw(inner))
    return _indented(
        "" if margin is not None else "\n\n",
        code(dedent(text.lstrip("\n") if text.startswith("\n") else text), *_options(name, arguments)),
        margin or "",
    )


def _indented(before: str, block: str, margin: str) -> str:
    lines = block.split("\n")
    return before + "\n".join(margin + line if line else line for line in lines)


def _options(name: str, arguments: str) -> tuple[str, str]:
    """The language and the options of a fence, from those of a tag. What stands in a `codeblock` is its title."""
    positional, named = parameters(arguments)
    words = [word for word in positional if word not in ("linenos", "linenos=table", "nolineno", "noclasses")]
    words = sorted(words, key=lambda word: bool(re.fullmatch(r"[\w-]+\.\w+", word)))
    language = named.get("lang") or named.get("language") or ""
    if not language and name != "codeblock":
        language = next((word for word in words if re.fullmatch(r"[\w+#.-]+", word) and "=" not in word), "")
    options = []
    title = named.get("title") or named.get("filename") or named.get("file") or named.get("caption") or ""
    rest = [word for word in words if word != language]
    title = title or (title_before_address(positional) if name == "codeblock" else "")
    if not title and rest and " " not in language and ("." in rest[0] or " " in rest[0]) and "=" not in rest[0]:
        title = rest[0]
    if title:
        options.append('title="{}"'.format(title.replace('"', "'")))
    if re.search(r"\blinenos\b(?!\s*=\s*[\"']?(?:false|no))|line_numbers\s*=\s*true", arguments):
        options.append("linenums")
    marked = named.get("mark_lines") or named.get("hl_lines") or named.get("mark") or ""
    found = re.search(r"(?:hl_lines=|mark:)\[?[\"']?([\d ,\"-]+)", arguments)
    marked = found[1] if found else marked
    lines = " ".join(re.findall(r"\d+(?:-\d+)?", marked))
    if lines:
        options.append(f'hl_lines="{lines}"')
    return _language(language), " ".join(options)


def _language(written: str) -> str:
    language = written.lower().removeprefix("lang:").strip("\"'.")
    return {"text": "text", "plaintext": "text", "plain": "text", "none": "", "raw": "", "objc": "objective-c"}.get(
        language, language
    )
