"""The Jinja environment: templates that note themselves, filters for dates, addresses of assets.

What a template may ask without its view (settings, assets, other templates) is
noted here, so that a page knows when it is no longer true.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, MutableMapping
from pathlib import Path
from typing import Any, cast

from flask import Flask
from flask.templating import Environment
from jinja2 import Environment as JinjaEnvironment
from jinja2 import FileSystemLoader, StrictUndefined, Template
from jinja2.exceptions import TemplateNotFound

from blog.assets import Assets
from blog.notes import ask, digest_of_bytes
from blog.settings import Settings

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


class NotingEnvironment(Environment):
    """Notes every template that a page is made of: a Jinja loader would miss those that are compiled already.

    It is noted before it is loaded: should it change in between, the note is stale, and the page is made again.
    """

    def get_template(
        self, name: str | Template, parent: str | None = None, globals: MutableMapping[str, Any] | None = None
    ) -> Template:
        if isinstance(name, str):
            asked = self.join_path(name, parent) if parent else name
            ask("template", (asked,), lambda: template_digest(self, asked))
        return super().get_template(name, parent, globals)


class Templates(FileSystemLoader):
    """The folder of the templates. Jinja would know a changed file by its modification time alone."""

    def get_source(self, environment: JinjaEnvironment, template: str) -> tuple[str, str, Callable[[], bool]]:
        source, filename, _ = super().get_source(environment, template)

        def is_as_before() -> bool:
            try:
                return Path(filename).read_text(self.encoding) == source
            except (OSError, UnicodeDecodeError):
                return False

        return source, filename, is_as_before


def template_digest(environment: Environment, name: str) -> str:
    """The digest of a template's text; "" where there is none, which is an answer too."""
    assert environment.loader
    try:
        source, _, _ = environment.loader.get_source(environment, name)
    except (TemplateNotFound, OSError, UnicodeDecodeError):
        return ""
    return digest_of_bytes(source.encode())


class NotedSettings:
    """The settings as templates and views see them: each one that is looked at is noted."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def absolute(self, path: str) -> str:
        """As the settings themselves make it."""
        return Settings.absolute(cast(Settings, self), path)

    def __getattr__(self, name: str) -> Any:
        return ask("setting", (name,), lambda: getattr(self._settings, name))


def day(moment: dt.datetime) -> str:
    """A day as readers write it, in no locale: `3 May 2026`."""
    return f"{moment.day} {MONTHS[moment.month - 1]} {moment.year}"


def iso(moment: dt.datetime) -> str:
    """RFC 3339: `2026-05-03T00:00:00+00:00`."""
    return moment.isoformat(timespec="seconds")


def prepare_templates(app: Flask, settings: Settings, assets: Assets, content_security_policy: str) -> None:
    """Give the templates their words."""

    def asset_address(name: str) -> str:
        asset = assets.asset(name)
        if asset is None:
            raise LookupError(f"static/{name} is not there, and a template asks for it.")
        return f"/static/{asset.address_name}"

    filters: Mapping[str, Callable[[dt.datetime], str]] = {"day": day, "iso": iso}
    app.jinja_env.loader = Templates(settings.root / "templates")
    app.jinja_env.auto_reload = True
    app.jinja_env.filters.update(filters)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.globals.update(
        site=NotedSettings(settings), asset=asset_address, content_security_policy=content_security_policy
    )
