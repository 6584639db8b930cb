"""The Jinja environment: templates that note themselves, filters for dates, addresses of assets.

What a template may ask without its view (settings, assets, other templates) is
noted here, so that a page knows when it is no longer true.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, MutableMapping
from contextlib import suppress
from io import StringIO
from pathlib import Path
from typing import Any, cast

from flask import Flask
from flask.templating import Environment
from jinja2 import BaseLoader, BytecodeCache, StrictUndefined, Template, Undefined, UndefinedError, pass_context
from jinja2 import Environment as JinjaEnvironment
from jinja2.bccache import Bucket
from jinja2.environment import TemplateModule
from jinja2.exceptions import TemplateNotFound
from jinja2.runtime import Context
from jinja2.utils import missing
from markupsafe import Markup, escape

from trigpoint.cache import Cache
from trigpoint.encoding import EncodingError, text_of
from trigpoint.faults import did_you_mean
from trigpoint.file_reading import steady
from trigpoint.inventory import Stamp
from trigpoint.languages import direction
from trigpoint.markup.typography import typeset
from trigpoint.notes import DependsOn, Digest, ask, declare, digest_of, digest_of_bytes
from trigpoint.settings import Settings
from trigpoint.theme import Overlay
from trigpoint.web.assets import Assets
from trigpoint.web.headers import policy_in_page, speculation_rules
from trigpoint.web.wording.words import WordBook, WordsOfPage

Look = Callable[[], Overlay]
"""Gives the site's templates over the theme's, as the last look found them."""

OF_THEME = "theme/"
"""Begins the name of a template of the theme that an own one may stand over: `{% extends "theme/post.html" %}`."""


class Freshness:
    """Says of a compiled template whether it is still of its file; `digest` is of the text that was compiled."""

    def __init__(self, look: Look, name: str, digest: Digest) -> None:
        self._look, self._name, self.digest = look, name, digest
        self._stamp = _stamp_in(look(), name)

    def __call__(self) -> bool:
        return _stamp_in(self._look(), self._name) == self._stamp


class Templates(BaseLoader):
    """The templates of the site and of the theme, as the last look found them.

    Jinja would know a changed file by its modification time alone, and look at the disk for each.
    """

    def __init__(self, look: Look) -> None:
        self._look = look
        self._digests: dict[str, tuple[Stamp | None, Digest]] = {}

    def get_source(self, environment: JinjaEnvironment, template: str) -> tuple[str, str, Callable[[], bool]]:
        filename = _path_in(self._look(), template)
        if filename is None:
            raise TemplateNotFound(template)
        try:
            source = StringIO(text_of(str(filename), steady(str(filename))), newline=None).read()
        except FileNotFoundError as error:
            raise TemplateNotFound(template) from error
        return source, str(filename), Freshness(self._look, template, digest_of_bytes(source.encode()))

    def digest(self, environment: JinjaEnvironment, name: str) -> Digest:
        """The digest of a template's text; "" where there is none, which is an answer too."""
        stamp = _stamp_in(self._look(), name)
        known = self._digests.get(name)
        if known is None or known[0] != stamp:
            try:
                known = self._digests[name] = (stamp, self._read_digest(environment, name))
            except OSError:  # Who renders with it meets it again; it is not remembered.
                return Digest("")
        return known[1]

    def _read_digest(self, environment: JinjaEnvironment, name: str) -> Digest:
        try:
            return digest_of_bytes(self.get_source(environment, name)[0].encode())
        except (TemplateNotFound, EncodingError):
            return Digest("")


def _path_in(found: Overlay, name: str) -> Path | None:
    is_of_theme = name.startswith(OF_THEME)
    return found.theme.path(name.removeprefix(OF_THEME)) if is_of_theme else found.path(name)


def _stamp_in(found: Overlay, name: str) -> Stamp | None:
    is_of_theme = name.startswith(OF_THEME)
    return found.theme.stamps.get(name.removeprefix(OF_THEME)) if is_of_theme else found.stamps.get(name)


class CompiledTemplates(BytecodeCache):
    """Templates as Jinja compiled them, kept for the next process.

    Jinja fills in what is constant when it compiles, by filters too: so it is kept by the digest of all code.
    """

    def __init__(self, cache: Cache, program_digest: Callable[[], Digest]) -> None:
        self._cache, self._program_digest = cache, program_digest

    def load_bytecode(self, bucket: Bucket) -> None:
        compiled = self._cache.value("templates", self._key(bucket))
        if compiled:
            bucket.bytecode_from_string(compiled)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._cache.keep("templates", self._key(bucket), bucket.bytecode_to_string())

    def _key(self, bucket: Bucket) -> Digest:
        """Of the template's name, place and text, and of how this environment compiles."""
        return digest_of((bucket.key, bucket.checksum, self._program_digest()))


TEMPLATE = declare(
    "template",
    "the template {0}",
    DependsOn.OUTSIDE,
    lambda site, name: digest_of(template_digest(site.app.jinja_env, name)),
)
SETTING = declare(
    "setting", "the setting {0}", DependsOn.OUTSIDE, lambda site, name: digest_of(getattr(site.settings, name))
)


