"""`flask new-site FOLDER`: a small site of its own, from the files in `starter/`, that this engine runs.

Needs no site, so the wheel gives it to Flask's command line (`flask.commands` in pyproject.toml). Overwrites nothing.
"""

from __future__ import annotations

import datetime as dt
import json
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import click

from trigpoint.commands.console import Command, say
from trigpoint.theme import shipped

HIDDEN = {"gitignore": ".gitignore", "github/workflows/publish.yml": ".github/workflows/publish.yml"}
"""Files that lie here under another name, as they would have an effect."""


@click.command("new-site", cls=Command)
@click.argument("folder", type=click.Path(path_type=Path))
def new_site(folder: Path) -> None:
    """Write a small site into FOLDER: one post, its settings, and what makes it run."""
    files = starter_files(dt.datetime.now(dt.UTC).date())
    there = [name for name in files if (folder / name).exists()]
    if there:
        raise click.ClickException(f"{folder / there[0]} is there already: nothing was written. Name another folder.")
    try:
        for name, text in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            with (folder / name).open("x", encoding="utf-8") as file:
                file.write(text)
    except OSError as error:
        raise click.ClickException(f"{error.filename}: {error.strerror}.") from error
    guide = shipped("docs") / "make-it-yours.md"
    say(f"{folder} is a site now. `cd {folder} && make run` shows it; {guide} says how it becomes yours.")


def starter_files(today: dt.date) -> dict[str, str]:
    """The texts of a new site's files, by their paths below its folder."""
    starter = shipped("starter")
    paths = sorted(path for path in starter.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    names = (path.relative_to(starter).as_posix() for path in paths)
    return {HIDDEN.get(name, name): _filled(path, today) for name, path in zip(names, paths, strict=True)}


def _filled(path: Path, today: dt.date) -> str:
    return path.read_text(encoding="utf-8").replace("@TODAY@", f"{today}").replace("@ENGINE@", engine())


def engine() -> str:
    """How requirements.txt names this engine: by its version, or by the place that it was installed or runs from.

    Source: PEP 610 (direct_url.json), PEP 508.
    """
    try:
        installed = distribution("trigpoint")
    except PackageNotFoundError:  # A checkout.
        return f"trigpoint @ {Path(__file__).resolve().parents[2].as_uri()}"
    origin = json.loads(installed.read_text("direct_url.json") or "{}")
    if "vcs_info" in origin:
        known = origin["vcs_info"]
        return f"trigpoint @ {known['vcs']}+{origin['url']}@{known['commit_id']}"
    return f"trigpoint @ {origin['url']}" if origin else f"trigpoint=={installed.version}"
