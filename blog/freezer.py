"""Addresses are asked of the application and written as files: on all cores. The only door to Frozen-Flask.

The freezer is told which addresses to render and into which folder. It cannot
tell a post from a tag page, and no view can tell that it is being frozen.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import threading
import warnings
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing.connection import wait
from pathlib import Path
from time import perf_counter
from urllib.parse import quote, unquote

from flask_frozen import Freezer, FrozenFlaskWarning, MissingURLGeneratorWarning, RedirectWarning

from blog.answers import Site
from blog.failures import fault_of, is_of_machine
from blog.folder import Mark, content_digest, mark_of
from blog.notes import Digest, Note

ALONE = 24
"""So few addresses are rendered in this process: starting others takes longer."""

PORTION = 16
"""Addresses that a process takes at a time."""


class FreezeError(Exception):
    """The application gave an answer that can't be a file; the text names the address, or the line of a template."""


class QuotingFreezer(Freezer):  # type: ignore[misc]  # Frozen-Flask has no types.
    """Asks for addresses as a browser does, percent-encoded: it would ask for /a where a file is called "a?b"."""

    def urlpath_to_filepath(self, path: str) -> str:
        return str(super().urlpath_to_filepath(unquote(path)))


@dataclass(frozen=True, slots=True)
class Made:
    """A file as it was written: its path in the folder, its digest and mark, and the notes behind it."""

    path: str
    digest: Digest
    mark: Mark
    notes: tuple[Note, ...]


class Kiln:
    """Renders addresses of one site into one folder."""

    def __init__(self, site: Site, folder: Path) -> None:
        site.app.config.update(
            FREEZER_DESTINATION=str(folder), FREEZER_REDIRECT_POLICY="ignore", FREEZER_REMOVE_EXTRA_FILES=False
        )
        self._site, self._folder = site, folder
        self._addresses: Sequence[str] = ()
        # What a view raises comes here, and not to the page that tells readers of an error.
        site.app.config["PROPAGATE_EXCEPTIONS"] = True
        self._freezer = QuotingFreezer(
            site.app, with_static_files=False, with_no_argument_rules=False, log_url_for=False
        )
        self._freezer.register_generator(self._quoted)
        self._asked = ""
        site.told = {}

    def _quoted(self) -> Iterator[str]:
        """The addresses, quoted twice: Frozen-Flask undoes it once."""
        for address in self._addresses:
            self._asked = address
            yield quote(quote(address))

    def fired(self, addresses: Sequence[str]) -> Iterator[tuple[str, Made, float]]:
        """Write these addresses; gives each with its file and the seconds it took. Raises FreezeError, OSError."""
        self._addresses = addresses
        with warnings.catch_warnings():
            warnings.simplefilter("error", FrozenFlaskWarning)
            # An alias answers with a redirect and a page that leads on: the page is what is wanted.
            warnings.simplefilter("ignore", RedirectWarning)
            # It can't see that the list of addresses is complete; a law of ours does (some kinds have none yet).
            warnings.simplefilter("ignore", MissingURLGeneratorWarning)
            started = perf_counter()
            try:
                for page in self._freezer.freeze_yield():
                    address = unquote(page.url)
                    yield address, self._made(address, page.path), perf_counter() - started
                    started = perf_counter()
            except Exception as error:  # Whatever a view or a template raised costs this freeze, and one line.
                if is_of_machine(error):
                    raise
                raise FreezeError(str(fault_of(self._site, self._asked, error))) from error

    def _made(self, address: str, path: Path) -> Made:
        assert self._site.told is not None
        written = str(self._folder / path)
        return Made(path.as_posix(), content_digest(written), mark_of(written), self._site.told.pop(address, ()))


def frozen(site: Site, addresses: Sequence[str], folder: Path, jobs: int) -> Iterator[tuple[str, Made, float]]:
    """Render these addresses into the folder, on so many processes; in no certain order. Raises as Kiln.fired does."""
    if jobs == 1 or len(addresses) <= ALONE:
        yield from Kiln(site, folder).fired(addresses)
        return
    portions = [addresses[start : start + PORTION] for start in range(0, len(addresses), PORTION)]
    fork = multiprocessing.get_context("fork")  # The Library is shared, not sent.
    gc.collect()
    gc.freeze()  # What the processes share is not looked through by each of them, and so not copied.
    pool = ProcessPoolExecutor(jobs, fork, initializer=_begin, initargs=(site, folder))
    try:
        for done in as_completed([pool.submit(_fire, portion) for portion in portions]):
            yield from done.result()
    except BrokenProcessPool as error:
        raise FreezeError("a process that rendered pages was killed; is there enough memory?") from error
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
        for orphan in multiprocessing.active_children():  # The pool forgets it where the next one can't be started.
            orphan.terminate()
        gc.unfreeze()


_kilns: list[Kiln] = []
"""Of a rendering process: its kiln."""


def _begin(site: Site, folder: Path) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # The parent hears it, and ends its children.
    threading.Thread(target=_end_with_the_parent, daemon=True).start()
    _kilns[:] = [Kiln(site, folder)]


def _end_with_the_parent() -> None:
    """A killed freeze leaves no process behind: one would wait for work for ever, and hold the lock of the releases."""
    parent = multiprocessing.parent_process()
    assert parent
    wait([parent.sentinel])
    os._exit(1)


def _fire(addresses: Sequence[str]) -> list[tuple[str, Made, float]]:
    return list(_kilns[0].fired(addresses))
