"""The site behind the real gunicorn, as `make serve` starts it: health, reload, graceful ends, access log."""

from __future__ import annotations

import http.client
import json
import os
import platform
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import ROOT, SITE, SiteWith, SmallSite, post_text

SLOW = """
import time
application = app.wsgi_app

def slow(environ, start_response):
    if environ["PATH_INFO"] == "/slow":
        time.sleep(3)
        environ["PATH_INFO"] = "/"
    return application(environ, start_response)

app.wsgi_app = slow
"""


@dataclass
class Server:
    process: subprocess.Popen[bytes]
    port: int
    root: Path

    def ask(self, path: str, method: str = "GET") -> tuple[int, str, http.client.HTTPMessage]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path)
            response = connection.getresponse()
            return response.status, response.read().decode(), response.headers
        finally:
            connection.close()

    def status(self, path: str) -> int:
        with suppress(OSError):
            return self.ask(path)[0]
        return 0

    def log(self, name: str = "stderr") -> str:
        return (self.root / name).read_text()

    def workers(self) -> set[str]:
        process = self.process.pid
        return set(Path(f"/proc/{process}/task/{process}/children").read_text().split())


def until(condition: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.05)


@contextmanager
def served(small: SmallSite, code: str = "", **environment: str) -> Iterator[Server]:
    """The site behind gunicorn, with the files of a new site, once it is ready."""
    for name in ("app.py", "gunicorn.conf.py"):
        (small.root / name).write_text((ROOT / "starter" / name).read_text() + (code if name == "app.py" else ""))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}"]
    variables = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "WEB_CONCURRENCY": "2"} | environment
    with (small.root / "stdout").open("wb") as out, (small.root / "stderr").open("wb") as err:
        process = subprocess.Popen(
            command, cwd=small.root, env=variables, stdout=out, stderr=err, start_new_session=True
        )
    server = Server(process, port, small.root)
    try:
        until(lambda: server.status("/-/ready") == 200, "it does not come up")
        yield server
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        process.wait(60)


@pytest.fixture
def small(site_with: SiteWith) -> SmallSite:
    return site_with({"a": post_text("A")})


def bound(**environment: str) -> str:
    """What gunicorn binds to in a new site's folder, without a word on its command line."""
    command = [sys.executable, "-m", "gunicorn", "--print-config", "-c", str(ROOT / "starter/gunicorn.conf.py")]
    variables = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)} | environment
    ended = subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True, timeout=60)
    found = re.search(r"^bind += \['(.+)'\]$", ended.stdout, re.MULTILINE)
    return found[1] if found else ended.stderr


def test_a_port_in_the_environment_lets_no_other_machine_in() -> None:
    assert bound() == "127.0.0.1:8000"
    assert bound(PORT="9001") == "127.0.0.1:9001"
    assert "PORT is 'http', but a number from 1 to 65535 is expected." in bound(PORT="http")


def test_health_and_readiness_are_asked_of_the_server_and_of_no_page(small: SmallSite) -> None:
    with served(small) as server:
        for address in ("/-/health", "/-/ready"):
            status, text, headers = server.ask(address)
            assert (status, text, headers["Cache-Control"], headers["ETag"]) == (200, "ok\n", "no-store", None)
            assert headers["Content-Security-Policy"] == server.ask("/")[2]["Content-Security-Policy"]
            assert server.ask(address, "HEAD")[:2] == (200, "")
            assert server.ask(address, "POST")[0] == 405
            assert server.ask(f"{address}/")[0] == 404
        assert server.log("stdout") == "", "no request is logged"


def test_nothing_is_ready_before_the_pages_are_read(small: SmallSite) -> None:
    client = small.client
    assert not small.site.loader.is_loaded
    assert client.get("/-/health").status_code == 200
    asked = client.get("/-/ready")
    assert (asked.status_code, asked.headers["Retry-After"]) == (503, "1")
    until(lambda: client.get("/-/ready").status_code == 200, "asking for it has the pages read")
    assert len(small.site.responses) == 0


