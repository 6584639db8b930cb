"""The configuration of nginx for a release: the same headers, types, redirects and errors as the live server.

A header of nginx is lost where a location has one of its own. So each header stands once, for the whole server, and
what differs by address is looked up in a map. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import quote, urlsplit

from trigpoint.web.files.author import media_type
from trigpoint.web.files.machine import HIDDEN, HostRules
from trigpoint.web.headers import FOR_GOOD, SVG_POLICY

DOLLAR = "\0"
"""Stands for a dollar sign until the text is complete."""


def nginx(rules: HostRules, types: Mapping[str, str], base_url: str, folder: Path) -> str:
    """The text of a file for /etc/nginx/conf.d/. `folder` is where the release lies."""
    host, name = urlsplit(base_url).hostname or "", re.sub(r"\W", "_", base_url.partition("://")[2])
    text = "\n".join((*_maps(rules, name), *_server(rules, types, name, host, folder), ""))
    if DOLLAR not in text:
        return text
    return f'geo ${name}_dollar {{ default "$"; }}\n\n{text.replace(DOLLAR, f"${{{name}_dollar}}")}'


def _maps(rules: HostRules, name: str) -> Iterator[str]:
    own = (f"    {_exactly(address)} {_value(rules.document_policy)};" for address in rules.documents)
    yield "# Made by `flask host-config nginx`, from settings, aliases, and scripts and HTML beside the pages:"
    yield "# make it anew where one of these changes."
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
    yield from (
        "    server_tokens off;",
        "    absolute_redirect off;",
        "    charset utf-8;",
        f"    charset_types {_texts(types)};",
    )
    yield from ("    gzip on;", "    gzip_static on;", "    gzip_vary on;", f"    gzip_types {_texts(types)};")
    yield from ("    default_type application/octet-stream;", "    types {")
    yield from (f"        {plain} {ending[1:]};" for ending, plain in types.items())
    yield from ("    }", "")
    yield from (f"    add_header {header} {_value(value)} always;" for header, value in rules.always.items())
    yield f"    add_header Content-Security-Policy ${name}_policy always;"
    yield f"    add_header Cache-Control ${name}_cache always;"
    yield ""
    yield from _locations(rules, folder)
    yield "}"


def _locations(rules: HostRules, folder: Path) -> Iterator[str]:
    base = rules.base_path
    yield f"    error_page 403 404 =404 {base}/404.html;"
    if base:
        yield f"    location / {{ return 404; }}\n    location = / {{ return 302 {base}/; }}"
        yield f"    location {base}/ {{ alias {_value(f'{folder}/')}; index index.html; }}"
    else:
        yield f"    root {_value(str(folder))};\n    index index.html;"
    yield from (f"    location = {base}/{hidden} {{ return 404; }}" for hidden in HIDDEN)
    for alias, target in rules.redirects.items():
        yield f"    location = {_quoted(alias)} {{ return 301 {_value(quote(target))}; }}"
    for script in rules.scripts:
        place = f" alias {_value(f'{folder}{script.removeprefix(base)}')};" if base else ""
        yield f"    location = {_quoted(script)} {{{place} types {{ }} default_type text/plain; }}"


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
