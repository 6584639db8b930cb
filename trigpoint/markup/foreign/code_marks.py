"""Marks that other dialects write into code, and that are no code: languages, `raw`, escaped tags, lit lines. Pure."""

from __future__ import annotations

import re
from dataclasses import replace

from trigpoint.markup.foreign.masking import masked
from trigpoint.markup.foreign.meanings import title_before_address
from trigpoint.markup.pairs import pair

OPEN, CLOSE = r"\{%-?[ \t]*", r"[ \t]*-?%\}"
RAW_IN_FENCE = pair(
    rf"^(?P<open>[ \t]*(?P<name>`{{3,}}|~{{3,}})[^\n`]*)\n[ \t]*{OPEN}raw{CLOSE}[ \t]*\n",
    rf"\n[ \t]*{OPEN}endraw{CLOSE}[ \t]*\n(?P<close>[ \t]*(?P=name))[ \t]*$",
    re.M,
    name="`{3,}|~{3,}",
)
RAW_IN_SPAN = re.compile(rf"(?<!`)(`+){OPEN}raw{CLOSE}([^`\n]*?){OPEN}endraw{CLOSE}(`+)")
RAW_IN_CODE = pair(rf"{OPEN}raw{CLOSE}", rf"{OPEN}endraw{CLOSE}")
LANGUAGE = re.compile(r"(?P<margin>[ \t]*(?:[ ]{4}|\t))(?::::|#!)(?P<language>[A-Za-z][\w+#-]*)(?![/\w])[^\n]*$")
"""CodeHilite's mark of a language: the first line of code that is indented."""

INLINE_LANGUAGE = re.compile(r"(?<!`)(?P<mark>`{1,2})(?:#!|:::)[a-z][a-z0-9+#-]*[ ](?=[^`\n]+(?P=mark)(?!`))")
"""InlineHilite's mark of a language in a code span."""

ESCAPED = pair(r"(?P<open>\{\{[<%]|\{\{|\{%)/\*", r"\*/(?P<close>[>%]\}\}|\}\}|%\})")
"""How Hugo and Zola show a tag: `{{</* x */>}}`, `{{/* x() */}}`."""

BRACE = "&#123;"
LIT = re.compile(
    r"^[^\S\n]*(?://|\#|--|;|%|<!--|/\*|\{/\*)[ ]*highlight-(?:next-line|start|end|line)[ ]*(?:-->|\*/\}|\*/)?[ ]*\n",
    re.M,
)
"""A line of code that says which other lines are lit up: Docusaurus's and Gatsby's."""

LIT_BEHIND = re.compile(r"(?<![^\S\n])[^\S\n]*(?://|\#|--|<!--|/\*)[ ]*highlight-line[ ]*(?:-->|\*/)?[ ]*$", re.M)
FENCE = replace(
    pair(
        r"^(?P<open>[ \t>]*(?P<name>`{3,}|~{3,})[^\n]*\n)",
        r"(?P<close>^[ \t>]*(?=[`~]+[ \t]*$)(?P=name)[`~]*[ \t]*$)",
        re.M,
        name="`{3,}|~{3,}",
    ),
    may_be_longer=True,
)


NAMED = re.compile(
    r"^(?P<open>[ \t>]*(?:`{3,}|~{3,})[ ]?[\w+#-]+)[ \t]+"
    r"(?P<title>(?!title\b)[^\s={}\[\](),\"'`:](?:[^\n={}\[\]\"`]*[^\n={}\[\]\"` \t])?)[ \t]*$",
    re.M,
)
"""Octopress's and Hexo's fence: a title behind the language, the address of its source, and that one's name."""

FILE_BELOW = pair(
    r"^(?P<start>[ \t>]*(?P<name>`{3,}|~{3,})[^\n`{}]*)\n",
    r"(?P<close>^[ \t>]*(?P=name)[ \t]*\n)"
    r"[ \t]*\{:[^\n{}]*\bfile=(?P<quote>[\"'])(?P<file>[^\"'\n]+)(?P=quote)[^\n{}]*\}[ \t]*$",
    re.M,
    name="`{3,}|~{3,}",
)
"""Chirpy's name of a file, in the attributes of its code."""


def with_titles(text: str) -> str:
    """The text with the titles of its code in our form, and spans of code without a mark of their language."""
    if "`#!" in text or "`:::" in text:
        text = INLINE_LANGUAGE.sub(r"\g<mark>", text)
    if NAMED.search(text):
        text = FENCE.sub(lambda fence: NAMED.sub(_named, fence["open"]) + fence["inside"] + fence["close"], text)
    return FILE_BELOW.sub(_file_above, text) if "file=" in text else text


