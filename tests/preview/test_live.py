"""An open page of the preview follows its sources; nobody else ever gets a byte of that."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from html import unescape
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from app import ROOT, create_app
from tests.conftest import SiteWith, SmallSite, freeze_all, post_text, preview_of, server_of, tree
from trigpoint.encoding import CURE
from trigpoint.freezing.checks.templates import compile_faults
from trigpoint.preview.findings import PreviewFaults

TRACES = re.compile(rb"_preview|preview-|data-preview|live\.js|EventSource")
BODY = "First.\n\n<details><summary>More</summary>\n\nHidden.\n\n</details>\n\n" + "Filling.\n\n" * 60 + "{last}"


def article(last: str = "Last words.", **fields: object) -> str:
    return post_text("A", body=BODY.replace("{last}", last), **fields)


@pytest.fixture
def preview(site_with: SiteWith) -> SmallSite:
    """A site that `flask run --debug` would show."""
    root = site_with({"a": article()}).root
    return SmallSite(root, preview_of(root))


@contextmanager
def opened(browser: Browser, address: str) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1200, "height": 700})
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(address)
    page.evaluate("window.mark = 'still here'")
    yield page
    assert errors == []
    context.close()


def is_the_same(page: Page) -> bool:
    """Whether the page was not loaded anew since it was opened."""
    return bool(page.evaluate("window.mark === 'still here'"))


def test_frozen_files_know_nothing_of_the_preview(
    preview: SmallSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLASK_DEBUG", "1")
    monkeypatch.setenv("FLASK_RUN_FROM_CLI", "true")
    freeze_all(SmallSite(preview.root, create_app(preview.root)).site, tmp_path / "frozen")
    files = tree(tmp_path / "frozen")
    assert len(files) > 30
    assert [path for path, content in files.items() if TRACES.search(content)] == []


def test_a_production_server_knows_nothing_of_the_preview(site_with: SiteWith) -> None:
    small = site_with({"a": article(), "b": "---\ntitle: B\n---\n"})
    for address in ("/", "/posts/a/", "/about/", "/static/js/site.js"):
        _, body, headers = small.answer(address)
        assert not TRACES.search(body + str(headers).encode()), address
    assert {small.status(f"/_preview/{name}") for name in ("events", "live.js", "live.css")} == {404}


def test_pages_of_the_preview_name_their_version_and_are_not_cached(preview: SmallSite) -> None:
    status, body, headers = preview.answer("/posts/a/", headers={"Accept": "text/html", "If-None-Match": "*"})
    assert status == 200
    assert headers["X-Preview-Version"].encode() in body
    assert headers["Cache-Control"] == "no-store"
    assert headers["Content-Length"] == str(len(body))
    assert preview.status("/_preview/live.js") == 200
    assert preview.status("/_preview/../app.py") == 404
    preview.site.loader.stop()


def test_of_the_banner_and_the_corner_one_says_that_the_site_is_being_checked(
    preview: SmallSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The banner while nothing is known, the corner after an edit: so nothing moves."""
    monkeypatch.setattr(PreviewFaults, "is_checking", True)
    with monkeypatch.context() as patch:
        patch.setattr(PreviewFaults, "_has_checked", lambda found, library, wait: False)
        page = preview.text("/")
    assert "there may be more" in page and "preview-waiting" not in page
    while "there may be more" in preview.text("/"):
        time.sleep(0.05)
    monkeypatch.setattr(PreviewFaults, "_has_checked", lambda found, library, wait: False)
    preview.write("posts/a.md", article("More."))
    preview.site.loader.refresh()
    page = preview.text("/")
    assert "there may be more" not in page and "preview-waiting" in page
    preview.site.loader.stop()


