"""`_headers` and `_redirects`, which hosts of static sites read: ours, or the author's where `host_files` is off."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from urllib.parse import unquote, urlsplit

from trigpoint.faults import Fault, did_you_mean
from trigpoint.file_reading import opened
from trigpoint.web.files.author import INDEX
from trigpoint.web.site import Site

MOST_RULES = {"_headers": 100, "_redirects": 2_000}
LONGEST_RULE = {"_headers": 2_000, "_redirects": 1_000}
"""Of Cloudflare Pages: rules in a file, and characters in a line of it.

Source: https://developers.cloudflare.com/pages/configuration/headers/ and …/redirects/"""

ELSEWHERE = "Publish on another host"
CURE = f"{ELSEWHERE}, or say that no host reads it: host_files = false in site.toml."
REDIRECT = re.compile(r"(?P<old>/\S*)\s+(?P<target>/(?!/)[^\s:*]*)(?:\s+30[12378]!?)?\s*(?:\s#.*)?")
"""A rule of `_redirects` that leads readers to one address of the host."""


def rule_faults(name: str, content: bytes, place: str = "", cure: str = CURE) -> Iterator[Fault]:
    """A warning where a host would not read this file of rules to its end."""
    lines, most, longest = content.decode(errors="replace").splitlines(), MOST_RULES[name], LONGEST_RULE[name]
    count = sum(bool(line.strip()) and not line.startswith((" ", "#")) for line in lines)
    width = max(map(len, lines), default=0)
    place = place or f"/{name}"
    if count > most:
        sentence = f"This has {count:,} rules; Cloudflare Pages takes {most:,} at most."
        yield Fault(place, 0, 0, sentence, cure, warning=True, kind="host-limit", subject=name)
    if width > longest:
        sentence = f"A line of this has {width:,} characters; Cloudflare Pages takes {longest:,} at most."
        yield Fault(place, 0, 0, sentence, cure, warning=True, kind="host-limit", subject=name)


def own_rules(site: Site, addresses: Collection[str]) -> Iterator[Fault]:
    """What is wrong with an author's own files of rules. `addresses` are all of the site, not percent-encoded."""
    look = site.loader.inputs.overlay("static")
    for name in MOST_RULES:
        if name in look.stamps:
            sentence = f"No host reads this here: it is published as /static/{name}."
            cure = f"Move it to {site.settings.pages}/{name}, and write `host_files = false` into site.toml."
            yield Fault(look.shown(name, site.settings.root), 0, 0, sentence, cure, warning=True, kind="host-rules")
        path = site.loader.library.addresses.file_at.get(f"/{name}")
        if path and not site.settings.host_files:
            content, place = _content(site, path), f"{site.settings.pages}/{path}"
            yield from rule_faults(name, content, place, f"{ELSEWHERE}.")
            if name == "_redirects":
                yield from _dead_redirects(content, place, site.settings.base_path, addresses)


def _content(site: Site, path: str) -> bytes:
    place = site.loader.inputs.disk_path(path)
    try:
        with opened(place or "") as file:
            return file.read()
    except OSError:  # It went a moment ago.
        return b""


def _dead_redirects(content: bytes, place: str, base_path: str, addresses: Collection[str]) -> Iterator[Fault]:
    """A warning for each rule that leads readers to no address of the site; `base_path` is before each of them."""
    lines = enumerate(content.decode(errors="replace").splitlines(), 1)
    rules = [(number, found) for number, line in lines if (found := REDIRECT.fullmatch(line))]
    known, led_on = frozenset(addresses), {found["old"] for _, found in rules}
    for number, found in rules:
        target = found["target"]
        path = unquote(urlsplit(target).path)
        is_ours = path.startswith(f"{base_path}/")
        path = path.removeprefix(base_path)
        if is_ours and target not in led_on and not {path, f"{path}/", f"{path.rstrip('/')}/{INDEX}"} & known:
            sentence, cure = f'"{target}" leads to no page or file.', did_you_mean(path, addresses) or "Mend it."
            yield Fault(place, number, 0, sentence, cure, warning=True, kind="host-rules", subject=target)
