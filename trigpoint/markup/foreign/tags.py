"""Tags of Liquid (Jekyll), Hexo, Hugo and Zola: the code, pictures, links and videos that they stand for. Pure.

Sources: the documentation of each; the tags of Jekyll, of Octopress (which Hexo took over), Hugo's built-in shortcodes.
"""

from __future__ import annotations

import re
from unicodedata import normalize

from trigpoint.markup.foreign.boxes import arguments

CODE = "highlight|codeblock|code|mermaid|prism|sourcecode"
OPEN, CLOSE = r"\{%-?[ \t]*", r"[ \t]*-?%\}"
RAW = re.compile(rf"{OPEN}(?:raw|verbatim){CLOSE}(?P<inside>.*?){OPEN}end(?:raw|verbatim){CLOSE}", re.S)
RAW_IN_FENCE = re.compile(
    rf"^([ \t]*(?P<mark>`{{3,}}|~{{3,}})[^\n`]*)\n[ \t]*{OPEN}raw{CLOSE}[ \t]*\n(.*?)\n"
    rf"[ \t]*{OPEN}endraw{CLOSE}[ \t]*\n([ \t]*(?P=mark))[ \t]*$",
    re.S | re.M,
)
MARKED = re.compile(r"(?:\A|\n)[ \t]*\n(?:[ ]{4,}|\t)(?::::[\w+#-]+|\#![a-z]\w*)[ \t]*\n(?=[ ]{4}|\t)")
"""CodeHilite's mark of a language: the first line of code that is indented."""

TICKED = re.compile(r"`+")
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
    r"(?:site|page|post|layout|include|content|paginator|theme|config|forloop|jekyll)\b[\w.\[\]\"' |:-]*"
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
PICTURE = re.compile(r"\.(?:png|jpe?g|gif|webp|avif|svg)\Z", re.I)
SOURCES = ("src", "url", "image_path", "image", "file", "path", "link", "img", "name")
LINKING = ("post_url", "link", "ref", "relref", "post_path", "asset_path", "doc_url")
KNOWN = re.compile(
    r"(?:end)?(?:if|unless|for|case|capture|tablerow|raw|comment|highlight|codeblock)|els(?:e|if)|when|assign|include(?:_\w+)?"
    r"|render|layout|cycle|(?:in|de)crement|break|continue|seo|feed_meta|toc|liquid|more"
)
"""Liquid's own tags, and those of Jekyll's usual plugins."""


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


def with_plain_code(text: str) -> str:
    """The text without what stands in code and is none: pairs of `raw`, and CodeHilite's mark of a language."""
    text = MARKED.sub(lambda found: "\n" * found[0].count("\n"), text)
    text = RAW_IN_FENCE.sub(
        lambda found: found[0] if found["mark"] in found[3] else f"\n{found[1]}\n{found[3]}\n{found[4]}\n", text
    )
    return re.sub(rf"(`+){OPEN}raw{CLOSE}([^`\n]*?){OPEN}endraw{CLOSE}(`+)", r"\1\2\3", text)


def _raw(text: str, found: re.Match[str]) -> str:
    """What stands between `raw` and `endraw`, its signs escaped so that nothing reads them; code needs no escape."""
    start, end = found.span("inside")
    pieces = []
    for at in range(start, end):
        is_code = found.string[at] == "\0"
        pieces.append("\\{" if text[at] == "{" and not is_code else text[at])
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
        language = name if name == "mermaid" else words[0] if words else ""
    inside = text[slice(*found.span("inside"))].rstrip(" \t")
    ticks = "`" * max([3, *(len(run) + 1 for run in TICKED.findall(inside))])
    indent = found["indent"]
    begin = "" if inside.startswith("\n") else "\n"
    end = "" if inside.endswith("\n") else "\n"
    language = re.sub(r"[^\w+#.-]", "", language or "")
    return f"{indent}{ticks}{language}{begin}{inside}{end}{indent}{ticks}"


def _value(text: str, found: re.Match[str]) -> str | None:
    """`{{ site.baseurl }}`, `{{ "/a.png" | relative_url }}`, Zola's `{{ youtube(id="x") }}`."""
    inside = found["inside"].strip(" \t-")
    if BASES.fullmatch(inside):
        return ""
    if filtered := FILTERED.fullmatch(inside):
        path = filtered["text"]
        return path if re.match(r"[a-z]+:|//|/|#|\Z", path) else f"/{path}"
    call = CALL.fullmatch(inside)
    return meaning(call["name"], call["args"].replace(",", " ")) if call else None


def _tag(text: str, found: re.Match[str]) -> str | None:
    return meaning(found["name"], found["args"].rstrip("/ \t"))


