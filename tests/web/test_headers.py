"""Every answer has the headers; no request leads elsewhere or breaks the server."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser
from werkzeug.serving import make_server
from werkzeug.wrappers import Response

from tests.conftest import SiteWith, SmallSite, png, post_text, server_of
from trigpoint.settings import Settings
from trigpoint.web.headers import headers

HEADERS = headers(Settings(title="", description="", base_url="https://blog.example"))


@pytest.fixture
def small(site_with: SiteWith) -> SmallSite:
    files: dict[str, str | bytes] = {
        "posts/b/index.md": post_text(),
        "posts/b/pic.svg": "<svg/>",
        "posts/b/film.txt": "0123456789",
    }
    return site_with({"a": post_text(aliases="[/old/]")}, files)


@pytest.mark.parametrize(
    ("address", "method", "status"),
    [
        ("/", "GET", 200),
        ("/posts/a/", "HEAD", 200),
        ("/old/", "GET", 301),
        ("/posts/a", "GET", 308),
        ("/nope/", "GET", 404),
        ("/", "POST", 405),
        ("/static/css/site.css", "GET", 200),
        ("/feed.xml", "GET", 200),
        ("/posts/b/film.txt", "GET", 200),
        ("/posts/b/film.txt", "RANGE", 416),
        ("/favicon.ico", "GET", 200),
        ("/static/nope.css", "GET", 404),
        ("/%ff", "GET", 404),
        ("/feed.xml", "DELETE", 405),
        ("/", "AGAIN", 304),
    ],
)
def test_every_answer_has_the_headers(small: SmallSite, address: str, method: str, status: int) -> None:
    given = {"RANGE": {"Range": "bytes=99-"}, "AGAIN": {"If-None-Match": small.answer(address)[2].get("ETag", "")}}
    asked = given.get(method, {})
    with small.client.open(address, method="GET" if asked else method, headers=asked) as response:
        assert response.status_code == status
        assert response.headers["Cache-Control"] == ("no-cache" if status in (200, 304) else "no-store")
        for name, value in HEADERS.items():
            assert response.headers[name] == value
        assert "Set-Cookie" not in response.headers


def test_other_hosts_may_be_embedded_only_where_the_policy_names_some(site_with: SiteWith) -> None:
    embedder = "Cross-Origin-Embedder-Policy"
    assert site_with().answer("/")[2][embedder] == "require-corp"
    for line, is_alone in (
        ('connect = ["a.example"]', True),
        ('form = ["a.example"]', True),
        ('img = ["a.example"]', False),
    ):
        small = site_with(settings=f"\n[policy]\n{line}\n", name=line.split()[0])
        assert (embedder in small.answer("/")[2]) is is_alone


def test_what_has_no_tls_is_not_asked_for_with_it(site_with: SiteWith, monkeypatch: pytest.MonkeyPatch) -> None:
    upgrade = "upgrade-insecure-requests"
    assert upgrade in site_with().answer("/")[2]["Content-Security-Policy"]
    monkeypatch.setenv("BLOG_BASE_URL", "http://blog.example")
    assert upgrade not in site_with(name="plain").answer("/")[2]["Content-Security-Policy"]
    preview = Settings(title="", description="", base_url="https://blog.example")
    assert upgrade not in headers(preview, is_preview=True)["Content-Security-Policy"]


def test_an_svg_runs_no_script(small: SmallSite) -> None:
    _, _, headers = small.answer("/posts/b/pic.svg")
    assert "sandbox" in headers["Content-Security-Policy"]


AUTHORS_FILES: dict[str, str | bytes] = {
    "demo/index.html": "<p>", "x.xhtml": "<a/>", "x.xml": "<a/>", "x.htm": "<p>", "x.rss": "<a/>", "x.xsl": "<a/>",
    "x.js": "1", "x.mjs": "1",
}  # fmt: skip


def test_scripts_in_files_beside_the_pages_do_not_run(site_with: SiteWith) -> None:
    small = site_with(files=AUTHORS_FILES)
    for name in AUTHORS_FILES:
        _, _, headers = small.answer(f"/{name}")
        if name.endswith("js"):
            assert headers["Content-Type"] == "text/plain; charset=utf-8"
        else:
            assert headers["Content-Security-Policy"].startswith("sandbox allow-same-origin; default-src 'none'"), name
        assert headers["X-Content-Type-Options"] == "nosniff"
    assert small.answer("/demo/")[2]["Content-Security-Policy"].startswith("sandbox")
    assert "sandbox" not in small.answer("/static/js/theme.js")[2]["Content-Security-Policy"]
    assert small.answer("/static/js/theme.js")[2]["Content-Type"].startswith("text/javascript")
    assert "sandbox" not in small.answer("/feed.xml")[2]["Content-Security-Policy"]


def test_an_author_may_be_allowed_scripts(site_with: SiteWith) -> None:
    small = site_with(files=AUTHORS_FILES, settings="author_scripts = true\n")
    assert small.answer("/x.js")[2]["Content-Type"].startswith("text/javascript")
    assert small.answer("/demo/")[2]["Content-Security-Policy"] == HEADERS["Content-Security-Policy"]


def test_a_page_is_asked_for_again_and_not_sent_again(small: SmallSite) -> None:
    for address in ("/", "/posts/a/", "/feed.xml", "/static/css/site.css", "/posts/b/film.txt"):
        _, _, headers = small.answer(address)
        assert headers["Cache-Control"] == "no-cache"
        status, body, _ = small.answer(address, headers={"If-None-Match": headers["ETag"]})
        assert (status, body) == (304, b""), address


def test_an_address_with_its_digest_is_kept_for_good_and_an_error_never(small: SmallSite) -> None:
    address = next(
        word.split('"')[0] for word in small.text("/").split('href="') if word.startswith("/static/css/site.")
    )
    assert "immutable" in small.answer(address)[2]["Cache-Control"]
    wrong = address.replace(address.split(".")[-2], "0123456789")
    assert small.answer(wrong)[2]["Cache-Control"] == "no-cache", "an older page still finds its stylesheet"
    assert small.answer("/nope")[2]["Cache-Control"] == "no-store"


def test_a_part_of_a_file_may_be_asked_for(small: SmallSite) -> None:
    status, body, _ = small.answer("/posts/b/film.txt", headers={"Range": "bytes=2-4"})
    assert (status, body) == (206, b"234")
    assert small.answer("/posts/b/film.txt", headers={"Range": "bytes=99-"})[0] == 416


@pytest.mark.parametrize("host", ["evil.example", "", "[::1", "a b", "evil.example:99999"])
def test_the_host_that_a_request_names_is_nowhere_in_the_answer(small: SmallSite, host: str) -> None:
    for address in ("/", "/posts/a", "/old/", "/tags/go"):
        status, body, headers = small.answer(address, headers={"Host": host, "X-Forwarded-Host": host})
        assert status in (200, 301, 308, 400, 404)
        assert b"evil.example" not in body
        assert "evil.example" not in str(headers)


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example/..",
        "/\\evil.example",
        "/%5cevil.example",
        "/%2fevil.example",
        "//evil.example",
        "/posts//a",
        "/%0d%0aX: y",
        "/page/999999999999999/",
        "/page/-1/",
        "/page/%D9%A3/",
        "/page/0/",
        "/page/01/",
        "/posts/a/../../etc/passwd",
        "/posts/%2e%2e/app.py",
        "/static/../app.py",
        "/static/%2e%2e/app.py",
        "/posts/a/index.md%00",
        "/tags.toml",
        "/posts/a.md",
        "/" + "x" * 60_000,
        "/%ff%fe",
    ],
)
def test_a_strange_path_gets_an_ordinary_answer(server: int, path: str) -> None:
    with socket.create_connection(("127.0.0.1", server), timeout=10) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode("latin-1"))
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    status = int(answer.split()[1])
    assert status in (301, 308, 400, 404, 414), answer[:300]
    for line in answer.split(b"\r\n\r\n")[0].split(b"\r\n"):
        if line.lower().startswith(b"location:"):
            assert line.split(b" ", 1)[1].startswith(b"/")
            assert not line.split(b" ", 1)[1].startswith((b"//", b"/\\"))
    assert b"root:" not in answer
    assert b"def create_app" not in answer


@pytest.fixture
def server(small: SmallSite) -> Iterator[int]:
    """The port of a real HTTP server of the site."""
    running = make_server("127.0.0.1", 0, small.app, threaded=True)
    thread = threading.Thread(target=running.serve_forever)
    thread.start()
    yield running.server_port
    running.shutdown()
    thread.join()
    running.server_close()


def test_a_thousand_addresses_that_are_not_there_are_not_remembered(small: SmallSite) -> None:
    assert small.status("/nope/") == 404
    known, answers = small.site.responses.size, len(small.site.loader.library._answers)
    for number in range(1000):
        assert small.client.get(f"/nope/{number}").status_code == 404
        assert small.client.get(f"/posts/{number}/").status_code == 404
        assert small.client.get(f"/tags/{number}/page/{number + 1}/").status_code == 404
    assert small.site.responses.size == known
    assert len(small.site.loader.library._answers) == answers


@pytest.mark.browser
def test_a_feed_reader_shows_pictures_and_cards(site_with: SiteWith, browser: Browser) -> None:
    """A page of another host, of the kind that may only show what says that it may be shown."""
    small = site_with(
        {"a": post_text(cover="{image: pic.png, alt: A}"), "b": post_text("B")}, {"posts/pic.png": png(30, 20)}
    )
    small.site.loader.refresh()
    addresses = ("/posts/pic.png", "/covers/b.svg", "/social/b.png")
    with server_of(small.app) as blog:
        shown = "".join(f'<img src="{blog}{address}">' for address in addresses)
        require = {"Cross-Origin-Embedder-Policy": "require-corp"}
        server = make_server("127.0.0.1", 0, Response(shown, content_type="text/html", headers=require), threaded=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        page = browser.new_page()
        page.goto(f"http://localhost:{server.server_port}/", wait_until="load")
        widths = page.evaluate("[...document.images].map(each => each.naturalWidth)")
        page.close()
        server.shutdown()
        thread.join()
        server.server_close()
    assert len(widths) == 3 and all(widths)


@pytest.mark.parametrize("address", ["/posts/a/", "/posts/f.txt"])
def test_whatever_is_there_matches_any(site_with: SiteWith, address: str) -> None:
    """RFC 9110, 13.1.1"""
    small = site_with({"a": post_text()}, files={"posts/f.txt": "text"})
    assert small.answer(address, headers={"If-Match": "*"})[0] == 200
    assert small.answer(address, headers={"If-Match": '"other"'})[0] == 412
