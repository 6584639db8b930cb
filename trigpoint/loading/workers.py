"""Documents are rendered in processes of their own (`rendering`), each with a budget of time.

One pathological page can hold a regular expression, and with it Python's lock,
for minutes; nothing but the end of its process stops it. So Markdown never
runs in the process that answers readers (decision 0006). A worker is started
when it is first needed, keeps its parsers warm, and ends with its parent.
"""

from __future__ import annotations

import atexit
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from html import escape
from pathlib import Path
from queue import LifoQueue
from typing import NamedTuple, cast

from trigpoint.code_digest import maker_digest
from trigpoint.content.abstract import Abstract
from trigpoint.content.pages import Page
from trigpoint.faults import Fault
from trigpoint.markup.document import Document
from trigpoint.notes import Digest
from trigpoint.pipes import Patience, StoppedError, receive, send
from trigpoint.search.tokens import PostTokens

SECONDS = 5.0
"""Of the processor, that one page may take. A page of 3,000 words with its code takes 0.02."""

BRIEFLY = 1.0
"""Of the processor, that its summary may take. It takes 0.001."""

BY_THE_CLOCK = 4
"""How many times its budget a page may take where others compete for the processor, or its process stands still."""

STARTING = 60.0
"""Seconds in which a process must have its parsers ready, on however busy a machine: no page pays for that."""

ENGINE = str(Path(__file__).parents[2])
"""The folder that a process imports this package from, also where Python was told not to import from where it runs."""


def engine_digests() -> tuple[Digest, ...]:
    """The first message of a process: by what engine it renders."""
    return tuple(map(maker_digest, ("documents", "sources")))


@dataclass(frozen=True, slots=True)
class Job:
    """A body to render. `folder` is the disk folder of the files beside it, `path` what Faults name.

    Where `lenient`, what cannot be drawn is warned of. Of a `page` the words are counted too; its source is not needed.
    """

    body: str
    path: str
    first_line: int
    title: str
    folder: str
    lenient: bool = False
    page: Page | None = None


class Rendered(NamedTuple):
    """A Document, the digests of the files that were read for it, by the names that it has for them, and its words."""

    document: Document
    read: Mapping[str, Digest] = {}
    words: PostTokens | None = None


@dataclass(frozen=True, slots=True)
class Brief:
    """A body of which the Abstract is wanted."""

    body: str
    is_summary_wanted: bool


class GivenUpError(Exception):
    """No process of ours brings this to an end; the text says why."""


class OverBudgetError(Exception):
    """The page takes more of the processor, or of the clock, than it may."""


class WorkerDiedError(Exception):
    """The worker ended before it answered: of the page, or by another hand."""


