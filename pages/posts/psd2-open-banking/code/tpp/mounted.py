"""What lies in a mounted Secret, read again when it has been swapped."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

from .journal import Journal

Read = TypeVar("Read")


# region mounted
class Mounted(Generic[Read]):
    """A folder as kubelet mounts it, and what `read` made of it last."""

    def __init__(
        self, name: str, folder: Path, read: Callable[[Path], Read], journal: Journal
    ) -> None:
        self.name, self.folder = name, folder
        self.read, self.journal = read, journal
        self.lock = threading.Lock()
        self.version, self.content = self.load()

    def current(self) -> tuple[str, Read]:
        """The version and its content. A new pair that is broken changes nothing."""
        with self.lock:
            if self.place().name != self.version:
                try:
                    self.version, self.content = self.load()
                    self.journal.note(self.name, outcome="loaded")
                except (OSError, TypeError, ValueError):  # no file, no PEM, no pair
                    self.journal.note(self.name, outcome="refused")
            return self.version, self.content

    def place(self) -> Path:
        """Where the files are now: kubelet swaps the link `..data` in one step."""
        return (self.folder / "..data").resolve()

    def load(self) -> tuple[str, Read]:
        place = self.place()
        return place.name, self.read(place)


# endregion mounted
