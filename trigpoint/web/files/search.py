"""The files that the search reads.

They are kinds of pages like all others, so that a frozen site searches as the
live one does, with no server. The script loads
`docs.json` when a reader opens the search, with the newest posts in it; then a
shard for each word, older posts in volumes of a hundred, and the texts of the
best two posts. So what is loaded first does not grow with the blog. Pages are
found as posts are, and come before the oldest of them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from itertools import groupby
from urllib.parse import quote

from flask import Response, abort, render_template, url_for

from trigpoint.library.library import Library
from trigpoint.search.entries import Entry
from trigpoint.search.tokens import LETTERS
from trigpoint.web.kinds import kind, once
from trigpoint.web.site import current_library, current_words
from trigpoint.web.wording.words import WordsOfPage

VOLUME = 100
"""How many posts a volume of the older ones holds: a full one never changes when a post is added."""

NEWEST, TAGS, SHOWN = 5, 8, 3
"""How many posts and tags are shown before anything is typed, and how many tags of a post."""


@kind("/search/docs.json", once)
def search_docs() -> Response:
    """What a search begins with: shards, tags that most posts have, and the posts that are in no volume.

    `shards` are the last letters of their names by what is before them; of a
    name of one letter a space. `first` is the number of the first of the posts; rows of the newest
    end with an excerpt. So many of these are `pages`; `years` says at which numbers they begin.
    """
    library = current_library()
    first = _volumes(library) * VOLUME
    posts = library.entries(first, None)
    words = current_words()
    rows = [_row(post, words) for post in posts[:-NEWEST]]
    rows += [(*_row(post, words), post.excerpt) for post in posts[-NEWEST:]]
    tags = sorted(library.tags(), key=lambda each: -each.count)[:TAGS]
    offered = [(url_for("tag", slug=each.tag.slug), words.isolated(f"#{each.tag.name}")) for each in tags]
    names = (f"{name:{LETTERS}}" for name in library.shard_names())
    shards = {start: "".join(name[-1] for name in alike) for start, alike in groupby(names, lambda name: name[:-1])}
    numbers = {"first": first, "pages": max(0, len(library.pages()) - first), "years": library.years()}
    return _json({"tags": offered, "shards": shards, **numbers, "posts": rows})


def _volumes(library: Library) -> int:
    """How many volumes are full; the newest posts are never in one."""
    return library.volume_count(VOLUME, NEWEST)


def _row(entry: Entry, words: WordsOfPage) -> tuple[str, ...]:
    """A post as the search shows it: address, title, day and tags."""
    facts = (words.day(entry.date) if entry.date else "", *(words.isolated(f"#{tag}") for tag in entry.tags[:SHOWN]))
    return quote(entry.address.strip("/")), entry.title, " · ".join(filter(None, facts))


@kind("/search/posts-<int:number>.json", lambda library: ({"number": number} for number in range(_volumes(library))))
def search_posts(number: int) -> Response:
    """A volume: a hundred posts; the first one has the oldest."""
    library = current_library()
    if number >= _volumes(library):
        abort(404)
    words = current_words()
    return _json([_row(entry, words) for entry in library.entries(number * VOLUME, (number + 1) * VOLUME)])


@kind("/search/words-<name>.json", lambda library: ({"name": name} for name in library.all_shard_names()))
def search_shard(name: str) -> Response:
    """Postings by word, and the names of the shards that this one was split into."""
    shard = current_library().shard(name) or abort(404)
    return _json({"words": shard.words, "split": shard.split})


def _texts(library: Library) -> Iterable[Mapping[str, object]]:
    return ({"address": page.address.strip("/")} for page in library.published)


@kind("/search/text/<path:address>.json", _texts)
def search_text(address: str) -> Response:
    """An article or a page as plain text, in sections: id and text of the heading, what stands below it, the code."""
    library, (folder, _, slug) = current_library(), address.partition("/")
    page = library.post(slug) if folder == "posts" else library.page(f"/{address}/")
    sections = library.document(page.path).sections if page else abort(404)
    return _json([(each.id, each.heading, each.text, *filter(None, [each.code])) for each in sections])


@kind("/opensearch.xml", once)
def opensearch() -> Response:
    """How browsers and other programs search here. Source: OpenSearch 1.1, draft 6."""
    return Response(render_template("opensearch.xml"), mimetype="application/xml")


def _json(thing: object) -> Response:
    text = json.dumps(thing, ensure_ascii=False, separators=(",", ":"))
    return Response(text, content_type="application/json; charset=utf-8")
