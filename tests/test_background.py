"""What takes seconds is made in the background: pages are answered meanwhile, and nothing is made twice."""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.conftest import SiteWith, SmallSite, post_text, server_of
from trigpoint.background import Background, Job, NotReadyError, hurry, refuse_in_a_hurry
from trigpoint.cache import Cache
from trigpoint.content.pages import Post
from trigpoint.images.pictures import Pictures
from trigpoint.library.snapshot import FileDigest
from trigpoint.loading.search_index import SearchIndexStore
from trigpoint.loading.word_store import Counted, WordStore


@contextmanager
def served(small: SmallSite) -> Iterator[int]:
    """The port of a real HTTP server of the site."""
    with server_of(small.app) as address:
        yield int(address.rpartition(":")[2])


def asked(port: int, path: str) -> tuple[int, bytes, str | None]:
    """Status, body and Retry-After."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path)
    answer = connection.getresponse()
    found = (answer.status, answer.read(), answer.headers["Retry-After"])
    connection.close()
    return found


class Gate:
    """Stands in the way of all that asks for the words of a post, until it is opened."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.open, self.times = threading.Event(), 0
        counted = SearchIndexStore._counted

        def slowed(index: SearchIndexStore, post: Post, file_digest: FileDigest) -> Counted:
            self.times += 1
            assert self.open.wait(60)
            return counted(index, post, file_digest)

        monkeypatch.setattr(SearchIndexStore, "_counted", slowed)


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    gate = Gate(monkeypatch)
    yield gate
    gate.open.set()


def until(port: int, path: str, wanted: bytes) -> bytes:
    """The body at this path, when it has these bytes."""
    while True:
        status, body, _ = asked(port, path)
        assert status in (200, 503)
        if status == 200 and wanted in body:
            return body
        threading.Event().wait(0.05)


def test_pages_are_answered_while_the_index_of_the_search_is_made(site_with: SiteWith, gate: Gate) -> None:
    small = site_with({"a": post_text("A"), "b": post_text("B", "2026-01-03")})
    with served(small) as port:
        answers: list[tuple[int, bytes, str | None]] = []
        threads = [threading.Thread(target=lambda: answers.append(asked(port, "/search/docs.json"))) for _ in range(8)]
        for thread in threads:
            thread.start()
        assert asked(port, "/")[0] == 200
        for thread in threads:
            thread.join()
        assert [(status, again) for status, _, again in answers] == [(503, "2")] * 8
        assert asked(port, "/search/words-so.json")[0] == 503
        assert small.site.responses.get("/search/docs.json") is None, "not remembered"
        assert gate.times == 1, "by one thread"
        gate.open.set()
        assert json.loads(until(port, "/search/docs.json", b"shards"))["posts"]
        assert asked(port, "/search/words-so.json")[0] == 200
    with small.client.get("/search/docs.json") as response:
        assert response.status_code == 200


def test_readers_have_the_former_index_while_the_next_is_made(site_with: SiteWith, gate: Gate) -> None:
    gate.open.set()
    small = site_with({"a": post_text("Before")})
    with served(small) as port:
        until(port, "/search/docs.json", b"Before")
        gate.open.clear()
        small.write("posts/a.md", post_text("After"))
        small.site.loader.refresh()
        status, body, _ = asked(port, "/search/docs.json")
        assert status == 200
        assert b"Before" in body
        assert b"After" in asked(port, "/")[1]
        gate.open.set()
        until(port, "/search/docs.json", b"After")


def test_an_emptied_cache_is_made_good_in_the_background(site_with: SiteWith, gate: Gate) -> None:
    gate.open.set()
    small = site_with({"a": post_text("A", body="gamma")})
    with served(small) as port:
        until(port, "/search/docs.json", b"ga")
        gate.open.clear()
        for path in (small.root / ".cache").rglob("*"):
            if path.is_file():
                path.unlink()
        assert asked(port, "/search/words-ga.json")[0] == 503
        assert asked(port, "/")[0] == 200
        gate.open.set()
        until(port, "/search/words-ga.json", b"gamma")


def test_who_may_wait_does(site_with: SiteWith) -> None:
    small = site_with({"a": post_text("A", body="gamma")})
    with small.client.get("/search/words-ga.json") as response:
        assert response.status_code == 200


def test_two_processes_make_one_index(site_with: SiteWith, gate: Gate) -> None:
    """Each has a SearchIndexStore of its own, and the same cache."""
    small = site_with({"a": post_text("A"), "b": post_text("B", "2026-01-03")})
    contents, posts = small.library.snapshot, small.library.posts[::-1]

    def make() -> None:
        cache = Cache(small.root / ".cache")
        SearchIndexStore(small.site.loader.documents, WordStore(cache), cache).index(posts, contents.file_digest)

    threads = [threading.Thread(target=make) for _ in range(3)]
    for thread in threads:
        thread.start()
    gate.open.set()
    for thread in threads:
        thread.join()
    assert gate.times == len(posts)


