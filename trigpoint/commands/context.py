"""What the commands share: the site that they are about, and how they say what the system refused."""

from __future__ import annotations

import errno

from flask import current_app

from trigpoint.commands.console import said_by_system
from trigpoint.freezing.releases import Releases
from trigpoint.web.site import Site, current_site
from trigpoint.writing.files import RestoreError

NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
OF_SYSTEM = {
    NO_ROOM: " Make room on that disk.",
    (errno.EROFS, errno.EACCES, errno.EPERM): " Let it be written to.",
    (errno.EMFILE, errno.ENFILE): " Raise the limit (`ulimit -n`).",
}
"""What helps against an error of the system, by its numbers."""


def command_site() -> Site:
    """The site of a command: as readers see it, even where FLASK_DEBUG is set, and the same from start to end."""
    current_app.debug = False
    site = current_site()
    site.loader.stop_watching()
    return site


def reason_of(error: BaseException) -> str:
    """What the error says, and what to do. A write that finds no room does not know its file: the folder is named."""
    if not isinstance(error, OSError) or not error.strerror:
        return str(error)
    place = error.filename or (Releases.of(current_site().settings).folder if error.errno in NO_ROOM else "")
    cure = next((cure for numbers, cure in OF_SYSTEM.items() if error.errno in numbers), "")
    return said_by_system(error, place) + cure


def unrestored(error: RestoreError) -> str:
    """What happened, which files are not as they were, and where their old texts are."""
    lost = (f"{place} could not be put back: its old text is {old}." for place, old in error.lost.items())
    return " ".join((reason_of(error.reason) or "Interrupted.", *lost))


def size(count: int) -> str:
    """So many bytes, as the commands say them."""
    return f"{count / 1e6:.1f} MB" if count >= 1e5 else f"{count / 1e3:.1f} kB"
