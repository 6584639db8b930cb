"""A rendering process: bodies come in through a pipe, Documents go out. `workers` starts it, and ends it.

It is a program of its own, so that Python-Markdown and Pygments are loaded here alone, before the first page comes.
"""

from __future__ import annotations

import errno
import resource
import signal
import sys
from contextlib import suppress
from pathlib import Path

from trigpoint.content.abstract import abstract
from trigpoint.file_reading import steady
from trigpoint.inventory import is_left_out, on_disk
from trigpoint.loading.workers import BRIEFLY, Brief, Job, Rendered, engine_digests
from trigpoint.markup.render import render
from trigpoint.notes import Digest, digest_of_bytes
from trigpoint.pipes import receive, send
from trigpoint.search.tokens import words_of

FILE_LIMIT = 1_000_000
"""Bytes: a file that an article includes a part of is code, not an archive."""

MEMORY = 1 << 30
"""Bytes of data that this process may have: it starts with a twentieth of that, and no sound page doubles it."""


class Beside:
    """Reads the files beside an article.

    `read` has the digest of each, "" where there is none, and `failure` what the system did not give.
    """

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self.read: dict[str, Digest] = {}
        self.failure: OSError | None = None

    def __call__(self, name: str) -> bytes | None:
        try:
            content = beside(self._folder, name)
        except (FileNotFoundError, NotADirectoryError):
            self.read[name] = Digest("")
            return None
        except OSError as error:
            self.failure = error
            return None
        if content is not None:
            self.read[name] = digest_of_bytes(content)
        return content


def beside(folder: str, name: str) -> bytes | None:
    """The file of that name in the article's folder; None for what is not inside, hidden, locked or too large.

    Raises FileNotFoundError and NotADirectoryError for what is not there, and another OSError where the system does not
    give it now: that is no answer.
    """
    root = Path(folder).resolve()
    if any(map(is_left_out, Path(name).parts)):
        return None
    try:
        found = Path(on_disk(root, name)).resolve(strict=True)
        is_inside = found.is_relative_to(root) and not any(map(is_left_out, found.relative_to(root).parts))
        if is_inside and found.is_file() and found.stat().st_size <= FILE_LIMIT:
            return steady(str(found))
    except (PermissionError, ValueError, RuntimeError):
        return None
    except OSError as error:
        if error.errno in (errno.ENAMETOOLONG, errno.ELOOP):
            return None
        raise
    return None


def serve(incoming: int, outgoing: int, seconds: float) -> None:
    """Answer jobs until the parent closes the pipe.

    A page that takes more than `seconds` of the processor ends this process by SIGPROF, whatever holds it: also where
    the parent was killed. One that takes more than MEMORY gets a MemoryError, or ends it too.
    """
    with suppress(ValueError, OSError):  # A smaller bound is set already, or the system has none.
        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    send(outgoing, engine_digests())
    while True:
        try:
            job = receive(incoming)
        except EOFError:
            return
        assert isinstance(job, Job | Brief)
        signal.setitimer(signal.ITIMER_PROF, seconds if isinstance(job, Job) else min(seconds, BRIEFLY))
        answer = _rendered(job) if isinstance(job, Job) else abstract(job.body, job.is_summary_wanted)
        signal.setitimer(signal.ITIMER_PROF, 0)
        send(outgoing, answer)


def _rendered(job: Job) -> Rendered | OSError:
    files = Beside(job.folder)
    done = render(
        job.body, path=job.path, first_line=job.first_line, title=job.title, beside=files, lenient=job.lenient
    )
    return files.failure or Rendered(done, files.read, words_of(job.page, done) if job.page else None)


if __name__ == "__main__":
    with suppress(KeyboardInterrupt, BrokenPipeError):
        serve(0, 1, float(sys.argv[1]))
