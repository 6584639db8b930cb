"""MDX (Docusaurus, Astro, Next.js): programs and comments go, components become what they mean, their content stays.

Line for line, and pure. A component that means nothing here leaves its content.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise

from trigpoint.markup.elements import HTML
from trigpoint.markup.foreign import mdx_values
from trigpoint.markup.foreign.calls import Call, inline, parameters
from trigpoint.markup.foreign.masking import Sought, line_of, masked, without_fences
from trigpoint.markup.foreign.meanings import KINDS, by_parameters
from trigpoint.markup.foreign.names import MEANINGS, meaning_of
from trigpoint.markup.foreign.platforms import jsx
from trigpoint.markup.pairs import pair

IMPORT = re.compile(r"import\s+(?:[\w*{}$,][\w*{}$,\s]*\sfrom\s+)?[\"'][^\"'\n]+[\"'][ \t]*;?[ \t]*$")
IMPORT_START = re.compile(r"import\s+(?:\{[^}\n]*|[\w$]+[ ]*,[ ]*\{[^}\n]*)$")
EXPORT = re.compile(r"export\s+(?:const|default|function|let|async|class)\b")
BRACES = r"\{(?:[^{}]|\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\})*\}"
TAG = re.compile(
    rf"<(?P<close>/)?(?P<name>[A-Za-z][\w.]*)(?P<props>(?:\s+[\w:.@-]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|{BRACES}))?|\s+{BRACES})*)"
    r"\s*(?P<single>/)?>"
)
CAPITAL = re.compile(r"<[A-Z]\w*[\s/>]")
MARGIN, LINE_END = re.compile(r"^[ \t]*(?=<)", re.M), re.compile(r"[ \t]*$", re.M)
COMPONENT = re.compile(r"[A-Z]|\w+\.")
COMMENT = pair(r"(?<!\{)\{/\*", r"\*/\}")
FRAGMENT = re.compile(r"</?>")
IN_BRACES = re.compile(rf"(?<!\s)\s+(?:[\w:.-]+\s*=\s*)?{BRACES}")
PATH = re.compile(r"[\"'`](?P<path>[^\"'`]+)[\"'`]")
IMPORTED = re.compile(r"^import\s+(\w+)\s+from\s+[\"']([^\"'\n]+)[\"']", re.M)
NAMED = re.compile(r"=\{(?P<name>\w+)(?:\.src|\.default)?\}")
MENTIONED = re.compile(r"(?<![=$\\\w])\{(?P<name>\w+)\}")
LABELS = re.compile(r"<Tabs\b[^<>]*?\bvalues\s*=\s*\{\s*\[(?P<values>[^<>]*?)\]\s*\}", re.S)
LABEL = re.compile(r"\blabel[\"']?\s*:\s*([\"'`])(?P<label>.*?)\1")
VALUE = re.compile(r"\bvalue[\"']?\s*:\s*([\"'`])(?P<value>.*?)\1")
ITEM = re.compile(r"<TabItem(?![^<>]*\blabel\s*=)(?=[^<>]*?\bvalue\s*=\s*\{?\s*([\"'])(?P<value>[^\"'<>]*)\1)")
OF_PROGRAM = re.compile(r"<[A-Za-z][\w.]*\s[^<>]{0,300}?(?:\bclassName=|=\{(?![{%])|=\{\{\s*\w+\s*:)")
MARKED = re.compile(
    r"^(?P<start>[ \t]*<(?P<name>div|section|article|aside|blockquote|center|figure|li)\b"
    r"(?![^<>\n]*markdown=)[^<>\n]{0,500})"
    r"(?=>(?=[^\n]{0,2000}(?:\*\*|\]\(|`))[^\n]{0,2000}</(?P=name)>[ \t]*$)",
    re.M,
)
"""HTML in one line, in which MDX reads Markdown."""

DEEPEST = 50
"""Components in each other that are looked into."""

TABS = ("tabitem", "tab", "tab.item", "codegroupitem")


def is_mdx(body: str, path: str) -> bool:
    """Whether a text is MDX: by its name, or as it imports something, has a comment, or attributes of a program.

    What Docusaurus and Next.js read ends in `.md`, too. What stands in code, in a fence or a `<script>`, says nothing.
    """
    return (
        path.lower().endswith(".mdx")
        or "```mdx-code-block" in body
        or (_is_told(body) and _is_told(without_fences(body)))
    )


def _is_told(text: str) -> bool:
    """Whether a paragraph begins with an import, a line with a comment of MDX, or only a program reads an attribute."""
    if text.startswith("{/*") or "\n{/*" in text:
        return True
    if ("={" in text or "className=" in text) and OF_PROGRAM.search(text):
        return True
    lines = ["", *text.split("\n")] if "import" in text else []
    return any(IMPORT.match(line) and not above.strip() for above, line in pairwise(lines))


def resolved(body: str, header: Mapping[str, str] | None = None) -> str:
    """The text without MDX's own; `header` has the texts that it may show by their names."""
    body = mdx_values.with_fences(without_programs(with_imported(with_labels(body))))
    body = _over(body, FRAGMENT, lambda found: "")
    return _without_components(mdx_values.with_values(body, header or {}))


