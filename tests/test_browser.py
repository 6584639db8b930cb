"""A real Chromium reads the real blog over real HTTP: with JavaScript and without, on a phone and a desk."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

from app import ROOT, create_app

pytestmark = pytest.mark.browser

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
SHOTS = ROOT / "artefacts"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The address of the blog itself, served over HTTP."""
    app = create_app(ROOT)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
    app.extensions["blog"].loader.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


class Visit:
    """A page in a window of its own, with all that went wrong in it."""

    def __init__(
        self, browser: Browser, address: str, width: int = 1440, scheme: str = "light", scripts: bool = True
    ) -> None:
        self.context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            java_script_enabled=scripts,  # type: ignore[arg-type]
        )
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", lambda message: self.complaints.append(f"console: {message.text}"))
        self.page.on("pageerror", lambda error: self._note_error(str(error)))
        self.page.on("request", lambda request: self._watch(request.url, address))
        self.page.on("response", lambda response: self._judge(response.status, response.url))

    def _note_error(self, error: str) -> None:
        if "Transition was aborted" not in error:  # Chromium's word where scripts are off: it goes on without the fade.
            self.complaints.append(f"error: {error}")

    def _watch(self, url: str, address: str) -> None:
        if not url.startswith((address, "data:")):
            self.complaints.append(f"elsewhere: {url}")

    def _judge(self, status: int, url: str) -> None:
        if status >= 400 and "/nope/" not in url:
            self.complaints.append(f"{status}: {url}")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_reader_goes_from_the_front_page_to_an_article_to_a_tag_and_back(
    browser: Browser, address: str, scripts: bool
) -> None:
    visit = Visit(browser, address, scripts=scripts)
    page = visit.page
    page.goto(address)
    title = page.locator("article h2").first.inner_text()
    page.get_by_role("link", name=title).first.click()
    assert page.locator("h1").inner_text() == title
    page.locator("a[href^='/tags/'][rel~='tag']").first.click()
    assert page.url.startswith(f"{address}/tags/")
    assert page.get_by_role("link", name=title).count() >= 1
    page.go_back()
    assert page.locator("h1").inner_text() == title
    assert visit.complaints == []
    visit.context.close()


PAGES = (
    "/",
    "/posts/fix-protocol/",
    "/tags/",
    "/tags/fix/",
    "/archive/",
    "/series/",
    "/about/",
    "/colophon/",
    "/nope/",
    "/feed.xml",
)


@pytest.mark.parametrize("width", [320, 390, 1440])
@pytest.mark.parametrize("path", PAGES)
def test_no_page_scrolls_sideways_or_complains(browser: Browser, address: str, path: str, width: int) -> None:
    for scheme in ("light", "dark"):
        visit = Visit(browser, address, width, scheme)
        visit.page.goto(address + path)
        overflow = visit.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if not path.endswith(".xml"):  # Chromium waits for ever for the frames of a page that is no HTML.
            SHOTS.mkdir(exist_ok=True)
            name = path.strip("/").replace("/", "-") or "front"
            visit.page.screenshot(path=SHOTS / f"{name}-{width}-{scheme}.png", full_page=True)
        assert overflow <= 0, f"{path} is {overflow} px wider than {width} px"
        assert [each for each in visit.complaints if "404" not in each] == []
        visit.context.close()


def test_the_keyboard_reaches_the_content_first(browser: Browser, address: str) -> None:
    visit = Visit(browser, address)
    visit.page.goto(address)
    visit.page.keyboard.press("Tab")
    focused = visit.page.locator(":focus")
    assert "skip" in focused.inner_text().lower()
    assert focused.bounding_box() is not None, "the skip link is visible when it has the focus"
    visit.page.keyboard.press("Enter")
    assert visit.page.url.endswith("#page-main")
    visit.context.close()


def test_the_theme_is_chosen_and_remembered(browser: Browser, address: str) -> None:
    visit = Visit(browser, address)
    page = visit.page

    def background() -> str:
        return str(page.evaluate("getComputedStyle(document.documentElement).backgroundColor"))

    page.goto(address)
    light = background()
    button = page.get_by_role("button", name="theme")
    for _ in range(3):
        button.click()
        if background() != light:
            break
    dark = background()
    assert dark != light
    page.reload()
    assert background() == dark
    assert visit.complaints == []
    visit.context.close()
