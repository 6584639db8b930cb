"""How gunicorn serves a blog: its settings and hooks, which a site's gunicorn.conf.py takes over by `import *`.

Imported by gunicorn's first process, which stays while workers are replaced. So nothing else of the engine is imported
here at the top: each new worker loads the code as it is then.
"""

from __future__ import annotations

import ctypes
import datetime as dt
import json
import logging
import os
import shutil
import signal
import tempfile
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from trigpoint.web.site import Site

PAUSE = 0.5
"""Seconds between two looks at site.toml."""

APART = 2.0
"""Seconds between the ends of two workers that site.toml calls for, so that one is always there to answer."""

M_MMAP_THRESHOLD, M_ARENA_MAX = -3, -8
"""Parameters of glibc's mallopt (malloc.h)."""

LARGE_BLOCK = 128 * 1024
"""Bytes from which glibc gives a block pages of its own, which the system has back when it is freed."""

JSON = "json"

KEPT_SETTINGS = "TRIGPOINT_KEPT_SETTINGS"
"""The variable of the environment by which the first process tells its workers of a folder (`application`)."""


def _cores() -> int:
    """The cores that this process may use; a container's share of them (`--cpus`) does not show here."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _from_environment(name: str, expected: str, is_right: bool) -> str:
    """A variable of the environment, "" where it is not set. Raises SystemExit with a sentence."""
    value = os.environ.get(name, "")
    if value and not is_right:
        raise SystemExit(
            f"{name} is {value!r}, but {expected} is expected. Mend it, or take it out of the environment."
        )
    return value


def _worker_count() -> int:
    value = os.environ.get("WEB_CONCURRENCY", "")
    is_right = value.isascii() and value.isdigit() and 0 < int(value) < 1000
    return int(_from_environment("WEB_CONCURRENCY", "a number from 1 to 999", is_right) or min(max(2, _cores()), 8))


def _port() -> int:
    value = os.environ.get("PORT", "")
    is_right = value.isascii() and value.isdigit() and 0 < int(value) < 65536
    return int(_from_environment("PORT", "a number from 1 to 65535", is_right) or 8000)


wsgi_app = "app:app"
bind = f"127.0.0.1:{_port()}"
"""Other machines reach it where `--bind` says so; gunicorn would let all of them in for a PORT in the environment."""
workers = _worker_count()
worker_class = "gthread"
threads = 4
"""Threads of each worker: they wait for slow readers, and Python runs one at a time."""
timeout = 30
"""Seconds after which a worker that gives no sign is replaced. Gunicorn's threads need not answer in that time."""
graceful_timeout = 20
"""Seconds for the answers that are on their way when a worker has to end."""
keepalive = 65
"""Seconds for which an idle connection is kept: longer than nginx keeps its own (60), so that nginx is who ends it."""
control_socket_disable = True
"""gunicorn would open a socket in $HOME, one for all blogs of a user."""
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
"""Where workers give signs of life: in memory, since a disk may make them wait."""
accesslog = "-" if _from_environment("ACCESS_LOG", f"{JSON!r}", os.environ.get("ACCESS_LOG") == JSON) else None
"""gunicorn's word for standard output, or for none."""


def on_starting(server: Any) -> None:
    """Give the workers a folder for the last site.toml without faults: one that takes another's place may need it."""
    os.environ[KEPT_SETTINGS] = tempfile.mkdtemp(prefix="trigpoint-")
    bound_fragmentation()


def bound_fragmentation() -> None:
    """Let glibc, where it is there, have one heap for all threads, and keep large blocks out of it.

    It would make a heap for each thread, and let its bound for large blocks rise to 32 MB: pages that come and go in
    several threads then leave holes, and a worker that remembers no more than before grows for hours. Workers inherit
    what is set here.
    """
    with suppress(AttributeError, OSError):
        library = ctypes.CDLL(None)
        library.mallopt(M_ARENA_MAX, 1)
        library.mallopt(M_MMAP_THRESHOLD, LARGE_BLOCK)


def on_exit(server: Any) -> None:
    shutil.rmtree(os.environ[KEPT_SETTINGS], ignore_errors=True)


def post_worker_init(worker: Any) -> None:
    """Read the pages and make the search's index before the first reader asks, and follow site.toml."""
    if accesslog:
        worker.log.atoms_wrapper_class = dict  # gunicorn escapes quotes for its own format.
        for handler in worker.log.access_log.handlers:
            handler.setFormatter(JsonLine())
    site = getattr(worker.wsgi, "extensions", {}).get("trigpoint")
    if site:
        site.loader.serve()
        turn = (worker.age - 1) % worker.cfg.workers
        threading.Thread(target=follow_settings, args=(site, turn * APART), name="settings", daemon=True).start()


class JsonLine(logging.Formatter):
    """A request as one line of JSON. Nothing of the reader is in it: no address, no name of a browser, no query."""

    def format(self, record: logging.LogRecord) -> str:
        asked: Any = record.args
        return json.dumps(
            {
                "time": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="milliseconds"),
                "method": asked["m"],
                "path": (asked["U"] or "").encode("latin-1", "replace").decode(errors="replace"),
                "status": int(asked["s"]),
                "bytes": asked["B"],
                "milliseconds": asked["D"] / 1000,
                "process": record.process,
            }
        )


def follow_settings(site: Site, delay: float) -> None:
    """Until site.toml says something else: then end this worker gracefully, `delay` seconds later.

    gunicorn starts another in its place, which reads it anew. Settings with faults are told of, and change nothing.
    """
    from trigpoint.settings import settings_stamp

    known = seen = settings_stamp(site.settings.root)
    while not site.loader.stopped.wait(PAUSE):
        before, seen = seen, settings_stamp(site.settings.root)
        if seen == known or seen != before:  # As it was, or being written.
            continue
        known = seen
        if _is_due(site):
            site.app.logger.warning(
                "site.toml has changed: worker %s ends, and another one takes its place.", os.getpid()
            )
            time.sleep(delay)
            os.kill(os.getpid(), signal.SIGTERM)
            return


def _is_due(site: Site) -> bool:
    from trigpoint.settings import SettingsError, load_settings

    try:
        return load_settings(site.settings.root) != site.settings
    except SettingsError as error:
        site.app.logger.warning("%s\nThe server goes on with the settings that it has.", error.message)
        return False
