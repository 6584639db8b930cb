"""What the usual tags and shortcodes mean, whatever their template language: one function for each sort of them.

Each takes a Call and gives Markdown, or None where it cannot tell. A site's own are in `import.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from html import unescape
from itertools import takewhile
from textwrap import dedent
from types import MappingProxyType
from urllib.parse import quote

from trigpoint.markup.foreign.calls import Call, inline, parameters
from trigpoint.markup.foreign.emoji_names import SIGNS
from trigpoint.markup.foreign.html_form import as_html

Meaning = Callable[[Call], "str | None"]
PICTURE = re.compile(r"\.(?:png|jpe?g|gif|webp|avif|svg|bmp|ico|tiff?|heic)(?:[?#].*)?$", re.I)
SOURCES = (
    "src", "source", "url", "image", "img", "path", "file", "link_src", "image_path", "filename", "name", "image_url",
    "href", "imageurl",
    "picture", "relpath", "asset", "light", "default", "resource", "image-url", "src_light", "lightsrc", "cid",
)  # fmt: skip
ADDRESS = re.compile(r"https?:|[./]|[\w%-]+(?:/|\.\w{2,5}(?:[?#]|\Z))")
"""How what a picture links to begins; `link=true` leads nowhere."""

OPTION = re.compile(r"\s--(?P<name>[a-z]\w*)(?P<text>(?:(?!\s--[a-z]).)*)")
"""An option of Jekyll's picture_tag: `{% picture a.jpg --alt The words %}`."""

PULLED = re.compile(r"\{\"[ ]?(?P<text>.{1,1000}?)[ ]?\"\}", re.S)
"""What Octopress's `pullquote` shows twice."""

LISTED = re.compile(r"\s*(?:\"[^\"]*\"|'[^']*')\s*,")
"""Commas part the parameters, as Nunjucks has them: behind the address of a picture are the words for the blind."""

CAPTIONS = ("caption", "title", "text", "desc", "description", "legend", "cap")


def target(address: str) -> str:
    """An address as Markdown's target: in angles where it has spaces or brackets."""
    address = address.strip()
    return f"<{address}>" if re.search(r"[\s()]", address) else address


def escaped(text: str) -> str:
    return inline(text).replace("[", "\\[").replace("]", "\\]")


def picture(call: Call) -> str | None:
    """A picture, with its caption as a title: alone in its line it becomes a figure."""
    if option := OPTION.search(call.arguments):
        arguments = OPTION.sub("", call.arguments)
        positional, named = parameters(arguments)
        named = {**named, **({"alt": option["text"].strip()} if option["name"] == "alt" else {})}
        call = replace(call, arguments=arguments, positional=positional, named=named)
    source = call.get(*SOURCES)
    words = [word for word in call.positional if word]
    if not source:
        addresses = [word for word in words if PICTURE.search(word) or word.startswith(("/", "http"))]
        source = next(filter(PICTURE.search, addresses), "".join(addresses[:1]))
        at = words.index(source) if source else len(words)
        words = words[at + 1 :] or [word for word in words[:at] if " " in word or not source]
        words = [
            word
            for word in words
            if not re.fullmatch(r"\d+(?:px|%)?|left|right|center|fancybox|[\w-]*(?:left|right|center)", word)
        ]
    if not source:
        return None
    alt = call.get("alt", "alttext", "alt_text")
    if not alt and len(words) > 1 and LISTED.match(call.arguments):
        alt, words = words[0], [word for word in words[1:] if " " in word][:1]
    caption = inline(_caption(call) or call.inner or (" ".join(words) if words else ""))
    link = call.get("link", "linkto", "link_to", "target_url")
    return figure(source, alt, caption, link if link != source else "")


def _caption(call: Call) -> str:
    """What stands below a picture. Hugo's `figure` shows a title, a caption and a source, which may be a link."""
    if call.name.lower() != "figure" or "src" not in call.named:
        return call.get(*CAPTIONS)
    title, caption, source, address = (call.get(name) for name in ("title", "caption", "attr", "attrlink"))
    title = f"{title}." if title and caption and title[-1] not in ".,:;!?…" else title
    source = f"[{escaped(source)}]({target(address)})" if source and address else source
    return " ".join(filter(None, (title, caption, source)))


