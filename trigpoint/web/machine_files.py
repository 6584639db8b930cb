"""Files that hosts of static sites read: headers, redirects, a name. Ordinary addresses, like any page.

`_headers` and `_redirects` are read by Netlify and Cloudflare Pages, `CNAME`
and `.nojekyll` by GitHub Pages. Where a host knows them not, they lie there
and do no harm: no link leads to them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import quote

from flask import Response

from trigpoint.library.library import Library
from trigpoint.web.author_files import file_at, rules_against_scripts
from trigpoint.web.headers import SVG_POLICY, headers
from trigpoint.web.kinds import kind
from trigpoint.web.site import current_library, current_settings, current_site

FOR_GOOD = "public, max-age=31536000, immutable"


def where_wanted(library: Library) -> Iterable[Mapping[str, object]]:
    return ({},) if current_site().settings.host_files else ()


def where_named(library: Library) -> Iterable[Mapping[str, object]]:
    return ({},) if current_site().settings.cname else ()


@kind("/_headers", where_wanted)
def host_headers() -> Response:
    """The headers of `web/headers.py`, for hosts that would send none; what has its digest in its name is kept."""
    rules = {
        "/*": headers(current_settings().policy) | {"Cache-Control": "no-cache"},
        "/*.svg": {"Content-Security-Policy": SVG_POLICY},
    }
    rules |= {f"/static/{folder}/*": {"Cache-Control": FOR_GOOD} for folder in ("css", "fonts")}
    rules |= rules_against_scripts(current_library())
    link = current_settings().link
    lines = [
        line
        for path, headers in rules.items()
        for line in (link(path), *(f"  {name}: {headers[name]}" for name in headers))
    ]
    return _file("_headers", "\n".join(lines) + "\n")


@kind("/_redirects", where_wanted)
def host_redirects() -> Response:
    """Every alias with the address that has taken its place: a true redirect, where the page alone would lead on."""
    library, link = current_library(), current_settings().link
    lines = [
        f"{link(quote(written))} {link(quote(library.redirect(alias) or '/'))} 301\n"
        for alias in library.redirects()
        for written in spellings(alias)
    ]
    return _file("_redirects", "".join(lines))


def spellings(alias: str) -> tuple[str, ...]:
    """How hosts are asked for an alias: one that was a file (`/index.xml/`) without the slash, too."""
    return (alias.rstrip("/"), alias) if alias.endswith("/") and "." in alias.split("/")[-2] else (alias,)


@kind("/.nojekyll", where_wanted)
def no_jekyll() -> Response:
    """Tells GitHub Pages to take the folder as it is."""
    return _file(".nojekyll", "")


@kind("/CNAME", where_named)
def host_name() -> Response:
    return _typed(current_settings().cname + "\n") if current_settings().cname else file_at("CNAME")


def _file(name: str, text: str) -> Response:
    """Our file of this name, or the author's where the settings turn ours off."""
    return _typed(text) if current_settings().host_files else file_at(name)


def _typed(text: str) -> Response:
    """Without an ending a host knows no better than this type; both worlds say the same."""
    return Response(text, content_type="application/octet-stream")