def _named(fence: re.Match[str]) -> str:
    """The fence with a title, where the words behind its language say one."""
    words = fence["title"].split()
    title = title_before_address(words)
    is_title = re.search(r"\w[./]\w|https?:", fence["title"]) or len(words) > 1 or words[0][0].isupper()
    is_option = all(re.fullmatch(r"[a-z]\w*", word) for word in words)
    return f'{fence["open"]} title="{title}"' if title and is_title and not is_option else fence[0]


def _file_above(fence: re.Match[str]) -> str:
    return f'{fence["start"]} title="{fence["file"]}"\n{fence["inside"]}{fence["close"]}'


def without_raw(code: str) -> str:
    """Code without the tags by which Liquid was told to leave it alone."""
    return RAW_IN_CODE.sub(lambda found: found["inside"], code)


def _indented_without_raw(text: str) -> str:
    """The text without these tags where all between them is code: Liquid knows nothing of Markdown."""
    prose = masked(text)
    return RAW_IN_CODE.sub(
        lambda found: found[0] if prose[slice(*found.span())].strip("\0 \t\n") else found["inside"], text
    )


def with_plain_code(text: str) -> str:
    """The text without what stands in code and is none."""
    if "{%" in text:
        text = RAW_IN_FENCE.sub(
            lambda found: (
                found[0]
                if found["name"] in found["inside"]
                else f"\n{found['open']}\n{found['inside']}\n{found['close']}\n"
            ),
            text,
        )
        text = RAW_IN_SPAN.sub(r"\1\2\3", text)
        text = FENCE.sub(lambda fence: fence["open"] + without_raw(fence["inside"]) + fence["close"], text)
        text = _indented_without_raw(text) if "endraw" in text else text
    text = with_titles(text)
    if "/*" in text:
        text = _unescaped(text)
    text = without_lit_lines(text)
    return _fenced(text) if "    :::" in text or "\t:::" in text or "#!" in text else text


def without_lit_lines(text: str) -> str:
    """The text without the lines of code that say which others are lit up."""
    return FENCE.sub(_unlit, text) if "highlight-" in text else text


def _unlit(fence: re.Match[str]) -> str:
    inside = LIT_BEHIND.sub("", LIT.sub("", fence["inside"]))
    missing = fence["inside"].count("\n") - inside.count("\n")
    return f"{fence['open']}{inside}{fence['close']}" + "\n" * missing


def _unescaped(text: str) -> str:
    """The tags themselves: in prose with signs that nothing takes for a tag."""
    prose = masked(text)

    def shown(found: re.Match[str]) -> str:
        tag = f"{found['open']}{found['inside']}{found['close']}"
        return tag if prose[found.start()] == "\0" else tag.replace("{", BRACE).replace("<", "&lt;")

    return ESCAPED.sub(shown, text)


def with_plain_braces(code: str) -> str:
    """Code with the braces that were escaped as long as nobody knew it to be code."""
    return code.replace(f"{BRACE}{BRACE}&lt;", "{{<").replace(BRACE, "{") if BRACE in code else code


def _fenced(text: str) -> str:
    """Code that is indented, whose first line says its language, in fences: that line and the empty one below it."""
    lines = text.split("\n")
    for at, line in enumerate(lines):
        found = LANGUAGE.match(line)
        if found and (at == 0 or not lines[at - 1].strip()):
            _fence(lines, at, found["margin"], found["language"])
    return "\n".join(lines)


def _fence(lines: list[str], at: int, margin: str, language: str) -> None:
    end = next(
        (end for end in range(at + 1, len(lines)) if lines[end].strip() and not lines[end].startswith(margin)),
        len(lines),
    )
    while end > at and not lines[end - 1].strip():
        end -= 1
    if end == at + 1:
        return
    outer = margin[:-4] if margin.endswith("    ") else margin[:-1]
    longest = max(map(len, re.findall("`{3,}", "\n".join(lines[at:end]))), default=2)
    lines[at] = f"{outer}{'`' * (longest + 1)}{language.lower()}"
    for each in range(at + 1, end):
        lines[each] = outer + lines[each].removeprefix(margin) if lines[each].strip() else ""
    if end < len(lines):
        lines[end] = f"{outer}{'`' * (longest + 1)}"
