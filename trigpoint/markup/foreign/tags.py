"""Tags of Liquid (Jekyll), Hexo, Hugo and Zola: the code, pictures, links and videos that they stand for. Pure.

Sources: the documentation of each; the tags of Jekyll, of Octopress (which Hexo took over), Hugo's built-in shortcodes.
"""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape
from unicodedata import normalize

from trigpoint.markup.foreign.boxes import arguments
from trigpoint.markup.foreign.calls import Call, parameters
from trigpoint.markup.foreign.code_marks import BRACE, CLOSE, OPEN, with_plain_braces, without_raw
from trigpoint.markup.foreign.html_form import in_its_place
from trigpoint.markup.foreign.masking import masked, span_of_lines, without_formulas, written
from trigpoint.markup.foreign.meanings import (
    LISTED,
    OPTION,
    by_parameters,
    tab_title,
    target,
    title_before_address,
    wrapper,
)
from trigpoint.markup.foreign.names import meaning_of
from trigpoint.markup.pairs import pair

CODE = (
    r"(?:highlight|codeblock|code[-_]?(?:toggle|snippet)?|mermaid\w*|prism|sourcecode|terminal|console|sagecell|chart|echarts"
    r"|graphviz|plantuml|ditaa|diagram|text(?=[ ][a-z]))(?![\w-])"
)
DRAWN = {
    "chart": "json", "echarts": "json", "graphviz": "dot", "plantuml": "plantuml",
    "ditaa": "text", "diagram": "mermaid", "terminal": "console", "console": "console", "sagecell": "python",
}  # fmt: skip
CODE_OF = ("highlight", "prism", "sourcecode")
"""Names of tags between which stands code in every theme; others may have fences between them."""

INCLUDE = re.compile(r"\s*\{%-?\s*include(?:_relative)?\s[^%]*%\}\s*")
RAW = pair(rf"{OPEN}(?:raw|verbatim){CLOSE}", rf"{OPEN}end(?:raw|verbatim){CLOSE}")
TICKED = re.compile(r"`+")
FENCE = re.compile(r"`{3}|~{3}")
BASES = re.compile(
    r"(?:site\.(?:base_?url|url|root|production_url|github\.url|cdn|root_url|baseUrl|BASE_PATH)|BASE_PATH|root_url|ASSET_PATH"
    r"|page\.root|base_?url|relative_root|url_root)(?:[ \t]*\|.*)?",
    re.I,
)
"""Values that stand before an address, and are empty where a site stands at the root of its host."""

FILTERED = re.compile(
    r"[\"'](?P<text>[^\"']*)[\"'][ \t]*\|[ \t]*(?P<filter>relative_url|absolute_url|prepend|url|absurl|relurl)\b.*",
    re.I,
)
OF_SITE = re.compile(
    r"\$\w.*|(?:site|page|post|layout|include|content|paginator|theme|config|forloop|jekyll|collections|eleventy|metadata)\b"
    r"[\w.\[\]\"' |:-]*"
)
CALL = re.compile(r"(?P<name>[a-z_]\w*)\((?P<args>.*)\)", re.S)
VIDEOS = {
    "youtube": "https://www.youtube.com/watch?v={}",
    "vimeo": "https://vimeo.com/{}",
    "gist": "https://gist.github.com/{}",
    "bilibili": "https://www.bilibili.com/video/{}",
    "tweet": "https://twitter.com/i/status/{}",
    "twitter": "https://twitter.com/i/status/{}",
    "instagram": "https://www.instagram.com/p/{}/",
    "codepen": "https://codepen.io/pen/{}",
    "jsfiddle": "https://jsfiddle.net/{}/",
    "asciinema": "https://asciinema.org/a/{}",
    "speakerdeck": "https://speakerdeck.com/player/{}",
}
MARKS = re.compile(
    r"\[(?P<label>[^\[\]]*)\]\([^()]*\)(?:\{:[^{}]*\})?|(?P<mark>\*\*?|`+|__)(?=\S)(?P<text>.+?)(?<=\S)(?P=mark)|</?[a-z][^<>]*>"
)
"""What a caption cannot have, as a picture's title is plain."""

PICTURE = re.compile(r"\.(?:png|jpe?g|gif|webp|avif|svg)\Z", re.I)
SIZES = re.compile(r"\d+(?:%|px|w)?|.*\d(?:vw|px|em)\b.*|\[[\d\s,]*\]|\{.*|.*\}|false|true|lazy|eager|null")
"""What stands among the parameters of a picture and says no words."""

