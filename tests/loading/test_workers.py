"""A page has a budget; a process that dies is replaced; nothing outlives the blog."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.conftest import ROOT
from trigpoint.loading.rendering import beside
from trigpoint.loading.workers import Job, WorkerPool

HEAVY = "**a *b " * 40_000
"""Takes seconds, whoever renders it."""


def job(body: str, folder: str = ".") -> Job:
    return Job(body, "pages/posts/a.md", 5, "A title", folder)


@pytest.fixture
def workers() -> Iterator[WorkerPool]:
    made = WorkerPool(1)
    yield made
    made.stop()


def test_a_body_is_rendered_elsewhere(workers: WorkerPool) -> None:
    document = workers.rendered(job("Some *words*.")).document
    assert "".join(map(str, document.parts)) == "<p>Some <em>words</em>.</p>"


@pytest.mark.parametrize("lenient", [True, False])
def test_what_cannot_be_drawn_is_a_warning_where_the_site_is_lenient(workers: WorkerPool, lenient: bool) -> None:
    document = workers.rendered(replace(job("$\\nope$"), lenient=lenient)).document
    assert [fault.warning for fault in document.faults] == [lenient]


def test_a_page_over_its_budget_is_shown_as_typed_and_named() -> None:
    slow = WorkerPool(1, seconds=0.01)
    try:
        document = slow.rendered(job(HEAVY + "<b>")).document
        assert document.parts[0] == f"<pre>{HEAVY}&lt;b&gt;</pre>"
        assert str(document.faults[0]).startswith(
            "pages/posts/a.md:5: Rendering this page took more than 0.01 seconds, so its text is shown as typed."
        )
    finally:
        slow.stop()


def test_the_page_after_one_over_its_budget_is_rendered() -> None:
    slow = WorkerPool(1, seconds=0.5)
    try:
        assert slow.rendered(job(HEAVY * 4)).document.faults
        assert slow.rendered(job("Words.")).document.parts == ("<p>Words.</p>",)
    finally:
        slow.stop()


def process_id(workers: WorkerPool) -> int:
    process = workers._all[0]._process
    assert process
    return process.pid


def test_a_process_that_died_at_rest_is_replaced(workers: WorkerPool) -> None:
    workers.rendered(job("one"))
    os.kill(process_id(workers), signal.SIGKILL)
    assert workers.rendered(job("two")).document.parts == ("<p>two</p>",)


def test_a_process_that_is_killed_over_a_page_costs_that_page_nothing(workers: WorkerPool) -> None:
    workers.rendered(job("one"))
    first = process_id(workers)
    killer = threading.Timer(0.1, os.kill, (first, signal.SIGKILL))
    os.kill(first, signal.SIGSTOP)  # It has read no job when it is killed.
    killer.start()
    document = workers.rendered(job("two")).document
    assert (document.parts, document.faults) == (("<p>two</p>",), ())


def test_a_page_too_large_for_the_pipe_does_not_wait_for_ever_for_a_process_that_stopped() -> None:
    slow = WorkerPool(1, seconds=0.5)
    try:
        slow.rendered(job("one"))
        os.kill(process_id(slow), signal.SIGSTOP)
        body = "Words. " * 40_000
        fault = slow.rendered(job(body)).document.faults[0]
        assert fault.sentence.startswith("Rendering this page took more than 0.5 seconds")
        assert slow.rendered(job("two")).document.parts == ("<p>two</p>",)
    finally:
        slow.stop()


def test_a_page_whose_process_waits_for_its_turn_is_rendered() -> None:
    """As on a busy machine: what counts is the time of the processor."""
    slow = WorkerPool(1, seconds=0.5)
    try:
        slow.rendered(job("one"))
        os.kill(process_id(slow), signal.SIGSTOP)
        threading.Timer(0.8, os.kill, (process_id(slow), signal.SIGCONT)).start()
        document = slow.rendered(job("two")).document
        assert (document.parts, document.faults) == (("<p>two</p>",), ())
    finally:
        slow.stop()


def test_a_page_too_large_for_the_pipe_arrives_whole(workers: WorkerPool) -> None:
    body = "Words. " * 40_000
    assert workers.rendered(job(body)).document.parts == (f"<p>{body.strip()}</p>",)


def test_a_page_is_rendered_however_many_files_are_open(workers: WorkerPool) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < 2048:
        pytest.skip("this machine allows too few open files")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, 2048), hard))
    opened = [os.open(os.devnull, os.O_RDONLY) for _ in range(1100)]
    try:
        assert workers.rendered(job("Words.")).document.parts == ("<p>Words.</p>",)
    finally:
        for descriptor in opened:
            os.close(descriptor)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_a_process_that_stays_stopped_is_replaced() -> None:
    patient = WorkerPool(1, seconds=60)
    try:
        patient.rendered(job("one"))
        os.kill(process_id(patient), signal.SIGSTOP)
        assert patient.rendered(job("two")).document.parts == ("<p>two</p>",)
    finally:
        patient.stop()


def test_a_page_that_wants_more_memory_than_there_is_costs_itself(workers: WorkerPool) -> None:
    fan = "```mermaid\ngraph TD\n" + " & ".join(f"a{n}" for n in range(2000))
    fan += " --> " + " & ".join(f"b{n}" for n in range(2000)) + "\n```\n"
    assert workers.rendered(job(fan)).document.faults
    assert workers.rendered(job("Words.")).document.parts == ("<p>Words.</p>",)


def test_a_page_that_ends_its_process_is_named(workers: WorkerPool) -> None:
    """math-core's stack ends."""
    document = workers.rendered(job(f"```math\n{'{' * 20_000}x{'}' * 20_000}\n```")).document
    assert str(document.faults[0]).startswith("pages/posts/a.md:5: Rendering this page ended its process, twice")


