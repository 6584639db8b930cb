"""A remembered response that is given before Flask begins is what Flask would send, in every byte and header."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from blinker import NamedSignal
from flask import Flask, Response, request_started
from werkzeug.test import create_environ, run_wsgi_app

from tests.conftest import SiteWith, SmallSite, post_text
from tests.test_laws import varied
from trigpoint.web import kinds
from trigpoint.web.kinds import Kind, all_addresses, once
from trigpoint.web.middleware import AddressOnly
from trigpoint.web.response_cache import SIGNALS, RememberedFirst
from trigpoint.web.site import current_library

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

Sent = tuple[str, list[tuple[str, str]], bytes]

pytestmark = pytest.mark.usefixtures("small_volumes")


class Ways:
    """Both ways to an answer: by Flask alone, and with what is remembered before it. `reached` are the addresses with
    which the second one came to Flask."""

    def __init__(self, small: SmallSite) -> None:
        self.reached: list[str] = []
        by_flask = AddressOnly(partial(Flask.wsgi_app, small.app), small.site.settings.base_path)

        def noting(environ: Any, start_response: Any) -> Iterable[bytes]:
            self.reached.append(environ["PATH_INFO"])
            return by_flask(environ, start_response)

        first = small.app.wsgi_app
        while not isinstance(first, RememberedFirst):
            first = first._application  # type: ignore[attr-defined]
        first._application = noting
        self.remembered_first = first
        self._ways = by_flask, first

    def ask(self, address: str, method: str = "GET", **fields: str) -> tuple[Sent, Sent]:
        remembered, by_flask = (_ask(way, address, method, fields) for way in reversed(self._ways))
        return by_flask, remembered

    def is_given(self, address: str, method: str = "GET", **fields: str) -> bool:
        """Whether Flask is not asked; both ways send the same."""
        self.reached.clear()
        by_flask, remembered = self.ask(address, method, **fields)
        assert by_flask == remembered, (address, method, fields)
        return not self.reached


def _ask(way: WSGIApplication, address: str, method: str, fields: dict[str, str]) -> Sent:
    environ = create_environ(address, method=method) | fields
    body, status, headers = run_wsgi_app(way, environ, buffered=True)
    return status, [(name, value if name != "Date" else "") for name, value in headers], b"".join(body)


def conditions(etag: str) -> list[dict[str, str]]:
    none_match = (etag, f"W/{etag}", '"other"', "*", f'"other", {etag}', "", etag.strip('"'), f"w/{etag}", f" {etag}")
    return [
        *({"HTTP_IF_NONE_MATCH": each} for each in none_match),
        {"HTTP_IF_MATCH": etag},
        {"HTTP_IF_MATCH": '"other"'},
        {"HTTP_RANGE": "bytes=0-9"},
        {"HTTP_RANGE": "bytes=99999999-", "HTTP_IF_RANGE": etag},
        {"HTTP_IF_MODIFIED_SINCE": "Sun, 06 Nov 2044 08:49:37 GMT", "HTTP_COOKIE": "a=b"},
        {"QUERY_STRING": "q=1&page=2"},
        {"HTTP_HOST": "other.example", "wsgi.url_scheme": "https"},
        {"SCRIPT_NAME": "/elsewhere"},
    ]


@pytest.mark.parametrize("path", ["", "/notes"])
def test_what_is_remembered_is_sent_as_flask_would_send_it(
    site_with: SiteWith, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setenv("BLOG_BASE_URL", f"https://blog.example{path}")
    small = varied(site_with)
    ways, given = Ways(small), 0
    small.site.loader.stop_watching()
    small.site.loader.library.make_index()
    for address in map(path.__add__, all_addresses(small.app, small.library)):
        ways.ask(address)
        is_given = ways.is_given(address)
        given += is_given
        headers = dict(ways.ask(address)[0][1])
        etag = headers.get("ETag", '"none"')
        for fields in conditions(etag):
            ways.is_given(address, **fields)
        for method in ("HEAD", "POST", "OPTIONS", "DELETE", "get"):
            ways.is_given(address, method)
            ways.is_given(address, method, HTTP_IF_NONE_MATCH=etag)
        for odd in (
            address.rstrip("/"),
            f"/{address}",
            address + "/",
            address[len(path) :],
            f"{address}%00",
            f"{address}./",
        ):
            ways.is_given(odd or "/")
        if is_given:
            assert ways.is_given(address, "HEAD") and ways.is_given(address, HTTP_IF_NONE_MATCH=etag)
            assert not ways.is_given(address, "POST")
    assert given > 60


def test_an_edit_is_seen_by_the_next_request(site_with: SiteWith) -> None:
    small = site_with({"a": post_text("A"), "b": post_text("B", "2026-01-03")})
    ways = Ways(small)
    small.library  # noqa: B018 - the Library is loaded.
    ways.ask("/posts/a/")
    assert ways.is_given("/posts/a/")
    small.write("posts/a.md", post_text("Another A"))
    small.library  # noqa: B018
    assert b"Another A" in ways.ask("/posts/a/")[1][2]
    (small.pages / "posts/a.md").unlink()
    small.library  # noqa: B018
    assert ways.ask("/posts/a/")[1][0] == "404 NOT FOUND"


def hook_before(app: Flask) -> None:
    app.before_request(lambda: None)


def hook_after(app: Flask) -> None:
    app.after_request(lambda response: response)


def listener(app: Flask) -> None:
    """A program that wants to know of each request."""


def listen(app: Flask) -> None:
    request_started.connect(listener)


def preview(app: Flask) -> None:
    app.extensions["trigpoint"].loader.preview = True


def look_at_addresses(app: Flask) -> None:
    app.url_value_preprocessor(lambda endpoint, values: None)


def add_to_addresses(app: Flask) -> None:
    app.url_defaults(lambda endpoint, values: None)


CHANGES = [hook_before, hook_after, listen, preview, look_at_addresses, add_to_addresses]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_an_application_with_hooks_of_its_own_gets_every_request(site_with: SiteWith, change: Any) -> None:
    small = site_with({"a": post_text("A")})
    change(small.app)
    ways = Ways(small)
    for _ in range(2):
        ways.ask("/posts/a/")
    try:
        assert not ways.is_given("/posts/a/")
    finally:
        request_started.disconnect(listener)


@pytest.mark.parametrize("signal", SIGNALS, ids=lambda signal: signal.name)
def test_a_receiver_of_a_signal_hears_of_every_request(site_with: SiteWith, signal: NamedSignal) -> None:
    small = site_with({"a": post_text("A")})
    ways, heard = Ways(small), []
    ways.ask("/posts/a/")
    assert ways.is_given("/posts/a/")
    with signal.connected_to(lambda sender, **words: heard.append(sender), small.app):
        for _ in range(3):
            run_wsgi_app(ways.remembered_first, create_environ("/posts/a/"), buffered=True)
    assert heard == [small.app] * 3
    assert ways.is_given("/posts/a/")


@pytest.fixture
def own_kind() -> Iterator[None]:
    """A kind of page whose view has headers of its own, and one that gives a cookie."""
    known = list(kinds.KINDS)

    def own(name: str, **headers: str) -> Kind:
        def view() -> Response:
            said = headers | {"Content-Disposition": "attachment", "X-Own": "1", "Cache-Control": "max-age=9"}
            text = ",".join(post.slug for post in current_library().newest(3))
            return Response(iter(text), mimetype="text/csv", headers=said)

        view.__name__ = name
        return Kind(name, f"/{name}.csv", view, once)

    odd = own("odd", Date="Mon, 1 Jan 2001 00:00:00 GMT", ETag='W/"x"')
    kinds.KINDS.extend((own("plain"), odd, own("cookie", **{"Set-Cookie": "a=b"})))
    yield
    kinds.KINDS[:] = known


@pytest.mark.usefixtures("own_kind")
def test_headers_of_a_view_are_sent_each_time(site_with: SiteWith) -> None:
    small = site_with({"a": post_text("A")})
    small.library  # noqa: B018
    ways = Ways(small)
    for address in ("/plain.csv", "/odd.csv", "/cookie.csv"):
        first, second = ways.ask(address)
        assert first == second
        assert dict(first[1])["X-Own"] == "1" and first[2] == b"a"
        assert [name for name, _ in first[1]].count("Date") == 1
        assert ways.is_given(address) is (address != "/cookie.csv")


def test_notes_and_headers_of_an_answer_count_as_memory(site_with: SiteWith) -> None:
    small = site_with({"a": post_text("A")})
    small.text("/posts/a/")
    known = small.site.responses.get("/posts/a/")
    assert known and len(known.notes) > 20
    assert small.site.responses.size > len(known.body) + 100 * (len(known.notes) + len(known.headers))
