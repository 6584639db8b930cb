"""Every part of the design on one page, in the preview alone: for who works on templates/ and static/css/.

It is no kind of page and has no list of addresses, so that no release holds it.
"""

from __future__ import annotations

from flask import Flask, render_template
from markupsafe import Markup

from trigpoint.content.pages import Post, Rules, Tag
from trigpoint.content.read_page import read_page
from trigpoint.library.lists import Series, TagCount
from trigpoint.web.files.images import inline_cover
from trigpoint.web.head import head_of_site
from trigpoint.web.picture_html import cards
from trigpoint.web.site import Preview, current_library, current_settings, current_site
from trigpoint.web.views import Pagination

SAMPLE = "styleguide.md"
"""The text with every element that Markdown makes; it lies with the templates."""

COLOURS = (
    *(
        "bg",
        "surface",
        "sunken",
        "tint",
        "text",
        "heading",
        "muted",
        "link",
        "visited",
        "kicker",
        "control",
        "hairline",
    ),
    *("chip", "chip-text", "mark", "note", "tip", "important", "warning", "caution"),
    *("code-comment", "code-keyword", "code-string", "code-number", "code-function", "code-type", "code-constant"),
    *("code-operator", "code-name", "code-decorator", "code-deleted", "code-inserted", "code-number-of-line"),
    *("code-line", "code-deleted-line", "code-inserted-line"),
)
TAGS = tuple(Tag(name.lower(), name, f"What {name} is about, in a sentence.") for name in ("Go", "FIX", "Zig"))
ADDRESS = "https://git.example/blog/posts/sample.md"


def register_styleguide(app: Flask) -> None:
    app.add_url_rule("/styleguide/", "styleguide", styleguide)


def styleguide() -> str:
    from trigpoint.markup.render import render

    document = render(sample(), path=SAMPLE, first_line=1, title="", beside=lambda name: None)
    posts = sample_posts()
    shown = cards(posts, current_library(), inline_cover)
    return render_template(
        "styleguide.html",
        head=head_of_site(current_settings(), "/styleguide/", "Style guide", robots="noindex"),
        body=Markup(
            document.page(
                lambda link: link.target, lambda image: image.html(current_settings().link(image.link.target))
            )
        ),
        toc=document.toc,
        colours=COLOURS,
        posts=posts,
        cards=shown,
        post=posts[0],
        cover=shown[0].cover,
        tags=TAGS,
        more=TAGS,
        counts=[TagCount(tag, number * 7) for number, tag in enumerate(TAGS, 1)],
        series=Series("Basics", "basics", posts[:3]),
        newer=posts[0],
        older=posts[3],
        pagination=Pagination(2, "/", "/page/1/"),
        edit_url=ADDRESS,
        changes_url=ADDRESS,
        notice="A draft: only you see it.",
        preview=Preview(
            ("pages/posts/a.md:3: There is no tag `golnag`. Did you mean `golang`?",),
            ("pages/posts/a.md:9: warning: This picture has no words for who cannot see it.",),
            2,
            1,
            1,
        ),
    )


def sample() -> str:
    """The sample text as it is written: it is Markdown, and no template."""
    environment = current_site().app.jinja_env
    assert environment.loader
    return environment.loader.get_source(environment, SAMPLE)[0]


def sample_posts() -> tuple[Post, ...]:
    """A post in each state that readers may meet: in a series, with a cover, from the right, …"""
    cover = "cover: {image: /static/images/contours.svg, alt: ''}\n"
    return (
        _post("A queue that cannot grow", "series: {name: Basics, part: 1}\nupdated: 2026-06-01\n"),
        _post("One session, many subscribers", cover),
        _post("Designing a backend for payments and open banking under one roof: what we learned in a year"),
        _post("pneumonoultramicroscopicsilicovolcanoconiosis_as_an_identifier"),
        _post("دليل المهندس إلى الأنظمة الموزعة", "lang: ar\n"),
        _post("Nothing but a title", tags=""),
    )


def _post(title: str, fields: str = "", tags: str = "Go, FIX, Zig") -> Post:
    header = f'title: "{title}"\ndate: 2026-05-03\ntags: [{tags}]\n{fields}'
    text = f"---\n{header}---\nWhat the article is about, in one or two sentences.\n"
    post, faults = read_page("posts/sample.md", text.encode(), Rules(current_settings().zone, TAGS))
    assert isinstance(post, Post), faults
    return post