def figure(source: str, alt: str, caption: str = "", link: str = "") -> str:
    """A picture with its words as a title; below it where they have marks, or the picture is a link."""
    caption = re.sub(r"</?(?:p|div|span|center|figcaption|h[1-6])\b[^<>]*>", "", caption).strip()
    is_linked = ADDRESS.match(link) is not None
    is_below = bool(caption) and (is_linked or re.search(r"[\[*`<]|https?:", caption) is not None)
    alt = alt or re.sub(r"<[^>]*>|\]\([^)]*\)|[\[\]*`]", "", caption)
    title = "" if is_below or not caption else ' "' + caption.replace("\\", "\\\\").replace('"', '\\"') + '"'
    image = f"![{escaped(alt)}]({target(source)}{title})"
    image = f"[{image}]({target(link)})" if is_linked else image
    words = caption if re.search(r"[*_]", caption) else f"*{caption}*"
    return f"{image}\n\n{words}" if is_below else image


def link_to(pattern: str, label: str) -> Meaning:
    """A link to what stood in a frame; `{}` is the first parameter."""

    def meaning(call: Call) -> str | None:
        key = call.get(
            "id", "v", "videoid", "video_id", "video", "code", "src", "url", "href", "link", "slug", "repo", 0
        )
        if not key:
            return None
        text = call.get("title", "caption", "alt") or next((word for word in call.positional[1:] if " " in word), "")
        return f"[{label}{': ' + escaped(text) if text else ''}]({target(_address(pattern, key))})"

    return meaning


def _address(pattern: str, key: str) -> str:
    return (
        key
        if key.startswith(("http:", "https:", "//", "/"))
        else pattern.format(quote(key.strip("\"'"), safe="/?=&-_@"))
    )


def gist(call: Call) -> str | None:
    user, key = call.get("user", "username", 0), call.get("id", "gist", 1)
    is_file = "." in key or "/" in user  # `{% gist user/1 a.py %}`
    path = user if user and is_file else f"{user}/{key}" if user and key and "/" not in key else key or user
    path = path if path.startswith("http") else f"https://gist.github.com/{path}"
    return f"[Gist {path.removeprefix('https://gist.github.com/')}]({target(path)})" if user or key else None


def tweet(call: Call) -> str | None:
    user, key = call.get("user", 0), call.get("id", 1, 0)
    if key.startswith("http") or user.startswith("http"):
        return f"<{key if key.startswith('http') else user}>"
    user = user if user not in ("", key) else "i/web"
    return f"[Post on X](https://x.com/{user}/status/{key})" if key else None


HOSTS = {
    "youtube": ("https://www.youtube.com/watch?v={}", "Video on YouTube"),
    "vimeo": ("https://vimeo.com/{}", "Video on Vimeo"),
}


def video(call: Call) -> str | None:
    """A film of the site's own is shown; one elsewhere is linked to."""
    source = call.get("src", "url", "source", "mp4", "file", "video", "path", "webm", "id", 0)
    if not source:
        return None
    if re.search(r"\.(?:mp4|webm|ogv|mov|m4v)(?:[?#].*)?$", source, re.I) and not source.startswith(("http", "//")):
        return f'<video controls src="{source}"></video>'
    if (host := call.get("provider").lower()) in HOSTS and call.get("id"):
        return link_to(*HOSTS[host])(call)
    if "youtu" in source and source.startswith("http"):
        return f"[{HOSTS['youtube'][1]}]({target(source)})"
    if "youtu" in source or re.fullmatch(r"[\w-]{11}", source):
        return link_to(*HOSTS["youtube"])(call)
    text = inline(call.get("title", "caption")) or "Video"
    return f"[{escaped(text)}]({target(source)})" if re.match(r"https?:|/", source) else None


def audio(call: Call) -> str | None:
    source = call.get("src", "url", "file", "mp3", "source", "path", 0)
    if not source:
        return None
    return f"[Audio]({target(source)})" if source.startswith("http") else f'<audio controls src="{source}"></audio>'


