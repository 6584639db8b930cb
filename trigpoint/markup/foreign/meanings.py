"""What the usual tags and shortcodes mean, whatever their template language: one function for each sort of them.

Each takes a Call and gives Markdown, or None where it cannot tell. A site's own are in `import.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from textwrap import dedent
from urllib.parse import quote

from trigpoint.markup.elements import HTML
from trigpoint.markup.foreign.calls import Call, inline

Meaning = Callable[[Call], "str | None"]
PICTURE = re.compile(r"\.(?:png|jpe?g|gif|webp|avif|svg|bmp|ico|tiff?|heic)(?:[?#].*)?$", re.I)
SOURCES = (
    "src", "source", "url", "image", "img", "path", "file", "link_src", "image_path", "filename", "name", "image_url",
    "href", "imageurl",
    "picture", "relpath", "asset", "light", "default", "resource", "image-url", "src_light", "lightsrc", "cid",
)  # fmt: skip
CAPTIONS = ("caption", "title", "text", "desc", "description", "legend", "cap")


def target(address: str) -> str:
    """An address as Markdown's target: in angles where it has spaces or brackets."""
    address = address.strip()
    return f"<{address}>" if re.search(r"[\s()]", address) else address


def escaped(text: str) -> str:
    return inline(text).replace("[", "\\[").replace("]", "\\]")


def picture(call: Call) -> str | None:
    """A picture, with its caption as a title: alone in its line it becomes a figure."""
    source = call.get(*SOURCES)
    words = [word for word in call.positional if word]
    if not source:
        source = next((word for word in words if PICTURE.search(word) or word.startswith(("/", "http"))), "")
        words = [word for word in words if word != source]
        words = [
            word
            for word in words
            if not re.fullmatch(r"\d+(?:px|%)?|left|right|center|fancybox|[\w-]*(?:left|right|center)", word)
        ]
    if not source:
        return None
    caption = inline(call.get(*CAPTIONS) or call.inner or (" ".join(words) if words else ""))
    alt = call.get("alt", "alttext", "alt_text") or re.sub(r"<[^>]*>|\]\([^)]*\)|[\[\]*`]", "", caption)
    return figure(
        source, alt, caption, call.get("link", "linkto", "link_to", "target_url") if call.get("link") != source else ""
    )


def figure(source: str, alt: str, caption: str = "", link: str = "") -> str:
    has_marks = re.search(r"[\[*`<]|https?:", caption)
    alt = alt or re.sub(r"<[^>]*>|\]\([^)]*\)|[\[\]*`]", "", caption)
    title = "" if has_marks or not caption else ' "' + caption.replace("\\", "\\\\").replace('"', '\\"') + '"'
    image = f"![{escaped(alt)}]({target(source)}{title})"
    image = f"[{image}]({target(link)})" if link.startswith(("http", "/")) else image
    words = caption if re.search(r"[*_]", caption) else f"*{caption}*"
    return f"{image}\n\n{words}" if has_marks else image


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
    path = f"{user}/{key}" if user and key and not re.search(r"[./]", key) else key or user
    path = path if path.startswith("http") else f"https://gist.github.com/{path}"
    return f"[Gist {path.removeprefix('https://gist.github.com/')}]({target(path)})" if user or key else None


def tweet(call: Call) -> str | None:
    user, key = call.get("user", 0), call.get("id", 1, 0)
    if key.startswith("http") or user.startswith("http"):
        return f"<{key if key.startswith('http') else user}>"
    user = user if user != key else "i/web"
    return f"[Post on X](https://x.com/{user}/status/{key})" if key else None


def video(call: Call) -> str | None:
    """A film of the site's own is shown; one elsewhere is linked to."""
    source = call.get("src", "url", "source", "mp4", "file", "video", "path", "webm", "id", 0)
    if not source:
        return None
    if re.search(r"\.(?:mp4|webm|ogv|mov|m4v)(?:[?#].*)?$", source, re.I) and not source.startswith(("http", "//")):
        return f'<video controls src="{source}"></video>'
    if (host := call.get("provider").lower()) in ("youtube", "vimeo") and call.get("id"):
        return MEANINGS[host](call)
    if "youtu" in source or re.fullmatch(r"[\w-]{11}", source):
        return link_to("https://www.youtube.com/watch?v={}", "Video on YouTube")(call)
    text = inline(call.get("title", "caption")) or "Video"
    return f"[{escaped(text)}]({target(source)})" if re.match(r"https?:|/", source) else None


