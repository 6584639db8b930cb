"""The number of what the preview shows: another one says to every open page that it may have to change."""

from __future__ import annotations

import secrets
import threading


class Versions:
    """Counts what is shown. Each server begins anew, and its `name` tells its versions from those of the last one."""

    def __init__(self) -> None:
        self.name = secrets.token_hex(4)
        self._number = 0
        self._changed = threading.Condition()

    @property
    def current(self) -> str:
        """The version of this moment: `9f2c61aa-3`."""
        return f"{self.name}-{self._number}"

    def advance(self) -> None:
        """Say that something is shown otherwise from now on."""
        with self._changed:
            self._number += 1
            self._changed.notify_all()

    def wait_for_other(self, known: str, seconds: float) -> str:
        """The current version once it is not the known one; after these seconds, whatever it is."""
        with self._changed:
            self._changed.wait_for(lambda: self.current != known, seconds)
        return self.current