KINDS = {
    **dict.fromkeys(("note", "notice", "info", "information", "primary", "default", "abstract", "seealso", "question",
            "todo", "quote", "example", "callout", "admonition", "alert", "aside", "message", "hint-info",
            "notice--info", "summary", "faq", "bug-note", "bell", "light", "secondary", "muted", "lightbulb-note",
            "definition"), "note"),
    **dict.fromkeys(("tip", "hint", "success", "check", "done", "idea", "notice--success", "protip", "lightbulb",
            "pro"), "tip"),
    **dict.fromkeys(("important", "notice--primary", "attention", "fire", "highlight-box"), "important"),
    **dict.fromkeys(("warning", "warn", "alert-warning", "notice--warning", "bug", "failure", "fail"), "warning"),
    **dict.fromkeys(("caution", "danger", "error", "critical", "notice--danger", "alert-danger", "red"), "caution"),
}  # fmt: skip
"""The names of boxes, and the callout that each becomes."""

COLOURS = ("default", "red", "blue", "green", "orange", "purple", "pink", "yellow", "cyan", "gray", "grey")
LOOKS = re.compile(
    r"fa[bsrl]?|simple|modern|flat|(?:no-)?icon|disabled|open|close|true|false|default"
    r"|red|blue|green|orange|purple|pink|yellow|cyan|gr[ae]y|fa-[a-z].*|icon:.*"
)
"""Words that say how a box looks, and are no title."""


def box(call: Call) -> str | None:
    """A callout; its kind is the tag's name or a parameter, its title another one."""
    given = [
        word.lower().strip(":").removeprefix("alert-").removeprefix("notice--")
        for word in (
            call.get("type", "kind", "class", "style", "color", "level", "icon", "style_class", "context"),
            *call.positional[:1],
        )
    ]
    name = call.name.lower()
    kind = next((KINDS[word] for word in given if word in KINDS), KINDS.get(name, "note"))
    title = call.get("title", "heading", "header", "name", "summary", "caption")
    if not title and call.positional:
        is_class = name in ("alert", "tip", "note") and re.fullmatch(r"[a-z0-9_-]+", call.positional[0])
        words = call.positional[1:] if is_class or given[1] in (*KINDS, "no-icon", "fa") else call.positional
        title = " ".join(word for word in words if not all(map(LOOKS.fullmatch, word.strip(",").split())))
        title = title.removeprefix("title:")
    inner = call.inner if call.is_pair else call.get("content", "text", "body", "message", "msg", "markdown")
    if not call.is_pair and not inner:
        inner, title = title, ""
    return (
        quoted(inner, f"[!{kind.upper()}]{' ' + inline(title) if title and title.lower() != name else ''}")
        if inner.strip()
        else ""
        if call.is_pair
        else None
    )


def quoted(text: str, first: str = "", last: str = "") -> str:
    lines = [*([first] if first else []), *dedent(text).strip("\n").split("\n"), *(["", last] if last else [])]
    return "\n".join(f"> {line}".rstrip() for line in lines)


def cited(source: str, address: str = "") -> str:
    """Who said it, with a link to where: `Name http://e.org/a Title`, as Octopress and Hexo have it."""
    if found := re.search(r"\s(https?://\S+)(.*)$", source):
        address, source = found[1], f"{source[: found.start()]}{':' if found[2] else ''}{found[2]}"
    return f"[{escaped(source)}]({target(address)})" if source and address else source


def quotation(call: Call) -> str | None:
    """A quote with who said it."""
    source = call.get("author", "by", "cite", "source", "caption", "attribution")
    source = source or ("" if call.named else inline(call.arguments.strip().strip("\"'")))
    source = "" if source in ("left", "right", "center") else source
    address = call.get("link", "url", "href")
    source = cited(source, address)
    inner = call.inner if call.is_pair else call.get("text", "quote", "content")
    inner = PULLED.sub(r"\g<text>", inner) if "pull" in call.name.lower() else inner
    if not inner and call.positional:  # `{% epigraph 'text' 'who' 'where' %}`
        inner, source = call.positional[0], ", ".join(filter(None, call.positional[1:]))
    return quoted(inner, last=f"— {source}" if source else "") if inner.strip() else None


