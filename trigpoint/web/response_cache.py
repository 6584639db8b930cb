"""Responses are remembered by their addresses, with the notes of what they were made from, and given again while these
hold: by Flask's views, and before a request of Flask's begins where that would send the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from time import time
from typing import TYPE_CHECKING
from weakref import ReferenceType, ref

from flask import (
    Flask,
    Response,
    appcontext_popped,
    appcontext_pushed,
    appcontext_tearing_down,
    request_finished,
    request_started,
    request_tearing_down,
)
from werkzeug.http import http_date, remove_entity_headers

from trigpoint.library.library import Library
from trigpoint.lru_cache import LruCache
from trigpoint.notes import Note, is_unwatched
from trigpoint.web.middleware import WAITS, AddressOnly

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    from trigpoint.web.site import Site

BYTES = 64_000_000
"""How much memory the remembered responses may take."""

SMALL = 250
"""Bytes that a note or a header takes beside the body, roughly."""

NOT_SIMPLE = frozenset(("HTTP_IF_MATCH", "HTTP_IF_RANGE", "HTTP_RANGE", WAITS))
"""Keys in the environment of a request that Flask answers."""

SIGNALS = (
    request_started,
    request_finished,
    request_tearing_down,
    appcontext_pushed,
    appcontext_tearing_down,
    appcontext_popped,
)
"""What Flask sends for each request."""

Headers = tuple[tuple[str, str], ...]
Answer = tuple[str, list[tuple[str, str]], Sequence[bytes]]
"""Status, headers, body."""


@dataclass(slots=True)
class Remembered:
    """An answer with its notes; `library` is the last one in which they were seen to hold (and is not kept alive).

    One that `is_unwatched` has notes that may cease to hold in that same Library. `headers` are all that it is sent
    with, but for the date.
    """

    body: bytes
    headers: Headers
    etag: str
    notes: tuple[Note, ...]
    library: ReferenceType[Library]
    is_unwatched: bool = False

    def response(self) -> Response:
        return Response(self.body, headers=list(self.headers))

    @property
    def size(self) -> int:
        """Bytes of memory, roughly."""
        return len(self.body) + SMALL * (len(self.notes) + len(self.headers))


def remembered(response: Response, notes: tuple[Note, ...], library: Library) -> Remembered:
    """This response, which has all its headers; the date is of each time that it is sent."""
    body = response.get_data()
    response.content_length = len(body)
    response.headers.pop("Date", None)
    headers = tuple(response.headers.to_wsgi_list())
    return Remembered(body, headers, response.headers["ETag"], notes, ref(library), any(map(is_unwatched, notes)))


def response_cache() -> LruCache[str, Remembered]:
    """An empty cache of responses by their addresses."""
    return LruCache(BYTES, lambda answer: answer.size)


class RememberedFirst:
    """WSGI middleware: gives a remembered response before a request of Flask's begins, and before a copy is made of it.

    Whatever is not the simple case goes on to Flask: another Library than the last in which the notes held, a part, a
    condition of another kind, an address in another spelling; and everything in the preview, or where an app.py has
    hooks of its own or receives a signal of Flask's, which then hear of each request. Not asked for it is what else of
    Flask an app.py may replace: a method of the application, its class of requests, its sessions.
    """

    def __init__(self, application: AddressOnly, site: Site) -> None:
        self._application: WSGIApplication = application
        self._own_path, self._site = application.own_path, site
        self._hooks = _hooks_of(site.app)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        address = self._simple_address(environ) if self._is_open else None
        known = self._current(address) if address is not None else None
        answer = _answer(known, environ) if known else None
        if answer is None:
            return self._application(environ, start_response)
        self._site.loader.serve()
        start_response(answer[0], answer[1])
        return answer[2]

    def _simple_address(self, environ: WSGIEnvironment) -> str | None:
        """The address, if the whole answer or "not modified" is asked for, by whoever may not be kept waiting."""
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD") or not NOT_SIMPLE.isdisjoint(environ):
            return None
        path = self._own_path(environ)
        try:
            return path if path is None or path.isascii() else path.encode("latin-1").decode()  # As PEP 3333 has it.
        except UnicodeError:
            return None

    @cached_property
    def _has_own_hooks(self) -> bool:
        """Flask takes no more hooks once it has answered a request."""
        return _hooks_of(self._site.app) != self._hooks

    @property
    def _is_open(self) -> bool:
        site = self._site
        is_watched = any(signal.receivers for signal in SIGNALS)
        return not (is_watched or site.is_preview or site.recorded_notes is not None or self._has_own_hooks)

    def _current(self, address: str) -> Remembered | None:
        """What is remembered for this address, if it is known to hold in the Library of this moment."""
        known, loader = self._site.responses.get(address), self._site.loader
        is_current = known and loader.is_loaded and not known.is_unwatched and known.library() is loader.library
        return known if is_current else None


def _answer(known: Remembered, environ: WSGIEnvironment) -> Answer | None:
    """What Flask would send; None where the condition is one that wants to be read with care."""
    headers, condition = [*known.headers, ("Date", _date(int(time())))], environ.get("HTTP_IF_NONE_MATCH", "")
    if not condition:
        return "200 OK", headers, (known.body,) if environ["REQUEST_METHOD"] == "GET" else ()
    if condition.removeprefix("W/") != known.etag:
        return None
    remove_entity_headers(headers)
    return "304 NOT MODIFIED", headers, ()


@lru_cache(maxsize=1)
def _date(second: int) -> str:
    """The date of all answers of this second."""
    return http_date(second)


def _hooks_of(app: Flask) -> tuple[object, ...]:
    """What Flask calls for each request, as it is now."""
    hooks = (app.before_request_funcs, app.after_request_funcs, app.teardown_request_funcs)
    by_blueprint = (*hooks, app.url_value_preprocessors, app.url_default_functions)
    return (*({name: list(each[name]) for name in each} for each in by_blueprint), list(app.teardown_appcontext_funcs))
