"""Which generator or platform a source comes from: by its configuration, its folders, or the start of its file."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

from trigpoint.importing.generators import NAMES, ImportStopped
from trigpoint.importing.reading.archives import is_archive, unpack
from trigpoint.importing.reading.configuration import configuration
from trigpoint.importing.reading.entries import OldSite
from trigpoint.importing.reading.folders import Folder
from trigpoint.importing.sites import (
    astro,
    docusaurus,
    eleventy,
    ghost,
    hexo,
    hugo,
    jekyll,
    listed,
    mkdocs,
    nikola,
    pelican,
    plain,
    quarto,
    stories,
    wordpress,
    zola,
)

FOLDERS: dict[str, Callable[[Folder], OldSite]] = {
    "jekyll": jekyll.read, "hugo": hugo.read, "zola": zola.read, "pelican": pelican.read, "eleventy": eleventy.read,
    "hexo": hexo.read, "astro": astro.read, "docusaurus": docusaurus.read, "quarto": quarto.read,
    "mkdocs": mkdocs.read, "nikola": nikola.read, "plain": plain.read, "medium": stories.read_medium,
    "substack": stories.read_substack,
}  # fmt: skip
FILES: dict[str, tuple[Callable[[Path, Folder], OldSite], tuple[tuple[str, str], ...]]] = {
    "wordpress": (wordpress.read, wordpress.STATICS), "ghost": (ghost.read, ghost.STATICS),
    "devto": (listed.read, ()), "hashnode": (listed.read, ()),
}  # fmt: skip
"""Exports that are one file, with the folders beside it whose files may come along."""
Read = tuple[OldSite, Folder, str]


def read_source(source: Path, wanted: str, scratch: Path) -> Read:
    """The old site, the folder in which its files lie, and what it was known by.

    `scratch` is an empty folder, for what comes out of an archive. Raises ImportStopped with a sentence, OSError.
    """
    if source.is_dir():
        return _of_folder(Folder.of(source), wanted)
    if not source.exists():
        raise ImportStopped(f"{source} is not there.")
    if is_archive(source):
        return _of_folder(Folder.of(unpack(source, scratch)), wanted)
    return _of_file(source, wanted)


def _of_folder(folder: Folder, wanted: str) -> Read:
    if wanted in FOLDERS:
        return FOLDERS[wanted](folder), folder, "--from"
    if not wanted and (found := generator_of(folder)):
        return FOLDERS[found[0]](folder), folder, found[1]
    if not wanted and (inner := _site_within(folder)):
        found = generator_of(inner)
        if found:
            return FOLDERS[found[0]](inner), inner, f"{inner.root.relative_to(folder.root)}/{found[1]}"
    for path in folder.paths:  # An export that was taken apart.
        if "/" not in path and path.endswith((".xml", ".json")) and (name := platform_of(folder.root / path)):
            return _of_file(folder.root / path, name)
    if wanted:
        raise ImportStopped(f"There is no export of {NAMES[wanted]} in {folder.root}.")
    return plain.read(folder), folder, "no configuration that is known"


def _site_within(folder: Folder) -> Folder | None:
    """The folder of the site in a repository that holds other things besides; the outermost one that is known."""
    names = {
        *hugo.CONFIGURATION[:8], *mkdocs.CONFIGURATION, *eleventy.CONFIGURATION, *astro.CONFIGURATION,
        *docusaurus.CONFIGURATION, *quarto.CONFIGURATION, *jekyll.CONFIGURATION[:2], "pelicanconf.py", "zola.toml",
    }  # fmt: skip
    within = (path.rpartition("/") for path in folder.paths if path.count("/") in (1, 2, 3))
    places = {place for place, _, name in within if name in names and not place.startswith(("themes/", "vendor/"))}
    for place in sorted(places, key=lambda place: (place.count("/"), place)):
        inner = Folder.of(folder.root / place)
        if generator_of(inner):
            return inner
    return None


def _of_file(path: Path, wanted: str) -> Read:
    """The site of an export, which lies anywhere: of the folder around it the pictures alone are looked at."""
    name = wanted or platform_of(path)
    if name not in FILES:
        raise ImportStopped(
            f"{path} is no folder, no archive and no export that is known. From: {', '.join(NAMES.values())}."
        )
    read, statics = FILES[name]
    folder = Folder.of_parts(path.parent, (part for _, part in statics))
    return read(path, folder), folder, path.name


def platform_of(path: Path) -> str:
    """The platform whose export this file is, "" for none."""
    with path.open("rb") as file:
        head = file.read(4000).decode("utf-8", "replace")
    if wordpress.is_export(head):
        return "wordpress"
    if not head.lstrip("\ufeff \n").startswith(("{", "[")) or path.suffix != ".json":
        return ""
    try:
        found = json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        return ""
    return "ghost" if ghost.tables_of(found) else listed.posts_of(found)[0]


def generator_of(folder: Folder) -> tuple[str, str] | None:
    """The generator of a folder, and what it was known by; None where nothing tells."""
    return next(((name, sign) for name, sign in _signs(folder) if sign), None)


def _signs(folder: Folder) -> Iterator[tuple[str, str]]:
    """What tells of each generator, the surest first."""
    has = folder.first
    yield "substack", "posts.csv" if stories.is_substack(folder) else ""
    yield "medium", "posts/*.html" if stories.is_medium(folder) else ""
    config = configuration(folder, "config.toml", "zola.toml")
    yield "zola", "config.toml" if "base_url" in config and "baseURL" not in config else ""
    yield "hugo", has("hugo.toml", "hugo.yaml", "hugo.yml", "hugo.json")
    yield (
        "hugo",
        (has(*hugo.CONFIGURATION) or next(folder.below("config/_default"), "")) if any(folder.below("content")) else "",
    )
    yield "pelican", has("pelicanconf.py", "publishconf.py")
    yield (
        "nikola",
        "conf.py"
        if folder.has("conf.py") and (any(folder.below("posts")) or "POSTS" in _head(folder, "conf.py", 200_000))
        else "",
    )
    yield "mkdocs", has(*mkdocs.CONFIGURATION)
    yield "eleventy", has(*eleventy.CONFIGURATION)
    yield "astro", has(*astro.CONFIGURATION)
    yield "docusaurus", has(*docusaurus.CONFIGURATION)
    yield "quarto", has(*quarto.CONFIGURATION)
    yield "hexo", "source/_posts/" if any(folder.below("source/_posts")) and folder.has("_config.yml") else ""
    yield "jekyll", "_posts/" if _has_posts_of_jekyll(folder) else ""
    yield "jekyll", has("_config.yml") if folder.has("Gemfile") else ""


def _has_posts_of_jekyll(folder: Folder) -> bool:
    """`_posts/` at the top, or anywhere beside the configuration; else the site lies further within."""
    depth = 99 if folder.has(*jekyll.CONFIGURATION) else 1
    return any("_posts" in path.split("/")[:depth] for path in folder.paths)


def _head(folder: Folder, path: str, most: int = 4000) -> str:
    return folder.readable_text(path)[:most]