def shown_before_colours(name: str, arguments: str) -> str:
    """What Butterfly's `{% hideToggle Title,#fff,red %}` is named; "" for any other tag."""
    return arguments.partition(",")[0].strip(" \t\"'") if name.lower() in ("hidetoggle", "hideblock") else ""


def details(call: Call) -> str | None:
    title = (
        call.get("summary", "title", "label", "text", "name", "header", "heading")
        or shown_before_colours(call.name, call.arguments)
        or " ".join(call.positional)
        or "Details"
    )
    title = re.sub(
        r"^(?:open|close|info|success|warning|danger|primary|blue|green|cyan|yellow|red|true|false)\s*,?\s+(?=\S)",
        "",
        title,
    )
    title = re.sub(r"^\w+::(?=\S)", "", title)  # A colour.
    body = dedent(call.inner).strip("\n")
    title = re.sub(r"`([^`]+)`", r"<code>\1</code>", as_html(inline(title)))
    return f"<details>\n<summary>{title}</summary>\n\n{body}\n\n</details>" if call.is_pair else None


def tab_title(call: Call) -> str:
    """A tab's name."""
    is_quoted = call.arguments.lstrip().startswith(('"', "'"))
    bare = () if is_quoted else call.positional
    return (
        call.get("title", "name", "label", "header", "tabname", "tabtitle", "lang", "value")
        or " ".join(bare)
        or call.get(0)
    )


def commented_tab(written: str) -> str:
    """The name in Hexo's `<!-- tab Name@icon -->`, and in Icarus's `<!-- tab id:a "title:Name" active -->`."""
    words = [double or bare for double, bare in re.findall(r"\"([^\"]*)\"|([^\s\"]+)", written)]
    if any(word.startswith("id:") for word in words):
        return next((word.removeprefix("title:") for word in words if word.startswith("title:")), "")
    return written.split("@")[0].strip()


def tab(call: Call) -> str | None:
    """A tab stands behind the one before it, under its name."""
    title = tab_title(call)
    return f"**{inline(title)}**\n\n{dedent(call.inner).strip()}" if title else inner(call)


def inner(call: Call) -> str | None:
    return dedent(call.inner).strip("\n") if call.is_pair else None


def words_only(call: Call) -> str | None:
    """Its text alone: what stands between its tags, or its last words (`{% span red, text %}`)."""
    if call.is_pair:
        return dedent(call.inner).strip("\n")
    text = call.get("text", "content", "title", "value", "term", "term_id")
    text = text or ("" if call.named else re.split(r",|::", call.arguments)[-1].strip().strip("\"'"))
    return inline(text) or None


def silent(call: Call) -> str | None:
    """Nothing; what stands between its tags stays."""
    return dedent(call.inner).strip("\n") if call.is_pair else ""


def by_parameters(call: Call) -> str | None:
    """What a tag of an unknown name shows by its parameters: a picture, or a title, which may be a link."""
    named = {key: value for key, value in call.named.items() if "{" not in value}
    pictures = [value for value in (*named.values(), *call.positional) if PICTURE.search(value)]
    source = next((value for value in pictures if "*" not in value), "")
    if len(pictures) > 1 and tuple(pictures) == call.positional:
        return "\n\n".join(f"![]({target(path)})" for path in pictures)
    if source in call.positional and not call.is_pair:
        return picture(call)
    if source and not call.is_pair:
        alt = next((value for key, value in named.items() if "alt" in key), "")
        return figure(source, alt, call.get(*CAPTIONS))
    text = inline(call.get("text", "content", "caption", "body"))
    text = "" if text in ("true", "false") else text
    address = call.get("link", "href", "url")
    title = inline(call.get("title", "header", "heading", "label")) or (text if address else "")
    shown = f"[{escaped(title)}]({target(address)})" if address else f"**{title}**"
    if call.is_pair:
        return f"{shown}\n\n{dedent(call.inner).strip(chr(10))}" if title else None
    if title:
        words = inline(call.get("subtitle", "description", "desc"))
        return f"{shown}: {words}" if words else shown
    source = call.get("url", "href", "link", "src") or next(iter(call.positional), "")
    if text:
        return text
    return f"<{source}>" if re.match(r"https?://[^\s<>]+\Z", source) else None


