"""The configuration of nginx for a release: the same headers, types, redirects and errors as the live server.

A header of nginx is lost where a location has one of its own. So each header stands once, for the whole server or
for the location that all others of the site lie in, and what differs by address is looked up in a map. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from urllib.parse import quote, urlsplit

from trigpoint.web.files.author import media_type
from trigpoint.web.files.machine import HIDDEN, HostRules
from trigpoint.web.headers import FOR_GOOD, SVG_POLICY

MADE = (
    "# Made by `flask host-config`, from settings, aliases, and scripts and HTML beside the pages:",
    "# make it anew where one of these changes.",
)
DOLLAR = "\0"
"""Stands for a dollar sign until the text is complete."""


def nginx(rules: HostRules, types: Mapping[str, str], base_url: str, folder: Path) -> str:
    """A file for /etc/nginx/conf.d/: the maps, and a server for this site alone. `folder` is where the release lies."""
    name, host = _name(base_url), urlsplit(base_url).hostname or ""
    return "\n".join(_parts(rules, name, _server(rules, types, name, host, folder)))


def nginx_maps(rules: HostRules, types: Mapping[str, str], base_url: str, folder: Path) -> str:
    """A file for /etc/nginx/conf.d/: what `nginx_locations` looks up, and nothing else."""
    return _included(rules, types, base_url, folder)[0]


def nginx_locations(rules: HostRules, types: Mapping[str, str], base_url: str, folder: Path) -> str:
    """A file to include in a server that is there: the locations of the site, which change nothing beside them."""
    return _included(rules, types, base_url, folder)[1]


def _included(rules: HostRules, types: Mapping[str, str], base_url: str, folder: Path) -> tuple[str, str]:
    name = _name(base_url)
    return _parts(rules, name, _snippet(rules, types, name, folder))


def _name(base_url: str) -> str:
    """What the variables of this site begin with."""
    return re.sub(r"\W", "_", base_url.partition("://")[2])


def _parts(rules: HostRules, name: str, places: Iterable[str]) -> tuple[str, str]:
    """The maps, and what stands in or as a server: texts whose dollar signs are written as nginx wants them."""
    maps, places = ("\n".join((*lines, "")) for lines in (_maps(rules, name), places))
    sign = f"${{{name}_dollar}}"
    geo = f'geo ${name}_dollar {{ default "$"; }}\n\n' if DOLLAR in maps + places else ""
    return geo + maps.replace(DOLLAR, sign), places.replace(DOLLAR, sign)


def _maps(rules: HostRules, name: str) -> Iterator[str]:
    own = (f"    {_exactly(address)} {_value(rules.document_policy)};" for address in rules.documents)
    yield from MADE
    yield from _map("uri", f"{name}_policy", (*own, rf'    "~*\.svg$" {_value(SVG_POLICY)};'), rules.policy)
    kept = rf'    "~^{re.escape(rules.base_path)}/static/.+\.[0-9a-f]{{10}}\.[a-z0-9]+$" {_value(FOR_GOOD)};'
    yield from _map("uri", f"{name}_kept", (kept,), "no-cache")
    yield from _map("status", f"{name}_cache", (f'    "~^(200|206|304)$" ${name}_kept;',), "no-store")


def _map(source: str, target: str, entries: tuple[str, ...], default: str) -> Iterator[str]:
    yield from (f"map ${source} ${target} {{", *entries, f"    default {_value(default)};", "}", "")


def _server(rules: HostRules, types: Mapping[str, str], name: str, host: str, folder: Path) -> Iterator[str]:
    yield from ("server {", "    listen 80;", "    listen [::]:80;", f"    server_name {host};")
    yield "    # With TLS, once all names below this host have it: browsers come back without for two years no more."
    yield '    # add_header Strict-Transport-Security "max-age=63072000; includeSubDomains" always;'
    yield ""
    yield from _indented(_settings(rules, types))
    yield from _indented(_headers(rules, name))
    yield from _indented(_locations(rules, name, folder))
    yield "}"


def _snippet(rules: HostRules, types: Mapping[str, str], name: str, folder: Path) -> Iterator[str]:
    """All within one location, which wins over patterns of the server and takes nothing from it that is said here."""
    base = rules.base_path
    yield from (*MADE, "# It looks things up in the maps of `flask host-config nginx-maps`.")
    yield from _base_redirect(rules, name)
    yield f"location ^~ {base}/ {{"
    yield from _indented((f"alias {_value(f'{folder}/')};", "index index.html;"))
    yield "    expires off;"
    yield from _indented(_settings(rules, types))
    yield from _indented(_headers(rules, name))
    yield from _indented(_single(rules, folder))
    yield "}"


def _settings(rules: HostRules, types: Mapping[str, str]) -> Iterator[str]:
    yield from ("server_tokens off;", "absolute_redirect off;", "charset utf-8;", f"charset_types {_texts(types)};")
    yield from ("gzip on;", "gzip_static on;", "gzip_vary on;", f"gzip_types {_texts(types)};")
    yield from ("default_type application/octet-stream;", "types {")
    yield from (f"    {plain} {ending[1:]};" for ending, plain in types.items())
    yield from ("}", f"error_page 403 404 =404 {rules.base_path}/404.html;", "")


def _headers(rules: HostRules, name: str) -> Iterator[str]:
    yield from (f"add_header {header} {_value(value)} always;" for header, value in rules.always.items())
    yield f"add_header Content-Security-Policy ${name}_policy always;"
    yield from (f"add_header Cache-Control ${name}_cache always;", "")


def _locations(rules: HostRules, name: str, folder: Path) -> Iterator[str]:
    base = rules.base_path
    if base:
        yield from ("location / { return 404; }", f"location = / {{ return 302 {base}/; }}")
        yield from _base_redirect(rules, name)
        yield f"location {base}/ {{ alias {_value(f'{folder}/')}; index index.html; }}"
    else:
        yield from (f"root {_value(str(folder))};", "index index.html;")
    yield from _single(rules, folder)


def _base_redirect(rules: HostRules, name: str) -> Iterator[str]:
    """From the path of the site without its slash; with headers of its own, as it lies in no location of the site."""
    if rules.base_path:
        yield f"location = {rules.base_path} {{"
        yield from _indented(("absolute_redirect off;", "expires off;", *_headers(rules, name)))
        yield from (f"    return 301 {rules.base_path}/;", "}")


def _single(rules: HostRules, folder: Path) -> Iterator[str]:
    """A location for each address that is no plain file: hidden ones, aliases, scripts of an author."""
    base = rules.base_path
    yield from (f"location = {base}/{hidden} {{ return 404; }}" for hidden in HIDDEN)
    for alias, target in rules.redirects.items():
        yield f"location = {_quoted(alias)} {{ return 301 {_value(quote(target))}; }}"
    for script in rules.scripts:
        place = f" alias {_value(f'{folder}{script.removeprefix(base)}')};"
        yield f"location = {_quoted(script)} {{{place} types {{ }} default_type text/plain; }}"


def _indented(lines: Iterable[str]) -> Iterator[str]:
    return (f"    {line}".rstrip() for line in lines)


def _texts(types: Mapping[str, str]) -> str:
    """The types of texts; nginx counts HTML among them without being told."""
    return " ".join(sorted({each for each in types.values() if media_type(each) != each} - {"text/html"}))


def _exactly(address: str) -> str:
    """A key of a map: a plain one would be compared without case, and be too long for its table."""
    index = "(?:index\\.html)?" if address.endswith("/") else ""
    return _quoted(f"~^{re.escape(address)}{index}$")


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _value(text: str) -> str:
    """A text in which nginx looks for variables: a dollar sign has no other way in than one that holds it."""
    return _quoted(text).replace("$", DOLLAR)
