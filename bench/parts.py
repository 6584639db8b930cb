"""What a cold freeze is made of: each part by itself, in one process, in seconds of the processor.

    .venv/bin/python bench/parts.py [--posts 300]

The parts are done one after the other over the same posts, with what comes before them already known, and added up
beside a whole freeze of all of them. What the whole has more is what is between the parts: messages between
processes, the cache, checks, the ledger. What Python-Markdown and Pygments take as they come, without anything of this
blog, is the least that a blog made with them can take.
"""

from __future__ import annotations

import argparse
import os
import pickle
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import markdown
from freeze import ROOT, Ours, measured

sys.path.insert(0, str(ROOT))

from trigpoint.application import create_app
from trigpoint.content.pages import Post
from trigpoint.images import covers
from trigpoint.images.social_cards import CardText, card
from trigpoint.markup.document import Document
from trigpoint.markup.render import render
from trigpoint.search.tokens import words_of
from trigpoint.web.files.images import FONTS
from trigpoint.web.kinds import KINDS, kind_addresses
from trigpoint.web.site import Site

PLAIN = "(Python-Markdown with codehilite, as it comes)"
BARE = {"extensions": ["extra", "toc", "codehilite"], "extension_configs": {"codehilite": {"guess_lang": False}}}
DRAWN = ("cover", "social_card", "site_card")
"""Kinds of pages whose answers are drawn: they are parts of their own."""

LEAST = 0.01
"""Of all seconds, what is worth a line of its own."""


def taken(part: Callable[[], object]) -> float:
    """Seconds of the processor, of this process."""
    began = time.process_time()
    part()
    return time.process_time() - began


def bodies_and_drawings(site: Site) -> dict[str, float]:
    """What is made of each post alone."""
    loader = site.loader
    posts, digest = loader.library.posts, loader.library.snapshot.file_digest
    bodies = [loader.inputs.sources.source(post).body or "" for post in posts]
    documents = [loader.documents.document(post, digest) for post in posts]
    bare, fonts = markdown.Markdown(**BARE), [found.content for name in FONTS if (found := site.assets.asset(name))]
    hills = [covers.hills(post.title) for post in posts]
    words = [CardText(post.title, tuple(tag.name for tag in post.tags), "Bench", "blog.example") for post in posts]

    def rendered(body: str, post: Post) -> Document:
        return render(body, path=post.path, first_line=1, title=post.title, beside=lambda name: None)

    parts: dict[str, Callable[[], object]] = {
        PLAIN: lambda: [bare.reset().convert(body) for body in bodies],
        "bodies: Markdown, colours, what is checked in them": lambda: list(map(rendered, bodies, posts)),
        "words for the search": lambda: list(map(words_of, posts, documents)),
        "hills, for cover and card": lambda: [covers.hills(post.title) for post in posts],
        "social cards": lambda: [card(each, lines, tuple(fonts)) for each, lines in zip(words, hills, strict=True)],
        "documents, packed and unpacked once": lambda: [pickle.loads(pickle.dumps(each)) for each in documents],
    }
    return {name: taken(part) for name, part in parts.items()}


def answers_and_files(site: Site, folder: Path) -> dict[str, float]:
    """All answers but those that are drawn, by their kind; and their files. Covers in pages are drawn with them."""
    client, library = site.app.test_client(), site.loader.library
    client.get("/")  # What the first request loads and compiles.
    found, bodies = {}, []
    for each in KINDS:
        with site.app.app_context():
            addresses = [] if each.endpoint in DRAWN else list(kind_addresses(site.app, each, library))
        if addresses:
            asked = lambda: [client.get(address).data for address in addresses]  # noqa: B023, E731
            found[f"answers: {each.endpoint} ({len(addresses)})"] = taken(lambda: bodies.extend(asked()))  # noqa: B023
    written = enumerate(bodies)
    found[f"files ({len(bodies)})"] = taken(lambda: [(folder / str(n)).write_bytes(body) for n, body in written])
    return found


def show(parts: dict[str, float], whole: float, posts: int) -> None:
    print(f"{'':60}{'seconds':>9}{'ms a post':>11}{'share':>8}")
    total = sum(seconds for name, seconds in parts.items() if name != PLAIN)
    small = {name: seconds for name, seconds in parts.items() if seconds < LEAST * whole}
    rows = {name: seconds for name, seconds in parts.items() if name not in small} | {
        "what is small": sum(small.values())
    }
    rows |= {"between the parts": whole - total, "a cold freeze": whole}
    for name, seconds in rows.items():
        print(f"{name:60}{seconds:9.2f}{1000 * seconds / posts:11.2f}{seconds / whole:8.0%}")


def main() -> None:
    options = argparse.ArgumentParser(description="What a cold freeze is made of.")
    options.add_argument("--posts", type=int, default=300)
    posts = options.parse_args().posts
    with tempfile.TemporaryDirectory() as work:
        ours = Ours(Path(work) / "ours", posts)
        _, whole, _ = measured(ours)
        os.environ.update(ours.environment)
        site: Site = create_app(ours.folder).extensions["trigpoint"]
        site.loader.stop_watching()
        parts = bodies_and_drawings(site) | answers_and_files(site, Path(work))
        site.loader.stop()
        show(parts, whole, posts)


if __name__ == "__main__":
    main()