def test_a_process_is_started_where_python_is_told_not_to_import_from_its_folder(
    workers: WorkerPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONSAFEPATH", "1")
    assert workers.rendered(job("Words.")).document.parts == ("<p>Words.</p>",)


def test_another_engine_on_the_disk_is_noticed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    pool, noticed = WorkerPool(2), []
    pool.announce_other_engine = lambda: noticed.append(pool.is_of_other_engine)
    try:
        pool.rendered(job("Words."))
        assert not pool.is_of_other_engine
        monkeypatch.setattr("trigpoint.loading.workers.maker_digest", lambda kind: "before the upgrade")
        pool.stop()
        for _ in range(2):
            pool.rendered(job("Words."))
            pool.stop()
        assert noticed == [True]
    finally:
        pool.stop()


ORPHAN = """
import sys
from trigpoint.pipes import send
from trigpoint.loading.workers import Job, Worker
worker = Worker(1)
process = worker.started()
worker._await_readiness(process.pid, process.stdout.fileno())
send(process.stdin.fileno(), Job(sys.stdin.read(), "a.md", 1, "", "."))
print(process.pid, flush=True)
import os; os._exit(0)
"""


def gone(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


@pytest.mark.slow
def test_a_process_whose_parent_was_killed_ends_in_the_middle_of_a_page() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", ORPHAN], input=HEAVY * 6, cwd=ROOT, capture_output=True, text=True, check=True
    )
    process, deadline = int(ended.stdout), time.monotonic() + 6
    while not gone(process) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert gone(process)


def test_nothing_is_read_from_outside_the_folder_of_the_article(tmp_path: Path) -> None:
    folder = tmp_path / "article"
    folder.mkdir()
    (tmp_path / "secret.txt").write_text("secret")
    (folder / "link.txt").symlink_to("../secret.txt")
    (folder / ".hidden").write_text("hidden")
    (folder / "draft.txt~").write_text("left over")
    (folder / "open.txt").write_text("open")
    os.mkfifo(folder / "pipe")
    for name in ("../secret.txt", str(tmp_path / "secret.txt"), "link.txt", ".hidden", "draft.txt~", "pipe", "", "a\0"):
        assert beside(str(folder), name) is None, name
    assert beside(str(folder), "open.txt") == b"open"


def test_a_link_to_a_hidden_file_is_not_included(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("PASSWORD=x")
    (tmp_path / "seen.txt").write_text("seen")
    (tmp_path / "link.txt").symlink_to(".env")
    (tmp_path / "fine.txt").symlink_to("seen.txt")
    assert (beside(str(tmp_path), "link.txt"), beside(str(tmp_path), "fine.txt")) == (None, b"seen")


def test_an_included_file_is_found_in_either_unicode_form(tmp_path: Path) -> None:
    (tmp_path / "gro\u0308\u00dfe.py").write_text("x")
    assert beside(str(tmp_path), "gr\u00f6\u00dfe.py") == b"x"
