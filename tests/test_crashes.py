"""Whatever happens to a freeze, what readers see is one whole release, the old or the new."""

from __future__ import annotations

import os
import random
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.commands.test_publishing import flask, prepared
from tests.conftest import SiteWith, SmallSite, post_text, tree

pytestmark = pytest.mark.slow
KILLS = 14


def site_of(site_with: SiteWith, name: str = "site") -> SmallSite:
    posts = {
        f"p{n}": post_text(f"P {n}", body=f"Words {n}.\n\n```python\nx = {n}\n```\n", tags="[Go]") for n in range(30)
    }
    return site_with(posts, name=name)


def edit(small: SmallSite, number: int) -> None:
    small.write("posts/p1.md", post_text("P 1", body=f"Edition {number}.", tags="[Go, C]"))


def started(small: SmallSite, *words: str, limit: tuple[int, int] | None = None) -> subprocess.Popen[str]:
    def confine() -> None:
        if limit:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(*((limit[0], (limit[1], limit[1]))))

    return subprocess.Popen(
        [sys.executable, "-m", "flask", "freeze", *words], cwd=small.root,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True, env={"PATH": os.environ["PATH"]}, start_new_session=True, preexec_fn=confine,
    )  # fmt: skip


def live(small: SmallSite) -> dict[str, bytes]:
    return tree(Path(os.path.realpath(small.root / "build")))


def test_a_freeze_killed_at_any_moment_leaves_a_whole_release(site_with: SiteWith) -> None:
    small = site_of(site_with)
    assert flask(small, "freeze").returncode == 0
    begun = time.monotonic()
    edit(small, 0)
    assert flask(small, "freeze", "--full").returncode == 0
    whole = time.monotonic() - begun
    chance = random.Random(7)
    for number in range(1, KILLS + 1):
        before = live(small)
        edit(small, number)
        running = started(small, "--full")
        share = chance.uniform(0.8, 1.0) if number % 2 else chance.random()
        time.sleep(share * whole)
        os.killpg(running.pid, signal.SIGKILL)
        running.communicate()
        found = live(small)
        marks = {b"Edition %d." % n in found["posts/p1/index.html"] for n in (number,)}
        assert found == before or (marks == {True} and found.keys() == before.keys()), number
        assert flask(small, "freeze").returncode == 0
        assert b"Edition %d." % number in live(small)["posts/p1/index.html"]
    leftovers = [path for path in (small.root / ".releases").iterdir() if path.is_dir()]
    assert len(leftovers) <= 3 + 1, "three releases, and the folder that the next one begins with"


def test_a_freeze_that_is_asked_to_end_ends(site_with: SiteWith) -> None:
    small = site_of(site_with)
    assert flask(small, "freeze").returncode == 0
    before = live(small)
    edit(small, 1)
    running = started(small, "--full")
    time.sleep(0.5)
    os.killpg(running.pid, signal.SIGTERM)
    running.communicate(timeout=10)
    assert running.returncode != 0
    assert live(small) == before


def test_a_file_that_cannot_be_written_stops_the_freeze_and_names_it(site_with: SiteWith) -> None:
    """As on a full disk: the system refuses a write in the middle of a file."""
    small = site_of(site_with)
    assert flask(small, "freeze").returncode == 0
    before = live(small)
    edit(small, 1)
    running = started(small, "--full", limit=(resource.RLIMIT_FSIZE, 6_000))
    _, said = running.communicate(timeout=60)
    assert running.returncode == 1, said
    assert "Nothing was published" in said
    assert "File too large" in said
    assert "Traceback" not in said
    assert live(small) == before
    assert flask(small, "freeze").returncode == 0
    assert b"Edition 1." in live(small)["posts/p1/index.html"]


def test_too_few_open_files_are_told_in_a_sentence(site_with: SiteWith) -> None:
    """A rendering process that could be started where the next one could not is not waited for."""
    small = site_of(site_with)
    assert flask(small, "freeze").returncode == 0
    before = live(small)
    edit(small, 1)
    for few in (18, 20, 22):
        running = started(small, "--full", "--jobs", "4", limit=(resource.RLIMIT_NOFILE, few))
        _, said = running.communicate(timeout=60)
        assert running.returncode == 1, said
        assert "Too many open files. Raise the limit" in said
        assert "Traceback" not in said
        assert live(small) == before


