"""The files that lie beside the pages, as answers, and which of them are hidden by an address that the site has itself.

An author's robots.txt and favicon.ico come before the site's; so do the files of hosts where the settings turn ours
off. Any other file at an address of the site would never be seen, and is named.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from mimetypes import guess_type
from posixpath import basename

from flask import Response, abort, send_file
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from trigpoint.faults import Fault
from trigpoint.file_reading import opened, wait_for_rest
from trigpoint.inventory import on_disk, stamp_of
from trigpoint.library.library import Library
from trigpoint.library.withheld import Withheld, withheld
from trigpoint.notes import digest_of
from trigpoint.web.headers import FILE_POLICY
from trigpoint.web.site import Site, current_library, current_site

GIVING_WAY = frozenset(("file", "variant", "page", "robots", "favicon", "index_key"))
"""The endpoints that answer with a file of the author's, where there is one."""

INDEX = "index.html"

SCRIPT_TYPES = frozenset(
    f"{kind}/{name}" for kind in ("text", "application") for name in ("javascript", "x-javascript", "ecmascript")
)
DOCUMENT_TYPE = re.compile(r"text/html|(?:text|application)/(?:xml|xsl)|(?!image/svg)[^/]+/[^/]+\+xml")
"""What a browser shows as a document, and so may run scripts in. SVG has a policy of its own."""

SCRIPT_ENDINGS = (".js", ".mjs")
DOCUMENT_ENDINGS = (".html", ".htm", ".shtml", ".xhtml", ".xht", ".xml", ".xsl", ".xslt", ".rss", ".atom", ".rdf")
"""Of names of files, for hosts: `_headers` knows no media types."""

CURES: Mapping[str, str] = {
    "host_headers": "Take it out, or publish your own with `host_files = false` in site.toml.",
    "host_redirects": "Take it out, or publish your own with `host_files = false` in site.toml.",
    "host_name": "Take it out, or take `cname` out of site.toml.",
    "not_found": "Take it out, and change templates/not_found.html.",
    "static": "Move it into the folder static/ beside it.",
}


def file_at(address: str) -> Response:
    """The whole file of the author's at this address; `address` is without its first slash."""
    found = current_library().file(f"/{address}") or abort(404)
    loader = current_site().loader
    place = loader.inputs.disk_path(found.path) or abort(404)
    if not is_for_readers(current_site(), found.path):
        abort(404)
    try:
        if loader.inputs.location(found.path) == "removable":
            return _without_location(found.path)
        wait_for_rest(place)
        # By the name that readers ask for: what a link leads to may be called otherwise.
        response = send_file(place, download_name=basename(address), conditional=True, etag=digest_of(stamp_of(place)))
    except OSError:  # It went, or was closed to us, a moment ago.
        abort(404)
    response.headers.pop("Last-Modified", None)  # An edit may keep it, or bring an older one: the ETag alone is true.
    found_type = response.mimetype or "application/octet-stream"
    response.headers["Content-Type"] = media_type(found_type)
    if not current_site().settings.author_scripts:
        response.headers.update(headers_against_scripts(found_type))
    return response


def headers_against_scripts(found_type: str) -> dict[str, str]:
    """What keeps scripts in an author's file of this media type from running: nobody has looked at those.

    With `nosniff`, which every answer has, a browser runs no script that is said to be plain text.
    """
    if found_type in SCRIPT_TYPES:
        return {"Content-Type": media_type("text/plain")}
    return {"Content-Security-Policy": FILE_POLICY} if DOCUMENT_TYPE.fullmatch(found_type) else {}


def scripts_and_documents(library: Library) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The same for a static host: the addresses of an author's scripts and of what browsers show as a document.

    A document that stands for its folder has that address, too.
    """
    scripts = library.files_ending(*SCRIPT_ENDINGS)
    documents = library.files_ending(*DOCUMENT_ENDINGS)
    folders = (address.removesuffix(INDEX) for address in documents if address.endswith(f"/{INDEX}"))
    return scripts, tuple(sorted((*documents, *folders)))


def _without_location(path: str) -> Response:
    """A picture without the place where it was taken. Raises OSError."""
    content = current_site().loader.inputs.pictures.original(path)
    return Response(content, content_type=guess_type(path)[0] or "application/octet-stream")


def media_type(plain: str) -> str:
    """With its charset, where it is a text: all of ours are UTF-8."""
    texts = ("application/json", "application/xml", "application/manifest+json", "text/javascript", "image/svg+xml")
    return f"{plain}; charset=utf-8" if plain.startswith("text/") or plain in texts else plain


def served_files(site: Site, library: Library) -> Iterator[str]:
    """The addresses of the files that readers get: all but those that an address of the site hides, and those that
    nobody should get."""
    files = library.addresses.file_at.items()
    return (address for address, path in files if not hidden_by(site, address) and is_for_readers(site, path))


def is_for_readers(site: Site, path: str) -> bool:
    """Whether readers may have the file at this path below pages/: at its own address, or with others in an archive."""
    return _withheld(site, path) is None


def hidden_by(site: Site, address: str) -> str:
    """The endpoint of the site that answers where this file would; "" where the file does."""
    endpoint = _endpoint(site, address)
    folder = address.removesuffix(INDEX)
    if not endpoint and folder != address and folder.endswith("/"):
        endpoint = _endpoint(site, folder)
    return endpoint


def _endpoint(site: Site, address: str) -> str:
    try:
        endpoint, values = site.app.url_map.bind("site").match(address)
    except (RequestRedirect, HTTPException):
        return ""
    if endpoint.startswith("written_by") and not site.loader.library.author(values["slug"]):
        return ""
    is_off = (endpoint == "host_name" and not site.settings.cname) or (
        endpoint in ("host_headers", "host_redirects") and not site.settings.host_files
    )
    return "" if endpoint in GIVING_WAY or is_off else str(endpoint)


def hidden_files(site: Site) -> Iterator[Fault]:
    """A Fault for each file that nobody would ever get."""
    for address, path in site.loader.library.addresses.file_at.items():
        endpoint = hidden_by(site, address)
        if endpoint:
            sentence = f"Readers would never get this file: the site makes {address} itself."
            cure = CURES.get(endpoint, "Give it another name.")
            yield Fault(f"{site.settings.pages}/{path}", 0, 0, sentence, cure, kind="file-hidden")


def withheld_files(site: Site) -> Iterator[Fault]:
    """A Fault for each file that no reader should get."""
    for path in site.loader.library.addresses.files:
        found = _withheld(site, path)
        if found:
            shown = f"{site.settings.pages}/{path}"
            yield Fault(shown, found.line, 0, found.sentence, found.cure, found.warning, found.kind)


def _withheld(site: Site, path: str) -> Withheld | None:
    return withheld(path, lambda: _start_of(site, path))


def _start_of(site: Site, path: str) -> bytes:
    try:
        with opened(on_disk(site.settings.pages_folder, path)) as file:
            return file.read(1024)
    except OSError:  # It went a moment ago.
        return b""