def audio(call: Call) -> str | None:
    source = call.get("src", "url", "file", "mp3", 0)
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
        words = call.positional[1:] if given[1:] and given[1] in (*KINDS, "no-icon", "fa") else call.positional
        title = " ".join(
            word
            for word in words
            if word not in ("no-icon", "icon", "simple", "flat", "modern")
            and not word.startswith("fa")
            and not (name in ("alert", "tip", "note") and re.fullmatch(r"[a-z0-9-]+", word))
        )
    inner = call.inner if call.is_pair else call.get("content", "text", "body", "message", "msg", "markdown")
    if not call.is_pair and not inner:
        inner, title = title, ""
    return (
        quoted(inner, f"[!{kind.upper()}]{' ' + inline(title) if title and title.lower() != name else ''}")
        if inner.strip()
        else None
    )


def quoted(text: str, first: str = "", last: str = "") -> str:
    lines = [*([first] if first else []), *dedent(text).strip("\n").split("\n"), *(["", last] if last else [])]
    return "\n".join(f"> {line}".rstrip() for line in lines)


def quotation(call: Call) -> str | None:
    """A quote with who said it."""
    source = call.get("author", "by", "cite", "source", "caption", "attribution")
    source = source or ("" if call.named else inline(call.arguments.strip().strip("\"'")))
    address = call.get("link", "url", "href")
    if found := re.search(r"\s(https?://\S+)(.*)$", source):
        address, source = found[1], f"{source[: found.start()]}{':' if found[2] else ''}{found[2]}"
    source = f"[{escaped(source)}]({target(address)})" if source and address else source
    inner = call.inner if call.is_pair else call.get("text", "quote", "content")
    return quoted(inner, last=f"— {source}" if source else "") if inner.strip() else None


def details(call: Call) -> str | None:
    title = (
        call.get("summary", "title", "label", "text", "name", "header", "heading")
        or " ".join(call.positional)
        or "Details"
    )
    title = re.sub(
        r"^(?:open|close|info|success|warning|danger|primary|blue|green|cyan|yellow|red|true|false)\s*,?\s+(?=\S)",
        "",
        title,
    )
    body = dedent(call.inner).strip("\n")
    return f"<details>\n<summary>{inline(title)}</summary>\n\n{body}\n\n</details>" if call.is_pair else None


def tab(call: Call) -> str | None:
    """A tab stands behind the one before it, under its name."""
    title = call.get("title", "name", "label", "header", "lang", "value", 0)
    return f"**{inline(title)}**\n\n{dedent(call.inner).strip()}" if title else inner(call)


def inner(call: Call) -> str | None:
    return dedent(call.inner).strip("\n") if call.is_pair else None


def wrapper(call: Call) -> str | None:
    """What only gives its content another look."""
    return dedent(call.inner).strip("\n") if call.is_pair else None if call.arguments else ""


def nothing(call: Call) -> str | None:
    return ""


def fence(language: str) -> Meaning:
    return lambda call: code(call.raw, language) if call.is_pair else None


def code(text: str, language: str = "", options: str = "") -> str:
    """A block of code, in a fence that is longer than any in it."""
    longest = max((len(run) for run in re.findall(r"`{3,}", text)), default=2)
    mark = "`" * (longest + 1)

    return f"{mark}{language}{' ' + options if options else ''}\n{dedent(text).strip(chr(10))}\n{mark}"


def formula(call: Call) -> str | None:
    text = (call.raw or call.get("math", 0)).strip().strip("$").strip()
    if not text:
        return None
    return f"$$\n{text}\n$$" if call.is_alone or "\n" in text else f"$`{text}`$"


def button(call: Call) -> str | None:
    address = call.get("href", "url", "link", "relref", "to", "target")
    words = [word for word in call.positional if word]
    address = address or next((word for word in words if re.match(r"https?:|/|#|\.", word)), "")
    text = (
        call.get("text", "label", "title", "content", "name")
        or inline(call.inner)
        or next((word for word in words if word != address), "")
    )
    return f"[{inline(text) or address}]({target(address.rstrip(','))})" if address else None


def element(name: str) -> Meaning:
    def meaning(call: Call) -> str | None:
        text = inline(call.inner or call.get("text", "content", "value", 0))
        return f"<{name}>{text}</{name}>" if text else None

    return meaning


def aside(call: Call) -> str | None:
    text = inline(call.inner or call.get("text", "note", "content", 1, 0))
    return f" ({text})" if text else None


def label(call: Call) -> str | None:
    """Hexo's `{% label primary@text %}`, a badge, a word in colour."""
    text = (
        inline(call.inner)
        or call.get("text", "content", "label", "title", "value")
        or " ".join(call.positional).rpartition("@")[2]
    )
    return text.strip() or None


