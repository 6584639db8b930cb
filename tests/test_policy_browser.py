"""The recipes of docs/policy.md, carried out as written, in a real Chromium: another host stands in for theirs."""

from __future__ import annotations

import datetime as dt
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from app import ROOT, create_app
from tests.conftest import SiteWith, png, post_text, server_of
from tests.test_browser import serving
from trigpoint.commands.new_site import starter_files
from trigpoint.freezing.checks.sources import findings

pytestmark = pytest.mark.browser

TEXTS = {each.partition("\n")[0]: each for each in (ROOT / "docs/policy.md").read_text().split("\n## ")[1:]}
RECIPES = {heading: dict(re.findall(r"```(\w+)\n(.*?)```", each, re.S)) for heading, each in TEXTS.items()}
"""The blocks of each recipe, by its heading and their language."""

HOSTS = re.compile(r"https://(?:stats\.example|giscus\.app|news\.example|video\.example)")
ANSWERS = {
    "/count.js": ("text/javascript", "fetch(document.currentScript.dataset.endpoint, {method: 'POST', body: '{}'})"),
    "/api/event": ("text/plain", ""),
    "/client.js": (
        "text/javascript",
        """const script = document.currentScript, { origin } = new URL(script.src);
        const style = document.createElement("link"), frame = document.createElement("iframe");
        Object.assign(style, { rel: "stylesheet", href: `${origin}/default.css` });
        document.head.prepend(style);
        Object.assign(frame, { className: "giscus-frame", src: `${origin}/widget?repo=${script.dataset.repo}` });
        script.after(frame);""",
    ),
    "/default.css": ("text/css", ".giscus-frame { border: 7px solid }"),
    "/widget": ("text/html", "<p>Three comments"),
    "/subscribe": ("text/html", "<p>Thank you"),
    "/embed/1234": ("text/html", "<p>It plays"),
}


@dataclass
class StandIn:
    """Another host, and the paths that it was asked for."""

    address: str = ""
    asked: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def other() -> Iterator[StandIn]:
    stand_in = StandIn()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            stand_in.asked.append(path)
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            media_type, body = ANSWERS.get(path, ("text/plain", ""))
            self.send_response(200)
            self.send_header("Content-Type", media_type)
            self.send_header("Access-Control-Allow-Origin", "*")
            self.end_headers()
            self.wfile.write(body.encode())

        do_POST = do_GET

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    stand_in.address = f"http://127.0.0.1:{server.server_port}"
    yield stand_in
    server.shutdown()
    thread.join()
    server.server_close()


@dataclass
class Tried:
    """A recipe as it was carried out: the page, what the console said of the policy, and what the check says."""

    page: Page
    refused: list[str]
    faults: list[str]


@contextmanager
def tried(browser: Browser, root: Path, other: StandIn, heading: str, is_allowed: bool) -> Iterator[Tried]:
    """A new site with this recipe, with its lines of site.toml or without, and its article in a browser."""
    recipe = {language: HOSTS.sub(other.address, text) for language, text in RECIPES[heading].items()}
    other.asked.clear()
    in_article = recipe.get("markdown") or recipe.get("html", "")
    files = starter_files(dt.date(2026, 1, 2))
    if is_allowed:
        files["site.toml"] += "\n" + recipe["toml"]
    if "jinja" in recipe:
        (name,) = re.findall(r"`(templates/\w+\.html)`", TEXTS[heading])
        files[name] = recipe["jinja"]
    files["pages/posts/a/index.md"] = post_text(body=in_article)
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    (root / "pages/posts/a/queue.png").write_bytes(png(640, 360))
    app = create_app(root)
    app.extensions["trigpoint"].loader.refresh()
    faults = [str(each) for each in findings(app.extensions["trigpoint"]) if each.kind.startswith("blocked-")]
    with serving(app) as address:
        context = browser.new_context()
        page, refused = context.new_page(), list[str]()
        page.on("console", lambda message: refused.append(message.text) if "Content Security" in message.text else None)
        page.goto(f"{address}/posts/a/")
        page.wait_for_load_state("networkidle")
        yield Tried(page, refused, faults)
        assert context.cookies() == []
        context.close()


