"""Two files or pages that want the same address: Faults that no single file can show. Pure.

What had the place before keeps it. What gives way is named together with what
it met.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping

from trigpoint.content.pages import Page, Post, Tag
from trigpoint.content.places import address_by_name
from trigpoint.faults import Fault
from trigpoint.inventory import COMPUTED_SUFFIXES, FOREIGN_SUFFIXES, SUFFIX
from trigpoint.library.addresses import file_address

INDEX = "index.html"
"""The file that an address with a slash at its end is frozen into."""


Owners = Mapping[str, str]
"""The path of the page that has each address or alias, by its place."""


def pages_apart(pages: Iterable[Page], folder: str, before: Owners) -> tuple[tuple[Page, ...], Owners, list[Fault]]:
    """The pages with an address each, in the order of their paths, who owns what now, and what was refused.

    Of two at one address (letter case aside) the page keeps it that had it `before`; else the one whose file is named
    so, and did not ask for it by `slug:`; else the first path (decision 0019).
    """
    owners: dict[str, str] = {}
    kept, clashes = [], []
    for page in sorted(pages, key=lambda page: _claim(page, before)):
        owner = owners.setdefault(place_of(page.address), page.path)
        if owner == page.path:
            kept.append(page)
            continue
        sentence = f"This page and {folder}/{owner} both want the address {page.address}."
        place, line = f"{folder}/{page.path}", page.source.line_of("slug")
        clashes.append(Fault(place, line, 0, sentence, "Give one of them another `slug:`.", kind="address-clash"))
    kept.sort(key=lambda page: page.path)
    clashes += _clashes_of_aliases(kept, owners, before, folder)
    return tuple(kept), owners, clashes


def _claim(page: Page, before: Owners) -> tuple[bool, bool, str]:
    """What the page's right to its address is ordered by, the best first."""
    is_new = before.get(place_of(page.address)) != page.path
    return is_new, address_by_name(page.path) != page.address, page.path


def _clashes_of_aliases(pages: Iterable[Page], owners: dict[str, str], before: Owners, folder: str) -> list[Fault]:
    wanted = [(place_of(redirect_address(alias)), alias, page) for page in pages for alias in page.aliases]
    clashes = []
    for place, alias, page in sorted(wanted, key=lambda each: before.get(each[0]) != each[2].path):
        owner = owners.setdefault(place, page.path)
        if owner != page.path or place == place_of(page.address):
            sentence = f'The alias "{alias}" is the address of {folder}/{owner}, or an alias there.'
            shown, line = f"{folder}/{page.path}", page.source.line_of("aliases", alias.strip("/"))
            clashes.append(Fault(shown, line, 0, sentence, "Take it out of one of them.", kind="alias-clash"))
    return clashes


def place_of(address: str) -> str:
    """What two addresses have in common that can't stand side by side: their file, letter case aside."""
    return frozen_place(address).casefold()


def frozen_place(address: str) -> str:
    """The address that shares its file with this one when it is frozen: `/a/index.html` is `/a/`."""
    return address.removesuffix(INDEX) if address.endswith("/" + INDEX) else address


def redirect_address(alias: str) -> str:
    """The address of the page that leads on from an alias: a folder, where a host would not take a file for HTML.

    `/old.html` stays; `/index.xml` and `/releases/1.0.0` get a slash, and with it an index.html.
    """
    return alias if alias.endswith("/") or alias.lower().endswith((".html", ".htm")) else f"{alias}/"


def files_apart(paths: Iterable[str], pages: Mapping[str, str], folder: str) -> tuple[tuple[str, ...], list[Fault]]:
    """The files that are served as they are, and a Fault for each of the others. `pages`: addresses by path."""
    taken = {"/", *(address.casefold() for address in pages.values())}
    served: dict[str, str] = {}
    clashes = []
    for path in paths:
        address = file_address(path, pages)
        reason = _not_served_because(path, address, taken)
        if reason:
            clashes.append(Fault(f"{folder}/{path}", 0, 0, *reason, kind="file-name"))
        elif address in served:
            sentence = f"This file and {folder}/{served[address]} both want the address {address}."
            clashes.append(Fault(f"{folder}/{path}", 0, 0, sentence, "Rename one of them.", kind="address-clash"))
        else:
            served[address] = path
    return tuple(served.values()), clashes


def _not_served_because(path: str, address: str, taken: Container[str]) -> tuple[str, str] | None:
    """Sentence and cure. A source without a header that lies beside an article's code is a file as any other."""
    folded = address.casefold()
    if folded.rpartition("/")[2] == INDEX and folded.removesuffix(INDEX) in taken:
        return "This file would stand where the page of its folder stands.", "Give it another name."
    is_text = path.lower().endswith(FOREIGN_SUFFIXES) and not path.lower().endswith(COMPUTED_SUFFIXES)
    if is_text and not path.endswith(SUFFIX):  # It would show a draft.
        return "This is not read: the name of a source ends in `.md`.", "Rename it."
    return None


def clashes_of_tags(posts: Iterable[Post], folder: str) -> list[Fault]:
    """Open tags of two names at one slug: each is somebody's spelling, so both files are named."""
    first: dict[str, tuple[Tag, Post]] = {}
    clashes = []
    for post in sorted(posts, key=lambda post: post.path):
        for tag in post.tags:
            known, where = first.setdefault(tag.slug, (tag, post))
            if known.name != tag.name:
                sentence = f'The tag "{tag.name}" has the address of "{known.name}" in {folder}/{where.path}.'
                cure = "Write both the same way, or register the tag in tags.toml."
                shown, line = f"{folder}/{post.path}", post.source.line_of("tags", tag.name)
                clashes.append(Fault(shown, line, 0, sentence, cure, kind="tag-spelling", subject=tag.slug))
    return clashes


def clashes_of_ids(posts: Iterable[Post], folder: str) -> Iterator[Fault]:
    """Posts of one id are one to the readers of a feed, who never see the other."""
    first: dict[str, Post] = {}
    for post in sorted(posts, key=lambda post: post.path):
        known = first.setdefault(post.id, post) if post.id else post
        if known is not post:
            sentence = f'The id "{post.id}" is that of {folder}/{known.path}.'
            cure = "Give one of them another `id:`, or none."
            yield Fault(f"{folder}/{post.path}", post.source.line_of("id", post.id), 0, sentence, cure, kind="id-clash")


def clashes_of_parts(posts: Iterable[Post], folder: str) -> Iterator[Fault]:
    """Posts with one number in one series: readers see it twice, and the order is that of the paths."""
    first: dict[tuple[str, int], Post] = {}
    for post in sorted(posts, key=lambda post: post.path):
        part = post.part
        known = first.setdefault((part.slug, part.number), post) if part else post
        if part and known is not post:
            sentence = f'Part {part.number} of "{part.series}" is {folder}/{known.path} already.'
            line = post.source.line_of("series")
            yield Fault(f"{folder}/{post.path}", line, 0, sentence, "Give one another `part:`.", kind="series-part")