def with_components(body: str) -> str:
    """Markdown that is no MDX (VitePress, VuePress) without components: of a known name, or in lines of their own.

    Anything else in angles may be a type, or a name in a sentence, and stays.
    """
    if not CAPITAL.search(body):
        return body
    for _ in range(DEEPEST):
        new = _with_meanings(body, plain_tags(body))
        if new == body:
            break
        body = new
    return _unwrapped(body, plain_tags(body))


def plain_tags(body: str) -> list[re.Match[str]]:
    """The tags of components in such a text."""
    prose = masked(body)
    starts = {found.end() for found in MARGIN.finditer(prose)}
    tags = (tag for tag in TAG.finditer(prose) if tag["name"][0].isupper() and tag["name"].lower() not in HTML)
    return [
        tag
        for tag in tags
        if is_known(tag["name"]) or (tag.start() in starts and LINE_END.match(prose, tag.end()) is not None)
    ]


def is_known(name: str) -> bool:
    return name.lower() in MEANINGS or name.lower() in TABS


def with_labels(body: str) -> str:
    """The text with the names of tabs at the tabs: older texts of Docusaurus list them above, `values={[…]}`."""
    pieces, at = [], 0
    for tabs in LABELS.finditer(body) if "values" in body else ():
        if tabs.start() < at:
            continue
        known: dict[str, str] = {}
        for entry in re.findall(r"\{([^{}]*)\}", tabs["values"]):
            label, value = LABEL.search(entry), VALUE.search(entry)
            known |= {value["value"]: label["label"].replace('"', "'")} if label and value else {}
        end = body.find("</Tabs>", tabs.end())
        items = body[tabs.end() : end if end >= 0 else None]
        pieces += [body[at : tabs.end()], ITEM.sub(lambda item, known=known: _labelled(item, known), items)]  # type: ignore[misc]
        at = tabs.end() + len(items)
    return "".join([*pieces, body[at:]])


def _labelled(item: re.Match[str], known: Mapping[str, str]) -> str:
    return f'{item[0]} label="{known[item["value"]]}"' if item["value"] in known else item[0]


def with_imported(body: str) -> str:
    """The text with the files that it imports in the places of their names."""
    names = dict(IMPORTED.findall(body))
    if not names:
        return body
    body = _over(body, NAMED, lambda found: f'="{names[found["name"]]}"' if found["name"] in names else found[0])
    return _over(body, MENTIONED, lambda found: "" if found["name"] in names else found[0])


def without_programs(body: str) -> str:
    """The text without its imports, exports and comments, and with what Docusaurus hides from others in a fence."""
    lines = body.split("\n")
    for at, line in enumerate(lines):
        if line.strip() == "```mdx-code-block":
            end = next((end for end in range(at, len(lines)) if lines[end].strip() == "```"), at)
            lines[at] = lines[end] = ""
    _drop_programs(lines)
    return _over("\n".join(lines), COMMENT, lambda found: "<!--more-->" if "truncate" in found[0] else "")


def _over(text: str, pattern: Sought, shown) -> str:  # type: ignore[no-untyped-def]
    pieces, at = [], 0
    for found in pattern.finditer(without_fences(text)):
        pieces += [text[at : found.start()], shown(found), "\n" * found[0].count("\n")]
        at = found.end()
    return "".join([*pieces, text[at:]])