PAIR_OF_TEXTS = re.compile(r"\"([^\"]*)\"[ \t]+\"([^\"]*)\"")
SOURCES = ("src", "url", "image_path", "image", "file", "path", "link", "img", "name")
LINKING = ("post_url", "link", "ref", "relref", "post_path", "asset_path", "doc_url", "get_url")
PICTURES = (
    "figure", "fig", "image", "img", "picture", "asset_img", "responsive_image", "responsive", "resize_image",
)  # fmt: skip
TABS = ("tab", "tabitem", "tab-item", "codetab", "navtab", "timenode")
VOLANTIS = ("p", "span", "link")
"""Its tags that have two colons between their parameters."""

LOGIC = ("if", "unless", "for", "case", "capture", "tablerow", "comment", "block", "macro", "filter", "set", "assign")
INCLUDED = re.compile(r"(?:[\w./-]*/)?([\w-]+)(?:\.(?:html?|md|markdown|liquid|njk))?\Z")
CALLOUT = re.compile(r"\[!([\w-]+)\][ \t]*(.*)")
OF_JINJA = re.compile(
    r"(?:end)?(?:block|extends|load|url|static|trans|blocktrans|with|macro|call|set|now|autoescape|filter|spaceless|verbatim"
    r"|csrf_token|import|from|do|ifequal|ifchanged|regroup|cache|debug|tag|\w+_tag|tag_\w+|your\w*|my\w*|foo|bar|x|name)"
)
"""Tags of Jinja and Django, and examples: a text may be about them, where they stand in the middle of a line."""


def address_of(path: str) -> str:
    """The address of a post that is named by its file: `_posts/2020-01-02-a.md#b` -> `/posts/a/#b`."""
    path, mark, fragment = path.partition("#")
    name = re.sub(r"\.(?:md|markdown|mdx|rst|html)\Z", "", path.strip("/").removesuffix("/index.md"))
    is_file = name == path.strip("/") and "." in name.rpartition("/")[2] and "_posts" not in path
    if is_file:
        return f"/{name}"
    slug = re.sub(r"\A\d{4}-\d{1,2}-\d{1,2}-(?=.)", "", name.rpartition("/")[2])
    slug = re.sub(r"[^\w.-]+", "-", normalize("NFC", slug)).strip("-").lower()
    return f"/posts/{slug}/{mark}{fragment}" if slug else f"{mark}{fragment}"


def _raw(text: str, found: re.Match[str]) -> str:
    """What stands between `raw` and `endraw`, its signs escaped so that nothing reads them; code needs no escape."""
    start, end = found.span("inside")
    pieces = []
    for at in range(start, end):
        is_code = found.string[at] == "\0"
        pieces.append(BRACE if text[at] == "{" and not is_code else text[at])
    return "".join(pieces)


def _comment(text: str, found: re.Match[str]) -> str:
    return ""


def _code(text: str, found: re.Match[str]) -> str:
    """Code between two tags as a fence; the first tag says the language."""
    plain, named = arguments(found["args"])
    name = found["name"].lower()
    words = [word for word in plain if word not in ("linenos", "%", "-")]
    language = named.get("lang") or named.get("language")
    if not language and name != "codeblock":
        language = "mermaid" if name.startswith("mermaid") else DRAWN.get(name) or (words[0] if words else "")
    inside = without_raw(with_plain_braces(text[slice(*found.span("inside"))]).rstrip(" \t"))
    if INCLUDE.fullmatch(inside):  # The code is in another file.
        return ""
    if FENCE.match(inside.lstrip()) and name not in CODE_OF:
        return f"{found['indent']}{inside.lstrip(' ')}"
    ticks = "`" * max([3, *(len(run) + 1 for run in TICKED.findall(inside))])
    indent = found["indent"]
    begin = "" if inside.startswith("\n") else "\n"
    end = "" if inside.endswith("\n") else "\n"
    title = title_before_address(plain) if name == "codeblock" else named.get("title") or ""
    language = re.sub(r"[^\w+#.-]", "", language or "") + (f' title="{title}"' if title else "")
    return f"{indent}{ticks}{language}{begin}{inside}{end}{indent}{ticks}"


