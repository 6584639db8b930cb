"""WSGI middleware: of a request, only what may decide an answer reaches the application.

An answer is remembered by its address and given to every reader. So whatever
else could change it must not be seen while it is made: a SCRIPT_NAME or Host of
somebody's choice would be in every link of the page that the next readers get,
and the query or IP address of one in what a template shows of its request.
"""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

FIELDS = frozenset(
    (
        "HTTP_IF_MATCH",
        "HTTP_IF_NONE_MATCH",
        "HTTP_IF_RANGE",
        "HTTP_RANGE",
    )
)
"""The header fields that choose between answers which are right for everybody: a whole, a part, "not modified".

By ETag alone: an edit may keep the time of a file, or bring an older one."""

OUTSIDE = "trigpoint.outside"
"""The key in the environment of a request that says: it is not for an address below the path of the site."""

WAITS = "trigpoint.waits"
"""The key in the environment of a request that says: it waits for whatever must be made."""

IS_LIVE = "trigpoint.live"
"""The key in the environment of a request that says: an open page of the preview asks what it should show now."""

SAME_FOR_ALL = {
    "HTTP_HOST": "localhost",
    "SERVER_NAME": "localhost",
    "SERVER_PORT": "80",
    "wsgi.url_scheme": "http",
}
"""What Flask would make links of. Pages take whole addresses from the setting `base_url`, redirects are paths."""


def request_of_anybody(environ: WSGIEnvironment, address: str) -> WSGIEnvironment:
    """The environment in which a view answers for an address: no query, no method, nothing of whoever asked."""
    ours = {name: environ[name] for name in ("SCRIPT_NAME", "wsgi.errors", IS_LIVE) if name in environ}
    path = address.encode().decode("latin-1")  # As PEP 3333 has it.
    asked = {"REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": "", "wsgi.input": BytesIO()}
    return ours | SAME_FOR_ALL | asked


class AddressOnly:
    """The application, asked by method, path and query alone.

    `base_path` is the path below which the site stands, "" for none; `is_stripped` says that whoever asks leaves it
    out. The server's own environment is left as it was: its log speaks of what was sent.
    """

    def __init__(self, application: WSGIApplication, base_path: str = "", is_stripped: bool = False) -> None:
        self._application, self._base_path, self._is_stripped = application, base_path, is_stripped

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        kept = {name: value for name, value in environ.items() if not name.startswith("HTTP_") or name in FIELDS}
        path = self.own_path(environ)
        place = {"PATH_INFO": path} if path is not None else {OUTSIDE: "1"}
        return self._application(kept | SAME_FOR_ALL | {"SCRIPT_NAME": self._base_path} | place, start_response)

    def own_path(self, environ: WSGIEnvironment) -> str | None:
        """The path without that of the site, which whoever mounted the application there has taken off already.

        None where it is not below the path of the site.
        """
        path: str = environ.get("PATH_INFO", "")
        base = self._base_path
        if not base or self._is_stripped or environ.get("SCRIPT_NAME") == base:
            return path
        return path.removeprefix(base) if path.startswith(f"{base}/") else None
