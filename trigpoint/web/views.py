"""The pages that people read: a question, a template, a response.

A view opens no file, parses no Markdown, and cannot tell whether it is being
frozen. Each kind of page stands here with the list of all its addresses.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Response, abort, make_response, render_template, url_for
from markupsafe import Markup

from trigpoint.content.pages import Page, Post
from trigpoint.library.library import Library
from trigpoint.library.paging import Listing
from trigpoint.markup.typography import typeset, typeset_headings
from trigpoint.web.citation import citation
from trigpoint.web.feeds import authors_with_posts, tags_with_posts
from trigpoint.web.files.author import file_at, media_type, served_files
from trigpoint.web.files.code import code_bundle, file_link
from trigpoint.web.files.images import inline_cover
from trigpoint.web.head import Alternate, has_card, head_of_post, head_of_site
from trigpoint.web.headers import FOR_GOOD
from trigpoint.web.kinds import kind, once
from trigpoint.web.picture_html import ACROSS, cards, cover, cover_address, image_html, portrait
from trigpoint.web.site import Preview, current_library, current_settings, current_site, current_words
from trigpoint.web.versions import host, successor, translations
from trigpoint.web.wording.bodies import labelled

ITALIC = re.compile(r"<(?:address|blockquote|cite|dfn|em|i|var)[\s>]")
"""What browsers and prose.css set in italics. Without a preload they come too late for a first visit: fonts.css."""

NEWEST_ON_404 = 5


@dataclass(frozen=True, slots=True)
class Pagination:
    """Where a listing's neighbours are: addresses, or "" at the ends."""

    number: int
    newer: str
    older: str


def listing_numbers(library: Library) -> Iterable[Mapping[str, object]]:
    return ({"number": number} for number in library.numbers())


def tag_numbers(library: Library) -> Iterable[Mapping[str, object]]:
    for each in library.tags():
        yield from ({"slug": each.tag.slug, "number": number} for number in library.tagged_numbers(each.tag.slug))


def author_numbers(library: Library) -> Iterable[Mapping[str, object]]:
    for each in library.authors():
        slug = each.author.slug
        yield from ({"slug": slug, "number": number} for number in library.author_numbers(slug))


@kind("/", once)
def listing() -> str:
    return _listing(0, url_for("listing"))


@kind("/page/<number:number>/", listing_numbers)
def listing_page(number: int) -> str:
    return _listing(number, url_for("listing_page", number=number))


@kind("/posts/<slug>/", lambda library: ({"slug": post.slug} for post in library.posts))
def post(slug: str) -> str:
    library = current_library()
    found = library.post(slug) or abort(404)
    newer, older = library.neighbours(found.path)
    series = library.series(found.part.slug) if found.part else None
    parts = series.posts if series else (found,)
    return _page(
        "post.html",
        found,
        post=found,
        newer=newer,
        older=older,
        cover=cover(found, library, inline_cover, ACROSS),
        related=cards(library.related(found.path), library, inline_cover),
        series=series,
        bundle=code_bundle(found),
        versions=translations(found, library, current_settings()),
        successor=successor(found, library, current_settings()),
        forum=host(found.discuss),
        citation=citation(current_settings(), found, current_words().of(found.lang)),
        history=url_for("history", slug=slug) if library.commits(found.path) else "",
        next_part=next(iter(parts[parts.index(found) + 1 :]), None),
        tags=library.telling_tags(found.path),
        head=head_of_post(current_settings(), found, _social_image(found), (*_feeds(), _markdown_version(found))),
    )


@kind("/tags/", once)
def tags() -> str:
    said = current_words().plain
    head = _head(url_for("tags"), said("Tags"), said("Every tag of this blog, with the number of its articles."))
    return _rendered("tags.html", head=head, counts=current_library().tags())


@kind("/tags/<slug>/", tags_with_posts)
def tag(slug: str) -> str:
    return _tag(slug, 0, url_for("tag", slug=slug))


@kind("/tags/<slug>/page/<number:number>/", tag_numbers)
def tag_page(slug: str, number: int) -> str:
    return _tag(slug, number, url_for("tag_page", slug=slug, number=number))


@kind("/authors/<author:slug>/", authors_with_posts)
def written_by(slug: str) -> str:
    return _written_by(slug, 0, url_for("written_by", slug=slug))


