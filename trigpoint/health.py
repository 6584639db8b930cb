"""Two addresses for whoever watches a server: `/-/health` and `/-/ready`. They are no pages, and in no release.

WSGI middleware around the whole application: nothing is rendered, remembered or read for them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from werkzeug.wrappers import Response

from trigpoint.loading.loader import Loader
from trigpoint.settings import Settings
from trigpoint.web.headers import headers

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

HEALTH, READY = "/-/health", "/-/ready"
AGAIN_AFTER = "1"
"""Seconds after which it makes sense to ask again whether the pages are read."""


class Health:
    """The application, with `/-/health` (this process answers) and `/-/ready` (it has read the pages, else 503).

    Both are at the root of the host, and below the path of the site, for whoever asks past the proxy or through it.
    """

    def __init__(self, application: WSGIApplication, loader: Loader, settings: Settings) -> None:
        self._application, self._loader, self._base_path = application, loader, settings.base_path
        self._headers = headers(settings) | {"Cache-Control": "no-store"}

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path.endswith((HEALTH, READY)) and environ["REQUEST_METHOD"] in ("GET", "HEAD"):
            own = path.removeprefix(self._base_path)
            if own in (HEALTH, READY):
                return self._answer(own)(environ, start_response)
        return self._application(environ, start_response)

    def _answer(self, path: str) -> Response:
        if path == HEALTH or self._loader.is_loaded:
            return Response("ok\n", 200, self._headers, mimetype="text/plain")
        self._loader.serve()  # Whoever waits for it need not be a reader.
        again = self._headers | {"Retry-After": AGAIN_AFTER}
        return Response("The pages are being read.\n", 503, again, mimetype="text/plain")
