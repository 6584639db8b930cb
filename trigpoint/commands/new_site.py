"""`flask new-site FOLDER`: a small site of its own, from the files in `starter/`, that this engine runs.

Needs no site, so the wheel gives it to Flask's command line (`flask.commands` in pyproject.toml). Overwrites nothing.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import click

from trigpoint.commands.console import Command, say
from trigpoint.setting_values import PARSERS, printable
from trigpoint.theme import shipped

HIDDEN = {"gitignore": ".gitignore", "github/workflows/publish.yml": ".github/workflows/publish.yml"}
"""Files that lie here under another name, as they would have an effect."""


TITLE, URL = "A new blog", "https://blog.example"

OF_THIS_MACHINE = (
    "requirements.txt names the engine by a folder of this machine (file:///…), which no other machine has. Before the "
    "first push write what a CI can reach, such as `trigpoint @ git+https://…@COMMIT`; else the workflow fails."
)


def _checked(context: click.Context, option: click.Parameter, typed: str) -> str:
    """The value as site.toml would have it. Raises BadParameter."""
    try:
        return str(PARSERS["base_url" if option.name == "url" else "title"](typed))
    except ValueError as reason:
        sentence, *cure = map(str, reason.args)
        raise click.BadParameter(" ".join((f'"{printable(typed)}", but {sentence}.', *cure))) from reason


@click.command("new-site", cls=Command)
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--title", default=TITLE, callback=_checked, help="What it is called.")
@click.option("--url", default=URL, callback=_checked, help="The address that it will have: https://blog.example/path")
def new_site(folder: Path, title: str, url: str) -> None:
    """Write a small site into FOLDER: a post, a page, its settings, and what makes it run."""
    files = starter_files(dt.datetime.now(dt.UTC).date(), title, url)
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
    if "@ file:" in files["requirements.txt"]:
        say(OF_THIS_MACHINE)


def starter_files(today: dt.date, title: str = TITLE, url: str = URL) -> dict[str, str]:
    """The texts of a new site's files, by their paths below its folder."""
    starter = shipped("starter")
    paths = sorted(path for path in starter.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    names = (path.relative_to(starter).as_posix() for path in paths)
    said = {
        "@TODAY@": f"{today}",
        "@ENGINE@": engine(),
        "@TITLE@": _quoted(title),
        "@URL@": _quoted(url),
        "@NAME@": title,
    }
    return {HIDDEN.get(name, name): _filled(path, said) for name, path in zip(names, paths, strict=True)}


def _filled(path: Path, said: Mapping[str, str]) -> str:
    """The text of a file with what is said; all at once, so that a title may hold any words."""
    return re.sub("@[A-Z]+@", lambda found: said[found[0]], path.read_text(encoding="utf-8"))


def _quoted(text: str) -> str:
    """The text in quotes, as TOML takes it."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


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
