"""Pictures of other hosts come along, and nothing else does: a real server on this machine, taken for a public one."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest

from tests.conftest import SiteWith, png
from trigpoint.importing import fetching
from trigpoint.importing.fetching import Bounds, Fetched, fetched, is_public, remote_pictures
from trigpoint.importing.importer import ImportOptions, run
from trigpoint.importing.reading.entries import Entry

PNG = png(4, 3)
BODIES = {
    "/a.png": PNG, "/b%20c": PNG, "/text.png": b"<html>", "/large.png": PNG + b"x" * 5000,
    "/drawing": b'<?xml version="1.0"?>\n<svg xmlns="x"></svg>',
}  # fmt: skip


class Host(BaseHTTPRequestHandler):
    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        if self.path.startswith("/to/"):
            self.send_response(302)
            self.send_header("Location", self.path[3:] if self.path != "/to/away" else "file:///etc/passwd")
            self.end_headers()
            return
        content = BODIES.get(self.path)
        self.send_response(200 if content else 404)
        self.send_header("Content-Length", str(len(content or b"")))
        self.end_headers()
        self.wfile.write(content or b"")

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Host)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setattr(fetching, "is_public", lambda address: True)
    monkeypatch.setattr(Host, "asked", [])
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def one(address: str, folder: Path, bounds: Bounds | None = None) -> Fetched:
    (found,) = fetched([address], folder, bounds or Bounds(size=4000))
    return found


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/a.png", "a.png"),
        ("/b c", "b-c.png"),
        ("/to/to/a.png", "a.png"),
        ("/drawing", "drawing.svg"),
    ],
)
def test_a_picture_is_fetched_and_named_by_its_address(host: str, tmp_path: Path, path: str, name: str) -> None:
    found = one(host + path, tmp_path)
    assert Path(found.file).name == name, found
    assert Path(found.file).read_bytes() in BODIES.values()


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/none.png", "the host answers 404"), ("/text.png", "it is no picture"), ("/large.png", "it is too large"),
        ("/to" * 9 + "/a.png", "it redirects too often"), ("/to/away", "only http and https are asked"),
    ],
)  # fmt: skip
def test_what_is_no_picture_or_too_much_stays_where_it_is(host: str, tmp_path: Path, path: str, reason: str) -> None:
    assert one(host + path, tmp_path) == Fetched(host + path, reason=reason)
    assert not any(tmp_path.rglob("*.*"))


def test_a_picture_is_asked_for_once(host: str, tmp_path: Path) -> None:
    assert one(f"{host}/a.png", tmp_path) == one(f"{host}/a.png", tmp_path)
    assert Host.asked == ["/a.png"]


def test_no_more_than_the_bounds_allow_are_asked_for(host: str, tmp_path: Path) -> None:
    addresses = [f"{host}/a.png?{number}" for number in range(3)]
    found = list(fetched(addresses, tmp_path, Bounds(count=1, size=4000)))
    assert [each.reason for each in found][1:] == ["there are too many"] * 2
    assert not next(fetched([f"{host}/b%20c"], tmp_path, Bounds(whole=0))).file


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "192.168.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "::1", "fe80::1%eth0", "fd00::1", "::ffff:10.0.0.1", "2002:7f00:1::", "64:ff9b::7f00:1", "198.51.100.1",
    ],
)  # fmt: skip
def test_an_address_of_ones_own_net_is_no_public_one(address: str) -> None:
    assert not is_public(address)
    assert is_public("93.184.216.34") and is_public("2606:2800:220:1:248:1893:25c8:1946")


def test_a_host_of_ones_own_net_is_not_asked(tmp_path: Path) -> None:
    for host in ("127.0.0.1", "localhost", "[::1]"):
        assert one(f"http://{host}:9/a.png", tmp_path).reason == "its host is no public one"
    assert one("http://user@host.example/a.png", tmp_path).reason == "only http and https are asked"


def test_only_pictures_that_a_text_shows_are_meant() -> None:
    body = (
        "![a](https://h.example/a.png) [b](https://h.example/b.png) `![c](https://h.example/c.png)`\n\n"
        '<img src="//h.example/d.png?x=1&amp;y=2"> ![e][f]\n\n[f]: https://h.example/f.gif\n'
    )
    assert remote_pictures([Entry("a.md", {}, body)]) == (
        "https://h.example/a.png",
        "https://h.example/d.png?x=1&y=2",
        "https://h.example/f.gif",
    )


def test_an_import_puts_what_it_fetched_beside_the_posts(host: str, site_with: SiteWith, tmp_path: Path) -> None:
    old = tmp_path / "old/posts"
    old.mkdir(parents=True)
    body = f"![A plot]({host}/a.png)\n\n![Gone]({host}/none.png)\n"
    (old / "2020-01-02-a.md").write_text(f"---\ntitle: A\n---\n{body}")
    small = site_with()
    options = ImportOptions(source=tmp_path / "old", root=small.root, pages=small.root / "pages", fetch=True)
    outcome = run(options, lambda things, count, label: iter(things), dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    text = (small.root / "pages/posts/a/index.md").read_text()
    assert "![A plot](a.png)" in text and f"![Gone]({host}/none.png)" in text
    assert (small.root / "pages/posts/a/a.png").read_bytes() == PNG
    lost = [(each.kind, each.name) for each in outcome.findings if each.is_loss]
    assert ("not-fetched", "the host answers 404") in lost and len(
        [kind for kind, _ in lost if kind == "remote-picture"]
    ) == 1
