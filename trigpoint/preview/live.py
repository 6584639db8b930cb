"""WSGI middleware of the preview: pages get a script that follows their sources, and what is wrong with them.

It stands around the whole application and only where that is in debug mode, so that neither a view nor a frozen byte
knows of it. What it adds comes from addresses of its own below PREFIX.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from html import escape
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from trigpoint.faults import Fault
from trigpoint.preview.findings import PreviewFaults
from trigpoint.preview.overlay import failed_page, overlay, waiting
from trigpoint.preview.styleguide import register_styleguide
from trigpoint.preview.versions import Versions
from trigpoint.preview.watching import Watching
from trigpoint.web.assets import SITE_CSS
from trigpoint.web.failures import fault_of, is_of_machine
from trigpoint.web.headers import headers
from trigpoint.web.middleware import IS_LIVE
from trigpoint.web.site import Site

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PREFIX = "/_preview/"
EVENTS, SCRIPT, STYLE = f"{PREFIX}events", f"{PREFIX}live.js", f"{PREFIX}live.css"
FILES = {SCRIPT: "text/javascript", STYLE: "text/css"}
UNFINISHED = b"data-preview-unfinished"
"""What the banner has where it says itself that the site is still being checked."""

HEARTBEAT = 5.0
"""Seconds without news after which a stream says something, and so finds out whether anybody still listens."""

RECONNECT = "retry: 500\n\n"
"""What has a browser ask again half a second after its stream broke off: the server is being started anew."""


def events(versions: Versions, stopped: Event) -> Iterator[str]:
    """The versions as server-sent events, from the current one on, until the listener is gone."""
    known = versions.current
    yield f"{RECONNECT}data: {known}\n\n"
    while not stopped.is_set():
        version = versions.wait_for_other(known, HEARTBEAT)
        yield ":\n\n" if version == known else f"data: {version}\n\n"
        known = version


def file_of_preview(path: str, given: Mapping[str, str]) -> Response | None:
    """The script or the stylesheet of the preview, with these headers; None where this is no address of one."""
    if path not in FILES:
        return None
    content = (Path(__file__).parent / path.removeprefix(PREFIX)).read_bytes()
    return Response(content, 200, given, mimetype=FILES[path])


def script_of(version: str) -> str:
    """What has a page follow its sources."""
    return f'<script src="{SCRIPT}" data-preview data-version="{escape(version)}"></script>\n'


def show_preview(site: Site) -> None:
    """Give a site its preview: what is wrong on each page, what open pages follow, the design's page."""
    faults = PreviewFaults(site)
    site.preview_faults = faults.of
    register_styleguide(site.app)
    site.app.jinja_env.globals["speculation_rules"] = lambda base_path: ""  # Pages as they were, for one who edits.
    site.app.wsgi_app = LivePreview(site.app.wsgi_app, site, faults)  # type: ignore[method-assign]


class LivePreview:
    """The application, with the preview's script, stream and overlay."""

    def __init__(self, application: WSGIApplication, site: Site, faults: PreviewFaults) -> None:
        self._application, self._site, self._faults = application, site, faults
        self._headers = headers(site.settings, is_preview=True) | {"Cache-Control": "no-store"}
        self.versions = Versions()
        self.watching = Watching(site, self.versions)
        faults.of_settings = lambda: self.watching.settings_faults
        faults.announce = self.versions.advance

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        self.watching.start()
        path = environ.get("PATH_INFO", "")
        if path.startswith(PREFIX):
            return self._own(path)(environ, start_response)
        return self._page(path.removeprefix(self._site.settings.base_path), environ)(environ, start_response)

    def _own(self, path: str) -> Response:
        """The answer at an address of the preview itself."""
        if path == EVENTS:
            stream = events(self.versions, self._site.loader.stopped)
            return Response(stream, 200, self._headers, mimetype="text/event-stream")
        nothing = Response("There is nothing here.", 404, self._headers, mimetype="text/plain")
        return file_of_preview(path, self._headers) or nothing

    def _page(self, path: str, environ: WSGIEnvironment) -> Response:
        version = self.versions.current
        response = self._made(path, _asked(environ))
        if environ["REQUEST_METHOD"] == "GET" and _takes_scripts(response):
            self._add(path, response, version)
        return response

    def _made(self, path: str, environ: WSGIEnvironment) -> Response:
        """What the application answers; where a template failed, a page that says so, without a traceback."""
        try:
            return Response.from_app(self._application, environ)
        except Exception as error:
            if isinstance(error, HTTPException) or is_of_machine(error):
                raise
            fault = fault_of(self._site, path, error)
            if not self._is_of_template(fault):
                raise  # The site's own code failed: Werkzeug's debugger is for that.
            return self._failed(fault)

    def _is_of_template(self, fault: Fault) -> bool:
        """Whether a template is to blame, of the site or of the theme, one that is not there too."""
        file = str(self._site.settings.root / fault.path)
        return fault.path.startswith("templates/") or self._site.loader.inputs.overlay("templates").holds(file)

    def _failed(self, fault: Fault) -> Response:
        link = self._site.settings.link
        page = failed_page(self._site.settings, fault, link(f"/static/{SITE_CSS}"), link("/"))
        return Response(page, 500, self._headers, mimetype="text/html")

    def _add(self, path: str, response: Response, version: str) -> None:
        """Put the overlay and the script at the end of a page."""
        faults = () if response.status_code == 500 else self._faults.of_page(path)
        body = response.get_data()
        is_told = UNFINISHED in body or not self._faults.is_checking
        added = overlay(self._site.settings, faults) + ("" if is_told else waiting()) + script_of(version)
        at = body.rfind(b"</body>")
        at = len(body) if at < 0 else at
        response.set_data(body[:at] + added.encode() + body[at:])
        response.headers["X-Preview-Version"] = version
        response.headers["Cache-Control"] = "no-store"
        response.headers.pop("ETag", None)


def _asked(environ: WSGIEnvironment) -> WSGIEnvironment:
    """The request as the application gets it: whoever asks for a page has none that is still right."""
    asked = environ | ({IS_LIVE: "1"} if "HTTP_X_PREVIEW" in environ else {})
    if "text/html" in environ.get("HTTP_ACCEPT", ""):
        asked.pop("HTTP_IF_NONE_MATCH", None)
    return asked


def _takes_scripts(response: Response) -> bool:
    """Whether it is a page in which scripts run; one that lies beside an article runs none."""
    return response.mimetype == "text/html" and "sandbox" not in response.headers.get("Content-Security-Policy", "")
