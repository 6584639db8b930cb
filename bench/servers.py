"""What is left of a server's own rate: the blog beside a bare callable that sends the same bytes and headers.

python bench/servers.py [--posts 1000] [--seconds 4] [--rounds 3]

Both run under gunicorn with the settings of `make serve`, and under granian where that is installed. They take turns;
the median of the rounds counts. Needs wrk (apt install wrk). Only 127.0.0.1 is asked.
"""

from __future__ import annotations

import argparse
import os
import pickle
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import corpus
from loopback import free_port, wait_for
from serving import SITE, asked
from werkzeug.test import create_environ

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from trigpoint.application import create_app

ROOT = Path(__file__).resolve().parent.parent
SERVERS = {
    "gunicorn": ("-m", "gunicorn", "--log-level", "warning", "--bind", "127.0.0.1:{port}"),
    "granian": ("-m", "granian", "--interface", "wsgi", "--workers", "2", "--log-level", "warning",
                "--host", "127.0.0.1", "--port", "{port}", "app:app"),
}  # fmt: skip
BARE = """import pickle
from pathlib import Path

ANSWERS = pickle.loads(Path(__file__).with_name("answers").read_bytes())


def app(environ, start_response):
    status, headers, body = ANSWERS[environ["PATH_INFO"], "HTTP_IF_NONE_MATCH" in environ]
    start_response(status, list(headers))
    return [body]
"""
SITES_OWN = "from pathlib import Path\nfrom trigpoint.application import create_app\n\napp = create_app(Path(__file__).parent)\n"


def write_blog(folder: Path, posts: int) -> None:
    """A site of made-up posts that a server can be started in."""
    corpus.write(posts, folder)
    (folder / "site.toml").write_text(SITE)
    (folder / "app.py").write_text(SITES_OWN)
    shutil.copy(ROOT / "gunicorn.conf.py", folder)


def write_sites(folder: Path, posts: int) -> dict[str, str]:
    """The blog and the bare callable with its answers, in folders of these names; gives the ETag of each address."""
    blog, bare = folder / "blog", folder / "bare"
    write_blog(blog, posts)
    bare.mkdir()
    (bare / "app.py").write_text(BARE)
    shutil.copy(ROOT / "gunicorn.conf.py", bare)
    app = create_app(blog)
    loader = app.extensions["trigpoint"].loader
    loader.stop_watching()
    answers, tags = {}, {}
    for address in ("/", loader.library.posts[0].address, "/tags/"):
        answers[address, False] = asked(app.wsgi_app, create_environ(address))
        tags[address] = dict(answers[address, False][1])["ETag"]
        answers[address, True] = asked(app.wsgi_app, create_environ(address, headers={"If-None-Match": tags[address]}))
    loader.stop()
    (bare / "answers").write_bytes(pickle.dumps(answers))
    return tags


@contextmanager
def served(folder: Path, server: str) -> Iterator[tuple[str, int]]:
    """A server for this folder, once it answers; gives where, and the id of its first process."""
    port = free_port()
    words = [word.format(port=port) for word in SERVERS[server]]
    paths = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    surroundings = os.environ | {"PYTHONPATH": paths, "WEB_CONCURRENCY": "2"}
    process = subprocess.Popen([sys.executable, *words], cwd=folder, env=surroundings, start_new_session=True)
    try:
        wait_for(f"http://127.0.0.1:{port}/")
        yield f"http://127.0.0.1:{port}", process.pid
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()


def rate(address: str, etag: str, seconds: int) -> float:
    """Requests a second."""
    fields = ["-H", f"If-None-Match: {etag}"] if etag else []
    ended = subprocess.run(
        ["wrk", "-t1", "-c8", f"-d{seconds}s", *fields, address], check=True, capture_output=True, text=True
    )
    assert "Non-2xx" not in ended.stdout, ended.stdout
    return float(re.findall(r"Requests/sec:\s*([\d.]+)", ended.stdout)[0])


def compare(name: str, addresses: list[str], etag: str, words: argparse.Namespace) -> None:
    """Print the medians of the rounds, in which the blog and the bare callable take turns."""
    found = [[rate(address, etag, words.seconds) for address in addresses] for _ in range(words.rounds)]
    blog, bare = (statistics.median(column) for column in zip(*found, strict=True))
    ratio = statistics.median(ours / least for ours, least in found)
    print(f"{name[:36]:36}{blog:10,.0f}{bare:10,.0f}{ratio:11.2f}", flush=True)


def main() -> None:
    options = argparse.ArgumentParser(description="The blog beside a bare callable, under real servers.")
    options.add_argument("--posts", type=int, default=1000)
    options.add_argument("--seconds", type=int, default=4)
    options.add_argument("--rounds", type=int, default=3)
    words = options.parse_args()
    if not shutil.which("wrk"):
        sys.exit("wrk is needed: apt install wrk")
    with tempfile.TemporaryDirectory() as folder:
        tags = write_sites(Path(folder), words.posts)
        print(f"{'':36}{'blog':>10}{'bare':>10}{'blog/bare':>11}")
        for server in filter(find_spec, SERVERS):
            with served(Path(folder) / "blog", server) as (blog, _), served(Path(folder) / "bare", server) as (bare, _):
                for address, etag in tags.items():
                    compare(f"{server} {address}", [blog + address, bare + address], "", words)
                    compare(f"{server} {address} (304)", [blog + address, bare + address], etag, words)


if __name__ == "__main__":
    main()
