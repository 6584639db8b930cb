"""Findings about the site as a whole: what site.toml says against what is there. Each is a Fault at its line."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection, Iterator
from urllib.parse import unquote, urlsplit

from trigpoint.faults import Fault, did_you_mean
from trigpoint.freezing.checks.leaks import path_on_site
from trigpoint.policy import RUNS_ANYTHING
from trigpoint.settings import Settings, written_at

RESERVED = re.compile(r"(?:.*\.)?(?:example|test|invalid|localhost|local)|(?:.*\.)?example\.(?:com|net|org)", re.I)
"""Names that no reader reaches. Source: RFC 2606, RFC 6761, RFC 6762."""


def site_faults(settings: Settings, addresses: Collection[str], expired: Collection[str] = ()) -> tuple[Fault, ...]:
    """What is wrong with the settings of a site with these addresses, which are not percent-encoded, and which had
    those that `expired`."""
    return (
        *_dead_navigation(settings, addresses, expired),
        *base_url_faults(settings),
        *_own_cname(settings, addresses),
        *_wide_policy(settings),
    )


def _dead_navigation(settings: Settings, addresses: Collection[str], expired: Collection[str]) -> Iterator[Fault]:
    """The links that every page has: each must lead to an address of the site, or to another site."""
    named = [("navigation", item) for item in settings.navigation] + [("footer", item) for item in settings.footer]
    for setting, item in named:
        is_address = item.path.startswith("/")
        path = unquote(urlsplit(item.path).path) if is_address else path_on_site(item.path, settings.base_url)
        if not path or path in addresses or f"{path}/" in addresses:
            continue
        place, line = written_at(settings.root, setting, item.path)
        sentence = f'"{setting}" leads to "{item.path}", and there is no such page.'
        cure = did_you_mean(path, addresses) or "Write the page, or take the entry out."
        is_over = path in expired or f"{path}/" in expired
        yield Fault(place, line, 0, sentence, cure, is_over, "navigation-dead")


def base_url_faults(settings: Settings) -> Iterator[Fault]:
    """A warning where readers cannot reach what feeds and shared links name."""
    host = urlsplit(settings.base_url).hostname or ""
    place, line = written_at(settings.root, "base_url")
    if _is_unreachable(host):
        sentence = (
            f'"base_url" is not configured yet: it is {settings.base_url}, which readers cannot reach, and feeds and '
            "shared links lead there."
        )
        cure = "Write the address at which the site is published."
        yield Fault(place, line, 0, sentence, cure, warning=True, kind="base-url-example")
    elif settings.cname and settings.cname.casefold().strip(".") != host.casefold():
        sentence = f'"base_url" is {settings.base_url}, and "cname" is {settings.cname}: these are two hosts.'
        cure = "Write the host of one into the other: feeds and shared links lead to the first."
        yield Fault(place, line, 0, sentence, cure, warning=True, kind="base-url-and-cname")


def _own_cname(settings: Settings, addresses: Collection[str]) -> Iterator[Fault]:
    """What an author's own CNAME says, where the settings make none."""
    host = urlsplit(settings.base_url).hostname or ""
    if settings.cname or "/CNAME" not in addresses or _is_unreachable(host):
        return
    try:
        named = (settings.pages_folder / "CNAME").read_text(errors="replace").strip()
    except OSError:  # It went a moment ago.
        return
    if named.casefold().strip(".") != host.casefold():
        sentence = f'This says "{named}", and "base_url" is {settings.base_url}: these are two hosts.'
        cure = f"Write {host} into it, or mend `base_url`: feeds and shared links lead there."
        yield Fault(f"{settings.pages}/CNAME", 1, 0, sentence, cure, warning=True, kind="base-url-and-cname")


def _wide_policy(settings: Settings) -> Iterator[Fault]:
    """A warning for each list of `[policy]` that allows everything."""
    for use, source in settings.policy.wide():
        place, line = written_at(settings.root, f"policy.{use}", source)
        what = "whatever is written in a page runs" if source in RUNS_ANYTHING else "every host is allowed"
        sentence = f'"policy.{use}" holds {source}: {what}, and the policy protects readers from nothing there.'
        yield Fault(place, line, 0, sentence, "Name the hosts that the site needs.", warning=True, kind="policy-wide")


def _is_unreachable(host: str) -> bool:
    if RESERVED.fullmatch(host):
        return True
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return False
