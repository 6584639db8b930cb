"""Asks Lighthouse about the front page, a short article and the longest, on a phone and a desk: `make lighthouse`.

Pages are compressed, as every host in front of the application does it; base_url is where they are asked for, so
that the canonical address is the page's own.
"""

from __future__ import annotations

import gzip
import json
import logging
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable
from typing import Any

from werkzeug.serving import make_server

from tests.conftest import ROOT
from trigpoint.application import create_app

PATHS = ("/", "/posts/fix-protocol/", "/posts/fintech-backend/")
PRESETS = {"phone": (), "desktop": ("--preset=desktop",)}
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
METRICS = ("largest-contentful-paint", "cumulative-layout-shift", "total-blocking-time", "total-byte-weight")
CHROMIUM_FLAGS = "--headless=new --no-sandbox --disable-quic"
PORT = 5093
TRIES = 3
"""How often a page is tried: its time on the processor is simulated from this machine's, which may be busy."""


def compressed(application: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
    """The application behind a host that compresses texts."""

    def answer(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        begun: list[Any] = []
        body = b"".join(application(environ, lambda *told: begun.extend(told)))
        status, headers = begun[0], dict(begun[1])
        if not headers.get("Content-Type", "").startswith(("font/", "image/png", "image/x-icon")) and body:
            body = gzip.compress(body)
            headers |= {"Content-Encoding": "gzip", "Content-Length": str(len(body))}
        start(status, list(headers.items()))
        return [body]

    return answer


def asked(lighthouse: str, address: str, *options: str) -> dict[str, Any]:
    """What Lighthouse says of an address, as its report has it; {} where it failed, as it now and then does."""
    command = [lighthouse, address, *options, "--quiet", "--output=json", f"--chrome-flags={CHROMIUM_FLAGS}"]
    environment = {**os.environ, "CHROME_PATH": shutil.which("chromium") or "chromium"}
    ended = subprocess.run(command, capture_output=True, env=environment)
    report: dict[str, Any] = json.loads(ended.stdout) if ended.returncode == 0 else {}
    return report


def best(lighthouse: str, address: str, *options: str) -> dict[str, Any]:
    """The first report that is full, else the last. Raises SystemExit where there is none."""
    report: dict[str, Any] = {}
    for _ in range(TRIES):
        report = asked(lighthouse, address, *options) or report
        if report and is_full(report):
            break
    return report or sys.exit(f"Lighthouse failed {TRIES} times with {address}.")


def is_full(report: dict[str, Any]) -> bool:
    """Whether each category is 100."""
    return all(report["categories"][name]["score"] == 1 for name in CATEGORIES)


def told(path: str, report: dict[str, Any]) -> str:
    """The scores and the weight of a page, and what kept it from more."""
    scores = " ".join(f"{name} {report['categories'][name]['score'] * 100:.0f}" for name in CATEGORIES)
    metrics = " ".join(f"{name} {report['audits'][name]['displayValue']}" for name in METRICS)
    lacking = [
        f"\n  {audit['id']}: {audit.get('displayValue', '')}"
        for audit in report["audits"].values()
        if audit["scoreDisplayMode"] in ("binary", "numeric", "metricSavings") and (audit["score"] or 0) < 0.9
    ]
    return f"{path}: {scores}; {metrics}" + "".join(lacking if not is_full(report) else [])


def main(lighthouse: str) -> int:
    """0 where each category of each page is 100, else 1."""
    os.environ["BLOG_BASE_URL"] = f"http://127.0.0.1:{PORT}"
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    app = create_app(ROOT)
    server = make_server("127.0.0.1", PORT, compressed(app), threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    reports = []
    for path in PATHS:
        for device, options in PRESETS.items():
            reports.append(best(lighthouse, f"http://127.0.0.1:{PORT}{path}", *options))
            print(told(f"{path}, {device}", reports[-1]), flush=True)  # noqa: T201
    server.shutdown()
    app.extensions["trigpoint"].loader.stop()
    return 0 if all(map(is_full, reports)) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