def test_a_cache_that_takes_no_lock_stops_nobody(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with Cache(tmp_path / "file/cache").lock("index"):
        pass


def test_the_newest_of_what_waits_is_made_and_a_failure_is_no_end(site_with: SiteWith) -> None:
    background, made, begun, go_on = Background(site_with().app.logger), [], threading.Event(), threading.Event()

    def first() -> None:
        begun.set()
        go_on.wait(60)
        raise OSError("no room")

    failing = background.begin("first", first)
    assert begun.wait(60)
    assert background.begin("first", first) is failing
    background.begin("second", lambda: made.append(2))
    last = background.begin("third", lambda: made.append(3))
    go_on.set()
    while not last.is_done_soon():
        threading.Event().wait(0.01)
    assert made == [3]
    again = background.begin("fourth", lambda: made.append(4))
    while not again.is_done_soon():
        threading.Event().wait(0.01)
    assert made == [3, 4]


def test_what_begins_while_a_thread_ends_is_made_once(site_with: SiteWith, monkeypatch: pytest.MonkeyPatch) -> None:
    """The lock is given back when nothing waits, and the next job begins before the thread has seen that."""
    background, begun = Background(site_with().app.logger), threading.Event()
    made: list[threading.Thread] = []

    def slow() -> None:
        made.append(threading.current_thread())
        threading.Event().wait(0.2)

    class Lock:
        """As the lock of the background; whoever gives it back there first lets another begin something."""

        def __init__(self) -> None:
            self._lock = threading.Lock()

        def __enter__(self) -> None:
            self._lock.acquire()

        def __exit__(self, *error: object) -> None:
            self._lock.release()
            if threading.current_thread().name == "background" and not others:
                others.append(threading.Thread(target=begin))
                others[-1].start()
                others[-1].join()

    def begin() -> None:
        jobs.append(background.begin("second", slow))
        begun.set()

    jobs: list[Job] = []
    others: list[threading.Thread] = []
    monkeypatch.setattr(background, "_lock", Lock())
    background.begin("first", list)
    assert begun.wait(60)
    while not jobs[0].is_done_soon():
        threading.Event().wait(0.01)
    threading.Event().wait(0.3)
    assert len(made) == 1


def test_as_many_wait_as_there_is_room_for_and_the_oldest_is_made_first(site_with: SiteWith) -> None:
    background, made, go_on = Background(site_with().app.logger, room=3), [], threading.Event()
    background.begin(0, lambda: go_on.wait(60))
    jobs = [background.begin(number, partial(made.append, number)) for number in range(1, 5)]
    assert background.begin(3, list) is jobs[2]
    go_on.set()
    while not jobs[-1].is_done_soon():
        threading.Event().wait(0.01)
    assert made == [2, 3, 4]


def test_a_reader_gets_the_picture_itself_while_a_smaller_one_is_made(
    site_with: SiteWith, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = BytesIO()
    Image.effect_noise((900, 600), 60).save(written, "PNG")
    content, opened, times = written.getvalue(), threading.Event(), []
    made = Pictures._made

    def slowed(*arguments: Any) -> bytes | None:
        times.append(arguments)
        assert opened.wait(60)
        return made(*arguments)

    monkeypatch.setattr(Pictures, "_made", slowed)
    small = site_with(files={"posts/a/index.md": post_text(body="![x](a.png)"), "posts/a/a.png": content})
    with served(small) as port:
        for _ in range(6):  # More than the threads that make pictures, which is one.
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            connection.request("GET", "/posts/a/a.png.480.webp")
            answer = connection.getresponse()
            found = answer.status, answer.headers["Location"], answer.headers["Cache-Control"]
            assert found == (307, "/posts/a/a.png", "no-store")
            connection.close()
        assert asked(port, "/posts/a/a.png")[:2] == (200, content)
        assert asked(port, "/posts/a/")[0] == 200
        opened.set()
        while (found_now := asked(port, "/posts/a/a.png.480.webp"))[0] == 307:
            threading.Event().wait(0.05)
    assert found_now[0] == 200 and found_now[1].startswith(b"RIFF") and len(times) == 1


def test_only_who_is_in_a_hurry_is_refused() -> None:
    refuse_in_a_hurry("index", list)
    with hurry(), pytest.raises(NotReadyError):
        refuse_in_a_hurry("index", list)
    with hurry(), hurry(is_hurried=False):
        refuse_in_a_hurry("index", list)
