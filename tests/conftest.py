"""Small sites in a temporary folder: `site_with(posts=…)` is all that most tests need."""

from __future__ import annotations

import gc
import os
import resource
import shutil
import signal
import struct
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from zlib import compress, crc32

import hypothesis
import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, sync_playwright
from werkzeug.datastructures import Headers
from werkzeug.serving import make_server

from trigpoint import application, file_reading
from trigpoint.application import create_app
from trigpoint.freezing.page_writer import write_pages
from trigpoint.freezing.plan import addresses_of
from trigpoint.library.library import Library
from trigpoint.loading import loader
from trigpoint.loading.sources import Sources
from trigpoint.loading.workers import WorkerPool
from trigpoint.preview.findings import PreviewFaults
from trigpoint.web.files import search
from trigpoint.web.site import Site

ROOT = Path(__file__).parent.parent

for name in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS"):  # Else each make that a test runs says that it is one within another.
    os.environ.pop(name, None)

# Time is never asserted. The same examples are tried each time, so that a reader's run finds what ours found.
hypothesis.settings.register_profile("steady", deadline=None, derandomize=not os.environ.get("NEW_EXAMPLES"))
hypothesis.settings.load_profile("steady")

signal.signal(signal.SIGINT, signal.default_int_handler)
"""A shell has what it starts with `&` ignore Ctrl-C, and that is passed on; the programs that tests start must not."""

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
NO_BROWSER = pytest.StashKey[str]()
"""Why the browser does not start: said by the first test that wants it, and not tried again by the others."""

SITE = """
title = "A test blog"
kicker = "Notes"
heading = "Blog"
description = "What the tests read."
author = "Ada Tester"
base_url = "https://blog.example"
language = "en"
time_zone = "Europe/Berlin"
posts_per_page = 2
cname = "blog.example"
navigation = [{ label = "Tags", path = "/tags/" }]
"""
TAGS = """
[go]
name = "Go"
description = "The language."
aliases = ["golang"]

[cpp]
name = "C++"

[c]
name = "C"

[csharp]
name = "C#"
"""


def as_preview(small: SmallSite) -> PreviewFaults:
    """Show this site as `flask run --debug` does, but for the script in its pages; gives what finds its faults."""
    faults = PreviewFaults(small.site)
    small.site.preview_faults = faults.of
    small.site.loader.preview = True
    return faults


def preview_of(root: Path) -> Flask:
    """The application as `flask run --debug` makes it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FLASK_DEBUG", "1")
        patch.setenv("FLASK_RUN_FROM_CLI", "true")
        patch.setattr(application, "is_run_by_flask", lambda: True)
        patch.setattr(application, "end_after_interrupt", lambda: None)
        return create_app(root)


def is_linear(read: Callable[[str], object], piece: str, size: int) -> bool:
    """Whether four times the text takes this not much more than four times as long; `size` is of the shorter text."""

    def seconds(size: int) -> float:
        text = piece * (size // len(piece))
        start = time.process_time()
        read(text)
        return time.process_time() - start

    gc.disable()  # After thousands of tests a search for cycles takes longer than what is measured.
    try:
        seconds(size // 10)
        return seconds(4 * size) < 10 * seconds(size) + 0.2
    finally:
        gc.enable()


def post_text(title: str = "A title", date: str = "2026-01-02", body: str = "Some words.", **fields: object) -> str:
    """The text of a valid post."""
    extra = "".join(f"{name}: {value}\n" for name, value in fields.items())
    return f'---\ntitle: "{title}"\ndate: {date}\n{extra}---\n\n{body}\n'


@dataclass
class SmallSite:
    """A site of its own in a temporary folder, served by the real application."""

    root: Path
    app: Flask

    @property
    def pages(self) -> Path:
        return self.root / "pages"

    @property
    def site(self) -> Site:
        found = self.app.extensions["trigpoint"]
        assert isinstance(found, Site)
        return found

    @property
    def client(self) -> FlaskClient:
        return self.app.test_client()

    @property
    def library(self) -> Library:
        """The Library after a fresh look at the folder."""
        self.site.loader.refresh()
        return self.site.loader.library

    def write(self, path: str, text: str | bytes) -> Path:
        """Write a file below pages/."""
        target = self.pages / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text if isinstance(text, bytes) else text.encode())
        return target

    def answer(self, address: str, **request: object) -> tuple[int, bytes, Headers]:
        """Status, body and headers of an address, after a fresh look."""
        self.site.loader.refresh()
        with self.client.get(address, **request) as response:  # type: ignore[arg-type]
            return response.status_code, response.get_data(), response.headers

    def text(self, address: str) -> str:
        """The body of an address that is there."""
        status, body, _ = self.answer(address)
        assert status == 200, (address, status)
        return body.decode()

    def status(self, address: str) -> int:
        return self.answer(address)[0]

    def faults(self) -> list[str]:
        return [str(fault) for fault in self.library.faults]


def png(width: int, height: int, colour: bytes = b"\x30\x60\x90") -> bytes:
    """A picture of these pixels, of one colour."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", crc32(name + content))

    rows = (b"\0" + colour * width) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", compress(rows)) + chunk(b"IEND", b"")


