"""Which meaning a tag has, by its name: a table of those that are usual, and words that a site's own have in theirs."""

from __future__ import annotations

import re

from trigpoint.markup.elements import HTML
from trigpoint.markup.foreign.meanings import (
    HOSTS,
    KINDS,
    Meaning,
    abbreviation,
    aside,
    audio,
    box,
    citation,
    details,
    element,
    emoji,
    fence,
    formula,
    gist,
    hyperlink,
    label,
    link_to,
    nothing,
    picture,
    quotation,
    silent,
    tab,
    tweet,
    video,
    words_only,
    wrapper,
)
from trigpoint.markup.foreign.platforms.theme_tags import (
    article,
    button,
    gallery_group,
    hidden_words,
    pictures,
    player,
    titled,
)

WRAPPERS = (
    "center", "centered", "columns", "column", "col", "row", "grid", "div", "section", "container", "card", "cards",
    "lead", "color", "colour",
    "left", "right", "align", "wide", "full", "fullwidth", "block", "tabs", "tabpane", "codetabs", "steps", "step",
    "rawhtml", "html", "raw_html", "unsafe", "md",
    "markdown", "markdownify", "text", "figures", "gallery", "group", "wrapper", "class", "style", "main",
    "typeit", "cq", "centerquote",
    "small", "large", "subtext", "filtered_if", "if", "unless", "asis", "nowrap", "tabgroup", "tab-group", "cardpane",
    "grids", "panel-body", "intro", "body", "paragraph",
    "gallery_row", "wrap", "inner", "block-html", "noop", "image-gallery", "image-row", "toggle-group",
    "accordion", "spoilers", "navtabs", "lightgallery", "typewriter", "codegroup", "code-group", "withcode",
)  # fmt: skip
WORDS = (
    "span", "tooltip", "glossary_tooltip", "emp", "psw", "wavy", "checkbox", "radio", "term", "newthought", "nota", "p",
)  # fmt: skip
"""Tags around words of a line, that only give them another look."""

CITED = ("cite", "citep", "citet", "fullcite", "footcite")
SILENT = ("reference", "references", "bibliography", "cited")
"""What a bibliography fills in, which stands elsewhere."""

DROPPED = (
    "toc", "tableofcontents", "table-of-contents", "load-photoswipe", "icon", "fa", "fas", "fab", "far",
    "fontawesome", "clear", "clearfix", "br", "break", "hr", "seo",
    "feed_meta", "more", "no_toc", "notoc", "newline", "anchor", "rss", "share", "ads", "adsense", "ad", "google_ads",
    "disqus", "comments", "newsletter", "subscribe",
    "load-mathjax", "mathjax_enable", "katex_enable", "mathjax-support", "math_support", "load_mathjax",
    "includemath", "featured_image_tag", "post-toc", "table_of_contents", "insert_toc", "import", "lightbox_init",
    "mapbox", "spacer", "pagebreak", "series-nav",
    "break_after", "series_list", "toc.html", "toc.md", "analytics", "mathjax", "mathjax.html", "math.html",
    "katex.html", "mathjax_support.html", "social", "end",
)  # fmt: skip
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
            "disclosure", "accordionitem"), details),
    **dict.fromkeys(("tab", "codetab", "tabitem", "tab-item", "navtab", "timenode"), tab),
    **dict.fromkeys(DROPPED, nothing),
    **dict.fromkeys(WRAPPERS, wrapper),
    **dict.fromkeys(WORDS, words_only),
    **dict.fromkeys(CITED, citation),
    **dict.fromkeys((*SILENT, "tabs", "navtabs", "tabset"), silent),
    **dict.fromkeys(("youtube", "youtubelite", "youtube-lite", "yt", "youtube-enhanced", "lazy-youtube",
            "responsive_youtube", "youtube-embed", "youtubepl", "embed_youtube", "ytvideo", "lite-youtube",
            "youtube_embed"), link_to(*HOSTS["youtube"])),
    **dict.fromkeys(("vimeo", "vimeo_simple"), link_to(*HOSTS["vimeo"])),
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
    "mermaid": fence("mermaid"), "diagram": fence("mermaid"),
    "graphviz": fence("dot"), "dot": fence("dot"), "plantuml": fence("plantuml"),
    "chart": fence("json"), "echarts": fence("json"), "console": fence("console"), "terminal": fence("console"),
    **dict.fromkeys(("katex", "math", "mathjax_block", "latex", "mathblock", "equation"), formula),
    **dict.fromkeys(("button", "btn", "cta", "linkbutton", "button-link"), button),
    **dict.fromkeys(("kbd", "key", "keys"), element("kbd")),
    "mark": element("mark"), "sup": element("sup"), "sub": element("sub"), "u": element("u"), "ins": element("ins"),
    "del": element("del"), "s": element("del"),
    **dict.fromkeys(("sidenote", "marginnote", "sidenotes", "fn", "footnote", "margin-note", "margin_note",
            "ref_note"), aside),
    **dict.fromkeys(("label", "badge", "chip", "pill", "hl", "colored", "textcolor"), label),
    "timeline": titled, "gallerygroup": gallery_group,
    "dplayer": player, "carousel": pictures, "article": article,
    **dict.fromkeys(("hyperlink", "exturl", "hashtag"), hyperlink),
    "abbr": abbreviation, "emoji": emoji, "hideinline": hidden_words,
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
