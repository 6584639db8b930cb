"""Readers, hostile requests, edits and kills against the production start, for minutes: does anything break, slow down or grow?

    make soak                                 # 5 minutes, 10 edits a second
    .venv/bin/python bench/soak.py --minutes 15 --edits 17

The server is gunicorn with the settings that `make serve` has, two workers, on loopback; the site is made in a temporary
folder. Posts are written as careless editors write them: truncated, and the second half after a pause. Every few seconds a
worker or a process that renders is killed. The oldest worker is left alive: its memory and its descriptors are told.

Exit: 0 all went well, 1 it did not (an answer of 5xx, a torn or an empty page, an answer later than LATE, growth).
"""

from __future__ import annotations

import argparse
import http.client
import os
import random
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from loopback import free_port

ROOT = Path(__file__).resolve().parent.parent
LATE = 1.0
"""Seconds that an answer may take."""
HALF_WAY = 0.02
"""Seconds between the two halves of a post."""
SETTLED = 0.08
"""Seconds: a post whose halves a busy machine held apart for longer may be seen half-way."""
GROWTH = 1.15
"""How much more the oldest worker may hold at the end than after a third of the time."""
SITE = 'title = "Soak"\ndescription = "D"\nauthor = "A"\nbase_url = "https://blog.example"\ntags = "open"\n'
HOSTILE = (
    "/posts/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/page/99999999/", "//evil.example/", "/%5cevil", "/?q=x",
    "/a%0d%0ab", "/posts/none/", "/static/css/site.0000000000.css", "/" + "a/" * 400, "/tags/%F0%9F/", "/%00", "/%ff",
    "/posts/p1/index.html", "/search/?q=" + "w" * 4000, "/-/nothing", "/static/../app.py", "/feed.xml/", "/.git/HEAD",
)  # fmt: skip
HEADERS = (
    {}, {"Host": "evil.example"}, {"X-Forwarded-Host": "evil.example"}, {"X-Script-Name": "/evil"}, {"Script-Name": "/e"},
    {"Range": "bytes=0-,0-,0-,0-"}, {"If-None-Match": '"x"' * 500}, {"If-Modified-Since": "never"}, {"Cookie": "a" * 6000},
    {"Accept-Encoding": "br;q=nan, *;q=9"}, {"X-Forwarded-Prefix": "//evil"}, {"Transfer-Encoding": "chunked"},
)  # fmt: skip
METHODS = ("GET", "GET", "GET", "HEAD", "POST", "PUT", "OPTIONS", "BREW")


@dataclass
class Seen:
    """What came back, and what became of the oldest worker; `torn` are pairs of a post and an edition."""

    statuses: Counter[int] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    torn: list[tuple[int, str]] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)
    descriptors: list[int] = field(default_factory=list)
    edits: int = 0
    kills: Counter[str] = field(default_factory=Counter)

    def faults(self) -> list[str]:
        """What must not be, one sentence each."""
        late = sum(each > LATE for each in self.times)
        grown = self.memory and self.memory[-1] > GROWTH * self.memory[len(self.memory) // 3]
        return [
            *self.wrong,
            *(f"post {number} was torn: {what}" for number, what in self.torn),
            *([f"{late} answers took more than {LATE} s"] if late else []),
            *(["the oldest worker has grown"] if grown else []),
        ]

    def lines(self) -> Iterator[str]:
        times = sorted(self.times)
        yield f"{len(times):,} answers: " + ", ".join(f"{n:,} x {s}" for s, n in sorted(self.statuses.items()) if s)
        yield f"connections lost with a killed worker: {self.statuses[0]}; edits: {self.edits:,}; kills: {dict(self.kills)}"
        yield f"torn or empty pages: {len(self.torn)}; slowest answer {times[-1]:.3f} s, p99 {times[len(times) * 99 // 100]:.3f} s"
        for what, values in (("MB of the oldest worker", self.memory), ("its descriptors", self.descriptors)):
            third = max(1, len(values) // 3)
            thirds = [statistics.median(values[third * i : third * (i + 1)]) for i in range(3)]
            yield f"{what}, medians of each third: " + ", ".join(f"{each:.0f}" for each in thirds)


def post_text(number: int, edition: int) -> str:
    words = "Some words that fill the page. " * 40
    code = "```python\n" + "print('a line')\n" * 8 + "```"
    return f'---\ntitle: "Post {number}"\ndate: 2026-01-{number % 28 + 1:02}\ntags: [t{number % 7}]\n---\n\nFirst {edition}.\n\n{words}\n\n{code}\n\nLast {edition}.\n'


def site_in(folder: Path, posts: int) -> Path:
    """A site of as many posts, with the files of a new one."""
    for name in ("app.py", "gunicorn.conf.py"):
        shutil.copy(ROOT / "starter" / name, folder)
    (folder / "site.toml").write_text(SITE)
    (folder / "pages/posts").mkdir(parents=True)
    for number in range(posts):
        (folder / f"pages/posts/p{number}.md").write_text(post_text(number, 0))
    return folder


@contextmanager
def served(site: Path) -> Iterator[tuple[int, int]]:
    """The site behind gunicorn, once it is ready: its port, and the id of gunicorn's first process."""
    port = free_port()
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "WEB_CONCURRENCY": "2"}
    with (site / "log").open("wb") as log:
        command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}"]
        server = subprocess.Popen(command, cwd=site, env=environment, stdout=log, stderr=log, start_new_session=True)
    try:
        deadline = time.monotonic() + 60
        while asked(port, "/-/ready")[0] != 200:
            assert time.monotonic() < deadline, (site / "log").read_text()
            time.sleep(0.1)
        yield port, server.pid
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(30)


