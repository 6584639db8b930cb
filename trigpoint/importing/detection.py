"""Which generator or platform a source comes from: by its configuration, its folders, or the first bytes of its file."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from trigpoint.importing.configuration import configuration
from trigpoint.importing.entries import OldSite
from trigpoint.importing.folders import Folder, ImportStopped
from trigpoint.importing.sites import hugo, jekyll, pelican, plain, wordpress, zola

NAMES = {
    "jekyll": "Jekyll", "hugo": "Hugo", "zola": "Zola", "pelican": "Pelican", "plain": "plain Markdown", "wordpress": "WordPress",
}  # fmt: skip
FOLDERS: dict[str, Callable[[Folder], OldSite]] = {
    "jekyll": jekyll.read, "hugo": hugo.read, "zola": zola.read, "pelican": pelican.read, "plain": plain.read,
}  # fmt: skip


def generator_of(folder: Folder) -> tuple[str, str]:
    """The generator of a folder, and what it was known by."""
    for name, sign in _signs(folder):
        if sign:
            return name, sign
    return "plain", "no configuration that is known"


def _signs(folder: Folder):  # type: ignore[no-untyped-def]
    has = folder.first
    config = configuration(folder, "config.toml", "zola.toml")
    yield "zola", "config.toml" if "base_url" in config and "baseURL" not in config else ""
    yield "hugo", has("hugo.toml", "hugo.yaml", "hugo.yml", "hugo.json")
    in_content = any(folder.below("content"))
    yield "hugo", (has(*hugo.CONFIGURATION) or next(folder.below("config/_default"), "")) if in_content else ""
    yield "pelican", has("pelicanconf.py", "publishconf.py")
    yield (
        "jekyll",
        "_posts/" if any("_posts/" in f"/{path}" for path in folder.paths if "source/_posts/" not in path) else "",
    )
    yield "jekyll", has("_config.yml") if folder.has("Gemfile") else ""
    dated = [path for path in folder.paths if re.search(r"(?:^|/)\d{4}-\d\d-\d\d-[^/]+\.(?:md|markdown)$", path)]
    sample = "".join(_head(folder, path) for path in (dated or list(folder.below("", ".md")))[:40])
    yield (
        "zola",
        "its headers"
        if re.search(r"^\+\+\+", sample, re.M) and re.search(r"^\[(?:taxonomies|extra)\]", sample, re.M)
        else "",
    )
    yield "hugo", "its headers" if re.search(r"^\+\+\+|\{\{<", sample, re.M) else ""
    yield "jekyll", "its headers" if dated and re.search(r"^layout:", sample, re.M) else ""


def _head(folder: Folder, path: str) -> str:
    try:
        return folder.text(path)[:4000]
    except (OSError, ValueError):
        return ""


def read_source(source: Path, wanted: str) -> tuple[OldSite, Folder, str]:
    """The old site, the folder in which its files lie, and what it was known by. Raises ImportStopped, OSError."""
    if source.is_dir():
        return _of_folder(Folder.of(source), wanted)
    if not source.exists():
        raise ImportStopped(f"{source} is not there.")
    with source.open("rb") as file:
        head = file.read(4000).decode("utf-8", "replace")
    if wordpress.is_export(head) or wanted == "wordpress":
        folder = Folder.of(source.parent)
        return wordpress.read(source, folder), folder, "WXR"
    raise ImportStopped(f"{source} is no folder, and no export that is known ({', '.join(NAMES.values())}).")


def _of_folder(folder: Folder, wanted: str) -> tuple[OldSite, Folder, str]:
    name, sign = (wanted, "--from") if wanted else generator_of(folder)
    if name not in FOLDERS:
        raise ImportStopped(f"{NAMES[name]} gives a file to import, not a folder.")
    return FOLDERS[name](folder), folder, sign