class NotingTemplate(Template):
    """A template that runs for each import: Jinja would keep the module of the first, with what that one was told."""

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        return self.make_module(
            {name: ctx.parent[name] for name in ctx.globals_keys - self.globals.keys()} if ctx else None
        )


class NotingEnvironment(Environment):
    """Notes every template that a page is made of: a Jinja loader would miss those that are compiled already.

    What is noted is the digest of the text that was compiled, whatever the file holds by now.
    """

    template_class = NotingTemplate

    def get_template(
        self, name: str | Template, parent: str | None = None, globals: MutableMapping[str, Any] | None = None
    ) -> Template:
        asked = self.join_path(name, parent) if isinstance(name, str) and parent else str(name)
        try:
            template = super().get_template(name, parent, globals)
        except TemplateNotFound:
            ask(TEMPLATE, (asked,), lambda: Digest(""))
            raise
        freshness = getattr(template, "_uptodate", None)
        if isinstance(name, str) and isinstance(freshness, Freshness):
            ask(TEMPLATE, (asked,), lambda: freshness.digest)
        return template

    def select_template(
        self,
        names: Iterable[str | Template],
        parent: str | None = None,
        globals: MutableMapping[str, Any] | None = None,
    ) -> Template:
        """The first that is there. Those before it are noted, too: one may come to be."""
        names = [] if isinstance(names, Undefined) else list(names)
        for name in names:
            with suppress(TemplateNotFound, UndefinedError):
                return self.get_template(name, parent, globals)
        return super().select_template(names, parent, globals)


def template_digest(environment: Environment, name: str) -> Digest:
    """The digest of a template's text as the folder has it now; "" where there is none."""
    templates = environment.loader
    assert isinstance(templates, Templates)
    return templates.digest(environment, name)


class Unknown(StrictUndefined):
    """What a template asks for and nothing has: the nearest that there is, is named."""

    __slots__ = ()

    @property
    def _undefined_message(self) -> str:
        asked, of = self._undefined_name, self._undefined_obj
        if self._undefined_hint or of is missing or not isinstance(asked, str):
            return super()._undefined_message
        names = of if isinstance(of, Mapping) else [name for name in dir(of) if not name.startswith("_")]
        named = type(of).__name__.removeprefix("Noted").lower()
        return f'"{named}" has no "{asked}". {did_you_mean(asked, map(str, names))}'.rstrip()


class NotedSettings:
    """The settings as templates and views see them: each one that is looked at is noted."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def link(self, address: str) -> str:
        """As the settings themselves make it."""
        return Settings.link(cast(Settings, self), address)

    def absolute(self, link: str) -> str:
        """As the settings themselves make it."""
        return Settings.absolute(cast(Settings, self), link)

    def __getattr__(self, name: str) -> Any:
        return ask(SETTING, (name,), lambda: getattr(self._settings, name))

    def __dir__(self) -> list[str]:
        return dir(self._settings)


@pass_context
def day(context: Context, moment: dt.date) -> str:
    """A day as readers write it, in the language of what it stands in: `3 May 2026`."""
    return str(context["_"].day(moment))


def iso(moment: dt.datetime) -> str:
    """RFC 3339: `2026-05-03T00:00:00+00:00`."""
    return moment.isoformat(timespec="seconds")


def date(moment: dt.datetime) -> str:
    """A day as HTML's <time> reads it: `2026-05-03`."""
    return moment.date().isoformat()


def date_in_year(moment: dt.datetime) -> str:
    """A day below the heading of its year, as HTML's <time> reads it: `05-03`."""
    return moment.date().isoformat()[5:]


@pass_context
def day_in_year(context: Context, moment: dt.datetime) -> str:
    """A day below the heading of its year: `3 May`, `14 Sep`."""
    return str(context["_"].day_in_year(moment))


def in_print(text: str, language: str) -> Markup:
    """A text without markup, in the signs that its language prints."""
    return Markup(typeset(str(escape(text)), language))


def prepare_templates(
    app: Flask, settings: Settings, assets: Assets, look: Look, compiled: BytecodeCache, words: WordBook
) -> None:
    """Give the templates their words."""

    def asset_address(name: str) -> str:
        asset = assets.asset(name)
        if asset is None:
            raise LookupError(f"static/{assets.missing(name)} is not there, and a template asks for it.")
        return settings.link(f"/static/{asset.address_name}")

    noted = NotedSettings(settings)

    def prefetching(base_path: str) -> Markup:
        return Markup(f'<script type="speculationrules">{speculation_rules(base_path)}</script>')

    def words_of_page() -> WordsOfPage:
        return WordsOfPage(words, lambda: str(noted.language))

    filters: Mapping[str, Callable[..., str]] = {
        "day": day,
        "iso": iso,
        "date": date,
        "date_in_year": date_in_year,
        "day_in_year": day_in_year,
        "direction": direction,
        "typeset": in_print,
    }
    app.jinja_env.loader = Templates(look)
    app.jinja_env.bytecode_cache = compiled
    app.jinja_env.auto_reload = True
    app.jinja_env.filters.update(filters)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.undefined = Unknown
    app.jinja_env.globals.update(
        site=noted, asset=asset_address, policy_in_page=policy_in_page, speculation_rules=prefetching
    )
    app.context_processor(lambda: {"_": words_of_page()})