def _value(text: str, found: re.Match[str]) -> str | None:
    """`{{ site.baseurl }}`, `{{ "/a.png" | relative_url }}`, Zola's `{{ youtube(id="x") }}`."""
    inside = found["inside"].strip(" \t-")
    if BASES.fullmatch(inside):
        added = re.search(r"\|[ \t]*append:[ \t]*[\"']([^\"']*)", inside)
        return added[1] if added else ""
    if filtered := FILTERED.fullmatch(inside):
        path = filtered["text"]
        return path if re.match(r"[a-z]+:|//|/|#|\Z", path) else f"/{path}"
    call = CALL.fullmatch(inside)
    return meaning(call["name"], _uncommaed(call["args"])) if call else None


def _tag(text: str, found: re.Match[str]) -> str | None:
    args = written(text, found, "args").rstrip("/ \t")
    args = re.sub(r"[ \t]*::[ \t]*", ", ", args) if found["name"] in VOLANTIS else args
    return meaning(found["name"], _called(args))


def _called(args: str) -> str:
    """Parameters without the brackets around them (Zola)."""
    called = re.fullmatch(r"\s*\((.*)\)\s*", args, re.S)
    return _uncommaed(called[1]) if called else args


def _uncommaed(args: str) -> str:
    """Parameters without the commas between them."""
    return re.sub(r"(\"[^\"]*\"|'[^']*')|,", lambda found: found[1] or " ", args)


def _pair(text: str, found: re.Match[str]) -> str | None:
    """A pair of tags in a line: what it means, else what stands between them."""
    name, args, inner = found["name"], _called(written(text, found, "args")), written(text, found, "inside")
    if name in LOGIC:
        return None
    if name.lower() in TABS:
        return f"{meaning(name, args) or ''}{inner}"
    if meaning_of(name) in (None, wrapper):
        return f"{_by_parameters(name, args) or ''}{inner}"
    return _of_call(name, args, inner) or inner


def _of_call(name: str, args: str, inner: str | None = None) -> str | None:
    """What the usual tags of all dialects mean, in one line; None where the name says nothing."""
    found = meaning_of(name)
    positional, named = parameters(args.strip(" \t-"))
    call = Call(name, "", positional, named, args.strip(), inner or "", inner or "", inner is not None)
    result = found(call) if found else None
    if result is None or "\n" not in result:
        return result
    if result.startswith(("![", "[![")):  # A picture and its caption.
        return " ".join(filter(None, result.split("\n")))
    if result.startswith("> "):
        lines = [line.removeprefix(">").strip() for line in result.split("\n")]
        kind = CALLOUT.match(lines[0])
        title = [f"**{kind[2]}**"] if kind and kind[2] else []
        words = " ".join(filter(None, (*title, *(lines[1:] if kind else lines))))
        return f'<div class="callout callout-{kind[1].lower() if kind else "quote"}" markdown="1">{words}</div>'
    return inner if inner is not None else "<br>".join(filter(None, result.split("\n")))


def meaning(name: str, args: str) -> str | None:
    """What a tag of this name stands for, as Markdown; None where that is not known."""
    name = name.lower()
    plain, named = arguments(args)
    plain = [word for word in (each.strip(",") for each in plain) if word]
    if name.startswith("include") and plain and (included := INCLUDED.match(plain[0])):
        name = named.get("provider", "").lower() or included[1].lower()
        return meaning(name, args.replace(plain[0], "", 1)) if not name.startswith("include") else None
    if name in VIDEOS:
        return _video(name, plain, named)
    if name == "link" and (len(plain) > 1 or "href" in named or "url" in named):
        return _of_call("hyperlink", args)
    if name in LINKING:
        target = plain[0] if plain else named.get("path", "")
        return target if name == "asset_path" else address_of(target) if target else None
    if name == "post_link" and plain:
        words = " ".join(word for word in plain[1:] if word not in ("true", "false"))
        return f"[{words or plain[0].rpartition('/')[2]}]({address_of(plain[0])})"
    if name == "asset_link" and plain:
        return f"[{' '.join(plain[1:]) or plain[0]}]({plain[0]})"
    if name in TABS:
        title = tab_title(Call(name, "", tuple(plain), named, args))
        return f"**{title}**  " if title else ""
    if name in PICTURES and not (OPTION.search(args) or "src" in named):
        return _picture(plain, named, LISTED.match(args) is not None)
    if name in LOGIC or name == "raw":
        return None
    found = _of_call(name, args)
    return found if found is not None else _picture(plain, named) or _by_parameters(name, args)


