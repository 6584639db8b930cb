"""Responses are remembered by their addresses, with the notes of what they were made from, and given again while these
hold: by Flask's views, and before a request of Flask's begins where that would send the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from time import time
from typing import TYPE_CHECKING, Any
from weakref import ReferenceType

from flask import Flask, Response, request_finished, request_started
from werkzeug.http import http_date, remove_entity_headers

from trigpoint.library.library import Library
from trigpoint.lru_cache import LruCache
from trigpoint.notes import Note
from trigpoint.web.middleware import WAITS, AddressOnly

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    from trigpoint.web.site import Site

BYTES = 64_000_000
"""How much of response bodies is remembered."""

NOT_SIMPLE = frozenset(("HTTP_IF_MATCH", "HTTP_IF_RANGE", "HTTP_RANGE", WAITS))
"""Keys in the environment of a request that Flask answers."""

Headers = tuple[tuple[str, str], ...]
Answer = tuple[str, list[tuple[str, str]], Sequence[bytes]]
"""Status, headers, body."""

MOST_FORMS = 20
"""How many sets of headers are known: those of pages and of pictures. Where there are more, something makes them up."""


@dataclass(slots=True)
class Remembered:
    """An answer with its notes; `library` is the last one in which they were seen to hold (and is not kept alive).

    One that `is_unwatched` has notes that may cease to hold in that same Library. `headers` are those that it was sent
    with, but for the date; None until it was sent.
    """

    body: bytes
    content_type: str
    etag: str
    notes: tuple[Note, ...]
    library: ReferenceType[Library]
    is_unwatched: bool = False
    headers: Headers | None = None

    def response(self) -> Response:
        response = Response(self.body, content_type=self.content_type)
        response.set_etag(self.etag)
        return response

    @property
    def own_headers(self) -> Headers:
        """Its own headers, which `response` has in this order."""
        length, etag = str(len(self.body)), f'"{self.etag}"'
        return ("Content-Type", self.content_type), ("Content-Length", length), ("ETag", etag)


def response_cache() -> LruCache[str, Remembered]:
    """An empty cache of responses by their addresses."""
    return LruCache(BYTES, lambda answer: len(answer.body))


class RememberedFirst:
    """WSGI middleware: gives a remembered response before a request of Flask's begins, and before a copy is made of it.

    Its headers are those that Flask has sent with it before. Whatever is not the simple case goes on to Flask: another
    Library than the last in which the notes held, a part, a condition of another kind, an address in another spelling;
    and everything in debug mode, or where an app.py has hooks of its own, which Flask calls for each request.
    """

    def __init__(self, application: AddressOnly, site: Site) -> None:
        self._application: WSGIApplication = application
        self._own_path, self._site = application.own_path, site
        self._hooks = _hooks_of(site.app)
        self._forms: dict[Headers, Headers] = {}

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        address = self._simple_address(environ) if self._is_open else None
        if address is None:
            return self._application(environ, start_response)
        known, condition = self._current(address), environ.get("HTTP_IF_NONE_MATCH", "")
        if known and known.headers is not None and (answer := _answer(known, known.headers, condition, environ)):
            self._site.loader.serve()
            start_response(answer[0], answer[1])
            return answer[2]
        is_whole = environ["REQUEST_METHOD"] == "GET" and not condition
        return self._application(environ, self._learning(address, start_response) if is_whole else start_response)

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
        is_watched = bool(request_started.receivers or request_finished.receivers)
        return not (self._site.app.debug or self._site.recorded_notes is not None or is_watched or self._has_own_hooks)

    def _current(self, address: str) -> Remembered | None:
        """What is remembered for this address, if it is known to hold in the Library of this moment."""
        known, loader = self._site.responses.get(address), self._site.loader
        is_current = known and loader.is_loaded and not known.is_unwatched and known.library() is loader.library
        return known if is_current else None

    def _learning(self, address: str, start_response: StartResponse) -> StartResponse:
        """`start_response`, which takes note of the headers."""

        def learn(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            if status == "200 OK":
                self._learn(address, tuple(headers))
            return start_response(status, headers, *rest)

        return learn

    def _learn(self, address: str, sent: Headers) -> None:
        known, others = self._site.responses.get(address), sent[3:-1]
        if known is None or sent[:3] != known.own_headers or sent[-1][0] != "Date":
            return
        is_for_all = not any(name in ("Set-Cookie", "Vary") for name, _ in others)
        if is_for_all and (others in self._forms or len(self._forms) < MOST_FORMS):
            known.headers = (*known.own_headers, *self._forms.setdefault(others, others))


def _answer(known: Remembered, sent: Headers, condition: str, environ: WSGIEnvironment) -> Answer | None:
    """What Flask would send; None where the condition is one that wants to be read with care."""
    headers = [*sent, ("Date", _date(int(time())))]
    if not condition:
        return "200 OK", headers, (known.body,) if environ["REQUEST_METHOD"] == "GET" else ()
    if condition.removeprefix("W/") != f'"{known.etag}"':
        return None
    remove_entity_headers(headers)
    return "304 NOT MODIFIED", headers, ()


@lru_cache(maxsize=1)
def _date(second: int) -> str:
    """The date of all answers of this second."""
    return http_date(second)


def _hooks_of(app: Flask) -> tuple[object, ...]:
    """What Flask calls for each request, as it is now."""
    by_blueprint = (app.before_request_funcs, app.after_request_funcs, app.teardown_request_funcs)
    return (*({name: list(each[name]) for name in each} for each in by_blueprint), list(app.teardown_appcontext_funcs))
