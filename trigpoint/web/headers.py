"""The headers of every answer: strict, the same for a page, an error and a redirect.

Sources: the Content Security Policy level 3, RFC 9110 (conditional requests),
and the scoring of Mozilla's HTTP Observatory.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from functools import partial
from hashlib import sha256
from urllib.parse import quote, unquote, urlsplit

from flask import Flask, Response, request
from markupsafe import escape

from trigpoint.policy import AllowedHosts
from trigpoint.settings import Settings


def speculation_rules(base_path: str) -> str:
    """Has a browser that knows such rules fetch a page of the site when a reader is about to follow a link to it.

    What is no page, such as an archive of code, does not end in a slash. Source: HTML Standard, 7.6.
    """
    return f'{{"prefetch":[{{"where":{{"href_matches":"{base_path}/*/"}},"eagerness":"moderate"}}]}}'


def hash_source(script: str) -> str:
    """The source by which a policy allows this inline script."""
    return f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'"


def directives(allowed: AllowedHosts, base_path: str = "") -> tuple[str, ...]:
    """The directives of the site's Content-Security-Policy, without those that a page cannot give itself."""

    def sources(name: str, *own: str) -> str:
        return " ".join(dict.fromkeys((name, *own, *getattr(allowed, name.partition("-")[0]))))

    # With a hash, browsers would ignore 'unsafe-inline', which allows those rules anyway.
    rules = () if "'unsafe-inline'" in allowed.script else (hash_source(speculation_rules(base_path)),)
    frames = (sources("frame-src"),) if allowed.frame else ()
    return (
        "default-src 'none'",
        sources("script-src", "'self'", *rules),
        sources("style-src", "'self'"),
        sources("img-src", "'self'", "data:"),
        sources("font-src", "'self'"),
        sources("media-src", "'self'"),
        sources("connect-src", "'self'"),
        *frames,
        "manifest-src 'self'",
        "base-uri 'none'",
        sources("form-action", "'self'"),
    )


def policy_in_page(allowed: AllowedHosts, base_path: str = "") -> str:
    """What a page says itself, for hosts that send no headers (`frame-ancestors` is not allowed there)."""
    return "; ".join(directives(allowed, base_path))


def content_security_policy(settings: Settings, is_preview: bool = False) -> str:
    """The policy as a header. A preview in the house's own network has no TLS, whatever the site's address says."""
    upgrade = ("upgrade-insecure-requests",) if settings.base_url.startswith("https://") and not is_preview else ()
    return "; ".join((*directives(settings.policy, settings.base_path), "frame-ancestors 'none'", *upgrade))


def headers_of_all(settings: Settings) -> dict[str, str]:
    """The headers of every answer, whatever it is, but for its policy and for how long it may be kept."""
    is_alone = not settings.policy.embeds
    return OTHER_HEADERS | ({"Cross-Origin-Embedder-Policy": "require-corp"} if is_alone else {})


def headers(settings: Settings, is_preview: bool = False) -> dict[str, str]:
    """The headers of every answer."""
    return {"Content-Security-Policy": content_security_policy(settings, is_preview), **headers_of_all(settings)}


SVG_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""An SVG is a document that may hold scripts: opened by itself it may run none."""

FILE_POLICY = (
    "sandbox allow-same-origin; default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self'; media-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""A page of an author's own beside the articles shows, and runs nothing: the sandbox does not allow scripts."""

OTHER_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "cross-origin",  # Feed readers and link previews show pictures on pages of theirs.
}
MOVED = '<!doctype html>\n<html lang="en">\n<title>Moved</title>\n<p><a href="{0}">{0}</a></p>\n'
FOR_GOOD = "public, max-age=31536000, immutable"
"""How long what has its digest in its name may be kept."""

KEPT_STATUSES = (200, 206, 304)


def register_headers(app: Flask, always: Mapping[str, str]) -> None:
    """Give every answer these headers, which are added before it is sent in full or as "not modified"."""
    app.after_request(conditional)
    app.after_request(partial(with_headers, always))


def with_headers(always: Mapping[str, str], response: Response) -> Response:
    """The answer with all that is said of every answer; done twice, it is as done once."""
    for name, value in always.items():
        response.headers.setdefault(name, value)
    if response.mimetype == "image/svg+xml":
        response.headers["Content-Security-Policy"] = SVG_POLICY
    if response.status_code not in KEPT_STATUSES:
        response.headers["Cache-Control"] = "no-store"
    elif not response.cache_control.immutable:
        response.headers["Cache-Control"] = "no-cache"
    _stay_on_this_host(response)
    return response


def conditional(response: Response) -> Response:
    """The answer, or that it is not modified."""
    if response.status_code == 200 and not response.direct_passthrough:
        response.add_etag()
        match_any()
        response.make_conditional(request)
    return response


def match_any() -> None:
    """Leave out an `If-Match: *`: it holds for whatever is there (RFC 9110, 13.1.1), for Werkzeug for nothing."""
    if request.if_match.star_tag:
        request.environ.pop("HTTP_IF_MATCH", None)


def _stay_on_this_host(response: Response) -> None:
    """A redirect leads to a path of ours, whatever Host the request named, and never to `//elsewhere`."""
    location = response.headers.get("Location")
    if location is None:
        return
    parts = urlsplit(location)
    path = "/" + unquote(parts.path).lstrip("/\\")
    response.headers["Location"] = quote(path, safe="/@:+~!$&'()*,;=") + (f"?{parts.query}" if parts.query else "")
    if parts.netloc:  # Werkzeug's own redirect, whose text repeats the Host that was named.
        response.set_data(MOVED.format(escape(response.headers["Location"])))
