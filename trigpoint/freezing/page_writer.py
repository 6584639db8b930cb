"""Renders addresses through the application and writes them as files, on all cores. The only door to Frozen-Flask.

It gets the addresses to render and the folder to write to. It cannot
tell a post from a tag page, and no view can tell that it is being frozen.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import pickle
import signal
import time
import traceback
import warnings
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from multiprocessing.connection import wait
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from time import perf_counter
from typing import cast
from urllib.parse import quote, unquote

from flask_frozen import (
    Freezer,
    FrozenFlaskWarning,
    MimetypeMismatchWarning,
    MissingURLGeneratorWarning,
    RedirectWarning,
)

from trigpoint.file_reading import unsettled
from trigpoint.inventory import Mark, content_digest, mark_of
from trigpoint.notes import Digest, Note, digest_of_bytes
from trigpoint.pipes import Patience, StoppedError, receive, send
from trigpoint.web.failures import RedirectedError, fault_of, is_of_machine
from trigpoint.web.site import Site

ALONE = 24
"""So few addresses are rendered in this process: starting others takes longer."""

AS_TEXT = r".*\(type text/javascript\) does not match Content-Type: text/plain"
"""What Frozen-Flask says of a script that is sent as plain text."""

REDIRECT = "Unexpected status '3"
"""How it begins what it says of a redirect."""

PORTION = 8
"""Addresses that a process takes at a time. It is given the next ones before it has done with these."""

SILENT = 300.0
"""Seconds that a process may take for one page: variants of a large picture take ten, on a busy machine more."""


class FreezeError(Exception):
    """The application gave an answer that can't be a file; the text names the address, or the line of a template."""


class QuotingFreezer(Freezer):  # type: ignore[misc]  # Frozen-Flask has no types.
    """Asks for addresses as a browser does, percent-encoded: it would ask for /a where a file is called "a?b"."""

    def urlpath_to_filepath(self, path: str) -> str:
        return str(super().urlpath_to_filepath(unquote(path)))


@dataclass(frozen=True, slots=True)
class WrittenPage:
    """A file as it was written: its path in the folder, its digest and mark, and the notes behind it."""

    path: str
    digest: Digest
    mark: Mark
    notes: tuple[Note, ...]


TimedPage = tuple[str, WrittenPage, float]
"""An address, its file, and the seconds that it took."""


class PageWriter:
    """Renders addresses of one site into one folder."""

    def __init__(self, site: Site, folder: Path) -> None:
        site.app.config.update(FREEZER_DESTINATION=str(folder), FREEZER_REMOVE_EXTRA_FILES=False)
        self._site, self._folder = site, folder
        self._addresses: Sequence[str] = ()
        # What a view raises comes here, and not to the page that tells readers of an error.
        site.app.config["PROPAGATE_EXCEPTIONS"] = True
        self._freezer = QuotingFreezer(
            site.app, with_static_files=False, with_no_argument_rules=False, log_url_for=False
        )
        self._freezer.register_generator(self._quoted)
        self._asked = ""
        site.recorded_notes = {}

    def _quoted(self) -> Iterator[str]:
        """The addresses, quoted twice: Frozen-Flask undoes it once."""
        config, library = self._site.app.config, self._site.loader.library
        for address in self._addresses:
            self._asked = address
            # An alias answers with a redirect and a page that leads on: the page is what is wanted.
            config["FREEZER_REDIRECT_POLICY"] = "error" if library.redirect(address) is None else "ignore"
            yield quote(quote(address))

    def write(self, addresses: Sequence[str]) -> Iterator[TimedPage]:
        """Write these addresses; gives each with its file and the seconds it took. Raises FreezeError, OSError."""
        self._addresses = addresses
        with warnings.catch_warnings():
            warnings.simplefilter("error", FrozenFlaskWarning)
            warnings.simplefilter("ignore", RedirectWarning)
            # An author's script says that it is plain text, so that it does not run.
            warnings.filterwarnings("ignore", AS_TEXT, MimetypeMismatchWarning)
            # It can't see that the list of addresses is complete; a law of ours does (some kinds have none yet).
            warnings.simplefilter("ignore", MissingURLGeneratorWarning)
            started = perf_counter()
            try:
                for page in self._freezer.freeze_yield():
                    address = unquote(page.url)
                    yield address, self._made(address, page.path), perf_counter() - started
                    started = perf_counter()
            except Exception as error:  # Whatever a view or a template raised costs this freeze, and one line.
                if self._site.failed:
                    raise self._site.failed from error
                if is_of_machine(error):
                    raise
                told = RedirectedError() if str(error).startswith(REDIRECT) else error
                raise FreezeError(str(fault_of(self._site, self._asked, told))) from error

    def _made(self, address: str, path: Path) -> WrittenPage:
        assert self._site.recorded_notes is not None
        written = str(self._folder / path)
        made = WrittenPage(
            path.as_posix(), content_digest(written), mark_of(written), self._site.recorded_notes.pop(address, ())
        )
        if any(note.name == "file" for note in made.notes):
            self._check_copy(made, address)
        return made

    def _check_copy(self, made: WrittenPage, address: str) -> None:
        """A file that is written while it is copied is not whole. Raises UnsettledError."""
        library = self._site.loader.library
        path = library.addresses.file_at.get(unquote(address), "")
        if path and self._published_digest(path) != made.digest:
            raise unsettled(f"{library.snapshot.folder}/{path}")

    def _published_digest(self, path: str) -> Digest:
        """The digest of a file as readers get it: without the place where it was taken. Raises UnsettledError."""
        loader = self._site.loader
        digest = loader.library.snapshot.file_digest(path)
        is_rewritten = loader.inputs.location(path) == "removable"
        return digest_of_bytes(loader.inputs.pictures.original(path)) if is_rewritten else digest