def freeze_all(site: Site, folder: Path) -> list[str]:
    """Render every address of the site into a folder; gives the paths of the files below it."""
    site.loader.refresh()
    folder.mkdir(parents=True, exist_ok=True)
    return [record.path for _, record, _ in write_pages(site, addresses_of(site), folder, jobs=1)]


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, by its path."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@contextmanager
def no_descriptors() -> Iterator[None]:
    """Meanwhile this process can open no file: each try is EMFILE."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


SiteWith = Callable[..., SmallSite]


@pytest.fixture(scope="module")
def small_volumes() -> Iterator[None]:
    """The search has volumes of two posts, so that a small site has some."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search, "VOLUME", 2)
        patch.setattr(search, "NEWEST", 1)
        yield


class SharedWorkers(WorkerPool):
    """The rendering processes of all sites of a run: to start some for each site takes longer than most tests."""

    def stop(self) -> None:
        """They go on for the next site."""

    def end(self) -> None:
        super().stop()


@pytest.fixture(scope="session")
def shared_workers() -> Iterator[SharedWorkers]:
    shared = SharedWorkers()
    yield shared
    shared.end()


@pytest.fixture
def site_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shared_workers: SharedWorkers) -> Iterator[SiteWith]:
    """Make a site: `posts` maps slugs to texts, `files` paths below pages/ to contents; `settings` ends site.toml."""
    monkeypatch.setattr(loader, "WorkerPool", lambda count: shared_workers)
    monkeypatch.setattr(Sources, "settling", 0.0)
    monkeypatch.setattr(file_reading, "SETTLING", 0.0)
    made: list[SmallSite] = []

    def build(
        posts: Mapping[str, str] | None = None,
        files: Mapping[str, str | bytes] | None = None,
        settings: str = "",
        tags: str = TAGS,
        name: str = "site",
    ) -> SmallSite:
        root = tmp_path / name
        for folder in ("templates", "static"):
            shutil.copytree(ROOT / folder, root / folder)
        (root / "site.toml").write_text(SITE + settings)
        (root / "pages/posts").mkdir(parents=True)
        (root / "pages/tags.toml").write_text(tags)
        small = SmallSite(root, create_app(root))
        for slug, text in (posts or {}).items():
            small.write(f"posts/{slug}.md", text)
        for path, content in (files or {}).items():
            small.write(path, content)
        made.append(small)
        return small

    yield build
    for small in made:
        small.site.loader.stop()


@pytest.fixture(scope="module")
def _browser(pytestconfig: pytest.Config) -> Iterator[Browser | str]:
    """A Chromium, or why there is none."""
    with ExitStack() as stack:
        try:
            playwright = stack.enter_context(sync_playwright())
            chromium: Browser | str = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        except Exception as error:  # Playwright raises this one itself where its driver ends at once.
            chromium = f"the browser tests cannot start: {str(error).strip().splitlines()[0]}"
        yield chromium
        if isinstance(chromium, Browser):
            chromium.close()


@pytest.fixture
def browser(_browser: Browser | str, pytestconfig: pytest.Config) -> Browser:
    if isinstance(_browser, Browser):
        return _browser
    if NO_BROWSER in pytestconfig.stash:
        pytest.skip(_browser)
    pytestconfig.stash[NO_BROWSER] = _browser
    pytest.fail(f"{_browser} (`make test` installs what they need)", pytrace=False)


@contextmanager
def server_of(app: Flask, port: int = 0) -> Iterator[str]:
    """A server of these pages in a thread of its own; gives its address."""
    server = make_server("127.0.0.1", port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        app.extensions["trigpoint"].loader.stop()
