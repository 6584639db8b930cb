"""What other generators' front matter and folders say that means "not public": one table, and what it makes of a page.

Pure. A value that is not understood hides the page: a page that is missing is seen by its author, one that should
not be public is seen by everybody else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from trigpoint.content.values import NO, YES, is_empty, shown
from trigpoint.content.yaml_nodes import Mapping, Node, Scalar

PUBLIC_STATUS = ("published", "publish", "public", "live", "visible", "featured", "default")
HIDDEN_STATUS = (
    "draft", "hidden", "unlisted", "private", "skip", "scheduled", "sent", "pending", "future", "trash", "auto-draft",
    "members", "paid", "tiers", "password", "internal", "unpublished", "review", "in review", "archived",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether an entry hides the page, and whether its value was understood."""

    hides: bool
    understood: bool = True


PUBLIC, HIDDEN, UNCLEAR = Verdict(False), Verdict(True), Verdict(True, understood=False)


def _word(node: Node) -> str:
    return node.text.strip().casefold() if isinstance(node, Scalar) else ""


def _hides_if_yes(node: Node) -> Verdict:
    word = _word(node)
    return HIDDEN if word in (*YES, "1") else PUBLIC if word in (*NO, "0") else UNCLEAR


def _hides_if_no(node: Node) -> Verdict:
    word = _word(node)
    return HIDDEN if word in (*NO, "0") else PUBLIC if word in (*YES, "1") else UNCLEAR


def _hides_by_status(node: Node) -> Verdict:
    word = _word(node)
    return PUBLIC if word in PUBLIC_STATUS else HIDDEN if word in HIDDEN_STATUS else UNCLEAR


def _hides_if_false(node: Node) -> Verdict:
    """Of a field that has an address unless it is false."""
    return HIDDEN if _word(node) in NO else PUBLIC


def _hides_if_set(node: Node) -> Verdict:
    return PUBLIC if _word(node) in NO else HIDDEN


def _hides_by_render(node: Node) -> Verdict:
    word = _word(node)
    if word in (*YES, "always"):
        return PUBLIC
    return HIDDEN if word in (*NO, "never", "link") else UNCLEAR


def _hides_by_list(node: Node) -> Verdict:
    word = _word(node)
    if word in (*YES, "always", "local"):
        return PUBLIC
    return HIDDEN if word in (*NO, "never") else UNCLEAR


def _hides_by_build(node: Node) -> Verdict:
    """Hugo's mapping of build options."""
    if not isinstance(node, Mapping):
        return UNCLEAR if _word(node) not in YES else PUBLIC
    parts = {"render": _hides_by_render, "list": _hides_by_list}
    found = [parts[name](value) for name, (_, value) in node.entries.items() if name in parts]
    return next((each for each in (HIDDEN, UNCLEAR) if each in found), PUBLIC)


FIELDS: dict[str, Callable[[Node], Verdict]] = {
    # Jekyll, Hexo, Middleman, Gatsby, Astro, Grav, Obsidian and Bear.
    "published": _hides_if_no,
    "publish": _hides_if_no,
    "ispublished": _hides_if_no,
    "public": _hides_if_no,
    # Astro, Next.js and others. (`draft` itself, where it stands twice in different spellings.)
    "draft": _hides_if_yes,
    "isdraft": _hides_if_yes,
    "isprivate": _hides_if_yes,
    "private": _hides_if_yes,
    "hidden": _hides_if_yes,
    "ishidden": _hides_if_yes,
    # Docusaurus and VuePress: reachable, but in no list; we have no such pages, so they are hidden.
    "unlisted": _hides_if_yes,
    "isunlisted": _hides_if_yes,
    # Hugo. A headless bundle, as one that is never rendered, has no page.
    "headless": _hides_if_yes,
    "build": _hides_by_build,
    "_build": _hides_by_build,
    # Zola.
    "render": _hides_by_render,
    # Eleventy writes no file where there is no permalink.
    "permalink": _hides_if_false,
    "eleventyexcludefromcollections": _hides_if_yes,
    # Pelican, Nikola, WordPress, Ghost.
    "status": _hides_by_status,
    "post_status": _hides_by_status,
    # Ghost.
    "visibility": _hides_by_status,
    # Grav: a page that is not routable has no address.
    "routable": _hides_if_no,
    "visible": _hides_if_no,
    # Lektor.
    "_hidden": _hides_if_yes,
    "_discoverable": _hides_if_no,
    # Hexo and WordPress: behind a password.
    "password": _hides_if_set,
    "post_password": _hides_if_set,
}
"""By the folded name of a field (`isDraft`, `is_draft` and `is-draft` are one): whether its value hides the page.

`noindex`, `sitemap`, `robots` and the like are not here: they speak to search engines, of a page that is public.
"""

APPEARS = ("publishdate", "publishat", "publishon", "scheduled", "scheduledat", "goliveon", "publicationdate")
EXPIRES = (
    "expirydate",
    "expires",
    "expiry",
    "expireson",
    "expirationdate",
    "unpublishdate",
    "unpublishat",
    "archivedate",
)
"""Names, folded likewise, of the day on which a page appears, and from which it is no longer public."""


def key_of(name: str) -> str:
    """A field's name without what differs from one spelling to another; a leading `_` stays."""
    folded = name.casefold()
    return folded[:1] + folded[1:].replace("_", "").replace("-", "")


BY_KEY = {key_of(name): verdict for name, verdict in FIELDS.items()}


def verdict(name: str, node: Node) -> Verdict | None:
    """What this entry says of being public; None where it is about something else."""
    found = BY_KEY.get(key_of(name))
    return None if found is None else PUBLIC if is_empty(node) else found(node)


def reason(name: str, node: Node) -> str:
    """The entry as a page remembers why it is hidden: `visibility: private`."""
    return f"{name}: {shown(node)[1:-1] if isinstance(node, Scalar) and node.text else '…'}"


def hidden_part(path: str, lenient: bool = False) -> str:
    """The folder or file of this path (below pages/) whose name begins with `_`, or ""; with `lenient` also `drafts/`.

    Jekyll's and Hexo's `_drafts/`, and what Astro and Next.js leave out.
    """
    *folders, name = path.split("/")
    folder = next((part for part in folders if _is_hidden(part, lenient)), "")
    return f"{folder}/" if folder else name if name.startswith("_") else ""


def in_hidden_folder(path: str, lenient: bool = False) -> bool:
    """Whether a file that is no page lies in such a folder; its own name may begin with `_` (`__init__.py`)."""
    return any(_is_hidden(part, lenient) for part in path.split("/")[:-1])


def _is_hidden(folder: str, lenient: bool) -> bool:
    return folder.startswith("_") or (lenient and folder.lower() in ("draft", "drafts"))
