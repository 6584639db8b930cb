"""Search engines and hubs are told exactly what changed, once; whoever could not be told is told the next time."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qs

import pytest
from click.testing import Result
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from tests.conftest import SiteWith, SmallSite, post_text
from tests.delivery.stores import Silent
from tests.delivery.test_deploy import frozen, ran
from trigpoint.delivery import announcement, notices

KEY = "0123456789abcdef"


@dataclass
class Receiver:
    """A search engine and a hub in one: what each was told, and the answer that it gives."""

    address: str = ""
    told: list[tuple[str, bytes, str]] = field(default_factory=list)
    answer: Callable[[str], Response] = lambda path: Response(status=202 if path == "/indexnow" else 204)

    def of_search(self) -> list[str]:
        return [each for path, body, _ in self.told if path == "/indexnow" for each in json.loads(body)["urlList"]]

    def of_hub(self) -> list[str]:
        return [parse_qs(body.decode())["hub.url"][0] for path, body, _ in self.told if path == "/hub"]


@contextmanager
def receiver() -> Iterator[Receiver]:
    found = Receiver()

    @Request.application
    def application(request: Request) -> Response:
        found.told.append((request.path, request.get_data(), request.headers["Content-Type"]))
        return found.answer(request.path)

    server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=Silent)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    found.address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield found
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with receiver() as found:
        yield found


def site_of(site_with: SiteWith, told: Receiver, name: str = "site") -> SmallSite:
    whole = f'indexnow_key = "{KEY}"\nindexnow_url = "{told.address}/indexnow"\nwebsub_hub = "{told.address}/hub"\n'
    posts = {"a": post_text("One", tags="[Go]"), "b": post_text("Two", "2026-01-03", tags="[C]")}
    small = site_with(posts, settings=whole, name=name)
    frozen(small)
    return small


def announced(small: SmallSite, *words: str) -> Result:
    return ran(small, "announce", *words)


def addresses(*paths: str) -> list[str]:
    return [f"https://blog.example{path}" for path in paths]


ALL = addresses("/", "/posts/a/", "/posts/b/", "/tags/c/", "/tags/go/")
FEEDS = addresses("/feed.json", "/feed.xml")
FEEDS_OF_TAGS = addresses("/tags/c/feed.json", "/tags/c/feed.xml", "/tags/go/feed.json", "/tags/go/feed.xml")


def test_a_new_site_is_told_whole_and_then_nothing(site_with: SiteWith, told: Receiver) -> None:
    small = site_of(site_with, told)
    ended = announced(small)
    assert ended.exit_code == 0, ended.output
    assert sorted(told.of_search()) == ALL
    assert sorted(told.of_hub()) == FEEDS + FEEDS_OF_TAGS
    _, body, media_type = next(each for each in told.told if each[0] == "/indexnow")
    said = json.loads(body)
    assert (said["host"], said["key"]) == ("blog.example", KEY)
    assert said["keyLocation"] == f"https://blog.example/{KEY}.txt"
    assert media_type == "application/json; charset=utf-8"
    form = next(parse_qs(body.decode()) for path, body, _ in told.told if path == "/hub")
    assert form["hub.mode"] == ["publish"]
    told.told.clear()
    again = announced(small)
    assert again.exit_code == 0 and "indexnow: no addresses are new, changed or gone since release" in again.stdout
    assert told.told == []


def test_what_is_told_is_what_changed(site_with: SiteWith, told: Receiver) -> None:
    small = site_of(site_with, told)
    announced(small)
    told.told.clear()
    small.write("posts/a.md", post_text("One", tags="[Go]", body="Other words."))
    small.write("posts/b.md", "").unlink()
    frozen(small, "--drop", "*")
    announced(small)
    assert sorted(told.of_search()) == addresses("/", "/posts/a/", "/posts/b/", "/tags/c/", "/tags/go/")
    assert sorted(told.of_hub()) == FEEDS + FEEDS_OF_TAGS[2:]
    told.told.clear()
    small.write("about.md", "---\ntitle: About\n---\n\nWords.\n")
    frozen(small)
    announced(small)
    assert told.of_search() == addresses("/about/") and told.of_hub() == []


def test_a_new_stylesheet_is_no_news(site_with: SiteWith, told: Receiver) -> None:
    small = site_of(site_with, told)
    announced(small)
    told.told.clear()
    before = (small.root / "build/index.html").read_text()
    (small.root / "static/css/base.css").write_text("p { color: inherit; }\n")
    frozen(small)
    assert (small.root / "build/index.html").read_text() != before
    announced(small)
    assert told.told == []


def test_of_several_releases_all_changes_are_told_and_a_rollback_too(site_with: SiteWith, told: Receiver) -> None:
    small = site_of(site_with, told)
    announced(small)
    told.told.clear()
    for number in range(5):  # More than are kept.
        small.write(f"n{number}.md", f"---\ntitle: N {number}\n---\n\nWords.\n")
        frozen(small)
    announced(small)
    assert told.of_search() == addresses(*(f"/n{number}/" for number in range(5)))
    told.told.clear()
    assert ran(small, "rollback").exit_code == 0
    announced(small)
    assert told.of_search() == addresses("/n4/")


def test_where_nobody_was_told_before_the_last_release_is_known(site_with: SiteWith, told: Receiver) -> None:
    small = site_of(site_with, told)
    small.write("posts/c.md", post_text("Three", "2026-01-04"))
    small.write("posts/d.md", post_text("Four", "2026-01-05"))
    frozen(small)
    told.answer = lambda path: Response(status=500)
    assert announced(small).exit_code == 1
    small.write("about.md", "---\ntitle: About\n---\n\nWords.\n")
    frozen(small)
    told.answer, told.told = Receiver.answer, []
    announced(small)
    found = told.of_search()
    assert set(found) >= set(addresses("/about/", "/posts/c/", "/posts/d/")) and addresses("/posts/a/")[0] not in found


def test_a_rehearsal_tells_nobody_and_notes_nothing(site_with: SiteWith, told: Receiver) -> None:
    small = site_of(site_with, told)
    said = announced(small, "--dry-run")
    assert said.exit_code == 0
    assert [line.split()[1] for line in said.stdout.splitlines() if line.startswith("indexnow h")] == ALL
    assert "and nobody was told." in said.stdout
    assert told.told == [] and not (small.root / ".releases" / announcement.LIST).exists()


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (429, "answers 429 TOO MANY REQUESTS: it is told too often: wait a while (30 seconds, it says)."),
        (500, "answers 500 INTERNAL SERVER ERROR."),
        (301, "answers 301 MOVED PERMANENTLY: it is at https://hub.example/ now. Write that into site.toml."),
    ],
)
def test_whoever_could_not_be_told_is_told_the_next_time(
    site_with: SiteWith, told: Receiver, status: int, sentence: str
) -> None:
    small = site_of(site_with, told)
    headers = {"Retry-After": "30", "Location": "https://hub.example/"}
    told.answer = lambda path: Response(status=status if path == "/hub" else 200, headers=headers)
    ended = announced(small)
    assert ended.exit_code == 1
    assert (
        f"Error: websub: {told.address}/hub {sentence} The next `flask announce` tells what is missing." in ended.stderr
    )
    assert len(ended.stderr.splitlines()) == 1 and sorted(told.of_search()) == ALL
    assert len(told.of_hub()) == 1, "it is not asked on"
    told.answer, told.told = Receiver.answer, []
    assert announced(small).exit_code == 0
    assert told.of_search() == [] and sorted(told.of_hub()) == FEEDS + FEEDS_OF_TAGS


def test_a_feed_that_was_told_is_not_told_again(site_with: SiteWith, told: Receiver) -> None:
    small = site_of(site_with, told)
    told.answer = lambda path: Response(status=204 if len(told.of_hub()) < 3 else 500)
    assert announced(small).exit_code == 1
    first, told.answer, told.told = told.of_hub()[:2], Receiver.answer, []
    announced(small)
    assert sorted(first + told.of_hub()) == FEEDS + FEEDS_OF_TAGS


@pytest.mark.parametrize(("status", "sentence"), [(403, "publish the release first"), (422, "look at base_url")])
def test_what_indexnow_means_is_said(site_with: SiteWith, told: Receiver, status: int, sentence: str) -> None:
    small = site_of(site_with, told)
    told.answer = lambda path: Response(status=status if path == "/indexnow" else 204)
    ended = announced(small)
    assert ended.exit_code == 1 and sentence in ended.stderr and f"https://blog.example/{KEY}.txt" in ended.stderr
    assert sorted(told.of_hub()) == FEEDS + FEEDS_OF_TAGS, "the hub is told all the same"


def test_one_that_is_down_or_hangs(site_with: SiteWith, told: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notices, "PATIENCE", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        hanging = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        monkeypatch.setenv("BLOG_WEBSUB_HUB", hanging)
        monkeypatch.setenv("BLOG_INDEXNOW_URL", "http://127.0.0.1:9/")
        small = site_of(site_with, told)
        ended = announced(small)
    assert ended.exit_code == 1
    down, hangs = ended.stderr.splitlines()
    assert down.startswith("Error: indexnow: http://127.0.0.1:9/ can't be reached (")
    assert hangs.startswith(f"Error: websub: {hanging} does not answer within")


def test_many_addresses_go_in_portions(site_with: SiteWith, told: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(announcement, "MOST", 2)
    small = site_of(site_with, told)
    announced(small)
    portions = [json.loads(body)["urlList"] for path, body, _ in told.told if path == "/indexnow"]
    assert [len(each) for each in portions] == [2, 2, 1] and sorted(told.of_search()) == ALL


def test_nobody_is_told_unasked(site_with: SiteWith, told: Receiver) -> None:
    small = site_with({"a": post_text()})
    ended = announced(small)
    assert ended.exit_code == 1 and "neither indexnow_key nor websub_hub" in ended.stderr
    told_of = site_of(site_with, told, name="other")
    assert ran(told_of, "freeze").exit_code == 0 and told.told == []


def test_below_a_path_addresses_are_whole(site_with: SiteWith, told: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BLOG_BASE_URL", "https://blog.example/notes")
    small = site_of(site_with, told)
    announced(small)
    assert sorted(told.of_search()) == [each.replace(".example", ".example/notes") for each in ALL]
    assert json.loads(told.told[0][1])["keyLocation"] == f"https://blog.example/notes/{KEY}.txt"
    assert (small.root / f"build/{KEY}.txt").read_text() == KEY


def test_the_key_is_a_file_of_the_site_and_other_texts_stay_the_authors(site_with: SiteWith, told: Receiver) -> None:
    small = site_of(site_with, told)
    small.write("notes.txt", "An author's.")
    assert small.text(f"/{KEY}.txt") == KEY
    assert small.text("/notes.txt") == "An author's." and small.faults() == []
    assert small.status("/nothing.txt") == 404
    frozen(small)
    assert (small.root / f"build/{KEY}.txt").read_text() == KEY
    assert (small.root / "build/notes.txt").read_text() == "An author's."
    assert ran(small, "check").exit_code == 0
    assert "Verified" in ran(small, "freeze", "--verify").stdout


def test_without_a_key_there_is_no_file_of_it(site_with: SiteWith) -> None:
    small = site_with({"a": post_text()}, {"notes.txt": "An author's."})
    assert small.text("/notes.txt") == "An author's." and small.status("/.txt") == 404
    frozen(small)
    assert not list((small.root / "build").glob("[0-9a-f]*.txt"))
    assert "hub" not in small.text("/feed.xml") and "hubs" not in json.loads(small.text("/feed.json"))


def test_feeds_name_their_hub(site_with: SiteWith, told: Receiver) -> None:
    small = site_of(site_with, told)
    for address in ("/feed.xml", "/tags/go/feed.xml"):
        assert f'<link rel="hub" href="{told.address}/hub"/>' in small.text(address)
    assert json.loads(small.text("/feed.json"))["hubs"] == [{"type": "WebSub", "url": f"{told.address}/hub"}]


def test_what_was_told_that_cannot_be_read_is_as_if_nobody_was_told(site_with: SiteWith, told: Receiver) -> None:
    small = site_of(site_with, told)
    (small.root / ".releases" / announcement.LIST).write_text('{"form": 1, "told": []}')
    assert announced(small).exit_code == 0 and sorted(told.of_search()) == ALL