def _by_parameters(name: str, args: str) -> str | None:
    positional, named = parameters(args.strip(" \t-"))
    found = by_parameters(Call(name, "", positional, named, args.strip()))
    return f"{found}  " if found and found.startswith("**") else found


def _video(name: str, plain: list[str], named: dict[str, str]) -> str | None:
    if name in ("tweet", "twitter") and "user" in named:
        return _linked(f"https://twitter.com/{named['user']}/status/{named.get('id', '')}")
    of = (
        f"av{named['av']}"
        if "av" in named
        else named.get("id") or named.get("video_id") or named.get("vid") or named.get("url") or ""
    )
    of = of or (
        "/".join(plain[:2]) if name == "gist" and len(plain) > 1 and "." not in plain[1] else (plain or [""])[0]
    )
    if not of or re.search(r"[{}<>\s]", of):
        return None
    return _linked(of if of.startswith("http") else VIDEOS[name].format(of))


def _linked(address: str) -> str:
    """A bare address as a link: as HTML, which is one inside of HTML too."""
    return f'<a href="{escape(address)}">{escape(address)}</a>'


def _picture(plain: list[str], named: dict[str, str], is_listed: bool = False) -> str | None:
    """`is_listed`: commas part the parameters, as Nunjucks has them, whose second one is the words for the blind."""
    plain = [word for word in plain if not re.match(r"\w+=", word)]
    several = [word for word in plain if PICTURE.search(word)]
    if len(several) > 1 and several == plain:
        return " ".join(f"![]({target(path)})" for path in several)
    source = next((named[name] for name in SOURCES if PICTURE.search(named.get(name, ""))), "")
    source = source or next((word for word in plain if PICTURE.search(word)), "")
    if not source or "*" in source:
        return None
    behind = plain[plain.index(source) + 1 :] if source in plain else []
    texts = [word for word in behind if not SIZES.fullmatch(word)]
    if len(texts) == 1 and (pair_of := PAIR_OF_TEXTS.fullmatch(texts[0])):  # Hexo's `'"title" "alt"'`.
        texts, is_listed = list(pair_of.groups()), False
    texts = texts if is_listed or any(" " in word for word in texts) else [" ".join(texts)]
    texts = [next((word for word in texts[1:] if " " in word), ""), *texts[:1]] if is_listed else texts
    caption = named.get("caption") or named.get("title") or named.get("description") or "".join(texts[:1])
    caption = MARKS.sub(lambda mark: mark["label"] or mark["text"] or "", caption)
    alt = named.get("alt") or "".join(texts[1:2]) or caption
    title = ' "{}"'.format(caption.replace('"', "'")) if caption else ""
    path = f"<{source}>" if re.search(r"[\s()]", source) else source
    return f"![{alt.replace('[', '').replace(']', '')}]({path}{title})"


