"""A plain copy of the live release in a folder of the author's choice, laid out beside it and renamed.

For destinations that can't hold links: a web server's root, another disk. A
folder that is in the way is replaced only if it is the copy that was made
last, and nobody has touched it; anything else is refused, never deleted.
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

from blog.notes import Digest
from blog.releases import Release, ReleaseError, outputs_of

LIST = "copies.json"

Known = dict[str, list[Digest]]
"""The states in which a copy may be, by its path: the one before the last freeze, and the one after."""


def lay_out(release: Release, target: Path) -> None:
    """Make `target` a copy of the release. Raises ReleaseError, OSError."""
    target = target.resolve()
    known = _known(release)
    fresh, old = target.with_name(f".{target.name}.next"), target.with_name(f".{target.name}.old")
    if old.exists() and not target.exists():  # A freeze was killed between its two renames.
        old.rename(target)
    _refuse_foreign(target, known, release)
    for leftover in (fresh, old):
        shutil.rmtree(leftover, ignore_errors=True)
    shutil.copytree(release.path, fresh, copy_function=shutil.copyfile)
    os.sync()
    states = [outputs_of(each) for each in (target, fresh) if each.exists()]
    _note(known | {str(target): states}, _list_of(release))  # Before: killed at any moment, the next one knows it.
    _swap(fresh, target, old)
    shutil.rmtree(old, ignore_errors=True)


def _swap(fresh: Path, target: Path, old: Path) -> None:
    if target.exists():
        target.rename(old)
    try:
        fresh.rename(target)
    except OSError:
        if old.exists():
            old.rename(target)
        raise


def _note(known: Known, path: Path) -> None:
    beside = path.with_suffix(".next")
    beside.write_text(json.dumps(known, indent=1), encoding="utf-8")
    beside.replace(path)


def _refuse_foreign(target: Path, known: Known, release: Release) -> None:
    if release.path.is_relative_to(target) or target.is_relative_to(release.path):
        raise ReleaseError(f"{target} holds the releases themselves. Choose another folder.")
    if not target.exists() or (target.is_dir() and not any(target.iterdir())):
        return
    if not target.is_dir():
        raise ReleaseError(f"{target} is a file. Move it away, or choose another folder.")
    if outputs_of(target) not in known.get(str(target), ()):
        raise ReleaseError(f"{target} holds files that are not of an earlier copy. Move them away.")


def _known(release: Release) -> Known:
    try:
        found = json.loads(_list_of(release).read_text(encoding="utf-8"))
        return found if isinstance(found, dict) else {}
    except (OSError, ValueError):
        return {}


def _list_of(release: Release) -> Path:
    return release.path.parent / LIST
