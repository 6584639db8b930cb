"""The theme, which the engine brings, and a site's own files over it.

A site's `templates/` and `static/` are looked at first and the theme's after them, file by file. So a site has what
it wants to be its own, and the rest is another with the next version of the engine.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from trigpoint.code_digest import SHIPPED
from trigpoint.faults import Fault
from trigpoint.inventory import Inventory, Stamp, inventory, on_disk

FOLDERS = ("templates", "static")
"""What a theme is made of, and what a site may have of its own."""


def shipped(name: str) -> Path:
    """A folder that the engine brings: packed into the wheel beside this module, or at the root of a checkout."""
    package = Path(__file__).resolve().parent
    packed = package / SHIPPED / name
    return packed if packed.is_dir() else package.parent / name


@dataclass(frozen=True, slots=True)
class Layer:
    """One folder of an overlay, as the last look found it."""

    folder: Path
    found: Inventory

    def path(self, name: str) -> Path | None:
        """The file of this name, which is in NFC and need not be so on the disk; None where it is not here."""
        return Path(on_disk(self.folder, name)) if name in self.found.stamps else None


@dataclass(frozen=True, slots=True)
class Overlay:
    """A folder of the site over the theme's: of the files of one name, that of the first layer is seen.

    Shape: the theme is the last layer, and the only one where the engine's checkout is the site. `stamps` has the
    files that are seen, by name.
    """

    layers: tuple[Layer, ...]
    stamps: Mapping[str, Stamp]

    @property
    def theme(self) -> Overlay:
        """The theme alone."""
        return Overlay(self.layers[-1:], self.layers[-1].found.stamps)

    @property
    def faults(self) -> tuple[Fault, ...]:
        """What was found wrong in the folders that are there."""
        return tuple(fault for each in self.layers if not each.found.missing for fault in each.found.faults)

    def path(self, name: str) -> Path | None:
        """The file that is seen under this name; None where there is none."""
        return next(filter(None, (each.path(name) for each in self.layers)), None)

    def shown(self, name: str, root: Path) -> str:
        """How the author of the site at `root` finds the file of this name, or would if it were there."""
        return shown(self.path(name) or self.layers[0].folder / name, root)

    def origin(self, *names: str) -> str:
        """Words that follow the name of what is made of these files: " of the theme"; "" where all are the site's."""
        seen = [name for name in names if name in self.stamps]
        own = [name for name in seen if name in self.layers[0].found.stamps]
        if len(self.layers) == 1 or len(own) == len(seen):
            return ""
        return f" of the theme and the site's {', '.join(own)}" if own else " of the theme"

    def holds(self, filename: str) -> bool:
        """Whether this file, given by its whole path, lies in one of the layers."""
        return any(filename.startswith(f"{each.folder}{os.sep}") for each in self.layers)


def shown(path: Path | str, root: Path) -> str:
    """How an author finds a file: by its path below the site's folder, or by its whole path where it lies elsewhere."""
    return Path(path).relative_to(root).as_posix() if Path(path).is_relative_to(root) else str(path)


def overlay(name: str, root: Path, before: Overlay | None = None) -> Overlay:
    """What there is now of "templates" or "static" in the site at `root` and in the theme.

    A part that can't be listed is as it was `before`.
    """
    own, theme = root / name, shipped(name)
    folders = [own] if os.path.realpath(own) == os.path.realpath(theme) else [own, theme]
    earlier = [each.found for each in before.layers] if before else [Inventory()] * len(folders)
    found = [
        inventory(folder, name if folder == own else str(folder), known)
        for folder, known in zip(folders, earlier, strict=True)
    ]
    if len(found) > 1 and found[0].missing:  # A site need not have the folder, or have it any longer.
        found[0] = Inventory()
    return _overlaid(tuple(map(Layer, folders, found)))


def single(folder: Path) -> Overlay:
    """A folder that lies over no theme."""
    return _overlaid((Layer(folder, inventory(folder, folder.name, Inventory())),))


def _overlaid(layers: tuple[Layer, ...]) -> Overlay:
    stamps: dict[str, Stamp] = {}
    for each in reversed(layers):
        stamps |= each.found.stamps
    return Overlay(layers, MappingProxyType(dict(sorted(stamps.items()))))