def _drop_programs(lines: list[str]) -> None:
    """Empty the lines of imports and exports, where a paragraph begins."""
    shown = without_fences("\n".join(lines)).split("\n")
    is_start = True
    at = 0
    while at < len(lines):
        end = _program_end(shown, at) if is_start else at
        for each in range(at, end):
            lines[each] = ""
        is_start = end > at or not lines[at].strip()
        at = max(end, at + 1)


def _program_end(lines: list[str], at: int) -> int:
    """Behind the program that begins with this line; the line itself where none does."""
    if IMPORT.match(lines[at]):
        return at + 1
    if IMPORT_START.match(lines[at]):
        return next(
            (end + 1 for end in range(at, min(at + 60, len(lines))) if re.search(r"from\s+[\"']", lines[end])), at
        )
    if not EXPORT.match(lines[at]):
        return at
    depth = 0
    for end in range(at, min(at + 400, len(lines))):
        depth += sum(map(lines[end].count, "({[")) - sum(map(lines[end].count, ")}]"))
        if depth <= 0 and not re.search(r"(?:=>?|[,(+])[ \t]*$", lines[end]):
            return end + 1
    return at


def _without_components(text: str) -> str:
    """The text with components as what they mean. Those that stand in lines of their own lose their indentation."""
    for _ in range(DEEPEST):
        new = _with_meanings(text, _own_tags(text))
        if new == text:
            break
        text = new
    return MARKED.sub(r'\g<start> markdown="1"', jsx.with_read_html(_unwrapped(text, _own_tags(text))))


def _own_tags(text: str) -> list[re.Match[str]]:
    return [found for found in TAG.finditer(without_fences(text)) if _is_own(found)]


def _with_meanings(text: str, tags: list[re.Match[str]]) -> str:
    """The text with what the innermost components mean that have no lines of their own."""
    pieces, at = [], 0
    for opened, closed in _paired(tags):
        if opened.start() >= at and (closed is None or "\n" not in text[opened.end() : closed.start()]):
            end = (closed or opened).end()
            new = _in_line(text, opened, closed)
            pieces += [text[at : opened.start()], new, "\n" * (text.count("\n", opened.start(), end) - new.count("\n"))]
            at = end
    return "".join([*pieces, text[at:]])


def _is_own(tag: re.Match[str]) -> bool:
    """Whether this is a component, or an element of HTML that only a program could write so."""
    return COMPONENT.match(tag["name"]) is not None or "={" in tag["props"] or "className" in tag["props"]


def _paired(tags: list[re.Match[str]]) -> Iterator[tuple[re.Match[str], re.Match[str] | None]]:
    """Components that are one tag, and those that hold none: innermost pairs."""
    for number, tag in enumerate(tags):
        if tag["single"] or (not COMPONENT.match(tag["name"]) and not tag["close"]):
            yield tag, None
        elif (
            not tag["close"]
            and number + 1 < len(tags)
            and tags[number + 1]["close"]
            and tags[number + 1]["name"] == tag["name"]
        ):
            yield tag, tags[number + 1]


def _in_line(text: str, opened: re.Match[str], closed: re.Match[str] | None) -> str:
    """What stands for a component without lines of its own between its tags."""
    name, props = opened["name"], text[slice(*opened.span("props"))]
    if not COMPONENT.match(name):
        return text[opened.start() : opened.start("props")] + _plain(props) + text[opened.end("props") : opened.end()]
    positional, named = parameters(_values(props))
    inner = text[opened.end() : closed.start()] if closed else ""
    call = Call(name, text[slice(*opened.span())], positional, named, "", inner, inner, closed is not None, True)
    if name.lower() in KINDS and (inner := inner.strip() or call.get("text", "content", "message", "description")):
        title = f"**{named['title']}** " if named.get("title") else ""
        kind = KINDS.get(named.get("type", "").lower(), KINDS[name.lower()])
        return f'<div class="callout callout-{kind}" markdown="1">{title}{inner.strip()}</div>'
    if name.lower() in TABS and closed:
        return f"**{_title(named)}** {inner.strip()}" if _title(named) else inner
    if name.lower() in ("link", "a", "nextlink") and (to := call.get("to", "href")):
        return f"[{inner}]({to})"
    meaning = meaning_of(name)
    found = (meaning(call) if meaning else None) or (None if inner else by_attributes(call, props))
    if found is None:
        return inner
    return found if "\n" not in found else inner or inline(found)


