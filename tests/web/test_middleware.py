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


def asked(small: SmallSite, address: str, **environment: str) -> tuple[int, bytes, dict[str, str]]:
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
