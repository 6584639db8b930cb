"""A plain copy of the live release in a folder of the author's choice.

For destinations that can't hold links: a web server's root, another disk. It is
laid out beside and renamed. A folder that is in the way is replaced only if it
is the copy that was made last, and nobody has touched it; anything else is
refused, never deleted. The working tree of a git branch is the exception: there
the copy is written in place, as git has what was there before.
"""

from __future__ import annotations

import filecmp
import json
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from trigpoint.freezing.release import Release, ReleaseError, outputs_of
from trigpoint.loading.git import GitError, run

LIST = "copies.json"
UNFINISHED = "unfinished"
"""Stands in place of a state: this folder is ours, whatever it holds."""

Known = dict[str, list[str]]
"""By the path of a copy the states in which it may be: the one before the last freeze, and the one after. By that of a
working tree the files that are ours."""


def refuse(target: Path, releases: Path, sources: Iterable[Path]) -> None:
    """Say before anything is done what would be refused. Raises ReleaseError, OSError.

    `sources` are the folders whose files are published.
    """
    target, releases = target.resolve(), releases.resolve()
    _refuse_place(target, releases, sources)
    _refuse_foreign(target, _known(releases))


def lay_out(release: Release, target: Path) -> None:
    """Make `target` a copy of the release. Raises ReleaseError, OSError."""
    target, releases = target.resolve(), release.path.parent
    known = _known(releases)
    _refuse_place(target, releases, ())
    if _is_working_tree(target):
        _write_in_place(release, target, known, releases / LIST)
        return
    fresh, old = _beside(target)
    if UNFINISHED in known.get(str(old), ()) and old.exists() and not target.exists():
        old.rename(target)  # A freeze was killed between its two renames.
    _refuse_foreign(target, known)
    for leftover in (fresh, old):
        shutil.rmtree(leftover, ignore_errors=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    ours = {str(each): [UNFINISHED] for each in (fresh, old)}
    _note(known | ours, releases / LIST)  # Before: killed at any moment, the next one knows them.
    shutil.copytree(release.path, fresh, copy_function=shutil.copyfile)
    os.sync()
    known |= {str(target): [outputs_of(each) for each in (target, fresh) if each.exists()]}
    _note(known | ours, releases / LIST)
    _swap(fresh, target, old)
    shutil.rmtree(old, ignore_errors=True)
    if not old.exists():
        _note({path: states for path, states in known.items() if path not in ours}, releases / LIST)


def _beside(target: Path) -> tuple[Path, Path]:
    """Where the next copy is made, and where the last one waits to be removed."""
    return target.with_name(f".{target.name}.next"), target.with_name(f".{target.name}.old")


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


def _refuse_place(target: Path, releases: Path, sources: Iterable[Path]) -> None:
    if target == target.parent:
        raise ReleaseError(f"{target} is the root of the file system. Choose a folder.")
    if releases.is_relative_to(target) or target.is_relative_to(releases):
        raise ReleaseError(f"{target} holds the releases themselves. Choose another folder.")
    for source in sources:
        if target.is_relative_to(source.resolve()):
            raise ReleaseError(f"{target} lies in {source}, whose files are published. Choose another folder.")
    above = next(each for each in target.parents if os.path.lexists(each))
    if not above.is_dir():
        raise ReleaseError(f"{above} is a file: no folder can lie in it. Choose another folder.")
    if not os.access(above, os.W_OK | os.X_OK):
        raise ReleaseError(f"{above} can't be written to. Let it be, or choose another folder.")


def _refuse_foreign(target: Path, known: Known) -> None:
    if target.exists() and not target.is_dir():
        raise ReleaseError(f"{target} is a file. Move it away, or choose another folder.")
    if _is_working_tree(target):
        return
    for each in _beside(target):
        if os.path.lexists(each) and UNFINISHED not in known.get(str(each), ()):
            raise ReleaseError(f"{each} is there, where the copy is made, and not of an earlier copy. Move it away.")
    if target.exists() and any(target.iterdir()) and outputs_of(target) not in known.get(str(target), ()):
        raise ReleaseError(f"{target} holds files that are not of an earlier copy. Move them away.")


def _known(releases: Path) -> Known:
    try:
        found = json.loads((releases / LIST).read_text(encoding="utf-8"))
        return {path: list(map(str, states)) for path, states in found.items()}
    except (OSError, ValueError, AttributeError, TypeError):
        return {}


# The working tree of a git branch.


def _is_working_tree(target: Path) -> bool:
    return (target / ".git").exists()


def _write_in_place(release: Release, target: Path, known: Known, path: Path) -> None:
    """Bring the files of the release into the tree, and remove those of the last copy that it no longer has."""
    wanted = dict(_files(release.path))
    ours = frozenset(known.get(str(target), ()))
    changed = [each for each in wanted if not _is_same(wanted[each], target / each)]
    _refuse_unsaved(target, [each for each in changed if each not in ours and os.path.lexists(target / each)])
    for each in (*changed, *sorted(ours - wanted.keys())):
        _refuse_linked_folder(target, each)
    _note(known | {str(target): sorted(ours | wanted.keys())}, path)  # Before: killed, the next one goes on.
    for each in ours - wanted.keys():
        _remove(target, each)
    for each in changed:
        (target / each).parent.mkdir(parents=True, exist_ok=True)
        (target / each).unlink(missing_ok=True)  # What was a link there is not written through.
        shutil.copyfile(wanted[each], target / each)
    _note(known | {str(target): sorted(wanted)}, path)


def _refuse_linked_folder(target: Path, path: str) -> None:
    """Nothing is written or removed where a folder of the tree is a link: it may lead to anything, the sources too."""
    for folder in (target / path).relative_to(target).parents[:-1]:
        if (target / folder).is_symlink():
            raise ReleaseError(f"{target / folder} is a link, and what it leads to is no part of the copy. Remove it.")


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    return ((each.relative_to(folder).as_posix(), each) for each in sorted(folder.rglob("*")) if each.is_file())


def _is_same(one: Path, other: Path) -> bool:
    return other.is_file() and not other.is_symlink() and filecmp.cmp(one, other, shallow=False)


def _remove(target: Path, path: str) -> None:
    with suppress(OSError):  # It is gone already; folders go with the last file in them.
        (target / path).unlink()
        for folder in (target / path).relative_to(target).parents[:-1]:
            (target / folder).rmdir()


def _refuse_unsaved(target: Path, paths: Iterable[str]) -> None:
    """Nothing is overwritten that neither an earlier copy wrote nor git could bring back."""
    committed = _named_by_git(target, "ls-tree", "-r") - _named_by_git(target, "diff")
    for path in paths:
        if path not in committed:
            sentence = f"{target / path} is there, neither of an earlier copy nor committed."
            raise ReleaseError(f"{sentence} Commit it, or remove it.")


def _named_by_git(target: Path, *words: str) -> frozenset[str]:
    """The files that git names; none where it cannot say."""
    try:
        said = run(target, *words, "-z", "--name-only", "HEAD")
    except GitError:
        return frozenset()
    return frozenset(said.decode(errors="surrogateescape").split("\0"))
