"""What the site says of itself: `site.toml`, overridden by `BLOG_…` variables, checked and typed.

Comes in: the folder of the site and the environment. Comes out: one frozen
Settings, or a SettingsError that names file, line and the likely fix. Nobody
else reads site.toml or the environment.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, dataclass, field, fields
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from click import ClickException
from flask import Config

from trigpoint.encoding import EncodingError, text_of
from trigpoint.faults import Fault, did_you_mean
from trigpoint.file_reading import Stamp, steady
from trigpoint.inventory import stamp_of
from trigpoint.policy import USES, AllowedHosts
from trigpoint.setting_values import OF_POLICY, OF_TYPE, PARSERS, NavigationItem, printable, shown
from trigpoint.toml_lines import TomlError, load_toml, places_of

FILE = "site.toml"
PREFIX = "BLOG"


class SettingsError(ClickException):
    """site.toml or the environment has faults; its text is their printed form."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = tuple(faults)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Each setting's meaning is in docs/settings.md, in this order."""

    title: str
    description: str
    base_url: str
    kicker: str = ""
    heading: str = ""
    author: str = ""
    language: str = "en"
    time_zone: str = "UTC"
    licence: str = ""
    repository: str = ""
    edit_url: str = ""
    changes_url: str = ""
    updated_from_git: bool = False
    history: bool = False
    fonts: str = "own"
    typography: bool = False
    navigation: tuple[NavigationItem, ...] = ()
    footer: tuple[NavigationItem, ...] = ()
    posts_per_page: int = 12
    words_per_minute: int = 220
    tags: str = "registered"
    front_matter: str = "strict"
    pages: str = "pages"
    output: str = "build"
    cache: str = ".cache"
    jobs: int = 0
    releases: int = 3
    host_files: bool = True
    cname: str = ""
    precompress: tuple[str, ...] = ()
    picture_forms: tuple[str, ...] = ("avif", "webp")
    feed_aliases: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    indexnow_key: str = ""
    indexnow_url: str = "https://api.indexnow.org/indexnow"
    websub_hub: str = ""
    author_scripts: bool = False
    editor: str = ""
    proxy_strips_path: bool = False
    policy: AllowedHosts = field(default=AllowedHosts())
    root: Path = field(default=Path(), metadata={"internal": True})

    @cached_property
    def zone(self) -> ZoneInfo:
        """The zone in which a time without one is meant."""
        return ZoneInfo(self.time_zone)

    @property
    def is_lenient(self) -> bool:
        """Whether other generators' posts are read as they are."""
        return self.front_matter == "lenient"

    @property
    def pages_folder(self) -> Path:
        return self.root / self.pages

    @property
    def output_link(self) -> Path:
        """The link that readers see; the releases lie beside it."""
        return self.root / self.output

    @property
    def base_path(self) -> str:
        """The path of `base_url`, below which the whole site stands: "" or such as "/blog"."""
        return _path_of(self.base_url)

    def link(self, address: str) -> str:
        """An address of the site, which begins at its front page, as a page writes it: below the path of `base_url`.

        What begins with no slash (`#part`, a whole address) stays. `url_for` gives links already.
        """
        is_of_site = address.startswith("/") and not address.startswith("//")
        return _path_of(self.base_url) + address if is_of_site else address

    def absolute(self, link: str) -> str:
        """The whole address of a link, as `link` and `url_for` give it."""
        whole = self.base_url
        return whole.removesuffix(_path_of(whole)) + link


def _path_of(base_url: str) -> str:
    return urlsplit(base_url).path


KNOWN = {each.name: each for each in fields(Settings) if not each.metadata.get("internal")}
"""The settings by name, in the order of docs/settings.md."""


def load_settings(root: Path, file: Path | None = None) -> Settings:
    """The settings of the site in this folder, as the environment overrides them; from `file` instead of site.toml.

    Raises SettingsError with every fault that site.toml and the environment have.
    """
    text, table, faults = _read(file or root / FILE)
    checked: dict[str, Any] = {}
    allowed: dict[str, tuple[str, ...]] = {}
    for name, value, where in [*_from_file(text, table), *_from_environment(root)]:
        outcome = _checked(name, value, where)
        if isinstance(outcome, Fault):
            faults.append(outcome)
        elif name.startswith(OF_POLICY):
            allowed[name.removeprefix(OF_POLICY)] = outcome
        else:
            checked[name] = outcome
    if not faults:
        faults += [
            Fault(FILE, 0, 0, f'"{name}" is missing.', f'Write `{name} = "…"`.')
            for name, each in KNOWN.items()
            if each.default is MISSING and name not in checked
        ]
    if faults:
        raise SettingsError(faults)
    settings = Settings(root=root, policy=AllowedHosts(**allowed), **checked)
    if overlaps := list(_overlaps(settings)):
        raise SettingsError(overlaps)
    return settings


def settings_stamp(root: Path) -> Stamp | None:
    """The stamp of site.toml, another one whenever the file changed; None where it can't be looked at."""
    try:
        return stamp_of(str(root / FILE))
    except OSError:
        return None


OWN_FOLDERS = ("templates", "static", "trigpoint")
"""The folders of a site that have no setting."""