@pytest.mark.parametrize("name", ["post.html", "base.html", "_head.html"])
def test_a_template_that_is_not_utf_8_is_named_on_a_page_that_heals(
    preview: SmallSite, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    template = preview.root / "templates" / name
    sound = template.read_bytes()
    template.write_bytes(b"{# gr\xf6\xdfe #}\n" + sound)
    status, body, _ = preview.answer("/posts/a/")
    said = f'templates/{name}:1:6: Byte 5 (0xF6) is not UTF-8: it looks like Latin-1, where it is "ö".'
    place, _, sentence = said.partition(": ")
    page = unescape(body.decode())
    assert status == 500
    assert place in page and sentence in page and "live.js" in page and "Traceback" not in page
    assert said in caplog.text and "pages/posts" not in caplog.text
    assert [str(fault) for fault in compile_faults(preview.site)] == [f"{said} {CURE}"]
    template.write_bytes(b"\xef\xbb\xbf" + sound)
    assert preview.text("/posts/a/").startswith("<!doctype html>")


def test_the_stream_begins_with_the_version_of_this_moment_and_tells_the_next(preview: SmallSite) -> None:
    with (
        server_of(preview.app) as address,
        socket.create_connection(("127.0.0.1", int(address.rpartition(":")[2]))) as asked,
    ):
        asked.sendall(b"GET /_preview/events HTTP/1.1\r\nHost: x\r\n\r\n")
        lines = asked.makefile("r", newline="\n")
        versions = (line.strip() for line in lines if line.startswith("data: "))
        first = next(versions)
        preview.write("posts/a.md", article("Other words."))
        assert next(versions) != first


@pytest.mark.browser
def test_an_edit_of_the_text_is_put_into_the_page_as_it_stands(preview: SmallSite, browser: Browser) -> None:
    with server_of(preview.app) as address, opened(browser, f"{address}/posts/a/") as page:
        page.locator("main details summary", has_text="More").click()
        page.evaluate("scrollTo({top: 900, behavior: 'instant'})")
        preview.write("posts/a.md", article("Other words."))
        expect(page.get_by_text("Other words.")).to_have_count(1)
        expect(page.get_by_text("Last words.")).to_have_count(0)
        preview.write("posts/a.md", article("Other words.\n\nAnd a paragraph more."))
        expect(page.get_by_text("And a paragraph more.")).to_have_count(1)
        assert is_the_same(page)
        assert page.evaluate("scrollY") == 900
        expect(page.get_by_text("Hidden.")).to_be_visible()


@pytest.mark.browser
def test_a_style_that_readers_do_not_see_is_not_seen_after_an_edit_either(preview: SmallSite, browser: Browser) -> None:
    """Nor when a page that was loaded is laid out again: Chromium gives the styles of a copy to what was copied."""
    colour = "each => { each.dir = 'auto'; each.offsetTop; each.dir = ''; return getComputedStyle(each).color; }"
    with server_of(preview.app) as address, opened(browser, f"{address}/posts/a/") as page:
        plain = page.locator(".prose p").first.evaluate(colour)
        for kind in ("an edit", "a paragraph more"):
            preview.write("posts/a.md", article(f'<p style="color: red">{kind}</p>\n\n<p>{kind} after</p>'))
            expect(page.get_by_text(kind, exact=True)).to_have_count(1)
            styled = page.locator('.prose [style="color: red"]')
            assert styled.evaluate(colour) == plain, "put into the page"
            assert is_the_same(page)
        page.reload()
        assert styled.evaluate(colour) == plain, "loaded"


@pytest.mark.browser
def test_what_scripts_have_looked_at_is_loaded_anew_where_the_reader_was(preview: SmallSite, browser: Browser) -> None:
    with server_of(preview.app) as address, opened(browser, f"{address}/posts/a/") as page:
        page.locator("main details summary", has_text="More").click()
        page.evaluate("scrollTo({top: 900, behavior: 'instant'})")
        before = page.get_by_text("Filling.").nth(30).bounding_box()
        preview.write("posts/a.md", article("```python\nx = 1\n```"))
        expect(page.locator("figure.code .tools")).to_have_count(1)
        expect(page.get_by_text("Hidden.")).to_be_visible()
        after = page.get_by_text("Filling.").nth(30).bounding_box()
        assert before and after and abs(before["y"] - after["y"]) < 50  # Fonts come after the place is found again.


@pytest.mark.browser
def test_stylesheets_are_swapped_and_templates_load_the_page_anew(preview: SmallSite, browser: Browser) -> None:
    style, template = preview.root / "static/css/base.css", preview.root / "templates/_footer.html"
    with server_of(preview.app) as address, opened(browser, f"{address}/posts/a/") as page:
        style.write_text(style.read_text() + "\n@layer base { body { outline: 3px solid } }\n")
        expect(page.locator("body")).to_have_css("outline-style", "solid")
        expect(page.locator("link[rel=stylesheet]")).to_have_count(1)
        assert is_the_same(page)
        template.write_text(template.read_text() + "<p>A new foot.</p>")
        expect(page.get_by_text("A new foot.")).to_have_count(1)


@pytest.mark.browser
def test_all_ten_tabs_follow_and_an_eleventh_opens(preview: SmallSite, browser: Browser) -> None:
    """Browsers allow a host six connections: ten streams would leave none for a page."""
    with server_of(preview.app) as address, opened(browser, f"{address}/posts/a/") as page:
        tabs = [page, *(page.context.new_page() for _ in range(9))]
        for tab in tabs[1:]:
            tab.goto(f"{address}/posts/a/")
        preview.write("posts/a.md", article("Other words."))
        for tab in tabs:
            expect(tab.get_by_text("Other words.")).to_have_count(1)
        page.context.new_page().goto(f"{address}/tags/")


@pytest.mark.browser
def test_ways_in_which_editors_save(preview: SmallSite, browser: Browser) -> None:
    source, folder = preview.pages / "posts/a.md", preview.pages / "posts"
    with server_of(preview.app) as address, opened(browser, f"{address}/posts/a/") as page:
        source.with_name("a.md~new").write_text(article("Renamed into place."))
        source.with_name("a.md~new").replace(source)
        expect(page.get_by_text("Renamed into place.")).to_have_count(1)
        whole = article("In two halves.").encode()
        with source.open("wb") as file:
            for half in (whole[:100], whole[100:]):
                file.write(half)
                file.flush()
                time.sleep(0.3)
        expect(page.get_by_text("In two halves.")).to_have_count(1)
        folder.rename(preview.pages / "away")
        expect(page.get_by_text("In two halves.")).to_have_count(0)
        (preview.pages / "away").rename(folder)
        expect(page.get_by_text("In two halves.")).to_have_count(1)
        shutil.rmtree(folder)
        folder.mkdir()
        source.write_text(article("All anew."))
        expect(page.get_by_text("All anew.")).to_have_count(1)


@contextmanager
def running(root: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """`flask run --debug`, as `make run` starts it, for the site in this folder."""
    for name in ("app.py", "wsgi.py"):
        shutil.copy(ROOT / name, root)
    known = {"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])}
    command = [sys.executable, "-m", "flask", "run", "--debug", "--port", str(port)]
    with (root / "server.log").open("wb") as log:
        started = subprocess.Popen(command, cwd=root, env=known, stdout=log, stderr=log, start_new_session=True)
    try:
        yield started
    finally:
        if started.poll() is None:
            os.killpg(started.pid, signal.SIGKILL)
            started.wait()


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def wait_for(port: int) -> None:
    deadline = time.monotonic() + 60
    while True:
        with socket.socket() as asked:
            if not asked.connect_ex(("127.0.0.1", port)):
                return
        assert time.monotonic() < deadline
        time.sleep(0.1)


def interrupt(server: subprocess.Popen[bytes]) -> None:
    """Press Ctrl-C, and once more where the first met the reloader between two processes."""
    for _ in range(3):
        os.killpg(server.pid, signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            server.wait(timeout=20)
            return
    raise AssertionError("the server does not end")


@pytest.mark.browser
@pytest.mark.slow
def test_a_page_finds_the_server_that_starts_again_and_the_server_ends_at_once(
    site_with: SiteWith, browser: Browser
) -> None:
    root, port = site_with({"a": article()}).root, free_port()
    settings = root / "site.toml"
    with running(root, port) as server:
        wait_for(port)
        with opened(browser, f"http://127.0.0.1:{port}/posts/a/") as page:
            settings.write_text(settings.read_text().replace("A test blog", "Another name"))
            expect(page.locator(".site-header .brand")).to_contain_text("Another name", timeout=60_000)
            sound = (root / "app.py").read_text()
            (root / "app.py").write_text(f"{sound}\ndef (:\n")
            expect(page.locator("#preview-overlay")).to_contain_text("invalid syntax", timeout=60_000)
            (root / "app.py").write_text(sound)
            (root / "pages/posts/a.md").write_text(article("After the restart."))
            expect(page.get_by_text("After the restart.")).to_have_count(1, timeout=60_000)
            interrupt(server)
        said = (root / "server.log").read_text()
        assert "Traceback" not in said, said