def write_pages(site: Site, addresses: Sequence[str], folder: Path, jobs: int) -> Iterator[TimedPage]:
    """Render these addresses into the folder, on so many processes; in no certain order. Raises as `write` does."""
    if jobs == 1 or len(addresses) <= ALONE:
        yield from PageWriter(site, folder).write(addresses)
        return
    portions: SimpleQueue[Sequence[str]] = SimpleQueue()
    for start in range(0, len(addresses), PORTION):
        portions.put(addresses[start : start + PORTION])
    done: SimpleQueue[TimedPage | BaseException] = SimpleQueue()
    renderers: list[_Renderer] = []
    gc.collect()
    gc.freeze()  # What the processes share is not looked through by each of them, and so not copied.
    try:
        for _ in range(min(jobs, portions.qsize())):
            renderers.append(_Renderer(site, folder))
        for renderer in renderers:  # Once all have forked: a fork that holds another thread's lock would wait for ever.
            renderer.start(portions, done)
        for _ in addresses:
            result = done.get()
            if isinstance(result, BaseException):
                raise result
            yield result
    finally:
        for renderer in renderers:
            renderer.stop()
        gc.unfreeze()


class _Renderer:
    """A forked process that renders pages: it shares the Library, and talks over pipes of its own."""

    def __init__(self, site: Site, folder: Path) -> None:
        with ExitStack() as on_error, ExitStack() as of_child:
            jobs, self._jobs = _pipe(of_child, on_error)
            self._answers, answers = _pipe(on_error, of_child)
            fork = multiprocessing.get_context("fork")  # The Library is shared, not sent.
            self._process = fork.Process(target=_serve, args=(site, folder, jobs, answers), daemon=True)
            self._process.start()
            self._ends = on_error.pop_all()
        self._thread: Thread | None = None

    def start(self, portions: SimpleQueue[Sequence[str]], done: SimpleQueue[TimedPage | BaseException]) -> None:
        """Begin to have portions rendered. Each page, or what went wrong, comes into `done`."""
        self._thread = Thread(target=self._work, args=(portions, done), daemon=True)
        self._thread.start()

    def _work(self, portions: SimpleQueue[Sequence[str]], done: SimpleQueue[TimedPage | BaseException]) -> None:
        try:
            count = self._hand_out(portions)
            while count:
                following = self._hand_out(portions)
                for _ in range(count):
                    answer = receive(self._answers, self._patience())
                    if isinstance(answer, BaseException):
                        raise answer
                    done.put(cast(TimedPage, answer))
                count = following
        except (EOFError, BrokenPipeError, TimeoutError) as error:
            done.put(FreezeError(_reason(error)))
        except BaseException as error:
            done.put(error)

    def _hand_out(self, portions: SimpleQueue[Sequence[str]]) -> int:
        """Give the process its next portion; how many addresses those are, 0 where none are left."""
        try:
            portion = portions.get_nowait()
        except Empty:
            return 0
        send(self._jobs, portion, self._patience())
        return len(portion)

    def stop(self) -> None:
        """End the process: it gets nothing more, and what it writes goes into a release that is not live."""
        self._process.kill()
        self._process.join()
        if self._thread:
            self._thread.join()  # It reads the end of the pipe.
        self._ends.close()

    def _patience(self) -> Patience:
        assert self._process.pid
        return Patience(self._process.pid, time.monotonic() + SILENT)


def _pipe(reading: ExitStack, writing: ExitStack) -> tuple[int, int]:
    """The two ends of a new pipe; each is closed with its stack."""
    ends = os.pipe()
    for stack, end in zip((reading, writing), ends, strict=True):
        stack.callback(os.close, end)
    return ends


def _reason(error: Exception) -> str:
    if isinstance(error, StoppedError):
        return "a process that rendered pages was stopped"
    if isinstance(error, TimeoutError):
        return f"a process that rendered pages was silent for {SILENT:g} seconds"
    return "a process that rendered pages was killed; is there enough memory?"


def _serve(site: Site, folder: Path, jobs: int, answers: int) -> None:
    """In the forked process: render portions of addresses until it is ended."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # The parent hears it, and ends its children.
    Thread(target=_end_with_the_parent, daemon=True).start()
    writer = PageWriter(site, folder)
    while True:
        try:
            for written_pages in writer.write(cast(Sequence[str], receive(jobs))):
                send(answers, written_pages)
        except EOFError:
            return
        except Exception as error:
            send(answers, _portable(error))


def _portable(error: Exception) -> Exception:
    """The error, if it can travel to another process."""
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:
        return RuntimeError("".join(traceback.format_exception(error)))
    return error


def _end_with_the_parent() -> None:
    """A killed freeze leaves no process behind: one would wait for work for ever, and hold the lock of the releases."""
    parent = multiprocessing.parent_process()
    assert parent
    wait([parent.sentinel])
    os._exit(1)