def meaning(name: str, written: str) -> str | None:
    """What a tag of this name stands for, as Markdown; None where that is not known."""
    name = name.lower()
    plain, named = arguments(written)
    if name.startswith("include") and plain and (included := re.match(r"[\w/-]*?(\w+)\.html?\Z", plain[0])):
        return meaning(included[1], written.replace(plain[0], "", 1)) if included[1].lower() != "include" else None
    if name in VIDEOS:
        return _video(name, plain, named)
    if name in LINKING:
        target = plain[0] if plain else named.get("path", "")
        return target if name == "asset_path" else address_of(target) if target else None
    if name == "post_link" and plain:
        words = " ".join(word for word in plain[1:] if word not in ("true", "false"))
        return f"[{words or plain[0].rpartition('/')[2]}]({address_of(plain[0])})"
    if name == "asset_link" and plain:
        return f"[{' '.join(plain[1:]) or plain[0]}]({plain[0]})"
    if name in (
        "figure",
        "fig",
        "image",
        "img",
        "picture",
        "asset_img",
        "responsive_image",
        "responsive",
        "resize_image",
    ):
        return _picture(plain, named)
    return None


def _video(name: str, plain: list[str], named: dict[str, str]) -> str | None:
    if name in ("tweet", "twitter") and "user" in named:
        return f"<https://twitter.com/{named['user']}/status/{named.get('id', '')}>"
    of = named.get("id") or named.get("video_id") or named.get("vid") or named.get("url") or ""
    of = of or (
        "/".join(plain[:2]) if name == "gist" and len(plain) > 1 and "." not in plain[1] else (plain or [""])[0]
    )
    if not of or re.search(r"[{}<>\s]", of):
        return None
    return f"<{of if of.startswith('http') else VIDEOS[name].format(of)}>"


def _picture(plain: list[str], named: dict[str, str]) -> str | None:
    source = next((named[name] for name in SOURCES if PICTURE.search(named.get(name, ""))), "")
    source = source or next((word for word in plain if PICTURE.search(word)), "")
    if not source:
        return None
    behind = plain[plain.index(source) + 1 :] if source in plain else []
    texts = [word for word in behind if not re.fullmatch(r"\d+(?:%|px)?", word)]
    texts = texts if any(" " in word for word in texts) else [" ".join(texts)]
    caption = named.get("caption") or named.get("title") or named.get("description") or "".join(texts[:1])
    alt = named.get("alt") or (texts[1] if len(texts) > 1 else "") or caption
    title = ' "{}"'.format(caption.replace('"', "'")) if caption else ""
    path = f"<{source}>" if re.search(r"[\s()]", source) else source
    return f"![{alt.replace('[', '').replace(']', '')}]({path}{title})"


BLOCKS = (
    (re.compile(rf"{OPEN}comment{CLOSE}.*?{OPEN}endcomment{CLOSE}", re.S), _comment),
    (
        re.compile(
            rf"^(?P<indent>[ \t]*){OPEN}(?P<name>{CODE})\b(?P<args>[^\n]*?)-?%\}}(?P<inside>.*?)"
            rf"{OPEN}end(?:(?P=name))?{CLOSE}",
            re.S | re.M,
        ),
        _code,
    ),
    (
        re.compile(
            rf"^(?P<indent>[ \t]*)\{{\{{[<%][ \t]*(?P<name>{CODE})\b(?P<args>[^\n]*?)[>%]\}}\}}(?P<inside>.*?)"
            r"\{\{[<%][ \t]*/[ \t]*(?P=name)[ \t]*[>%]\}\}",
            re.S | re.M,
        ),
        _code,
    ),
    (RAW, _raw),
)
SHORTCODE = r"\{\{[<%][ \t]*(?P<name>[\w./-]+)(?P<args>(?:(?![>%]\}\}).){0,2000}?)[>%]\}\}"
VALUE = r"(?<!\\)\{\{(?![<%{])(?P<inside>[^{}\n]{1,300})\}\}"
LIQUID = r"(?<![\\{])\{%-?[ \t]*(?P<name>[\w-]+)(?P<args>(?:(?!%\}).){0,1000}?)-?%\}"
RULES = (
    (re.compile(VALUE), _value),
    (re.compile(LIQUID), _tag),
    (re.compile(SHORTCODE, re.S), _tag),
)
REST = re.compile(
    r"\{\{[<%][ \t]*/?[ \t]*(?P<short>[\w./-]+)(?:(?![>%]\}\}).){0,2000}?[>%]\}\}"
    r"|(?<![\\{])\{%-?[ \t]*(?P<tag>[\w-]+)[^\n]{0,1000}?%\}"
    r"|(?<!\\)\{\{(?![<%{])(?P<value>[^{}\n]{1,300})\}\}",
    re.S,
)
"""What of all this is left when the rules have been applied."""


def is_sure(text: str, found: re.Match[str]) -> bool:
    """Whether this is a tag, not a text about one: Hugo's always are, Liquid's where it is known or stands alone."""
    if found["short"]:
        return True
    start, end = text.rfind("\n", 0, found.start()) + 1, text.find("\n", found.end())
    line = text[start : end if end >= 0 else len(text)]
    is_alone = not REST.sub("", line).strip(" \t>-*")
    if found["tag"]:
        return is_alone or KNOWN.fullmatch(found["tag"]) is not None
    in_target = re.search(r"\]\([^()\s]*\Z|\]:[ \t]*\S*\Z|=[\"'][^\"']*\Z", text[start : found.start()]) is not None
    return in_target or OF_SITE.fullmatch(found["value"].strip()) is not None
