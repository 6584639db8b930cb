"""Links in the pages of a site's own views: each must lead somewhere, as those of articles do.

What a template fills in is known in the finished page alone. The theme's pages need no such look: their links are made
from addresses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from html.parser import HTMLParser
from mimetypes import guess_type
from urllib.parse import quote, unquote, urljoin, urlsplit

from trigpoint.faults import Fault, did_you_mean
from trigpoint.freezing.checks.leaks import path_on_site
from trigpoint.library.snapshot import expired_addresses
from trigpoint.web.files.author import INDEX
from trigpoint.web.kinds import KINDS, Kind, kind_addresses
from trigpoint.web.site import Site

LEADING = ("href", "src", "poster")
"""Attributes that hold one target."""


class _Targets(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, None] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in LEADING:
                self.found[(value or "").strip()] = None
            elif name == "srcset":
                self.found.update(dict.fromkeys(each.split()[0] for each in (value or "").split(",") if each.strip()))


def own_page_faults(site: Site, known: AbstractSet[str], content: Callable[[str], bytes]) -> Iterator[Fault]:
    """A Fault for each dead link in the pages of the site's own views. `known` are all addresses of the site, not
    percent-encoded; `content` gives what a file at one of these holds."""
    for each in KINDS:
        if each.is_own:
            with site.app.app_context():
                addresses = tuple(map(unquote, kind_addresses(site.app, each, site.loader.library)))
            for address in addresses:
                yield from dead_links(site, each, address, content(address), known)


def dead_links(site: Site, kind: Kind, address: str, content: bytes, known: AbstractSet[str]) -> Iterator[Fault]:
    """A Fault for each link that leads nowhere in the page at this address, if it is HTML."""
    if not address.endswith(("/", ".html")):
        return
    reader, base_url = _Targets(), site.settings.base_url
    reader.feed(content.decode(errors="replace"))
    reader.close()
    for target in reader.found:
        path = _path(target, address, base_url)
        if path and known.isdisjoint((path, f"{path}/", f"{path.rstrip('/')}/{INDEX}")):
            is_over = bool({path, f"{path}/"} & expired_addresses(site.loader.library.snapshot))
            sentence = f'"{target}" in {address} leads to no page or file.'
            cure = did_you_mean(path, known) or "Mend it in the view or its template."
            yield Fault(*kind.place(site.settings.root), 0, sentence, cure, is_over, "link-dead", target)


def type_fault(site: Site, kind: Kind, address: str, media_type: str | None) -> Iterator[Fault]:
    """A Fault where a host would take the file at this address for another type than the view says."""
    meant = "text/html" if address.endswith("/") else guess_type(address)[0] or "application/octet-stream"
    if media_type != meant:
        sentence = f"{address} is sent as {media_type}, and hosts take a file of this name for {meant}."
        cure = (
            "End the rule with a slash where it is a page, else with the ending of that type, or name the right type."
        )
        yield Fault(*kind.place(site.settings.root), 0, sentence, cure, kind="page-failed")


def _path(target: str, address: str, base_url: str) -> str:
    """The path on the site that this target means in the page at this address; "" where it leads elsewhere."""
    try:
        whole = urljoin(base_url + quote(address), target) if target and not target.startswith(("#", "?")) else ""
    except ValueError:
        return ""
    return path_on_site(whole, base_url) if urlsplit(whole).scheme in ("http", "https") else ""
