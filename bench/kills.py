"""Kill freezes at random moments, and their rendering processes while they write a result: is what is live always whole?

    .venv/bin/python bench/kills.py 200

Each freeze must end within LONGEST seconds, `build` must be the whole old or the whole new release, and the next freeze
must work. A child is caught in a write by stopping its parent until the pipe is full.
"""

from __future__ import annotations

import fcntl
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).parent.parent
POSTS, LONGEST = 60, 60.0
SITE = 'title = "Kills"\ndescription = "D"\nauthor = "A"\nbase_url = "https://blog.example"\n'


def site_in(folder: Path) -> Path:
    for name in ("templates", "static"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "app.py", folder)
    (folder / "trigpoint").symlink_to(ROOT / "trigpoint")
    (folder / "site.toml").write_text(SITE)
    (folder / "pages/posts").mkdir(parents=True)
    edit(folder, 0)
    return folder


def edit(site: Path, edition: int) -> None:
    links = " ".join(
        f"[{number}](p{number}.md)" for number in range(POSTS)
    )  # Each is a note: results that fill a pipe.
    for number in range(POSTS):
        text = f'---\ntitle: "Post {number}"\ndate: 2026-01-{number % 28 + 1:02}\n---\n\nEdition {edition}.\n\n{"Words. " * 200}\n\n{links}\n'
        (site / f"pages/posts/p{number}.md").write_text(text)


def started(site: Path) -> subprocess.Popen[bytes]:
    words = [sys.executable, "-m", "flask", "freeze", "--full", "--jobs", "2"]
    return subprocess.Popen(words, cwd=site, stderr=(site / "said").open("wb"), stdout=subprocess.DEVNULL)


def renderers(freeze: subprocess.Popen[bytes]) -> list[int]:
    """The forked processes that render pages. Another program looks like one for a moment, before it is executed."""
    before = children(freeze)
    time.sleep(0.02)
    return [child for child in children(freeze) if child in before]


def children(freeze: subprocess.Popen[bytes]) -> list[int]:
    found = []
    with suppress(FileNotFoundError):
        for child in Path(f"/proc/{freeze.pid}/task/{freeze.pid}/children").read_text().split():
            with suppress(FileNotFoundError, ProcessLookupError):
                if b"flask\0freeze" in Path(f"/proc/{child}/cmdline").read_bytes():
                    found.append(int(child))
    return found


def is_writing(process: int) -> bool:
    """Whether it waits in write(2)."""
    with suppress(OSError):
        return Path(f"/proc/{process}/syscall").read_text().startswith("1 ")
    return False


def shrink_pipes(process: int) -> None:
    """Have its pipes hold 4 kB, so that a few results fill them."""
    for link in Path(f"/proc/{process}/fd").iterdir():
        with suppress(OSError):
            if os.readlink(link).startswith("pipe:"):
                end = os.open(link, os.O_RDONLY | os.O_NONBLOCK)
                fcntl.fcntl(end, fcntl.F_SETPIPE_SZ, 4096)
                os.close(end)


def kill_a_writer(freeze: subprocess.Popen[bytes], by: int) -> str:
    while freeze.poll() is None and not (found := renderers(freeze)):
        time.sleep(0.002)
    if freeze.poll() is not None:
        return "too late"
    time.sleep(random.uniform(0, 0.05))
    with suppress(ProcessLookupError):
        os.kill(freeze.pid, signal.SIGSTOP)
        for child in found:
            shrink_pipes(child)
        deadline = time.monotonic() + 2
        while time.monotonic() < deadline:
            writing = [child for child in found if is_writing(child)]
            if writing:
                os.kill(writing[0], by)
                os.kill(freeze.pid, signal.SIGCONT)
                return f"child in a write, {signal.Signals(by).name}"
            time.sleep(0.005)
        with suppress(ProcessLookupError):
            os.kill(random.choice(found), by)
        os.kill(freeze.pid, signal.SIGCONT)
    return f"child, {signal.Signals(by).name}"


def kill_all(freeze: subprocess.Popen[bytes], by: int) -> str:
    time.sleep(random.uniform(0.3, 3.0))
    freeze.send_signal(by)
    return f"freeze, {signal.Signals(by).name}"


def editions(site: Path) -> set[str]:
    """What `build` holds: one edition, where it is whole."""
    found = set()
    for number in range(POSTS):
        page = (site / f"build/posts/p{number}/index.html").read_text()
        found.add(page.split("<p>Edition ")[1].split(".")[0])
        assert page.rstrip().endswith("</html>"), number
    return found


def main(count: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        site = site_in(Path(folder) / "site")
        assert started(site).wait(LONGEST) == 0
        seen: Counter[str] = Counter()
        slowest = 0.0
        for number in range(1, count + 1):
            edit(site, number)
            before = editions(site)
            freeze = started(site)
            act = kill_all if number % 4 == 0 else kill_a_writer
            done = act(freeze, signal.SIGSTOP if number % 6 == 1 and act is kill_a_writer else signal.SIGKILL)
            begun = time.monotonic()
            code = freeze.wait(LONGEST)
            slowest = max(slowest, time.monotonic() - begun)
            after = editions(site)
            assert len(after) == 1 and after <= before | {str(number)}, (number, before, after)
            assert (code == 0) == (after == {str(number)}), (number, code, after)
            seen[f"{done}: {'new' if code == 0 else 'old'}"] += 1
            print(number, done, code, flush=True)
            if number % 10 == 0:
                assert started(site).wait(LONGEST) == 0
                assert editions(site) == {str(number)}
        print(*(f"{times:4} {what}" for what, times in sorted(seen.items())), sep="\n")
        print(f"every freeze ended, {slowest:.1f} s after the kill at most; build was whole each time")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