def _overlaps(settings: Settings) -> Iterator[Fault]:
    """What is written must lie apart from what is read, and the cache from the releases: each is pruned by its rule."""
    root, output = settings.root, settings.output_link
    named = {"pages": settings.pages_folder, "output": output, "cache": root / settings.cache}
    places = named | {name: root / name for name in OWN_FOLDERS} | {"releases": output.parent / ".releases"}
    if file := next((each for each in (named["cache"], *named["cache"].parents) if each.is_file()), None):
        sentence = f'"cache" is {shown(settings.cache)}, and {shown(_below(file, root))} is a file.'
        yield Fault(*written_at(root, "cache"), 0, sentence, "Name a folder.", kind="settings")
        return
    for name in sorted(named, key=lambda name: getattr(settings, name) == KNOWN[name].default):  # Blame what is set.
        other = next((path for key, path in places.items() if key != name and _overlap(named[name], path)), None)
        if other:
            written, there = shown(getattr(settings, name)), shown(_below(other, root))
            sentence = f'"{name}" is {written}, which overlaps the folder {there}.'
            yield Fault(*written_at(root, name), 0, sentence, "Name a folder apart.", kind="settings")
            return


def _below(folder: Path, root: Path) -> str:
    """The name of a folder as settings have it."""
    return str(folder.relative_to(root) if folder.is_relative_to(root) else folder)


def _overlap(one: Path, other: Path) -> bool:
    first, second = Path(os.path.abspath(one)), Path(os.path.abspath(other))
    return first.is_relative_to(second) or second.is_relative_to(first)


Place = tuple[str, int]
"""Where a setting was written: a file and its line, or a variable and 0."""


def written_at(root: Path, name: str, value: str = "") -> Place:
    """Where a setting is written: the variable that overrides it, else the file and the line that has the value."""
    if variable := _variable(name):
        return variable, 0
    text, table, _ = _read(root / FILE)
    start = next((place[1] for known, _, place in _from_file(text, table) if known == name), 0)
    lines = text.splitlines()
    quoted = (f'"{value}"', f"'{value}'")
    with_value = (number for number in range(max(start, 1), len(lines) + 1) if _holds(lines[number - 1], quoted))
    return FILE, next(with_value, start) if value else start


def _holds(line: str, words: tuple[str, ...]) -> bool:
    return any(word in line for word in words)


def _read(path: Path) -> tuple[str, dict[str, Any], list[Fault]]:
    try:
        text = text_of(FILE, steady(str(path))).replace("\r\n", "\n")
        return text, load_toml(text), []
    except FileNotFoundError:
        return "", {}, [Fault(FILE, 0, 0, "There is no such file.", "Take the one that the blog came with.")]
    except EncodingError as error:
        return "", {}, [error.found.fault(FILE, "settings")]
    except OSError as error:
        return "", {}, [Fault(FILE, 0, 0, f"This can't be read: {error.strerror}.", "Let it be read.")]
    except TomlError as error:
        sentence = f"This is not TOML: {error.reason}."
        return "", {}, [Fault(FILE, error.line, error.column, sentence, "Texts stand in quotes, lists in [ ].")]


def _from_file(text: str, table: Mapping[str, Any]) -> list[tuple[str, Any, Place]]:
    places = places_of(text)

    def line(name: str) -> int:
        of_table, _, of_list = name.rpartition(".")
        return places.get((of_table, of_list) if of_table else (name, ""), (0, 0))[0]

    return [(name.replace("-", "_"), value, (FILE, line(name))) for name, value in _flat(table)]


def _flat(table: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The settings by their names; those of the table `policy` each by its own (`policy.frame`)."""
    for name, value in table.items():
        if f"{name.lower()}." == OF_POLICY and isinstance(value, dict):
            yield from ((OF_POLICY + use.lower(), sources) for use, sources in value.items())
        else:
            yield name, value


def _from_environment(root: Path) -> list[tuple[str, Any, Place]]:
    config = Config(root)
    config.from_prefixed_env(PREFIX)
    return [
        (name.lower(), _as_written(name, value), (printable(_variable(name) or f"{PREFIX}_{name}"), 0))
        for name, value in _flat({name: config[name] for name in sorted(config)})
    ]


def _variable(name: str) -> str:
    """The variable of the environment that overrides this setting; "" where none does. Of a table, it may be the whole
    table's."""
    own = f"{PREFIX}_{name.upper()}".replace(".", "__")
    return next((each for each in (own, own.partition("__")[0]) if each in os.environ), "")


def _as_written(name: str, value: Any) -> Any:
    """Flask reads variables as JSON; but a title of `2026` or `true` is a text."""
    known = KNOWN.get(name.lower())
    return os.environ.get(f"{PREFIX}_{name}", value) if known and known.type == "str" else value


def _checked(name: str, value: Any, where: Place) -> Any:
    """The value as its setting's type, or the Fault that it is."""
    if name not in PARSED:
        return Fault(*where, 0, f"{shown(name)} is not a setting.", did_you_mean(name, PARSED), kind="settings")
    try:
        return _parser(name)(value)
    except ValueError as error:
        reason, *cure = error.args
        sentence = f'"{name}" is {shown(value)}, but {reason}.'
        return Fault(*where, 0, sentence, cure[0] if cure else CURES.get(name, ""), kind="settings")


def _parser(name: str) -> Callable[[Any], Any]:
    return PARSERS.get(name) or OF_TYPE[str(KNOWN[name].type)]


PARSED = (*KNOWN, *(OF_POLICY + use for use in USES))
"""The names under which values are written."""

CURES = {
    "title": 'Write what the blog is called, such as "Field Notes".',
    "time_zone": 'Write one such as "Europe/Berlin" or "UTC".',
}