class Worker:
    """One rendering process, started when first asked. A page may take `seconds`."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._is_ready = False
        self._owner = os.getpid()
        self.meet_other_engine: Callable[[], None] = lambda: None

    def answer(self, job: Job | Brief) -> object:
        """What becomes of this job. Raises OverBudgetError, WorkerDiedError; OSError: no process, or no file."""
        process = self.started()
        assert process.stdin and process.stdout
        into, out = process.stdin.fileno(), process.stdout.fileno()
        try:
            starting = 0.0 if self._is_ready else STARTING
            send(into, job, Patience(process.pid, time.monotonic() + starting + BY_THE_CLOCK * self._seconds))
            self._await_readiness(process.pid, out)
            answer = receive(out, Patience(process.pid, time.monotonic() + BY_THE_CLOCK * self._seconds))
        except StoppedError as error:
            self.stop()
            raise WorkerDiedError from error
        except TimeoutError as error:
            self.stop()
            raise OverBudgetError from error
        except (OSError, EOFError) as error:
            raise (OverBudgetError if self.stop() == -signal.SIGPROF else WorkerDiedError) from error
        except BaseException:  # Whoever interrupts this leaves half a message in the pipe.
            self.stop()
            raise
        if isinstance(answer, OSError):
            raise answer
        return answer

    def stop(self) -> int:
        """End the process; the next job starts a new one. Gives what ended it, as a negative number of a signal."""
        process, self._process = self._process, None  # The command that is interrupted may end it meanwhile.
        if process is None:
            return 0
        process.kill()
        ended = process.wait()
        for pipe in (process.stdin, process.stdout):
            with suppress(OSError):
                assert pipe
                pipe.close()
        return ended

    def started(self) -> subprocess.Popen[bytes]:
        """Its process, which may still be loading what it renders with. Raises OSError where none can be started."""
        if self._owner != os.getpid():  # After a fork the process at the other end is the parent's.
            self._process, self._owner = None, os.getpid()
        if self._process is None or self._process.poll() is not None:
            self.stop()
            self._process, self._is_ready = self._new_process(), False
        return self._process

    def _new_process(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "trigpoint.loading.rendering", str(self._seconds)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            cwd=ENGINE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, (ENGINE, os.environ.get("PYTHONPATH"))))},
            start_new_session=True,
        )

    def _await_readiness(self, process: int, pipe: int) -> None:
        """A process that does not come up in time is a dead one, whatever page waits for it."""
        if not self._is_ready:
            try:
                engine = receive(pipe, Patience(process, time.monotonic() + STARTING))
            except TimeoutError as error:
                raise EOFError from error
            if engine != engine_digests():
                self.meet_other_engine()
            self._is_ready = True


class WorkerPool:
    """A few workers: while one is held up by a bad page, the others go on."""

    def __init__(self, count: int = 2, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._all: list[Worker] = []
        self._free: LifoQueue[Worker] = LifoQueue()
        self.is_of_other_engine = False
        """Whether a process of these was started from other code than this one runs, as after an upgrade beneath it."""
        self.announce_other_engine: Callable[[], None] = lambda: None
        """Called once, before an answer of another engine is given."""
        self.hire(count)
        atexit.register(self.stop)

    def rendered(self, job: Job) -> Rendered:
        """The Document of this job; where it took too long, its text as it stands, and the Fault. Raises OSError."""
        try:
            return cast(Rendered, self._answer(job, self._seconds))
        except GivenUpError as reason:
            return _given_up(job, f"Rendering this page {reason}")

    def abstract(self, body: str, is_summary_wanted: bool) -> Abstract:
        """The Abstract of this body. Raises GivenUpError, OSError."""
        return cast(Abstract, self._answer(Brief(body, is_summary_wanted), min(self._seconds, BRIEFLY)))

    def _answer(self, job: Job | Brief, seconds: float) -> object:
        with self._borrowed() as worker:
            try:
                return _answer(worker, job)
            except OverBudgetError as error:
                unit = "second" if seconds == 1 else "seconds"
                raise GivenUpError(f"took more than {seconds:g} {unit}") from error
            except WorkerDiedError as error:
                raise GivenUpError("ended its process, twice") from error

    def hire(self, count: int) -> None:
        """See to it that there are at least so many."""
        for _ in range(count - len(self._all)):
            worker = Worker(self._seconds)
            worker.meet_other_engine = self._meet_other_engine
            self._all.append(worker)
            self._free.put(worker)

    def start_worker(self) -> None:
        """Have one process load what it renders with, while others do other things."""
        with suppress(OSError), self._borrowed() as worker:
            worker.started()

    def _meet_other_engine(self) -> None:
        if not self.is_of_other_engine:
            self.is_of_other_engine = True
            self.announce_other_engine()

    def stop(self) -> None:
        for worker in self._all:
            worker.stop()

    @contextmanager
    def _borrowed(self) -> Iterator[Worker]:
        worker = self._free.get()
        try:
            yield worker
        finally:
            self._free.put(worker)


def _answer(worker: Worker, job: Job | Brief) -> object:
    """A process that died need not have died of the page: it is tried once more in a fresh one."""
    try:
        return worker.answer(job)
    except WorkerDiedError:
        return worker.answer(job)


def _given_up(job: Job, reason: str) -> Rendered:
    fault = Fault(
        job.path,
        job.first_line,
        0,
        f"{reason}, so its text is shown as typed.",
        "Look for thousands of unclosed brackets or asterisks, or split the page.",
        kind="not-rendered",
    )
    given = (f"<pre>{escape(job.body)}</pre>",)
    return Rendered(Document(given, text=job.body, faults=(fault,), source=(job.body,)))
