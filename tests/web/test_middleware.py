"""An answer depends on its address alone: whatever else a request says neither changes nor poisons it."""

from __future__ import annotations

import logging

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import create_environ, run_wsgi_app

from tests.conftest import SiteWith, SmallSite, post_text

POISON = (
    "//evil.example",
    "/evil",
    "evil.example",
    "http://evil.example",
    "..",
    "a" * 64,
    "[::1",
    "localhost:99999",
    "",
)
NAMES = (
    "Host",
    "Script-Name",
    "Script_Name",
    "X-Script-Name",
    "X-Forwarded-Host",
    "X-Forwarded-Proto",
    "X-Forwarded-Prefix",
    "X-Forwarded-For",
    "Forwarded",
    "Cookie",
    "Authorization",
    "Accept",
    "Accept-Language",
    "Accept-Encoding",
    "User-Agent",
    "X-Original-Url",
    "X-Rewrite-Url",
    "X-HTTP-Method-Override",
    "Referer",
)
ADDRESSES = ("/", "/posts/a/", "/feed.xml", "/nope/", "/old/", "/posts/a", "/static/css/site.css")


@pytest.fixture
def small(site_with: SiteWith) -> SmallSite:
    return site_with({"a": post_text(aliases="[/old/]", body="[up](/)")})


def asked(small: SmallSite, address: str, **environment: object) -> tuple[int, bytes, dict[str, str]]:
    """Status, body and headers, as a server would have them that passes this on."""
    body, status, headers = run_wsgi_app(small.app.wsgi_app, create_environ(address) | environment, buffered=True)
    return int(status.split()[0]), b"".join(body), {name: value for name, value in headers.items() if name != "Date"}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(headers=st.dictionaries(st.sampled_from(NAMES), st.sampled_from(POISON)), address=st.sampled_from(ADDRESSES))
def test_headers_neither_change_an_answer_nor_stay_in_it(
    small: SmallSite, headers: dict[str, str], address: str
) -> None:
    environment = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
    environment |= {"SCRIPT_NAME": headers.get("Script-Name", ""), "wsgi.url_scheme": "https"}
    small.library  # noqa: B018 - the Library is loaded.
    poisoned = asked(small, address, **environment)
    assert b"evil" not in poisoned[1]
    assert poisoned == asked(small, address)


@pytest.mark.parametrize("host", ["..", "a" * 64, "[::1", "-", "a..b"])
def test_a_host_that_is_no_name_costs_no_line_of_the_log(
    small: SmallSite, caplog: pytest.LogCaptureFixture, host: str
) -> None:
    with caplog.at_level(logging.WARNING):
        assert asked(small, "/nope/", HTTP_HOST=host)[0] == 404
    assert not caplog.records


NOSY = (
    "{% block main %}{{ super() }}<p>{{ request.path }} {{ request.full_path }} {{ request.method }}"
    " {{ request.endpoint }} {{ request.args }} {{ request.form }} {{ request.cookies }}"
    " {{ request.headers }} {{ request.remote_addr }}"
    " {{ request.environ.keys() | sort }}</p>{% endblock %}"
)
"""A part of a template that says all that it can learn of whoever asks."""
ALIKE = ("/", "/?ref=evil", "/posts/a/", "/posts/a", "/evil/", "/evil.md?ref=evil", "/404.html", "/file.txt")
STRANGER = {"REMOTE_ADDR": "6.6.6.6", "REMOTE_USER": "evil", "RAW_URI": "/evil", "wsgi.multithread": "evil"}


@pytest.fixture
def nosy(small: SmallSite) -> SmallSite:
    for name in ("listing", "post", "not_found"):
        text = f'{{% extends "theme/{name}.html" %}}{NOSY}'
        (small.root / f"templates/{name}.html").write_text(text)
    small.write("file.txt", "0123456789")
    return small


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(
    asking=st.lists(
        st.tuples(
            st.sampled_from(ALIKE),
            st.sampled_from(("GET", "HEAD", "POST")),
            st.dictionaries(st.sampled_from(("HTTP_RANGE", "HTTP_IF_NONE_MATCH")), st.just('bytes="evil"')),
        )
    )
)
def test_what_templates_learn_of_a_request_is_the_same_whoever_asked_first(
    nosy: SmallSite, asking: list[tuple[str, str, dict[str, str]]]
) -> None:
    """And in the frozen files."""
    nosy.site.responses.clear()
    for address, method, fields in asking:
        asked(nosy, address, **STRANGER, **fields, REQUEST_METHOD=method)
    live = {address: asked(nosy, address)[1] for address in ("/", "/posts/a/", "/404.html")}
    assert asked(nosy, "/other/") == asked(nosy, "/nope?ref=evil", **STRANGER)
    assert asked(nosy, "/other/")[1] == live["/404.html"]
    assert not any(b"evil" in body or b"6.6.6.6" in body for body in live.values())
    nosy.site.responses.clear()
    for address, body in live.items():
        with nosy.client.get(address) as frozen:  # As the freezer asks.
            assert frozen.get_data() == body


def test_a_redirect_keeps_its_query_and_a_file_gives_its_part(nosy: SmallSite) -> None:
    _, _, headers = asked(nosy, "/posts/a", QUERY_STRING="ref=x&y=%20")
    assert headers["Location"] == "/posts/a/?ref=x&y=%20"
    status, body, headers = asked(nosy, "/file.txt", HTTP_RANGE="bytes=2-4")
    assert (status, body, headers["Content-Range"]) == (206, b"234", "bytes 2-4/10")
    assert asked(nosy, "/file.txt", HTTP_RANGE="bytes=20-")[0] == 416
    assert asked(nosy, "/file.txt", HTTP_IF_NONE_MATCH=headers["ETag"])[0] == 304


def test_a_file_in_a_folder_is_found_by_who_asks_for_a_part(nosy: SmallSite) -> None:
    nosy.write("demo/index.html", "<title>Demo</title>")
    nosy.library  # noqa: B018
    assert asked(nosy, "/demo/", HTTP_RANGE="bytes=0-6")[:2] == (206, b"<title>")