def test_a_site_below_a_path_has_both_at_the_root_and_below_it(
    site_with: SiteWith, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BLOG_BASE_URL", "https://blog.example/notes")
    small = site_with({"a": post_text("A")})
    for address, expected in {"/-/health": 200, "/notes/-/health": 200, "/other/-/health": 404}.items():
        with small.app.test_client() as client:
            environ = {"PATH_INFO": address, "SCRIPT_NAME": ""}
            assert client.get("/", environ_overrides=environ).status_code == expected, address


def test_a_worker_that_dies_while_site_toml_has_faults_is_replaced(small: SmallSite) -> None:
    with served(small, TMPDIR=str(small.root)) as server:
        settings = small.root / "site.toml"
        settings.write_text(SITE.replace("A test blog", 'unclosed""'))
        for ending in (signal.SIGTERM, signal.SIGKILL):
            before = server.workers()
            for worker in before:
                os.kill(int(worker), ending)
            until(lambda: len(server.workers() - before) == 2 and server.status("/") == 200, "they are replaced")  # noqa: B023
        assert "A test blog" in server.ask("/")[1]
        assert "site.toml:" in server.log() and "Traceback" not in server.log()
        settings.write_text(SITE.replace("A test blog", "Mended"))
        until(lambda: "Mended" in server.ask("/")[1], "the mended settings are served")
        assert len(list(small.root.glob("trigpoint-*/*"))) == 1
    assert not list(small.root.glob("trigpoint-*"))


def test_workers_take_up_a_change_of_settings_by_themselves(small: SmallSite) -> None:
    with served(small) as server:
        settings, before = small.root / "site.toml", server.workers()
        settings.write_text(SITE.replace("A test blog", 'unclosed""'))
        until(lambda: "The server goes on with the settings that it has." in server.log(), "the fault is told of")
        assert re.search(r"site\.toml:2:\d+: This is not TOML", server.log())
        assert server.workers() == before
        settings.write_text(SITE.replace("A test blog", "Another name"))
        until(lambda: not server.workers() & before, "each worker has been replaced")
        assert "site.toml has changed: worker" in server.log()
        until(lambda: "Another name" in server.ask("/")[1], "the new settings are served")


def test_hup_reloads_the_application_and_loses_no_answer(small: SmallSite) -> None:
    with served(small, SLOW) as server:
        before, slow = server.workers(), []
        thread = threading.Thread(target=lambda: slow.append(server.ask("/slow")[0]))
        thread.start()
        time.sleep(0.5)
        server.process.send_signal(signal.SIGHUP)
        statuses = set()
        while server.workers() & before:
            statuses.add(server.ask("/posts/a/")[0])
        thread.join()
        assert (slow, statuses) == ([200], {200})


def test_term_lets_an_answer_end_that_is_on_its_way(small: SmallSite) -> None:
    with served(small, SLOW) as server:
        slow: list[int] = []
        thread = threading.Thread(target=lambda: slow.append(server.ask("/slow")[0]))
        thread.start()
        time.sleep(0.5)
        server.process.terminate()
        thread.join()
        assert (slow, server.process.wait(60)) == ([200], 0)


def test_the_access_log_is_json_and_says_nothing_of_the_reader(small: SmallSite) -> None:
    with served(small, ACCESS_LOG="json") as server:
        server.ask("/gr%C3%B6%C3%9Fe/%22?q=secret")
        until(lambda: "größe" in server.log("stdout").encode().decode("unicode_escape"), "it is logged")
        lines = [json.loads(line) for line in server.log("stdout").splitlines()]
    line = next(line for line in lines if line["status"] == 404)
    assert (line["method"], line["path"]) == ("GET", '/größe/"')
    assert line["bytes"] > 1000 and line["milliseconds"] > 0 and line["time"].endswith("+00:00")
    assert not [word for word in ("secret", "127.0.0.1", "Mozilla") if word in json.dumps(lines)]


@pytest.mark.parametrize(("name", "value"), [("ACCESS_LOG", "yes"), ("WEB_CONCURRENCY", "0")])
def test_a_wrong_variable_is_one_sentence(name: str, value: str) -> None:
    command = [sys.executable, "-m", "gunicorn", "--check-config"]
    variables = {"PATH": os.environ["PATH"], name: value}
    ended = subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True, timeout=60)
    assert ended.returncode != 0
    assert ended.stderr.startswith(f"{name} is '{value}', but ") and ended.stderr.count("\n") == 1, ended.stderr


def test_make_serve_starts_gunicorn_here_and_in_a_new_site() -> None:
    for folder in (ROOT, ROOT / "starter"):
        shown = subprocess.run(["make", "-n", "serve"], cwd=folder, capture_output=True, text=True, check=True)
        assert "exec .venv/bin/gunicorn" in shown.stdout
    assert (ROOT / "gunicorn.conf.py").read_text() == (ROOT / "starter/gunicorn.conf.py").read_text()


HEAPS = """
import ctypes, sys, threading
from trigpoint.serving import bound_fragmentation
if sys.argv[1] == "bound":
    bound_fragmentation()
library = ctypes.CDLL(None)
library.malloc.restype, library.free.argtypes = ctypes.c_void_p, [ctypes.c_void_p]
library.free(library.malloc(1 << 20))
held = [library.malloc(1 << 20)]
barrier = threading.Barrier(4)
def allocate():
    held.append(library.malloc(1000))
    barrier.wait()
threads = [threading.Thread(target=allocate) for _ in range(4)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
output = ctypes.c_void_p.in_dll(library, "stdout")
library.malloc_info(0, output)
library.fflush(output)
IS_MMAPPED = 2  # In the size before the block (malloc.c of glibc).
size = ctypes.c_size_t.from_address(held[0] - ctypes.sizeof(ctypes.c_size_t)).value
print("apart" if size & IS_MMAPPED else "inside")
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="musl and macOS have no such heaps")
def test_threads_share_one_heap_and_large_blocks_are_given_back() -> None:
    def heaps(how: str) -> tuple[int, bool]:
        """How many there are; and whether a large block lies outside of them after another one was freed."""
        told = subprocess.run([sys.executable, "-c", HEAPS, how], capture_output=True, text=True, check=True).stdout
        return told.count("<heap nr="), told.endswith("apart\n")

    assert heaps("bound") == (1, True)
    count, is_apart = heaps("as it comes")
    assert count > 1
    assert not is_apart
