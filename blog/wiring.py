"""Puts the parts together: settings, loader, assets, templates, views, commands."""

from __future__ import annotations

import datetime as dt
from functools import partial
from pathlib import Path

from flask import Flask

from blog import artwork, catalogue, feeds, hosting, views
from blog.answers import Site, register_kinds
from blog.assets import Assets, register_media_types
from blog.cli import register_commands
from blog.errors import register_errors
from blog.headers import IN_META, register_headers
from blog.loader import Loader
from blog.previewing import PreviewFaults
from blog.settings import load_settings
from blog.styleguide import register_styleguide
from blog.templating import NotingEnvironment, prepare_templates

KINDS_ARE_IN = (views, feeds, catalogue, hosting, artwork)


def assemble(app: Flask, root: Path) -> None:
    """Make a bare Flask application the blog of the folder `root`. Raises SettingsError."""
    register_media_types()
    settings = load_settings(root)
    app.jinja_environment = NotingEnvironment
    loader = Loader(app, settings, lambda: dt.datetime.now(dt.UTC), preview=lambda: app.debug)
    assets = Assets(root / "static", partial(loader.stamps, "static"))
    site = app.extensions["blog"] = Site(app, settings, loader, assets)
    site.preview_faults = PreviewFaults(site).of
    prepare_templates(app, settings, assets, partial(loader.stamps, "templates"), loader.cache, IN_META)
    app.jinja_env.globals["inline_cover"] = artwork.inline_cover
    register_kinds(app)
    register_styleguide(app)
    register_errors(app)
    register_headers(app)
    register_commands(app)
    app.before_request(loader.watch)
    app.before_request(artwork.file_before_redirect)
