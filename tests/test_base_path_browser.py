"""A frozen site below a path, on a plain file server, in a real Chromium: nothing that it asks for is missing."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from app import create_app
from tests.conftest import freeze_all
from tests.test_browser import ARTICLE, Visit, every_kind
from trigpoint.web.kinds import all_addresses

pytestmark = pytest.mark.browser

BASE = "/my-blog"
PAGES = 20


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *arguments: object) -> None:
        pass


@pytest.fixture
def frozen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, list[str]]]:
    """The address of the host below which the site lies as files, and the addresses of its pages."""
    monkeypatch.setenv("BLOG_BASE_URL", f"https://user.example{BASE}")
    app = create_app(every_kind(tmp_path / "site"))
    site = app.extensions["trigpoint"]
    freeze_all(site, tmp_path / f"host{BASE}")
    pages = [
        each
        for each in all_addresses(app, site.loader.library)
        if each.endswith("/") and each not in site.loader.library.redirects()
    ]
    site.loader.stop()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path / "host")))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", pages
    server.shutdown()
    thread.join()
    server.server_close()


def test_no_address_is_dead_below_a_path(browser: Browser, frozen: tuple[str, list[str]]) -> None:
    host, pages = frozen
    with Visit(browser, host) as visit:
        page = visit.page
        for path in pages[:PAGES]:
            page.goto(f"{host}{BASE}{path}")
            page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")  # What is loaded late is loaded, too.
            page.wait_for_load_state("networkidle")
            for address in page.locator("a[href]").evaluate_all("all => all.map(each => each.href)"):
                if address.startswith(host) and "#" not in address and f"{BASE}/" not in address:
                    visit.complaints.append(f"{path} leads to {address}")
        page.goto(f"{host}{BASE}{ARTICLE}")
        loaded = "document.fonts.ready.then(fonts => [...fonts].filter(each => each.status == 'loaded').length)"
        assert page.evaluate(loaded) > 1
        page.keyboard.press("/")
        page.keyboard.type("article 3")
        result = page.locator(".search-result").first
        expect(result).to_contain_text("Article 3")
        expect(result).to_have_attribute("href", f"{BASE}/posts/p3/")
        result.click()
        expect(page).to_have_url(f"{host}{BASE}/posts/p3/")
        expect(page.locator(".prose img")).to_have_js_property("complete", True)
        page.locator("[data-theme-switch]").click()
        theme = page.evaluate("document.documentElement.dataset.theme")
        page.goto(f"{host}{BASE}/tags/")
        assert page.evaluate("document.documentElement.dataset.theme") == theme != ""
        page.goto(f"{host}{BASE}/search/?q=zzzz+qqqq")
        expect(page.locator(".search-status")).to_contain_text("Nothing found")
        page.locator(".search-rest a").first.click()
        expect(page).to_have_url(f"{host}{BASE}/tags/go/")
        assert len(visit.requested) > PAGES
        assert [each for each in visit.requested if not each.startswith((f"{BASE}/", "data:"))] == []
        assert visit.complaints == []


def test_a_footnote_is_shown_below_a_path(browser: Browser, frozen: tuple[str, list[str]]) -> None:
    host, _ = frozen
    with Visit(browser, host) as visit:
        visit.page.goto(f"{host}{BASE}{ARTICLE}")
        visit.page.locator(".footnote-ref").first.hover()
        expect(visit.page.locator(".footnote-box")).to_contain_text("A note that fits in a line")
        assert visit.complaints == []