@kind("/authors/<author:slug>/page/<number:number>/", author_numbers)
def written_by_page(slug: str, number: int) -> str:
    return _written_by(slug, number, url_for("written_by_page", slug=slug, number=number))


@kind("/archive/", once)
def archive() -> str:
    said = current_words().plain
    head = _head(url_for("archive"), said("Archive"), said("Every article of this blog, by year."))
    return _rendered("archive.html", head=head, years=current_library().archive())


@kind("/series/", once)
def series_index() -> str:
    said = current_words().plain
    head = _head(url_for("series_index"), said("Series"), said("Articles that belong together, in their order."))
    return _rendered("series_index.html", head=head, all_series=current_library().all_series())


@kind("/series/<slug>/", lambda library: ({"slug": each.slug} for each in library.all_series()))
def series(slug: str) -> str:
    found = current_library().series(slug) or abort(404)
    said = current_words().plain("The articles of the series {name}, in their order.", name=found.name)
    head = _head(url_for("series", slug=slug), found.name, said)
    return _rendered("series.html", head=head, series=found)


@kind("/search/", once)
def search() -> str:
    """The search as a page. Its script finds what `?q=` asks for: a frozen page never sees that."""
    said = current_words().plain
    description = said("Search every article of this blog: in your browser, with nothing sent to anybody.")
    head = head_of_site(current_settings(), url_for("search"), said("Search"), description, "noindex", _feeds())
    library = current_library()
    years = sorted({year for _, year in library.years() if year}, reverse=True)
    return _rendered("search.html", head=head, counts=library.tags(), filter_years=years)


@kind("/404.html", once)
def not_found() -> str:
    """An ordinary address, that a static host answers with where it has nothing."""
    title = current_words().plain("Not found")
    head = head_of_site(current_settings(), url_for("not_found"), title, robots="noindex", alternates=_feeds())
    return _rendered("not_found.html", head=head, posts=current_library().newest(NEWEST_ON_404))


@kind("/<folder:address>", lambda library: ({"address": page.address.strip("/")} for page in library.pages()))
def page(address: str) -> str:
    found = current_library().page(f"/{address}/") or abort(404)
    head = _head(current_settings().link(found.address), found.title, found.description)
    return _page("page.html", found, page=found, head=head)


@kind("/static/<path:filename>", lambda library: ({"filename": name} for name in current_site().assets.names()))
def static(filename: str) -> Response:
    try:
        found, named_by_digest = current_site().assets.requested(filename)
    except PermissionError:
        abort(404)
    if found is None:
        abort(404)
    response = make_response(found.content)
    response.headers["Content-Type"] = media_type(found.media_type)
    if named_by_digest:
        response.headers["Cache-Control"] = FOR_GOOD
    return response


@kind(
    "/<path:address>", lambda library: ({"address": address[1:]} for address in served_files(current_site(), library))
)
def file(address: str) -> Response:
    """A file that lies beside the pages: a picture, a program."""
    return file_at(address)


def own_page(
    template: str,
    address: str,
    title: str,
    description: str = "",
    posts: Iterable[Post] = (),
    robots: str = "",
    **context: Any,
) -> str:
    """A page of a kind that a site has of its own: a template that extends base.html, filled in.

    `address` is that of the page on the site. `posts` are there as cards, which `_cards.html` shows; title, description
    and what else is given are there by their names.
    """
    shown = cards(posts, current_library(), drawn_cover_url)
    head = head_of_site(current_settings(), address, title, description, robots, _feeds())
    return _rendered(template, head=head, cards=shown, title=title, description=description, **context)


def _listing(number: int, address: str) -> str:
    library = current_library()
    found = library.listing(number) or abort(404)
    pagination = _pagination(found, url_for("listing"), lambda number: url_for("listing_page", number=number))
    title = current_words().plain("Articles, page {number} from the oldest", number=number) if number else ""
    shown = cards(found.posts, library, drawn_cover_url)
    return _rendered("listing.html", head=_head(address, title), cards=shown, pagination=pagination)


def _tag(slug: str, number: int, address: str) -> str:
    library = current_library()
    tag = library.tag(slug) or abort(404)
    found = library.tagged(slug, number) or abort(404)
    title = current_words().plain("{tag}: articles", tag=tag.name)
    own = Alternate("application/atom+xml", title, url_for("tag_feed", slug=slug))
    head = head_of_site(current_settings(), address, tag.name, tag.description, alternates=(*_feeds(), own))
    pagination = _pagination(
        found, url_for("tag", slug=slug), lambda number: url_for("tag_page", slug=slug, number=number)
    )
    # The front alone says how many there are: a new post leaves the pages behind it as they are.
    count = None if number else library.tag_count(slug)
    shown = cards(found.posts, library, drawn_cover_url)
    return _rendered("tag.html", head=head, tag=tag, count=count, cards=shown, pagination=pagination)


