"""A server while files are half-written, requests are hostile and processes are killed: whole pages, and no 5xx."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.conftest import SiteWith, SmallSite, post_text

pytestmark = pytest.mark.slow
POSTS, SECONDS = 8, 8.0
SETTLED = 0.08
"""Seconds: an editor that pauses for longer, on a busy machine, may be seen half-way."""

APPLICATION = """
import sys
from pathlib import Path
sys.path.insert(0, {root!r})
from trigpoint.application import create_app
app = create_app(Path({site!r}))
"""
HOSTILE = (
    "/posts/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/page/99999999/", "//evil.example/", "/%5cevil",
    "/a%0d%0ab", "/posts/none/", "/static/css/site.0000000000.css", "/" + "a/" * 400, "/tags/%F0%9F/", "/?q=x",
)  # fmt: skip


def text_of(number: int, edition: int) -> str:
    words = "Some words that fill the page. " * 40
    return post_text(f"Post {number}", body=f"First {edition}.\n\n{words}\n\nLast {edition}.")


@contextmanager
def served(small: SmallSite) -> Iterator[tuple[int, int]]:
    """The site behind gunicorn: its port, and the id of its first process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    root = Path(__file__).parent.parent
    (small.root / "storm.py").write_text(APPLICATION.format(root=str(root), site=str(small.root)))
    words = ["--bind", f"127.0.0.1:{port}", "--workers", "2", "--threads", "4", "--log-level", "critical", "storm:app"]
    server = subprocess.Popen([sys.executable, "-m", "gunicorn", *words], cwd=small.root, start_new_session=True)
    try:
        deadline = time.monotonic() + 60
        while asked(port, "/")[0] != 200:
            assert time.monotonic() < deadline, "it does not come up"
            time.sleep(0.1)
        yield port, server.pid
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(30)


def asked(port: int, path: str) -> tuple[int, str]:
    """Status and body; 0 where the connection is lost, as with a worker that is killed."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode(errors="replace")
    except (OSError, http.client.HTTPException):
        return 0, ""
    finally:
        connection.close()


class Editor(threading.Thread):
    """Writes posts as editors do: truncates, and writes the second half after a pause. `slow` are the editions that
    this machine made wait for too long in between."""

    def __init__(self, small: SmallSite, ended: threading.Event) -> None:
        super().__init__()
        self._small, self._ended = small, ended
        self.editions = dict.fromkeys(range(POSTS), 0)
        self.slow: set[int] = set()

    def run(self) -> None:
        edition = 0
        while not self._ended.is_set():
            edition += 1
            number = edition % POSTS
            text = text_of(number, edition)
            begun = time.monotonic()
            with (self._small.pages / f"posts/p{number}.md").open("w") as file:
                file.write(text[: len(text) // 2])
                file.flush()
                time.sleep(0.02)
                file.write(text[len(text) // 2 :])
            if time.monotonic() - begun > SETTLED:
                self.slow.add(edition)
            self.editions[number] = edition
            time.sleep(0.05)


def children(process: int) -> list[int]:
    with suppress(FileNotFoundError):
        return [int(each) for each in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
    return []


def renderers(process: int) -> list[int]:
    """The processes that render for this one. They are started by any of its threads."""
    found = []
    for task in Path(f"/proc/{process}/task").iterdir():
        with suppress(FileNotFoundError):
            found += [int(each) for each in (task / "children").read_text().split()]
    return found


def test_a_storm_of_edits_hostile_requests_and_kills_tears_no_page(site_with: SiteWith) -> None:
    small = site_with({f"p{number}": text_of(number, 0) for number in range(POSTS)})
    ended, torn, bad, statuses = threading.Event(), [], [], []
    editor = Editor(small, ended)

    def read() -> None:
        while not ended.is_set():
            for number in range(POSTS):
                status, page = asked(port, f"/posts/p{number}/")
                statuses.append(status)
                first, last = re.search(r"<p>First (\d+)\.", page), re.search(r"<p>Last (\d+)\.", page)
                if status == 200 and not (first and last and first[1] == last[1]):
                    torn.append((number, first and int(first[1])))

    def attack() -> None:
        while not ended.is_set():
            for path in HOSTILE:
                status, _ = asked(port, path)
                if status >= 500:
                    bad.append((path, status))

    with served(small) as (port, server):
        threads = [
            editor,
            threading.Thread(target=read),
            threading.Thread(target=read),
            threading.Thread(target=attack),
        ]
        for thread in threads:
            thread.start()
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            time.sleep(SECONDS / 5)
            for victim in [
                *children(server)[:1],
                *(each for worker in children(server) for each in renderers(worker)[:1]),
            ]:
                with suppress(ProcessLookupError):
                    os.kill(victim, signal.SIGKILL)
        ended.set()
        for thread in threads:
            thread.join()
        for number, edition in editor.editions.items():
            deadline = time.monotonic() + 30
            while f"<p>Last {edition}." not in asked(port, f"/posts/p{number}/")[1]:
                assert time.monotonic() < deadline, f"edition {edition} of {number} does not come"
                time.sleep(0.1)
    assert not bad
    assert [status for status in statuses if status >= 500] == []
    assert statuses.count(200) > POSTS
    assert [each for each in torn if each[1] not in editor.slow] == []
