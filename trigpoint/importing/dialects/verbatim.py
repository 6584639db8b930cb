"""What template languages show as it is: `raw`, and code in tags of their own; done first, so that it is fences later.

Jekyll and Eleventy read their tags before Markdown is read, also in code; Hugo's are escaped there (`{{</* x */>}}`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from textwrap import dedent

from trigpoint.markup.foreign.calls import parameters
from trigpoint.markup.foreign.code_marks import ESCAPED
from trigpoint.markup.foreign.html_form import as_html
from trigpoint.markup.foreign.masking import is_in_html
from trigpoint.markup.foreign.meanings import code, title_before_address
from trigpoint.markup.pairs import pair

HIDDEN = {"{{": "\ue0f0\ue0f1", "}}": "\ue0f2\ue0f3", "{%": "\ue0f4\ue0f5", "%}": "\ue0f6\ue0f7", "{#": "\ue0f8\ue0f9"}
"""Signs of no alphabet that stand for the marks of templates while they are not to be read."""

FENCE = (
    r"(?P<fence>^(?P<margin>(?:[ \t>]|[-*+][ \t]|\d{1,9}[.)][ \t])*)(?P<mark>`{3,}|~{3,})(?P<info>[^\n]*)\n"
    r"(?P<code>.*?)(?:^[ \t>]*(?P=mark)[`~]*[ \t]*(?=\n|\Z)|\Z))"
)
SPAN = r"(?P<span>(?<![`\\])(?P<ticks>`+)(?!`)(?:[^`\n]|\n(?!\s*\n)|(?!(?<!`)(?P=ticks)(?!`))`)+?(?<!`)(?P=ticks)(?!`))"
LIQUID = (
    r"(?P<liquid>^[ \t]*(?=\{%))?\{%-?\s*"
    r"(?P<name>raw|verbatim|highlight|codeblock|code_block|code|prism|syntax|terminal_code)\b(?P<arguments>(?:(?!%\}).)*?)\s*-?%\}"
    r"(?P<inner>.*?)\{%-?\s*end(?P=name)\s*-?%\}"
)
HUGO = (
    r"(?P<hugo>^[ \t]*(?=\{\{[<%]))?\{\{(?P<sign>[<%])\s*"
    r"(?P<hname>highlight|code|codeblock|code-block|raw|codes|prism|source|sourcecode|text(?=[ ][a-z]))\b"
    r"(?P<harguments>[^\n]*?)\s*[>%]\}\}"
    r"(?P<hinner>.*?)\{\{[<%]\s*/\s*(?P=hname)\s*[>%]\}\}"
)
COMMENT = pair(r"\{\{-?\s*/\*", r"\*/\s*-?\}\}")
"""To Hugo's templates; Zola takes it for an escaped shortcode."""
RAW_LINE = re.compile(r"^[ \t]*\{%-?\s*(?:end)?raw\s*-?%\}[ \t]*\n", re.M)
RAW_TAG = re.compile(r"\{%-?\s*(?:end)?raw\s*-?%\}")
PATTERNS = {
    "liquid": re.compile(f"{FENCE}|{SPAN}|{LIQUID}", re.S | re.M),
    "hugo": re.compile(f"{FENCE}|{SPAN}|{HUGO}", re.S | re.M),
    "both": re.compile(f"{FENCE}|{SPAN}|{LIQUID}|{HUGO}", re.S | re.M),
    "none": re.compile(f"{FENCE}|{SPAN}", re.S | re.M),
}


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
    kind = "both" if has_liquid and has_hugo else "liquid" if has_liquid else "hugo" if has_hugo else "none"

    def replaced(found: re.Match[str]) -> str:
        if found["fence"] is not None or found["span"] is not None:
            inside = RAW_TAG.sub("", RAW_LINE.sub("", found[0])) if has_liquid and "hexo" not in dialects else found[0]
            return veiled(_unescaped(inside))
        groups = found.groupdict()
        of = (
            ("name", "arguments", "inner", "liquid")
            if groups.get("name")
            else ("hname", "harguments", "hinner", "hugo")
        )
        new = _tag(*map(groups.__getitem__, of))
        return as_html(new) if is_in_html(text, found.start()) else new

    return _escapes(PATTERNS[kind].sub(replaced, text))


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
    if name in ("raw", "verbatim") and not arguments.strip():
        return (margin or "") + veiled(inner.removeprefix("\n") if margin is not None else inner)
    if "\n" not in inner.strip() and margin is None:
        ticks = "``" if "`" in inner else "`"
        return f"{ticks}{veiled(inner.strip())}{ticks}"
    text = veiled(RAW_TAG.sub("", RAW_LINE.sub("", inner)))
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
