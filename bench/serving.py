"""What an answer costs that is remembered: requests a second of a WSGI callable, in this process, without a server.

python bench/serving.py [--posts 200] [--seconds 0.5]

Three callables answer the same question with the same bytes and headers: a bare one that holds them; the application
when every answer goes through a request of Flask's; and the application as it is. They take turns; the best round of
each counts.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import corpus
from flask import Flask
from werkzeug.test import create_environ

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from trigpoint.application import create_app
from trigpoint.web.middleware import AddressOnly

ROUNDS = 5
SITE = 'title = "A"\ndescription = "B"\nbase_url = "https://blog.example"\ntags = "open"\n'
BROWSER = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Encoding": "gzip, deflate, br, zstd",
    "Accept-Language": "en-US,en;q=0.5",
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
}

Answer = tuple[str, list[tuple[str, str]], bytes]


def asked(application: Any, environ: dict[str, Any]) -> Answer:
    sent: list[Any] = []
    body = b"".join(application(dict(environ), lambda *words: sent.extend(words)))
    return sent[0], sent[1], body


def bare(answer: Answer) -> Any:
    """The least that a WSGI application does."""
    status, headers, body = answer

    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        start_response(status, list(headers))
        return [body]

    return application


def rate(application: Any, environ: dict[str, Any], seconds: float) -> float:
    """Requests a second."""
    begun, count = time.perf_counter(), 0
    while time.perf_counter() - begun < seconds:
        for _ in range(50):
            asked(application, environ)
        count += 50
    return count / (time.perf_counter() - begun)


def compared(app: Flask, address: str, fields: dict[str, str], seconds: float) -> dict[str, float]:
    environ = create_environ(address, headers=BROWSER | fields)
    by_flask = AddressOnly(partial(Flask.wsgi_app, app))
    for _ in range(2):
        answer = asked(app.wsgi_app, environ)
    ways = {"bare": bare(answer), "by Flask": by_flask, "now": app.wsgi_app}
    best = dict.fromkeys(ways, 0.0)
    for _ in range(ROUNDS):
        for name, application in ways.items():
            best[name] = max(best[name], rate(application, environ, seconds))
    return best


def main() -> None:
    options = argparse.ArgumentParser(description="What a remembered answer costs.")
    options.add_argument("--posts", type=int, default=200)
    options.add_argument("--seconds", type=float, default=0.5)
    words = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        corpus.write(words.posts, Path(folder))
        (Path(folder) / "site.toml").write_text(SITE)
        app = create_app(folder)
        loader = app.extensions["trigpoint"].loader
        article = app.extensions["trigpoint"].loader.library.posts[0].address
        loader.stop_watching()
        try:
            print(f"{'':30}{'bare':>10}{'by Flask':>10}{'now':>10}{'now/by Flask':>14}{'now/bare':>10}")
            for address in ("/", article, "/tags/"):
                etag = dict(asked(app.wsgi_app, create_environ(address))[1])["ETag"]
                for name, fields in (("", {}), (" (304)", {"If-None-Match": etag})):
                    best = compared(app, address, fields, words.seconds)
                    flask, now = best["by Flask"], best["now"]
                    rates = "".join(f"{each:10,.0f}" for each in best.values())
                    print(f"{address + name:30}{rates}{now / flask:14.1f}{now / best['bare']:10.2f}")
        finally:
            loader.stop()


if __name__ == "__main__":
    main()
