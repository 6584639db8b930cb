"""What two pages of a foreign folder both want, settled: one spelling for each tag, an address for each post. Pure.

Another generator had room for both, and their author is only now moving in: so it is told, and nothing is refused.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from trigpoint.content.pages import Page, Post, Tag
from trigpoint.content.places import is_index, name_of
from trigpoint.content.slugs import slug_from
from trigpoint.faults import Fault
from trigpoint.library.clashes import place_of

SOFT = frozenset(("alias-clash", "cover-broken", "id-clash", "series-part"))
"""Kinds of errors that cost a page one of its fields, and no reader the page."""


def softened(fault: Fault) -> Fault:
    """The fault as a warning, where the page is there all the same."""
    return replace(fault, warning=True) if fault.kind in SOFT else fault


def with_one_spelling(pages: Iterable[Page]) -> tuple[Page, ...]:
    """The pages, whose tags of one address have one name: the more frequent one, of two the first in the alphabet."""
    pages = tuple(pages)
    names = {slug: counted[0] for slug, counted in _spelt(pages).items() if len(counted) > 1}
    return tuple(_respelt(page, names) if isinstance(page, Post) and names else page for page in pages)


def _spelt(pages: Iterable[Page]) -> Mapping[str, list[str]]:
    """The names of each tag by its slug, the most frequent first."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for page in pages:
        for tag in page.tags if isinstance(page, Post) else ():
            counts[tag.slug][tag.name] += 1
    return {slug: sorted(names, key=lambda name: (-names[name], name)) for slug, names in counts.items()}


def _respelt(post: Post, names: Mapping[str, str]) -> Post:
    tags = tuple(_named(tag, names.get(tag.slug, tag.name)) for tag in post.tags)
    return post if tags == post.tags else replace(post, tags=tags)


def _named(tag: Tag, name: str) -> Tag:
    return tag if tag.name == name else replace(tag, name=name)


def spellings(pages: Iterable[Page], folder: str) -> Iterator[Fault]:
    """A warning for each tag of several spellings, at the first post that has another than the one that is taken."""
    pages = sorted(pages, key=lambda page: page.path)
    others = {name: names[0] for names in _spelt(pages).values() for name in names[1:]}
    for page in pages:
        for tag in page.tags if isinstance(page, Post) else ():
            taken = others.pop(tag.name, None)
            if taken:
                sentence = f'The tag "{tag.name}" is also written "{taken}", which is taken for all.'
                place, line = f"{folder}/{page.path}", page.source.line_of("tags", tag.name)
                cure = "Write it one way, or register it in tags.toml."
                yield Fault(place, line, 0, sentence, cure, True, kind="tag-spelling", subject=tag.slug)


def with_slugs_of_folders(pages: Iterable[Page]) -> Iterator[Page]:
    """The pages; a post whose address an earlier path has gets its folder, or its number, before its name."""
    taken: set[str] = set()
    for page in sorted(pages, key=lambda page: page.path):
        if isinstance(page, Post) and place_of(page.address) in taken:
            page = _moved(page, taken)
        taken.add(place_of(page.address))
        yield page


def _moved(post: Post, taken: set[str]) -> Post:
    folders = post.path.split("/")[1:-1]
    folders = folders[:-1] if folders and is_index(post.path) and folders[-1] == name_of(post.path) else folders
    names = ["-".join((*folders[at:], post.slug)) for at in range(len(folders) - 1, -1, -1)]
    numbered = (f"{post.slug}-{number}" for number in range(2, 10_000))
    for name in (*map(slug_from, names), *numbered):
        if place_of(f"/posts/{name}/") not in taken:
            return replace(post, slug=name, address=f"/posts/{name}/")
    return post
