"""The app.py of a site, loaded for the commands: what is wrong in it is said in one line, and not by a traceback.

A site's wsgi.py asks for it, which `flask` takes before app.py, and the command `trigpoint` does. A server that starts
itself anew after each edit (`make run`) goes on, with pages that say what is wrong, until that is mended.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from traceback import walk_tb
from typing import NoReturn

import click
from flask import Flask
from flask.cli import FlaskGroup, ScriptInfo
from werkzeug.serving import is_running_from_reloader

from trigpoint.commands.console import INTERRUPTED, note
from trigpoint.commands.new_site import new_site
from trigpoint.encoding import EncodingError, text_of
from trigpoint.faults import Fault
from trigpoint.settings import FILE
from trigpoint.theme import shown

NAME = "app"
ENGINE = Path(__file__).resolve().parent


class Commands(FlaskGroup):
    """The commands of the site in this folder, and those that need none."""

    def list_commands(self, context: click.Context) -> list[str]:
        try:
            return super().list_commands(context)
        except SystemExit:  # Why there are no others is said already.
            return sorted(self.commands)


def main() -> None:
    """The command `trigpoint`: what `flask` is in the folder of a site, in all folders below, and `new-site`."""
    commands = Commands(name="trigpoint", create_app=app_here)
    commands.add_command(new_site)
    commands.main(prog_name="trigpoint")


def app_here() -> Flask:
    """The application of the site that this folder is or lies in, or that which `--app` names."""
    info = click.get_current_context().find_object(ScriptInfo)
    if info and info.app_import_path:
        return ScriptInfo(info.app_import_path).load_app()
    root = _root(Path.cwd())
    sys.path.insert(0, str(root))
    return load_app(root)


def _root(here: Path) -> Path:
    """The nearest folder with a site.toml, upwards from here, as git looks for its own; else this, with an app.py."""
    site = next((folder for folder in (here, *here.parents) if (folder / FILE).is_file()), here)
    if not any((site / name).is_file() for name in (f"{NAME}.py", FILE)):
        _refuse(f"There is no {FILE} here or above. Go to the folder of a site; `trigpoint new-site FOLDER` makes one.")
    return site


def load_app(root: Path) -> Flask:
    """The `app` of the app.py in this folder. Ends the program where there is none, with a line that says why."""
    try:
        return _app_in(root)
    except click.ClickException as error:  # Of site.toml.
        error.show()
        raise SystemExit(error.exit_code) from None
    except KeyboardInterrupt:
        note("Interrupted.")
        raise SystemExit(INTERRUPTED) from None
    except Exception as error:
        fault = code_fault(root, error)
        if not is_running_from_reloader():
            _refuse(str(fault))
        note(str(fault))
        return _stand_in(root, fault)


def _app_in(root: Path) -> Flask:
    if not (root / f"{NAME}.py").is_file():  # Another module of that name may be found elsewhere.
        raise LookupError("there is no such file. Write it anew: `flask new-site` puts one into a new site")
    app = getattr(importlib.import_module(NAME), "app", None)
    if not isinstance(app, Flask):
        raise LookupError("there is no `app` in it. Write `app = create_app(Path(__file__).parent)`")
    return app


def _refuse(sentence: str) -> NoReturn:
    note(sentence)
    raise SystemExit(1)


def _stand_in(root: Path, fault: Fault) -> Flask:
    from trigpoint.preview.stand_in import StandIn

    app = Flask(NAME, root_path=str(root), static_folder=None)
    app.wsgi_app = StandIn(root, fault)  # type: ignore[method-assign]
    return app


def code_fault(root: Path, error: Exception) -> Fault:
    """The Fault of the site's own code that raised this when it was loaded: its innermost line."""
    if isinstance(error, SyntaxError) and error.filename and Path(error.filename).is_file():
        return _syntax_fault(root, error)
    raised = [(Path(frame.f_code.co_filename), line) for frame, line in walk_tb(error.__traceback__)]
    own = [number for number, (path, _) in enumerate(raised) if path.is_file() and _is_own(path, root)]
    path, line = raised[own[-1]] if own else (root / f"{NAME}.py", 0)
    within = [f"{shown(path, root)}:{line}" for path, line in (raised[own[-1] :] if own else []) if _is_engine(path)]
    where = f" ({within[-1]})" if within else ""
    return Fault(shown(path, root), line, 0, f"{_text(f'{type(error).__name__}: {error}')}{where}.", kind="program")


def _syntax_fault(root: Path, error: SyntaxError) -> Fault:
    path = Path(error.filename or "")
    try:
        text_of(str(path), path.read_bytes())
    except EncodingError as wrong:
        return wrong.found.fault(shown(path, root), "program")
    line, column = error.lineno or 0, error.offset or 0
    return Fault(shown(path, root), line, column, f"{_text(error.msg)}.", kind="program")


def _is_own(path: Path, root: Path) -> bool:
    """Whether it is of the site, and neither of the engine nor of a library that is installed in the site's folder."""
    below = path.relative_to(root).parts if path.is_relative_to(root) else ("..",)
    is_installed = any(part == ".." or part.startswith(".") or part == "site-packages" for part in below)
    return not is_installed and not _is_engine(path) and below != ("wsgi.py",)


def _is_engine(path: Path) -> bool:
    return path.resolve().is_relative_to(ENGINE)


def _text(said: str) -> str:
    return " ".join(said.split()).rstrip(".")