HEADINGS = ("Statistics without cookies", "Comments", "A form for a newsletter", "A video")


def act(page: Page, heading: str) -> None:
    """What a reader does for the recipe to be seen."""
    if heading == "A form for a newsletter":
        page.get_by_label("Your address").fill("ada@example.org")
        page.get_by_role("button", name="Subscribe").evaluate("each => each.click()")
    elif heading == "A video":
        page.get_by_role("link", name="Watch: how a queue fills up").click()


def test_each_recipe_of_the_document_is_tried() -> None:
    assert tuple(RECIPES) == HEADINGS
    assert all("toml" in recipe for recipe in RECIPES.values())


@pytest.mark.parametrize("heading", HEADINGS)
def test_a_recipe_without_its_lines_is_kept_out_and_named_with_them(
    browser: Browser, tmp_path: Path, other: StandIn, heading: str
) -> None:
    with tried(browser, tmp_path / "site", other, heading, is_allowed=False) as found:
        act(found.page, heading)
        found.page.wait_for_timeout(300)
        assert other.asked == []
        assert found.refused
        use = {"A form for a newsletter": "form", "A video": "frame"}.get(heading, "script")
        (fault,) = found.faults
        assert fault.endswith(f'Or allow it in site.toml, below [policy]: {use} = ["{other.address}"]')
        assert re.match(r"(?:templates|pages)/\S+:\d+: warning: ", fault)


@pytest.mark.parametrize("heading", HEADINGS)
def test_a_recipe_works_with_its_lines(browser: Browser, tmp_path: Path, other: StandIn, heading: str) -> None:
    with tried(browser, tmp_path / "site", other, heading, is_allowed=True) as found:
        page = found.page
        before = list(other.asked)
        act(page, heading)
        if heading == "Statistics without cookies":
            assert other.asked == ["/count.js", "/api/event"]
        elif heading == "Comments":
            expect(page.frame_locator(".giscus-frame").get_by_text("Three comments")).to_be_visible()
            expect(page.locator(".giscus-frame")).to_have_css("border-top-width", "7px")
        elif heading == "A form for a newsletter":
            expect(page.get_by_text("Thank you")).to_be_visible()
        else:
            assert before == [], "nothing is asked of the other host before the click"
            expect(page.frame_locator("iframe.video").get_by_text("It plays")).to_be_visible()
            expect(page.locator("iframe.video")).to_be_focused()
            box = page.locator("iframe.video").bounding_box()
            assert box and abs(box["width"] / box["height"] - 16 / 9) < 0.02
        assert found.refused == []
        assert found.faults == []


def test_a_page_is_fetched_when_a_reader_points_at_its_link(browser: Browser, site_with: SiteWith) -> None:
    """And neither another host's page nor a file is."""
    asked: list[str] = []
    small = site_with({"a": post_text("A", body="[B](b.md) [file](/feed.xml)"), "b": post_text("B")})
    application = small.app.wsgi_app

    def noted(environ: dict[str, Any], start: Any) -> Any:
        if environ.get("HTTP_SEC_PURPOSE"):
            asked.append(environ["PATH_INFO"])
        return application(environ, start)

    small.app.wsgi_app = noted  # type: ignore[method-assign]
    with server_of(small.app) as address, browser.new_context() as context:
        page = context.new_page()
        refused: list[str] = []
        page.on("console", lambda message: refused.append(message.text))
        page.goto(f"{address}/posts/a/")
        page.get_by_role("link", name="file", exact=True).hover()
        page.wait_for_timeout(500)
        page.get_by_role("link", name="B", exact=True).first.hover()
        deadline = time.monotonic() + 20
        while not asked and time.monotonic() < deadline:
            page.wait_for_timeout(100)
    assert asked == ["/posts/b/"]
    assert not refused
