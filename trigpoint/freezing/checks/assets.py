"""What stylesheets and scripts of static/ name and the site does not have, or its policy keeps out."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterator
from contextlib import suppress
from itertools import islice
from urllib.parse import unquote, urlsplit

from trigpoint.encoding import EncodingError, text_of
from trigpoint.faults import Fault
from trigpoint.freezing.checks.asset_resources import PATTERNS, remote_resources, targets_in
from trigpoint.freezing.checks.policy import Policy, blocked
from trigpoint.freezing.checks.stylesheets import stylesheet_faults
from trigpoint.library.suggestions import place_suggestion
from trigpoint.settings import Settings
from trigpoint.theme import shown
from trigpoint.web.assets import JOINED
from trigpoint.web.site import Site

STATIC = "/static/"
MOST = 5
"""What is told of one stylesheet: below a brace that is missing, others are taken for what they are not."""


def dead_assets(site: Site, addresses: Collection[str]) -> Iterator[Fault]:
    """A Fault for each target in static/ that is no address of the site. `addresses` are not percent-encoded."""
    for name, file, text in _texts(site):
        for target, _, line in targets_in(name, text):
            reason = _why_past_the_site(target, name, site.settings) or _why_dead(target, name, addresses)
            if reason:
                yield Fault(file, line, 0, f'"{target}" {reason[0]}', reason[1], kind="asset-dead", subject=target)


def blocked_in_assets(site: Site) -> Iterator[Fault]:
    """A warning for each thing that static/ asks another host for, and that the site's policy keeps out."""
    settings = site.settings
    policy = Policy.of(settings.policy, settings.base_url, settings.author_scripts)
    for name, file, text in _texts(site):
        yield from blocked(remote_resources(name, text), policy, file)


def misencoded_assets(site: Site) -> Iterator[Fault]:
    """A Fault for each stylesheet and script that is not UTF-8: browsers are told that it is."""
    for _, file, raw in _files(site):
        try:
            text_of(file, raw)
        except EncodingError as error:
            yield error.found.fault(file, "asset-encoding")


def broken_stylesheets(site: Site) -> Iterator[Fault]:
    """A warning for each place at which a stylesheet of static/ is another than it looks."""
    for name, file, text in _texts(site):
        if name.endswith(".css"):
            yield from islice(stylesheet_faults(file, text), MOST)


def _texts(site: Site) -> Iterator[tuple[str, str, str]]:
    """The stylesheets and scripts of static/: the name of each, its file as Faults name it, and what is in it."""
    return ((name, file, raw.decode("utf-8", "replace")) for name, file, raw in _files(site))


def _files(site: Site) -> Iterator[tuple[str, str, bytes]]:
    look = site.loader.inputs.overlay("static")
    for name in look.stamps:
        if posixpath.splitext(name)[1] in PATTERNS and (path := look.path(name)):
            with suppress(OSError):  # It went a moment ago.
                yield name, shown(path, site.settings.root), path.read_bytes()


def _why_past_the_site(target: str, name: str, settings: Settings) -> tuple[str, str] | None:
    """Sentence and cure, where a target begins at the root of the host, and the site stands below a path of it."""
    if not settings.base_path or not target.startswith("/") or target.startswith("//"):
        return None
    relative = posixpath.relpath(target, posixpath.dirname(f"{STATIC}{name}"))
    return f"leads past the site, which stands below {settings.base_path}.", f'Write "{relative}".'


def _why_dead(target: str, name: str, addresses: Collection[str]) -> tuple[str, str] | None:
    """Sentence and cure, where the target in this file of static/ leads nowhere."""
    try:
        parts = urlsplit(target)
    except ValueError:
        return "is no address.", ""
    if parts.scheme or parts.netloc or not parts.path:
        return None
    if not name.endswith(".css") and not parts.path.startswith(("/", "./", "../")):
        return "is no path, so no browser finds it.", f'Write "./{target}".'
    wanted = posixpath.normpath(posixpath.join(posixpath.dirname(f"{STATIC}{name}"), unquote(parts.path)))
    if wanted in addresses or _are_joined(name, wanted.removeprefix(STATIC)):
        return None
    return "names a file that the site does not have.", place_suggestion(wanted, tuple(sorted(addresses)))


def _are_joined(name: str, other: str) -> bool:
    """Whether two modules are sent as one script, from which the imports between them are taken."""
    return any({name, other} <= set(parts) for parts in JOINED.values())
