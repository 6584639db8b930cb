"""From the start of gunicorn to the first answer of a large blog, and the memory of its workers.

    .venv/bin/python bench/start.py [--posts 10000] [--pause 20]

The first start has no cache; the others find what a worker before them has read. Memory is taken after the pause, in
which the index of the search is made. Only 127.0.0.1 is asked.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path
from urllib.request import urlopen

from servers import served, write_blog
from soak import children, resident

STARTS = ("no cache", "warm", "warm")


def main() -> None:
    options = argparse.ArgumentParser(description="The start of a large blog.")
    options.add_argument("--posts", type=int, default=10_000)
    options.add_argument("--pause", type=float, default=20)
    words = options.parse_args()
    with tempfile.TemporaryDirectory() as work:
        site = Path(work)
        write_blog(site, words.posts)
        for start in STARTS:
            began = time.monotonic()
            with served(site, "gunicorn") as (address, server):
                first = time.monotonic() - began
                urlopen(f"{address}/tags/").read()
                time.sleep(words.pause * (3 if start == STARTS[0] else 1))
                memory = ", ".join(f"{resident(worker):.0f}" for worker in children(server))
                print(
                    f"{start:10}first answer after {first:.1f} s; MB of the workers, not shared: {memory}", flush=True
                )


if __name__ == "__main__":
    main()