@pytest.mark.skipif(os.geteuid() != 0, reason="a small disk of its own needs root")
def test_a_full_disk_leaves_the_old_release_and_room_lets_the_next_one_work(site_with: SiteWith) -> None:
    small = site_of(site_with)
    disk = small.root / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(disk)], capture_output=True)
    if mounted.returncode:
        pytest.skip("no small disk can be had here")
    try:
        with (small.root / "site.toml").open("a") as settings:
            settings.write('\noutput = "disk/build"\n')
        assert flask(small, "freeze").returncode == 0
        before = live_at(disk)
        (disk / "ballast").write_bytes(b"x" * (free(disk) - 8192))
        edit(small, 1)
        ended = flask(small, "freeze", "--full")
        assert ended.returncode == 1
        assert f"{disk}/.releases: No space left on device. Make room on that disk." in ended.stderr
        assert live_at(disk) == before
        (disk / "ballast").unlink()
        assert flask(small, "freeze").returncode == 0
        assert b"Edition 1." in live_at(disk)["posts/p1/index.html"]
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


def live_at(disk: Path) -> dict[str, bytes]:
    return tree(Path(os.path.realpath(disk / "build")))


def free(disk: Path) -> int:
    status = os.statvfs(disk)
    return status.f_bavail * status.f_frsize


def test_two_freezes_at_once_publish_one_whole_edition(site_with: SiteWith) -> None:
    small = site_of(site_with)
    prepared(small)
    running = [started(small, "--full") for _ in range(3)]
    said = [each.communicate(timeout=90) for each in running]
    codes = [each.returncode for each in running]
    assert 0 in codes
    for code, (_, complaint) in zip(codes, said, strict=True):
        assert code == 0 or "another freeze of this site runs" in complaint
    assert flask(small, "freeze", "--verify").returncode == 0


def test_a_rendering_process_that_is_killed_stops_the_freeze_cleanly(site_with: SiteWith) -> None:
    small = site_of(site_with)
    assert flask(small, "freeze").returncode == 0
    before = live(small)
    (small.root / "templates/_footer.html").write_text("{% for _ in range(3000000) %}{% endfor %}")
    running = started(small, "--jobs", "2")
    victim = child_of(running)
    os.kill(victim, signal.SIGKILL)
    _, said = running.communicate(timeout=60)
    assert running.returncode == 1, said
    assert "was killed" in said
    assert live(small) == before


def test_a_freeze_killed_alone_takes_its_processes_and_its_lock_with_it(site_with: SiteWith) -> None:
    small = site_of(site_with)
    assert flask(small, "freeze").returncode == 0
    footer = small.root / "templates/_footer.html"
    plain = footer.read_text()
    footer.write_text("{% for _ in range(3000000) %}{% endfor %}")
    running = started(small, "--jobs", "2")
    orphan = child_of(running)
    os.kill(running.pid, signal.SIGKILL)
    running.wait()
    deadline = time.monotonic() + 20
    while Path(f"/proc/{orphan}/cmdline").exists() and Path(f"/proc/{orphan}/cmdline").read_bytes():
        assert time.monotonic() < deadline, "a process was left behind"
        time.sleep(0.05)
    running.communicate()
    footer.write_text(plain)
    assert flask(small, "freeze").returncode == 0


def child_of(freeze: subprocess.Popen[str]) -> int:
    """A process that the freeze has forked to render pages: not one of those that render Markdown.

    Those have begun when it says that it freezes: before, they look like it for a moment.
    """
    assert freeze.stderr
    while "Freezing" not in freeze.stderr.readline():
        assert freeze.poll() is None, "it ended"
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        for child in Path(f"/proc/{freeze.pid}/task/{freeze.pid}/children").read_text().split():
            if b"trigpoint.loading.rendering" not in Path(f"/proc/{child}/cmdline").read_bytes():
                return int(child)
        time.sleep(0.01)
    raise AssertionError("no child was seen")