BLOCKS = (
    (
        "{%",
        pair(rf"{OPEN}(?P<name>comment|css|js|javascript|stylesheet|schema){CLOSE}", rf"{OPEN}end(?P=name){CLOSE}"),
        _comment,
    ),
    (
        "{{<",
        pair(
            r"\{\{<[ \t]*(?P<name>script|css|js|javascript|comment)[ \t]*>\}\}",
            r"\{\{<[ \t]*/[ \t]*(?P=name)[ \t]*>\}\}",
        ),
        _comment,
    ),
    (
        "{%",
        pair(
            rf"^(?P<indent>[ \t]*){OPEN}(?P<name>{CODE})(?P<args>[^\n]*?)-?%\}}",
            rf"{OPEN}end(?:(?P=name))?{CLOSE}",
            re.M,
        ),
        in_its_place(_code),
    ),
    (
        "{{",
        pair(
            rf"^(?P<indent>[ \t]*)\{{\{{[<%][ \t]*(?P<name>{CODE})(?P<args>[^\n]*?)[>%]\}}\}}",
            r"\{\{[<%][ \t]*/[ \t]*(?P=name)[ \t]*[>%]\}\}",
            re.M,
        ),
        in_its_place(_code),
    ),
    ("{%", RAW, _raw),
)
SHORTCODE = r"\{\{[<%][ \t]*(?P<name>[\w./-]+)(?P<args>(?:(?![>%]\}\}|\{\{[<%]).){0,2000}?)[>%]\}\}"
VALUE = r"\{\{(?<!\\\{\{)(?![<%{])(?P<inside>[^{}\n]{1,300})\}\}"
LIQUID = r"(?<![\\{])\{%-?\s*(?P<name>[\w-]+)(?P<args>(?:(?!%\}|\{%|\n[ \t]*\n).){0,1000}?)-?%\}"
LIQUID_PAIR = (
    r"\{%-?[ \t]*(?!end)(?P<name>[A-Za-z]\w*)(?P<args>(?:(?!%\}|\{%)[^\n]){0,500}?)-?%\}"
    r"(?P<inside>(?:(?!\{%)[^\n]){0,2000}?)\{%-?[ \t]*end(?:(?P=name))?[ \t]*-?%\}"
)
HUGO_PAIR = (
    r"\{\{[<%][ \t]*(?P<name>[\w./-]+)(?P<args>(?:(?![>%]\}\}|\{\{[<%])[^\n]){0,500}?)[>%]\}\}"
    r"(?P<inside>\n?(?:(?!\{\{[<%])[^\n]){0,2000}?\n?)\{\{[<%][ \t]*/[ \t]*(?P=name)[ \t]*[>%]\}\}"
)
CALLED = r"\{\{(?<!\\\{\{)[ \t]*(?P<inside>[a-z_]\w*\((?:[^{}]|\{[^{}]*\}){0,1500}?\))[ \t]*\}\}"
RULES = (
    ("{%", re.compile(LIQUID_PAIR), in_its_place(_pair)),
    ("{{", re.compile(HUGO_PAIR), in_its_place(_pair)),
    ("{{", re.compile(VALUE), in_its_place(_value)),
    ("{{", re.compile(CALLED), in_its_place(_value)),
    ("{%", re.compile(LIQUID, re.S), in_its_place(_tag)),
    ("{{", re.compile(SHORTCODE, re.S), in_its_place(_tag)),
)
REST = re.compile(
    r"\{\{[<%]\s*/?\s*(?P<short>[\w./-]+)(?:(?![>%]\}\}|\{\{[<%]).){0,2000}?[>%]\}\}"
    r"|(?<![\\{])\{%-?\s*/?\s*(?P<tag>[\w-]+)(?:(?!%\}|\{%|\n[ \t]*\n).){0,1000}?%\}"
    r"|(?<!\\)\{\{(?![<%{])(?P<value>[^{}\n]{1,300})\}\}",
    re.S,
)
"""What of all this is left when the rules have been applied."""


VARIABLE = re.compile(r"-?[ \t]*[A-Za-z_][\w.-]*(?:\[[^\[\]]*\])*(?:[ \t]*\|.*)?[ \t]*-?")
LONGEST_TARGET = 500
"""The characters of an address before a value in it, at most."""


@lru_cache(maxsize=2)
def _are_tags(text: str, start: int, end: int) -> bool:
    """Whether the lines between these places hold nothing but tags. Asked of each tag in them."""
    return not REST.sub("", text[start:end]).strip(" \t>-*")


def is_sure(text: str, found: re.Match[str]) -> bool:
    """Whether this is a tag, not a text about one: Hugo's always are, Liquid's where it is known or stands alone."""
    if found["short"]:
        return True
    start, end = span_of_lines(text, *found.span())
    is_alone = _are_tags(text, start, end)
    if found["tag"]:
        return is_alone or OF_JINJA.fullmatch(found["tag"]) is None
    call = CALL.fullmatch(found["value"].strip())
    if call and (is_alone or re.match(r"\s*\w+\s*=\s*[\"'\d\[]", call["args"])):
        return True
    before = text[max(start, found.start() - LONGEST_TARGET) : found.start()]
    in_target = re.search(r"\]\([^()\s]*\Z|\]:[ \t]*\S*\Z|=[\"'][^\"']*\Z", before) is not None
    is_computed = re.match(r"\s*(?:\"[^\"]*\"|'[^']*')\s*\|", found["value"]) is not None
    return in_target or is_computed or OF_SITE.fullmatch(found["value"].strip()) is not None


def is_value(text: str, found: re.Match[str]) -> bool:
    """Whether this is a name that has a value in Liquid: `{{ a.b | upcase }}`, and no part of a formula."""
    is_name = found["value"] is not None and VARIABLE.fullmatch(found["value"]) is not None
    return is_name and without_formulas(masked(text))[found.start()] == "{"


def are_in(text: str) -> bool:
    """Whether the text has tags of Liquid, and is not only about them."""
    return "{%" in text and any(found["tag"] and is_sure(text, found) for found in REST.finditer(masked(text)))