def asked(port: int, path: str, method: str = "GET", headers: dict[str, str] | None = None) -> tuple[int, str]:
    """Status and body; 0 where the connection is lost, as with a worker that is killed."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request(method, path, headers=headers or {})
        answer = connection.getresponse()
        return answer.status, answer.read().decode(errors="replace")
    except (OSError, http.client.HTTPException):
        return 0, ""
    finally:
        connection.close()


def children(process: int) -> list[int]:
    """The processes that any thread of it has started, oldest first."""
    found: list[int] = []
    with suppress(FileNotFoundError):
        for task in Path(f"/proc/{process}/task").iterdir():
            with suppress(FileNotFoundError):
                found += [int(each) for each in (task / "children").read_text().split()]
    return sorted(found)


def resident(process: int) -> float:
    """Its memory in MB that is not shared, in part."""
    with suppress(OSError):
        for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    return 0.0


class Soak:
    """One run: threads that read, attack, edit, kill and watch until the time is over."""

    def __init__(self, site: Path, posts: int, edits: float, kill_every: float) -> None:
        self.seen = Seen()
        self._site, self._posts, self._edits, self._kill_every = site, posts, edits, kill_every
        self._ended = threading.Event()
        self._slow: set[str] = set()
        self._editions = dict.fromkeys(range(posts), 0)

    def run(self, seconds: float) -> Seen:
        with served(self._site) as (self._port, self._server):
            self._oldest = children(self._server)[0]
            acts = [self._read, self._read, self._attack, self._garbage, self._edit, self._kill, self._watch]
            threads = [threading.Thread(target=self._until_the_end, args=(act,)) for act in acts]
            for thread in threads:
                thread.start()
            self._ended.wait(seconds)
            self._ended.set()
            for thread in threads:
                thread.join()
            self._expect_the_last_editions()
        self.seen.torn = [each for each in self.seen.torn if each[1] not in self._slow]
        return self.seen

    def _until_the_end(self, act: Callable[[], None]) -> None:
        while not self._ended.is_set():
            act()

    def _ask(self, path: str, method: str = "GET", headers: dict[str, str] | None = None) -> tuple[int, str]:
        begun = time.monotonic()
        status, text = asked(self._port, path, method, headers)
        self.seen.statuses[status] += 1
        if status:
            self.seen.times.append(time.monotonic() - begun)
        if status >= 500:
            self.seen.wrong.append(f"{method} {path[:60]} {headers}: {status}")
        return status, text

    def _read(self) -> None:
        number = random.randrange(self._posts)
        status, page = self._ask(f"/posts/p{number}/")
        first, last = (page.partition(f"<p>{word} ")[2].partition(".")[0] for word in ("First", "Last"))
        if status and (status != 200 or not first or first != last):
            self.seen.torn.append((number, first or f"{status}, {page[:4000]}"))
        self._ask(random.choice(("/", "/archive/", f"/tags/t{number % 7}/", "/feed.xml", "/search/")))

    def _attack(self) -> None:
        self._ask(random.choice(HOSTILE), random.choice(METHODS), random.choice(HEADERS))

    def _garbage(self) -> None:
        """Bytes that are no request, and a request that never ends."""
        with suppress(OSError), socket.create_connection(("127.0.0.1", self._port), timeout=1) as connection:
            connection.sendall(random.choice((os.urandom(200), b"GET / HTTP/1.1\r\nHost: a\r\nX: ")))
            self._ended.wait(0.2)

    def _edit(self) -> None:
        self.seen.edits += 1
        number, edition = self.seen.edits % self._posts, self.seen.edits
        text = post_text(number, edition)
        begun = time.monotonic()
        with (self._site / f"pages/posts/p{number}.md").open("w") as file:
            file.write(text[: len(text) // 2])
            file.flush()
            time.sleep(HALF_WAY)
            file.write(text[len(text) // 2 :])
        if time.monotonic() - begun > SETTLED:
            self._slow.add(str(edition))
        self._editions[number] = edition
        self._ended.wait(max(0.0, 1 / self._edits - HALF_WAY))

    def _kill(self) -> None:
        self._ended.wait(self._kill_every)
        workers = children(self._server)
        renderers = [each for worker in workers for each in children(worker)]
        what, found = random.choice((("worker", workers[1:]), ("renderer", renderers), ("renderer", renderers)))
        for victim in found[:1]:
            with suppress(ProcessLookupError):
                os.kill(victim, signal.SIGKILL)
                self.seen.kills[what] += 1

    def _watch(self) -> None:
        if memory := resident(self._oldest):
            self.seen.memory.append(memory)
            self.seen.descriptors.append(len(list(Path(f"/proc/{self._oldest}/fd").iterdir())))
        else:
            self.seen.wrong.append("the oldest worker has ended")
            self._ended.set()
        self._ended.wait(1)

    def _expect_the_last_editions(self) -> None:
        for number, edition in self._editions.items():
            deadline = time.monotonic() + 30
            while f"<p>Last {edition}." not in asked(self._port, f"/posts/p{number}/")[1]:
                if time.monotonic() > deadline:
                    self.seen.wrong.append(f"edition {edition} of post {number} does not come")
                    break
                time.sleep(0.1)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--posts", type=int, default=100)
    parser.add_argument("--edits", type=float, default=10, help="a second")
    parser.add_argument("--kill-every", type=float, default=5, help="seconds")
    asked_for = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        site = site_in(Path(folder), asked_for.posts)
        seen = Soak(site, asked_for.posts, asked_for.edits, asked_for.kill_every).run(asked_for.minutes * 60)
        print(*seen.lines(), sep="\n")
        log = (site / "log").read_text()
        print(f"lines in the server's log: {log.count(chr(10))}")
    print(*seen.faults()[:20], sep="\n")
    return 1 if seen.faults() else 0


if __name__ == "__main__":
    sys.exit(main())