def _written_by(slug: str, number: int, address: str) -> str:
    """The articles of an author; where there is no such author, the site's own page at this address."""
    library = current_library()
    author = library.author(slug)
    if author is None:
        return str(page(f"authors/{slug}/page/{number}" if number else f"authors/{slug}"))
    found = library.written_by(slug, number) or abort(404)
    title = current_words().plain("{tag}: articles", tag=author.name)
    own = Alternate("application/atom+xml", title, url_for("written_by_feed", slug=slug))
    head = head_of_site(current_settings(), address, author.name, author.about, alternates=(*_feeds(), own))
    pagination = _pagination(
        found, url_for("written_by", slug=slug), lambda number: url_for("written_by_page", slug=slug, number=number)
    )
    count = None if number else library.author_count(slug)
    shown = cards(found.posts, library, drawn_cover_url)
    return _rendered(
        "author.html",
        head=head,
        author=author,
        host=host(author.url),
        picture=portrait(author, library),
        count=count,
        cards=shown,
        pagination=pagination,
    )


def _pagination(found: Listing, front: str, numbered: Callable[[int], str]) -> Pagination:
    def address(number: int | None) -> str:
        return "" if number is None else numbered(number) if number else front

    return Pagination(found.number, address(found.newer), address(found.older))


def _page(template: str, found: Page, **context: Any) -> str:
    """A page with a body of its own."""
    library, settings = current_library(), current_settings()
    document = library.shown_document(found.path)
    first = next(iter(document.images), None) if not isinstance(found, Post) else None
    body = document.page(
        lambda link: settings.link(library.target(link.target, found.path).address),
        lambda image: image_html(image, library, found.path, eager=image is first),
        lambda name: file_link(library, found.path, name),
    )
    body = labelled(body, current_words().of(found.lang))
    toc, language = document.toc if found.toc else (), found.lang or settings.language
    if settings.typography:
        body, toc = typeset(body, language), typeset_headings(toc, language)
    source = f"{settings.pages}/{found.path}"
    return _rendered(
        template,
        body=Markup(body),
        has_italics=bool(ITALIC.search(body)),
        lede=lede(found, document.text),
        toc=toc,
        edit_url=settings.edit_url.replace("{path}", source),
        changes_url=settings.changes_url.replace("{path}", source),
        notice=library.notice(found.path),
        preview=_preview(found.path),
        **context,
    )


def lede(page: Page, text: str) -> str:
    """What stands below the title: the description that the author wrote, "" where the text begins with the same."""
    start = " ".join(page.description.rstrip("…").split())
    return page.description if page.described and not " ".join(text.split()).startswith(start) else ""


def _rendered(template: str, **context: Any) -> str:
    return render_template(template, **{"notice": "", **context, "preview": context.get("preview") or _preview()})


def _preview(path: str = "") -> Preview:
    """What the author should know, on the pages of the preview alone; `path` is of the page that is shown."""
    site = current_site()
    return site.preview_faults(path)


def drawn_cover_url(post: Post) -> str:
    """The address of the cover that is drawn for a post."""
    return url_for("cover", slug=post.slug)


def _social_image(post: Post) -> str:
    """The whole address of what stands for a post where a link to it is shared."""
    card = url_for("social_card", slug=post.slug) if has_card(post) else ""
    return current_settings().absolute(card or cover_address(post, current_library(), drawn_cover_url))


def _head(address: str, title: str = "", description: str = "") -> Any:
    return head_of_site(current_settings(), address, title, description, alternates=_feeds())


def _feeds() -> tuple[Alternate, ...]:
    said = current_words().plain
    return (
        Alternate("application/atom+xml", said("All articles (Atom)"), url_for("feed")),
        Alternate("application/feed+json", said("All articles (JSON Feed)"), url_for("feed_json")),
    )


def _markdown_version(found: Post) -> Alternate:
    return Alternate(
        "text/markdown", current_words().plain("This article as Markdown"), url_for("markdown_version", slug=found.slug)
    )