def by_attributes(call: Call, props: str) -> str | None:
    """What a component of an unknown name shows by its attributes: pictures, code, a title or an address."""
    if (shown := call.get("code")) and "\n" not in shown and "`" not in shown:
        return f"`{shown}`"
    return by_parameters(call) or mdx_values.pictures(props) or None


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _plain(props: str) -> str:
    """The attributes of HTML without those that hold a program; a path in one is its value."""

    def value(found: re.Match[str]) -> str:
        path = PATH.search(found[0])
        key = found[0].partition("=")[0].strip()
        return f' {key}="{path["path"]}"' if path and key in ("src", "href", "poster", "alt") else ""

    return IN_BRACES.sub(value, props).replace("className=", "class=")


def _values(props: str) -> str:
    """The attributes as a tag's parameters: of a program that names a file, the file."""

    def value(found: re.Match[str]) -> str:
        key = found[0].partition("=")[0].strip()
        written = re.sub(r"\A\{\s*|\s*\}\Z", "", found[0].partition("=")[2].strip())
        path = PATH.search(written)
        known = path["path"] if path else written if re.fullmatch(r"[\d.]+", written) else ""
        return f' {key}="{known}"' if known and not written.startswith(("{", "[")) else ""

    return IN_BRACES.sub(value, props)


def _title(named: dict[str, str]) -> str:
    return named.get("label") or named.get("title") or named.get("value") or ""


def _unwrapped(text: str, tags: list[re.Match[str]]) -> str:
    """The text without the tags of components around lines; a box quotes its lines, a tab shows its name."""
    lines = text.split("\n")
    opened: list[int] = []
    for number, tag in enumerate(tags):
        if not COMPONENT.match(tag["name"]):
            continue
        if not tag["close"]:
            opened = [*opened[-DEEPEST:], number]
        elif opened and any(tags[each]["name"] == tag["name"] for each in opened):
            while tags[opened[-1]]["name"] != tag["name"]:
                opened.pop()
            first = tags[opened.pop()]
            _unwrap(lines, text, (first, line_of(text, first.end())), (tag, line_of(text, tag.start())))
    return "\n".join(lines)


def _unwrap(lines: list[str], text: str, opened: tuple[re.Match[str], int], closed: tuple[re.Match[str], int]) -> None:
    """Take out a pair of tags, and the columns by which all between them is indented."""
    (tag, last), (closing, end) = opened, closed
    start = last - text.count("\n", tag.start(), tag.end())
    name = tag["name"].lower()
    named = parameters(_values(text[slice(*tag.span("props"))]))[1]
    inside = range(last + 1, end)
    margin = " " * _indent(lines[start])
    columns = min((_indent(lines[at]) for at in inside if lines[at].strip()), default=0)
    for at in inside:
        lines[at] = f"{margin}{lines[at][max(columns, len(margin)) :]}".rstrip() if lines[at].strip() else ""
    shown = text[slice(*tag.span())].split("\n")
    before, behind = lines[start].partition(shown[0])[0], lines[last].partition(shown[-1])[2].strip()
    inner, _, after = lines[end].rpartition(text[slice(*closing.span())])
    if name in KINDS:
        kind = KINDS.get(named.get("type", "").lower(), KINDS[name])
        for at in inside:
            lines[at] = f"{margin}> {lines[at][len(margin) :]}".rstrip()
        lines[start] = margin + (f"> {behind}" if behind else f"> [!{kind.upper()}] {named.get('title', '')}".rstrip())
        lines[end] = f"{margin}> {inner.strip()}" if inner.strip() else after.strip()
    else:
        title = f"**{_title(named)}**" if name in TABS and _title(named) else ""
        lines[start] = (margin + " ".join(filter(None, (before.strip(), title, behind)))).rstrip()
        lines[end] = (margin + " ".join(filter(None, (inner.strip(), after.strip())))).rstrip()
    for at in range(start + 1, last + 1):
        lines[at] = f"{margin}>" if name in KINDS else ""
