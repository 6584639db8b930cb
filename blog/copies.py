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


def lay_out(release: Release, target: Path) -> None:
    """Make `target` a copy of the release. Raises ReleaseError, OSError."""
    target = target.resolve()
    known = _known(release)
    _refuse_foreign(target, known, release)
    fresh, old = target.with_name(f".{target.name}.next"), target.with_name(f".{target.name}.old")
    for leftover in (fresh, old):
        shutil.rmtree(leftover, ignore_errors=True)
    shutil.copytree(release.path, fresh, copy_function=shutil.copyfile)
    os.sync()
    if target.exists():
        target.rename(old)
    fresh.rename(target)
    shutil.rmtree(old, ignore_errors=True)
    _list_of(release).write_text(json.dumps(known | {str(target): outputs_of(target)}, indent=1), encoding="utf-8")


def _refuse_foreign(target: Path, known: dict[str, Digest], release: Release) -> None:
    if release.path.is_relative_to(target) or target.is_relative_to(release.path):
        raise ReleaseError(f"{target} holds the releases themselves. Choose another folder.")
    if not target.exists() or (target.is_dir() and not any(target.iterdir())):
        return
    if not target.is_dir():
        raise ReleaseError(f"{target} is a file. Move it away, or choose another folder.")
    if known.get(str(target)) != outputs_of(target):
        raise ReleaseError(f"{target} holds files that are not of an earlier copy. Move them away.")


def _known(release: Release) -> dict[str, Digest]:
    """The state in which each copy was left."""
    try:
        found = json.loads(_list_of(release).read_text(encoding="utf-8"))
        return found if isinstance(found, dict) else {}
    except (OSError, ValueError):
        return {}


def _list_of(release: Release) -> Path:
    return release.path.parent / LIST
