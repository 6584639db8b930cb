"""The files that the search reads.

They are kinds of pages like all others, so that a frozen site searches as the
live one does, with no server. The script loads `docs.json` when a reader opens
the search, then a shard for each word, and the texts of the best few posts.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import astuple

from flask import Response, abort, render_template

from blog.answers import current_library, kind, once
from blog.library import Library
from blog.terms import sections


@kind("/search/docs.json", once)
def search_docs() -> Response:
    """All posts from the oldest: slug, title, excerpt, tags as places in the list of tags, day, minutes of reading."""
    library = current_library()
    tags = sorted(library.tags(), key=lambda each: -each.count)
    places = {each.tag.slug: place for place, each in enumerate(tags)}
    return _json(
        {
            "tags": [(each.tag.slug, each.tag.name, each.count) for each in tags],
            "shards": library.shard_names(),
            "posts": [
                (*astuple(entry)[:3], [places[tag] for tag in entry.tags], entry.day, entry.minutes)
                for entry in library.entries()
            ],
        }
    )


@kind("/search/words-<name>.json", lambda library: ({"name": name} for name in library.all_shard_names()))
def search_shard(name: str) -> Response:
    """Postings by word, and the names of the shards that this one was split into."""
    shard = current_library().shard(name) or abort(404)
    return _json({"words": shard.words, "split": shard.split})


def _slugs(library: Library) -> Iterable[Mapping[str, object]]:
    return ({"slug": post.slug} for post in library.posts)


@kind("/search/text-<slug>.json", _slugs)
def search_text(slug: str) -> Response:
    """An article as plain text, in sections: id and text of the heading, what stands below it."""
    library = current_library()
    post = library.post(slug) or abort(404)
    return _json([astuple(section) for section in sections(library.document(post.path))])


@kind("/opensearch.xml", once)
def opensearch() -> Response:
    """How browsers and other programs search here. Source: OpenSearch 1.1, draft 6."""
    return Response(render_template("opensearch.xml"), mimetype="application/xml")


def _json(thing: object) -> Response:
    text = json.dumps(thing, ensure_ascii=False, separators=(",", ":"))
    return Response(text, content_type="application/json; charset=utf-8")
