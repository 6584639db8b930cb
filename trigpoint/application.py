"""Puts the parts together: settings, loader, assets, templates, views, commands.

A site's app.py asks for it: `app = create_app(Path(__file__).parent)`.
"""

from __future__ import annotations

import datetime as dt
import os
import signal
import threading
import time
from contextlib import suppress
from functools import partial
from pathlib import Path
from types import FrameType

import click
from flask import Flask, request
from werkzeug.serving import is_running_from_reloader

from trigpoint.code_digest import program_digest
from trigpoint.commands.console import note
from trigpoint.commands.group import Commands
from trigpoint.health import Health
from trigpoint.loading.loader import Loader
from trigpoint.notes import digest_of
from trigpoint.settings import Settings, SettingsError, load_settings
from trigpoint.web import feeds, history, views
from trigpoint.web.answers import is_hurried, register_kinds
from trigpoint.web.assets import Assets, register_media_types
from trigpoint.web.errors import instead_of_outside, register_errors
from trigpoint.web.files import code, images, machine, search
from trigpoint.web.headers import headers, register_headers
from trigpoint.web.middleware import AddressOnly
from trigpoint.web.response_cache import RememberedFirst
from trigpoint.web.site import Site
from trigpoint.web.templating import CompiledTemplates, NotingEnvironment, prepare_templates

KINDS_ARE_IN = (views, history, feeds, search, machine, images, code)

PAUSE = 0.2
"""Seconds between two looks at a site.toml that has faults."""

GRACE = 3.0
"""Seconds that `flask run` has to end after Ctrl-C."""

KEPT_SETTINGS = "TRIGPOINT_KEPT_SETTINGS"
"""The variable of the environment by which a server's first process tells its workers of a folder (`serving`)."""


def sound_settings(root: Path) -> Settings:
    """The settings. A server that starts itself anew after each edit (`make run`) waits until site.toml is mended.

    A worker that takes another's place has the settings that the server went on with. Raises SettingsError.
    """
    said = ""
    while True:
        try:
            settings = load_settings(root)
            _keep_for_other_workers(root)
            return settings
        except SettingsError as error:
            if not is_running_from_reloader():
                return _settings_of_other_workers(root, error)
            if error.message != said:
                note(f"{error.message}\nThe server goes on when this is mended.")
            said = error.message
            time.sleep(PAUSE)


def _kept_settings(root: Path) -> Path | None:
    """Where the workers of a server have the last site.toml without faults; None where there are no workers."""
    folder = os.environ.get(KEPT_SETTINGS)
    return Path(folder, digest_of(str(root))[:16]) if folder else None


def _keep_for_other_workers(root: Path) -> None:
    kept = _kept_settings(root)
    if kept:
        with suppress(OSError):  # It only matters where a worker dies while site.toml has faults.
            own = kept.with_name(f"{kept.name}.{os.getpid()}")
            own.write_bytes((root / "site.toml").read_bytes())
            own.replace(kept)


def _settings_of_other_workers(root: Path, error: SettingsError) -> Settings:
    kept = _kept_settings(root)
    if not (kept and kept.exists()):
        raise error
    settings = load_settings(root, kept)
    note(f"{error.message}\nWorker {os.getpid()} begins with the settings that the others have.")
    return settings


def begin_to_serve(loader: Loader) -> None:
    """See to it that edits are found from now on."""
    (loader.serve if is_hurried(request) else loader.watch)()


def is_run_by_flask() -> bool:
    """Whether this is `flask run`, which no proxy stands before; every command of flask sets the variable."""
    context = click.get_current_context(silent=True)
    return os.environ.get("FLASK_RUN_FROM_CLI") == "true" and context is not None and context.info_name == "run"


def end_after_interrupt() -> None:
    """See to it that Ctrl-C ends `flask run`: one that meets the reloader between two processes leaves a lock of
    `subprocess` taken, and nothing would end the server then."""

    def interrupted(number: int, frame: FrameType | None) -> None:
        last = threading.Timer(GRACE, os._exit, (128 + number,))
        last.daemon = True
        last.start()
        signal.default_int_handler(number, frame)

    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, interrupted)


def is_for_author(app: Flask) -> bool:
    """Whether drafts are shown: FLASK_DEBUG asks for the preview, and gets it from `flask run` alone.

    Another server is there for readers, whatever becomes of `app.debug`.
    """
    if app.debug and os.environ.get("FLASK_RUN_FROM_CLI") != "true":
        app.debug = False
        app.logger.warning(
            "FLASK_DEBUG is set, but this is not `flask run`: drafts stay hidden. Take it out of the environment."
        )
    return app.debug and is_run_by_flask()


def create_app(root: Path | str, import_name: str = "app") -> Flask:
    """The blog whose site.toml and pages/ lie in `root`, and its own templates/ and static/ where it has them.

    `import_name` is the module of the site that calls this, if it is not `app`. Kinds of pages are declared before.
    Raises SettingsError.
    """
    root = Path(root).absolute()
    app = Flask(import_name, root_path=str(root), static_folder=None)
    app.cli = Commands(app.name)
    is_preview = is_for_author(app)
    program_digest()  # Of the code that runs: when it is needed, an upgrade may lie on the disk.
    register_media_types()
    settings = sound_settings(root)
    app.jinja_environment = NotingEnvironment
    app.config["APPLICATION_ROOT"] = settings.base_path or "/"  # Of the application's own client: a freeze asks it.
    site = app.extensions["trigpoint"] = _site(app, settings, is_preview)
    register_kinds(app)
    register_errors(app)
    register_headers(app, site.headers)
    app.before_request(partial(begin_to_serve, site.loader))
    app.before_request(instead_of_outside)
    _add_middleware(site)
    if is_run_by_flask():
        end_after_interrupt()
    if settings.base_path and is_run_by_flask() and is_preview == is_running_from_reloader():
        note(f"base_url has a path: the blog is at {settings.base_path}/, and / leads there.")
    return app


def _site(app: Flask, settings: Settings, is_preview: bool) -> Site:
    """The Site, with its sources, assets and templates. Nothing is read yet."""
    loader = Loader(app, settings, lambda: dt.datetime.now(dt.UTC), is_preview)
    assets = Assets(partial(loader.inputs.overlay, "static"))
    site = Site(app, settings, loader, assets)
    site.headers = headers(settings, is_run_by_flask())
    compiled = CompiledTemplates(loader.cache, lambda: site.program_digest)
    prepare_templates(app, settings, assets, partial(loader.inputs.overlay, "templates"), compiled, site.words)
    return site


def _add_middleware(site: Site) -> None:
    """What a request passes through before Flask. What is added last is asked first: health answers whatever else
    fails, and the preview's own addresses are none of the site's.
    """
    app, settings = site.app, site.settings
    is_stripped = settings.proxy_strips_path and not is_run_by_flask()
    address_only = AddressOnly(app.wsgi_app, settings.base_path, is_stripped)
    app.wsgi_app = RememberedFirst(address_only, site)  # type: ignore[method-assign]
    if site.is_preview:
        from trigpoint.preview.live import show_preview

        show_preview(site)
    app.wsgi_app = Health(app.wsgi_app, site.loader, settings)  # type: ignore[method-assign]