def hyperlink(call: Call) -> str | None:
    """Hexo's `{% link text url [external] [title] %}`; Jekyll's `link` is resolved elsewhere."""
    address = call.get("href", "url", "link") or next(
        (word for word in call.positional if re.match(r"https?:|/", word)), ""
    )
    text = call.get("text", "title", "name") or " ".join(
        word for word in call.positional if word not in (address, "true", "false")
    )
    return f"[{escaped(text) or address}]({target(address)})" if address else None


def abbreviation(call: Call) -> str | None:
    title, text = call.get("title", 1), call.get("text", 0) or inline(call.inner)
    return f'<abbr title="{title}">{text}</abbr>' if title and text else text or None


WRAPPERS = (
    "center", "centered", "columns", "column", "col", "row", "grid", "div", "section", "container", "card", "cards",
    "lead", "span", "color", "colour",
    "left", "right", "align", "wide", "full", "fullwidth", "block", "tabs", "tabpane", "codetabs", "steps", "step",
    "rawhtml", "html", "raw_html", "unsafe", "md",
    "markdown", "markdownify", "text", "figures", "gallery", "timeline", "group", "wrapper", "class", "style", "main",
    "typeit", "cq", "centerquote",
    "small", "large", "subtext", "filtered_if", "if", "unless", "asis", "nowrap", "tabgroup", "tab-group", "cardpane",
    "grids", "panel-body", "intro", "body", "paragraph", "p",
    "article", "gallery_row", "wrap", "inner", "block-html", "noop", "image-gallery", "image-row", "toggle-group",
    "accordion", "spoilers", "codegroup", "code-group", "withcode",
)  # fmt: skip
DROPPED = (
    "toc", "tableofcontents", "table-of-contents", "load-photoswipe", "icon", "fa", "fas", "fab", "far",
    "fontawesome", "clear", "clearfix", "br", "break", "hr", "seo",
    "feed_meta", "more", "no_toc", "notoc", "newline", "anchor", "rss", "share", "ads", "adsense", "ad", "google_ads",
    "disqus", "comments", "newsletter", "subscribe",
    "load-mathjax", "mathjax_enable", "katex_enable", "mathjax-support", "math_support", "load_mathjax",
    "includemath", "featured_image_tag", "post-toc", "table_of_contents", "insert_toc", "import", "lightbox_init",
    "spacer", "pagebreak", "series-nav",
    "break_after", "series_list", "toc.html", "toc.md", "analytics", "mathjax", "mathjax.html", "math.html",
    "katex.html", "mathjax_support.html", "social", "end",
)  # fmt: skip
YOUTUBE, VIMEO = "https://www.youtube.com/watch?v={}", "https://vimeo.com/{}"
MEANINGS: dict[str, Meaning] = {
    **dict.fromkeys(("figure", "fig", "img", "image", "picture", "pic", "imgproc", "resize_image", "responsive_image",
            "responsive-image", "lightbox", "image-caption", "asset_img", "photo", "imagelink", "zoomable", "imgcap",
            "image_caption", "image-with-caption", "captioned-image", "figure_image", "resized_image",
            "image-gallery-item", "postimage", "post_image", "asset_image", "ximg", "thumbnail", "centered_image",
            "img-responsive", "screenshot", "diagram-image", "svg", "theme-image", "figurep", "imgc", "img_c",
            "bundle-image", "image_figure", "image_center"), picture),
    **dict.fromkeys(KINDS, box),
    **dict.fromkeys(("blockquote", "pullquote", "epigraph", "cite-quote", "quote"), quotation),
    **dict.fromkeys(("details", "expand", "collapse", "collapsible", "spoiler", "fold", "folding", "toggle",
            "hidetoggle", "hideblock", "accordion-item", "expander", "detail", "hidden", "foldable", "collapsable",
            "disclosure"), details),
    **dict.fromkeys(("tab", "codetab", "tabitem", "tab-item"), tab),
    **dict.fromkeys(DROPPED, nothing),
    **dict.fromkeys(WRAPPERS, wrapper),
    **dict.fromkeys(("youtube", "youtubelite", "youtube-lite", "yt", "youtube-enhanced", "lazy-youtube",
            "responsive_youtube", "youtube-embed", "youtubepl", "embed_youtube", "ytvideo", "lite-youtube",
            "youtube_embed"), link_to(YOUTUBE, "Video on YouTube")),
    **dict.fromkeys(("vimeo", "vimeo_simple"), link_to(VIMEO, "Video on Vimeo")),
    "bilibili": link_to("https://www.bilibili.com/video/{}", "Video on Bilibili"),
    "dailymotion": link_to("https://www.dailymotion.com/video/{}", "Video on Dailymotion"),
    "peertube": link_to("{}", "Video"),
    "asciinema": link_to("https://asciinema.org/a/{}", "Recording on asciinema"),
    "codepen": link_to("https://codepen.io/pen/{}", "CodePen"),
    "jsfiddle": link_to("https://jsfiddle.net/{}", "JSFiddle"),
    "codesandbox": link_to("https://codesandbox.io/s/{}", "CodeSandbox"),
    "stackblitz": link_to("https://stackblitz.com/edit/{}", "StackBlitz"),
    "replit": link_to("https://replit.com/{}", "Replit"),
    "glitch": link_to("https://glitch.com/edit/#!/{}", "Glitch"),
    "instagram": link_to("https://www.instagram.com/p/{}/", "Post on Instagram"),
    "speakerdeck": link_to("https://speakerdeck.com/player/{}", "Slides on Speaker Deck"),
    "slideshare": link_to("https://www.slideshare.net/slideshow/embed_code/key/{}", "Slides on SlideShare"),
    "soundcloud": link_to("https://soundcloud.com/{}", "Sound on SoundCloud"),
    "spotify": link_to("https://open.spotify.com/{}", "Sound on Spotify"),
    "github": link_to("https://github.com/{}", "GitHub"),
    "gh_repo": link_to("https://github.com/{}", "GitHub"),
    "user": link_to("https://dev.to/{}", "dev.to"),
    "loom": link_to("https://www.loom.com/share/{}", "Video on Loom"),
    "iframe": link_to("{}", "Embedded page"),
    "embed": link_to("{}", "Embedded page"),
    "embedly": link_to("{}", "Embedded page"),
    "mastodon": link_to("{}", "Post on Mastodon"),
    "bluesky": link_to("{}", "Post on Bluesky"),
    "pdf": link_to("{}", "PDF"),
    "googlemap": link_to("{}", "Map"),
    "gist": gist,
    **dict.fromkeys(("tweet", "twitter", "x", "twitter_simple", "x_simple", "oembed_tweet"), tweet),
    **dict.fromkeys(("video", "mp4", "vid", "rawvideo", "webm", "local-video", "gifv", "video-local", "localvideo",
            "video_embed", "html5video", "selfhostedvideo"), video),
    **dict.fromkeys(("audio", "mp3"), audio),
    "mermaid": fence("mermaid"), "graphviz": fence("dot"), "dot": fence("dot"), "plantuml": fence("plantuml"),
    "chart": fence("json"), "echarts": fence("json"), "console": fence("console"), "terminal": fence("console"),
    **dict.fromkeys(("katex", "math", "mathjax_block", "latex", "mathblock", "equation"), formula),
    **dict.fromkeys(("button", "btn", "cta", "linkbutton", "button-link"), button),
    **dict.fromkeys(("kbd", "key", "keys"), element("kbd")),
    "mark": element("mark"), "sup": element("sup"), "sub": element("sub"), "u": element("u"), "ins": element("ins"),
    "del": element("del"), "s": element("del"),
    **dict.fromkeys(("sidenote", "marginnote", "sidenotes", "fn", "footnote", "margin-note", "margin_note",
            "ref_note"), aside),
    **dict.fromkeys(("label", "badge", "chip", "pill", "hl", "colored", "textcolor"), label),
    "abbr": abbreviation, "hyperlink": hyperlink,
}  # fmt: skip
"""By the name in small letters."""

