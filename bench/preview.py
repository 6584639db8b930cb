"""From a save to the changed page: how long Chromium takes to show an edit of a body, with nobody touching it.

    .venv/bin/python bench/preview.py --posts 1000
    .venv/bin/python bench/preview.py --posts 1000 --hugo /tmp/hugo/bin/hugo    # the same edits beside `hugo server`, in turn

Both servers run all the time, each with its page open in a tab of one Chromium. A file is written whole, as an editor
does, and the page itself notes the moment at which a frame with the new words is drawn. The first edits are not counted.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import corpus
from freeze import HUGO, ROOT
from loopback import free_port, wait_for
from playwright.sync_api import Page, sync_playwright

WARM_UP = 3
TELL_WHEN_DRAWN = """
let told = 0;
new MutationObserver(look).observe(document, { childList: true, subtree: true, characterData: true });
addEventListener("DOMContentLoaded", look);
function look() {
  const found = [...(document.body?.innerText ?? "").matchAll(/Marker (\\d+)\\./g)].at(-1)?.[1];
  if (!found || found === told) return;
  told = found;
  requestAnimationFrame(() => setTimeout(() => seen(Number(found), performance.timeOrigin + performance.now())));
}
"""


class Server:
    """A running development server of one blog, and the source of the post that is edited."""

    def __init__(
        self, name: str, folder: Path, command: list[str], post: Path, address: str, **environment: str
    ) -> None:
        self.name, self.post, self.text = name, post, post.read_text()
        port = free_port()
        self.address = f"http://127.0.0.1:{port}{address}"
        known = {"PATH": os.environ["PATH"], "HOME": str(folder)} | environment
        log = (folder / "server.log").open("wb")
        self.running = subprocess.Popen([*command, "--port", str(port)], cwd=folder, env=known, stdout=log, stderr=log)
        wait_for(self.address)

    def edit(self, number: int) -> float:
        """Save the post with another last sentence; gives the moment before."""
        began = time.time() * 1000
        self.post.write_text(f"{self.text}\nMarker {number}.\n")
        return began


def ours(folder: Path, count: int) -> Server:
    ignored = shutil.ignore_patterns("posts", "build", ".releases", ".cache", ".venv", ".git", "artefacts")
    shutil.copytree(ROOT, folder, ignore=ignored)
    corpus.write(count, folder)
    post = folder / f"pages/posts/post-{count // 3:05}.md"
    command = [sys.executable, "-m", "flask", "run", "--debug"]
    return Server("this blog", folder, command, post, f"/posts/{post.stem}/", BLOG_TAGS="open", BLOG_NAVIGATION="[]")


def hugo(folder: Path, count: int, program: str) -> Server:
    for name, text in HUGO.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    corpus.write(count, folder, "hugo")
    post = folder / f"content/posts/post-{count // 3:05}.md"
    command = [program, "server", "--bind", "127.0.0.1", "--cacheDir", str(folder / "cache")]
    return Server("hugo server", folder, command, post, f"/posts/{post.stem}/")


def watched(page: Page, server: Server, moments: dict[int, float]) -> Callable[[int], float]:
    """Opens the page; gives what saves an edit and waits until it is shown: milliseconds."""
    page.expose_function("seen", lambda number, moment: moments.setdefault(number, moment))
    page.add_init_script(TELL_WHEN_DRAWN)
    page.goto(server.address)

    def seconds(number: int) -> float:
        began = server.edit(number)
        deadline = time.monotonic() + 30
        while number not in moments and time.monotonic() < deadline:
            page.wait_for_timeout(10)
        return moments.get(number, float("nan")) - began

    return seconds


def compare(count: int, edits: int, program: str) -> None:
    with tempfile.TemporaryDirectory() as work, sync_playwright() as playwright:
        servers = [ours(Path(work) / "ours", count)]
        if program:
            servers.append(hugo(Path(work) / "hugo", count, program))
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        try:
            saves = {each.name: watched(browser.new_page(), each, {}) for each in servers}
            time.sleep(10)  # The first check of the whole site is done by then.
            took: dict[str, list[float]] = {name: [] for name in saves}
            for number in range(1, edits + WARM_UP + 1):
                for name, save in saves.items():
                    took[name].append(save(number))
                    time.sleep(1)
            for name, each in took.items():
                counted = sorted(each[WARM_UP:])
                tenth = counted[len(counted) * 9 // 10]
                print(
                    f"{count:6} posts  {name:12} median {statistics.median(counted):6.0f} ms  "
                    f"least {counted[0]:6.0f}  nine of ten within {tenth:6.0f}  ({len(counted)} edits)"
                )
        finally:
            browser.close()
            for each in servers:
                each.running.terminate()
                each.running.wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--posts", type=int, default=1000)
    parser.add_argument("--edits", type=int, default=20)
    parser.add_argument("--hugo", default="")
    asked = parser.parse_args()
    compare(asked.posts, asked.edits, asked.hugo)
