"""The configuration of Caddy for a release: the same headers, types, redirects and errors as the live server. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import quote, urlsplit

from trigpoint.web.files.author import media_type
from trigpoint.web.files.machine import HIDDEN, HostRules
from trigpoint.web.headers import FOR_GOOD, SVG_POLICY


def caddy(rules: HostRules, types: Mapping[str, str], base_url: str, folder: Path) -> str:
    """The text of a Caddyfile. `folder` is where the release lies."""
    parts = urlsplit(base_url)
    host = parts.netloc if parts.scheme == "https" else f"http://{parts.netloc}"
    return "\n".join((*_head(), f"{host} {{", *("\t" + line for line in _site(rules, types, folder)), "}", ""))


def _head() -> Iterator[str]:
    yield "# Made by `flask host-config caddy`, from settings, aliases, and scripts and HTML beside the pages:"
    yield "# make it anew where one of these changes."


def _site(rules: HostRules, types: Mapping[str, str], folder: Path) -> Iterator[str]:
    base = rules.base_path
    yield from ("encode zstd gzip", f"root * {_quoted(str(folder))}", "")
    yield "map {path} {policy} {"
    yield from (f"\t{_quoted(f'~^{re.escape(each)}$')} {_quoted(rules.document_policy)}" for each in rules.documents)
    yield from (f'\t"~(?i)\\.svg$" {_quoted(SVG_POLICY)}', f"\tdefault {_quoted(rules.policy)}", "}")
    yield "map {path} {cache} {"
    yield f'\t"~^{re.escape(base)}/static/.+\\.[0-9a-f]{{10}}\\.[a-z0-9]+$" {_quoted(FOR_GOOD)}'
    yield from ("\tdefault no-cache", "}", "", "header -Server", "header {")
    yield from (f"\t{name} {_quoted(value)}" for name, value in rules.always.items())
    yield from ("\tContent-Security-Policy {policy}", "\tCache-Control {cache}", "}")
    yield "# Once all names below this host have TLS: browsers come back without for two years no more."
    yield '# header Strict-Transport-Security "max-age=63072000; includeSubDomains"'
    yield from _types(rules, types)
    yield from (f"redir {_quoted(quote(alias))} {_quoted(quote(to))} 301" for alias, to in rules.redirects.items())
    if base:
        yield from (f"redir / {base}/ 302", f"redir {base} {base}/ 301")
    yield f"@hidden path {' '.join(f'{base}/{each}' for each in HIDDEN)}"
    yield "@writes not method GET HEAD"
    yield from ("route {", "\terror @hidden 404", "\terror @writes 405")
    yield from (f"\thandle_path {base}/* {{", "\t\tfile_server", "\t}", "\terror 404") if base else ("\tfile_server",)
    yield from (
        "}",
        "handle_errors {",
        "\theader Cache-Control no-store",
        "\t@missing expression `{err.status_code} == 404`",
    )
    yield from ("\thandle @missing {", "\t\trewrite * /404.html", "\t\tfile_server", "\t}")
    yield from ('\trespond "{err.status_text}"', "}")


def _types(rules: HostRules, types: Mapping[str, str]) -> Iterator[str]:
    yield "header ?Content-Type application/octet-stream"
    for number, (ending, plain) in enumerate(types.items()):
        yield f"@type{number} path_regexp {_quoted(f'(?i){re.escape(ending)}$')}"
        yield f"header @type{number} Content-Type {_quoted(media_type(plain))}"
    for number, script in enumerate(rules.scripts):
        yield f"@script{number} path {_quoted(quote(script))}"
        yield f"header @script{number} Content-Type {_quoted(media_type('text/plain'))}"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False) if '"' in text else f'"{text}"'
