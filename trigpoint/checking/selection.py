"""The files that a check is asked about: those that were named, or changed since a commit."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from trigpoint.loading.git import GitError, completed
from trigpoint.settings import FILE
from trigpoint.web.site import Site

LINKS = frozenset(("link-dead", "link-expires", "link-hidden", "cover-broken", "picture", "navigation-dead"))
"""Kinds of findings that a file which is gone may cause in any other."""


class SelectionError(Exception):
    """There is no such selection; the text says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Paths as findings name them (`pages/posts/a.md`), of files or whole folders; `is_less` where some are gone."""

    paths: frozenset[str]
    is_less: bool = False

    def covers(self, path: str) -> bool:
        """Whether this file is among them, or in one of them."""
        return path in self.paths or any(path.startswith(f"{each}/") for each in self.paths)


def named(site: Site, names: Iterable[str]) -> Selection:
    """The files and folders of these names, as typed in this folder or in the site's. Raises SelectionError."""
    return Selection(frozenset(_named(site, name) for name in names))


def _named(site: Site, name: str) -> str:
    root = site.settings.root.resolve()
    found = next((place for base in (Path.cwd(), root) if (place := base / name).exists()), None)
    if found is None:
        raise SelectionError(f"There is no file {name}.")
    path = _below(root, Path(os.path.abspath(found)))
    if not is_source(site, path):
        wanted = f"{site.settings.pages}/, templates/, static/ or {FILE}"
        raise SelectionError(f"{name} is no source of this site: a file of {wanted} is wanted.")
    return path


def _below(root: Path, place: Path) -> str:
    return Path(os.path.relpath(place.parent.resolve() / place.name, root)).as_posix()


def is_source(site: Site, path: str) -> bool:
    """Whether the site is made from what lies at this path below its folder."""
    folders = (site.settings.pages, "templates", "static")
    return path == FILE or any(path == folder or path.startswith(f"{folder}/") for folder in folders)


def changed_since(site: Site, commit: str) -> Selection:
    """The sources that differ from the last commit which this branch and `commit` share, new ones too.

    Raises SelectionError.
    """
    root = site.settings.root
    base = _shared_with(root, commit)
    changed = _git(root, "diff", "--name-only", "-z", "--no-renames", "--relative", base, "--")
    new = _git(root, "ls-files", "--others", "--exclude-standard", "-z")
    paths = {path for path in f"{changed}\0{new}".split("\0") if path and is_source(site, path)}
    there = {path for path in paths if (root / path).exists()}
    return Selection(frozenset(there), is_less=there != paths)


def _shared_with(root: Path, commit: str) -> str:
    if _git(root, "rev-parse", "--is-inside-work-tree").strip() != "true":
        raise SelectionError(f"{root} is no working tree of git.")
    is_shallow = _git(root, "rev-parse", "--is-shallow-repository").strip() == "true"
    cure = " This clone is shallow: `git fetch --unshallow` brings the rest." if is_shallow else ""
    known = _run(root, ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{commit}^{{commit}}"))
    if known.returncode:
        raise SelectionError(f'There is no commit "{commit}" here.{cure}')
    shared = _run(root, ("merge-base", known.stdout.decode().strip(), "HEAD"))
    if shared.returncode:
        raise SelectionError(f'"{commit}" and this branch share no commit.{cure}')
    return shared.stdout.decode().strip()


def _git(root: Path, *words: str) -> str:
    ended = _run(root, words)
    if ended.returncode:
        said = (ended.stderr.decode(errors="replace").strip().splitlines() or ["git failed"])[-1]
        raise SelectionError(f"git does not tell what has changed: {said.removeprefix('fatal: ')}")
    return ended.stdout.decode(errors="surrogateescape")


def _run(root: Path, words: Sequence[str]) -> subprocess.CompletedProcess[bytes]:
    try:
        return completed(root, *words)
    except GitError as error:
        raise SelectionError(f"{error}, and only it knows what has changed.") from error