CONTAINING = (
    (re.compile(r"youtube|^yt", re.I), MEANINGS["youtube"]), (re.compile(r"vimeo", re.I), MEANINGS["vimeo"]),
    (re.compile(r"gist", re.I), gist), (re.compile(r"tweet|twitter", re.I), tweet),
    (re.compile(r"video|mp4", re.I), video),
    (re.compile(r"(?:^|[-_./])(?:img|image|figure|fig|pic|picture|photo|gallery)s?(?:$|[-_./])|image|figure", re.I),
        picture),
    (re.compile(r"note(?!book)|notice|alert|callout|admonition|warning|info|tip|caution|box|aside", re.I), box),
    (re.compile(r"collaps|expand|details|spoiler|fold|toggle", re.I), details), (re.compile(r"quote", re.I), quotation),
    (re.compile(r"button|btn", re.I), button),
    (re.compile(r"toc|analytics|mathjax|katex|disqus|comments|share|newsletter", re.I), nothing),
)  # fmt: skip
"""A site's own tags mostly have a name that says what they are."""


def meaning_of(name: str) -> Meaning | None:
    """What a tag of this name means; None where its name says nothing."""
    key = name.lower().removesuffix(".html").removesuffix(".md").rpartition("/")[2]
    if key in MEANINGS:
        return MEANINGS[key]
    if key in HTML:
        return None
    return next((meaning for pattern, meaning in CONTAINING if pattern.search(key)), None)