def emoji(call: Call) -> str | None:
    return SIGNS.get(call.get(0).strip(":"))


def wrapper(call: Call) -> str | None:
    """What only gives its content another look; a title is shown."""
    if not call.is_pair:
        return None if call.arguments else ""
    return by_parameters(call) or dedent(call.inner).strip("\n")


def citation(call: Call, known: Mapping[str, str] = MappingProxyType({})) -> str | None:
    """What is cited, by its key or as it is `known`, and the place there: a bibliography stands elsewhere."""
    place = re.search(r"(?:--locator|-l)[ \t]+(\S+)", call.arguments)
    keys = re.sub(r"(?:^|\s)--?\w+(?:[ \t]+\S+)?", " ", call.arguments).replace(",", " ").split()
    shown = "; ".join(known.get(key, key) for key in keys) + (f", {place[1]}" if place and keys else "")
    return shown if call.name.lower() == "citet" else f"({shown})" if shown else ""


def nothing(call: Call) -> str | None:
    return ""


def fence(language: str) -> Meaning:
    return lambda call: code(call.raw, language) if call.is_pair else None


def code(text: str, language: str = "", options: str = "") -> str:
    """A block of code, in a fence that is longer than any in it."""
    longest = max((len(run) for run in re.findall(r"`{3,}", text)), default=2)
    mark = "`" * (longest + 1)

    return f"{mark}{language}{' ' + options if options else ''}\n{dedent(text).strip(chr(10))}\n{mark}"


def title_before_address(words: Iterable[str]) -> str:
    """What stands in a `codeblock` before the address of its source: its title."""
    named = takewhile(lambda word: not re.match(r"https?:|/", word), words)
    title = " ".join(word for word in named if not re.fullmatch(r"[\d,-]+|>folded", word))
    return unescape(title).replace('"', "'")


def formula(call: Call) -> str | None:
    text = (call.raw or call.get("math", 0)).strip().strip("$").strip()
    if not text:  # Hugo's `{{< katex >}}` only says that the page has formulas.
        return None if call.is_pair else ""
    return f"$$\n{text}\n$$" if call.is_alone or "\n" in text else f"$`{text}`$"


def element(name: str) -> Meaning:
    def meaning(call: Call) -> str | None:
        text = inline(call.inner or call.get("text", "content", "value", 0))
        return f"<{name}>{text}</{name}>" if text else None

    return meaning


def aside(call: Call) -> str | None:
    words = call.positional if re.search(r"[\"']", call.arguments) else (" ".join(call.positional[1:]),)
    said = next((word for word in reversed(words) if " " in word), "") if call.is_pair else ""
    text = inline(call.inner or call.get("text", "note", "content") or next(filter(None, reversed(words)), call.get(0)))
    return f"{said} ({text})" if text else None


def label(call: Call) -> str | None:
    """Hexo's `{% label primary@text %}`, Butterfly's `{% label "text" blue %}`, a badge, a word in colour."""
    words = call.positional
    if words[1:] and words[-1] in COLOURS and "@" not in words[0]:
        words = words[:-1]
    text = (
        inline(call.inner)
        or call.get("text", "content", "label", "title", "value")
        or " ".join(words).rpartition("@")[2]
    )
    return text.strip() or None


def hyperlink(call: Call) -> str | None:
    """Hexo's `{% link text url [external] [title] %}`; Jekyll's `link` is resolved elsewhere."""
    address = call.get("href", "url", "link") or next(
        (word for word in call.positional if re.match(r"https?:|/", word)), ""
    )
    words = [word for word in call.positional if word not in ("true", "false")]
    at = words.index(address) if address in words else 0
    text = call.get("text", "content", "title", "name") or " ".join(words[:at] or words[at + 1 :])
    return f"[{escaped(text) or address}]({target(address)})" if address else None


def abbreviation(call: Call) -> str | None:
    title, text = call.get("title", 1), call.get("text", 0) or inline(call.inner)
    return f'<abbr title="{title}">{text}</abbr>' if title and text else text or None
