"""What the site says of itself: `site.toml`, overridden by `BLOG_…` variables, checked and typed.

Comes in: the folder of the site and the environment. Comes out: one frozen
Settings, or a SettingsError that names file, line and the likely fix. Nobody
else reads site.toml or the environment.
"""

from __future__ import annotations

import json
import os
import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, dataclass, field, fields
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from click import ClickException
from flask import Config

from trigpoint import characters
from trigpoint.editors import EDITORS
from trigpoint.faults import Fault, did_you_mean
from trigpoint.file_reading import steady
from trigpoint.languages import is_language, nearest_language
from trigpoint.toml_lines import TomlError, load_toml, places_of

FILE = "site.toml"
PREFIX = "BLOG"
HOST = re.compile(r"[^\s\"'<>\\@]+")
HOST_NAME = re.compile(r"(?!-)[^\s\"'<>\\@/:?#,]+(?<![-])")
"""A host, and a port: no name and password, and nothing that would end an attribute."""


CONTROL = re.compile(f"[{characters.CONTROLS}\r\x85{characters.NONCHARACTERS}]")
"""What neither XML nor a terminal can take. Tabs and line ends are white space."""


class SettingsError(ClickException):
    """site.toml or the environment has faults; its text is their printed form."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class NavigationItem:
    """One link of the site's main navigation; `path` is absolute on the site."""

    label: str
    path: str


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
    fonts: str = "own"
    navigation: tuple[NavigationItem, ...] = ()
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
    author_scripts: bool = False
    editor: str = ""
    root: Path = field(default=Path(), metadata={"internal": True})

    @cached_property
    def zone(self) -> ZoneInfo:
        """The zone in which a time without one is meant."""
        return ZoneInfo(self.time_zone)

    @property
    def pages_folder(self) -> Path:
        return self.root / self.pages

    @property
    def output_link(self) -> Path:
        """The link that readers see; the releases lie beside it."""
        return self.root / self.output

    def absolute(self, path: str) -> str:
        """The full address of a path on this site."""
        return self.base_url.rstrip("/") + path


KNOWN = {each.name: each for each in fields(Settings) if not each.metadata.get("internal")}
"""The settings by name, in the order of docs/settings.md."""


def load_settings(root: Path) -> Settings:
    """The settings of the site in this folder, as the environment overrides them.

    Raises SettingsError with every fault that site.toml and the environment have.
    """
    text, table, faults = _read(root / FILE)
    checked: dict[str, Any] = {}
    for name, value, where in [*_from_file(text, table), *_from_environment(root)]:
        outcome = _checked(name, value, where)
        if isinstance(outcome, Fault):
            faults.append(outcome)
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
    settings = Settings(root=root, **checked)
    if overlaps := list(_overlaps(settings)):
        raise SettingsError(overlaps)
    return settings


OWN_FOLDERS = ("templates", "static", "trigpoint")
"""The folders of a site that have no setting."""


def _overlaps(settings: Settings) -> Iterator[Fault]:
    """What is written must lie apart from what is read, and the cache from the releases: each is pruned by its rule."""
    root, output = settings.root, settings.output_link
    named = {"pages": settings.pages_folder, "output": output, "cache": root / settings.cache}
    places = named | {name: root / name for name in OWN_FOLDERS} | {"releases": output.parent / ".releases"}
    for name in sorted(named, key=lambda name: getattr(settings, name) == KNOWN[name].default):  # Blame what is set.
        other = next((path for key, path in places.items() if key != name and _overlap(named[name], path)), None)
        if other:
            written, there = _shown(getattr(settings, name)), _shown(_below(other, root))
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
    variable = f"{PREFIX}_{name.upper()}"
    if variable in os.environ:
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
        text = steady(str(path)).decode("utf-8-sig").replace("\r\n", "\n")
        return text, load_toml(text), []
    except FileNotFoundError:
        return "", {}, [Fault(FILE, 0, 0, "There is no such file.", "Take the one that the blog came with.")]
    except UnicodeDecodeError as error:
        return "", {}, [Fault(FILE, 0, 0, f"Byte {error.start} is not UTF-8.", "Save the file as UTF-8.")]
    except OSError as error:
        return "", {}, [Fault(FILE, 0, 0, f"This can't be read: {error.strerror}.", "Let it be read.")]
    except TomlError as error:
        sentence = f"This is not TOML: {error.reason}."
        return "", {}, [Fault(FILE, error.line, error.column, sentence, "Texts stand in quotes, lists in [ ].")]


def _from_file(text: str, table: Mapping[str, Any]) -> list[tuple[str, Any, Place]]:
    places = places_of(text)
    return [(name.replace("-", "_"), value, (FILE, places.get((name, ""), (0, 0))[0])) for name, value in table.items()]


def _from_environment(root: Path) -> list[tuple[str, Any, Place]]:
    config = Config(root)
    config.from_prefixed_env(PREFIX)
    return [
        (name.lower(), _as_written(name, value), (_printable(f"{PREFIX}_{name}"), 0))
        for name, value in sorted(config.items())
    ]


def _as_written(name: str, value: Any) -> Any:
    """Flask reads variables as JSON; but a title of `2026` or `true` is a text."""
    known = KNOWN.get(name.lower())
    return os.environ.get(f"{PREFIX}_{name}", value) if known and known.type == "str" else value


def _checked(name: str, value: Any, where: Place) -> Any:
    """The value as its setting's type, or the Fault that it is."""
    if name not in KNOWN:
        return Fault(*where, 0, f"{_shown(name)} is not a setting.", did_you_mean(name, KNOWN), kind="settings")
    try:
        return _parser(name)(value)
    except ValueError as reason:
        return Fault(*where, 0, f'"{name}" is {_shown(value)}, but {reason}.', CURES.get(name, ""), kind="settings")


def _parser(name: str) -> Callable[[Any], Any]:
    return PARSERS.get(name) or {"str": _text, "int": _count, "bool": _yes_or_no}[str(KNOWN[name].type)]


def _text(value: Any) -> str:
    if isinstance(value, bool | list | dict) or value is None:
        raise ValueError("a text in quotes is wanted")
    if CONTROL.search(str(value)):
        raise ValueError("it holds a control character, which no page or feed can")
    return str(value)


def _title(value: Any) -> str:
    """A text that readers see as a name: pages, feeds and link previews are nothing without it."""
    text = _text(value).strip()
    if not text:
        raise ValueError("readers would see no name there")
    return text


def _count(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError("a whole number from 0 is wanted")
    return value


def _yes_or_no(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("true or false is wanted")
    return value


def _forms(*choices: str) -> Callable[[Any], tuple[str, ...]]:
    def choose(value: Any) -> tuple[str, ...]:
        if not isinstance(value, list) or not all(form in choices for form in value):
            names = [f'"{choice}"' for choice in choices]
            raise ValueError(f"a list of {', '.join(names[:-1])} and {names[-1]} is wanted")
        return tuple(dict.fromkeys(value))

    return choose


def _positive(value: Any) -> int:
    if _count(value) == 0:
        raise ValueError("at least 1 is wanted")
    return int(value)


def _one_of(*choices: str) -> Callable[[Any], str]:
    def choose(value: Any) -> str:
        if value not in choices:
            raise ValueError("one of " + ", ".join(f'"{choice}"' for choice in choices) + " is wanted")
        return str(value)

    return choose


def _base_url(value: Any) -> str:
    parts = urlsplit(_text(value))
    if parts.scheme not in ("http", "https") or not HOST.fullmatch(parts.netloc) or parts.query or parts.fragment:
        raise ValueError("an address such as https://blog.example is wanted")
    if parts.path.strip("/"):
        raise ValueError("the blog stands at the root of its host: no path is wanted")
    return f"{parts.scheme}://{parts.netloc.lower()}"


def _host(value: Any) -> str:
    name = _text(value)
    if name and not HOST_NAME.fullmatch(name):
        raise ValueError("the name of a host such as blog.example is wanted")
    return name


def _link(value: Any) -> str:
    """A page elsewhere that readers are sent to; "" for none."""
    text = _text(value)
    try:
        parts = urlsplit(text)
    except ValueError:
        parts = urlsplit("")
    if text and (parts.scheme not in ("http", "https") or not parts.netloc or re.search(r"\s", text)):
        raise ValueError("an address that begins with https:// is wanted")
    return text


def _link_to_file(value: Any) -> str:
    """As `_link`, with a place for the path of a file: without one every page would have the same."""
    text = _link(value)
    if text and "{path}" not in text:
        raise ValueError("{path} is wanted in it, where the path of the page's file belongs")
    return text


def _editor(value: Any) -> str:
    """What opens a file in the author's editor: a name of EDITORS, or an address with {path} in it."""
    text = _text(value)
    if text and "{path}" not in text and text not in EDITORS:
        raise ValueError(f"one of {', '.join(EDITORS)} is wanted, or an address with {{path}} in it")
    return text


def _folder(value: Any) -> str:
    folder = posixpath.normpath(_text(value) or ".")
    if folder in (".", "..", "/") or "\0" in folder:
        raise ValueError("the name of a folder is wanted, and not the site's own")
    return folder


def _zone(value: Any) -> str:
    try:
        return ZoneInfo(_text(value)).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("a zone of the IANA database is wanted") from None


def _language(value: Any) -> str:
    written = _text(value)
    if is_language(written):
        return written
    meant = nearest_language(written)
    raise ValueError(f'a language tag (BCP 47) such as "{meant or "pt-BR"}" is wanted')


def _navigation(value: Any) -> tuple[NavigationItem, ...]:
    wanted = 'a list of { label = "…", path = "/…/" } is wanted'
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise ValueError(wanted)
    try:
        return tuple(NavigationItem(_title(item["label"]), _place(item["path"])) for item in value)
    except KeyError:
        raise ValueError(wanted) from None


def _place(value: Any) -> str:
    """What a link of the navigation may lead to: a path on the site, or a page of another."""
    text = _text(value)
    try:
        is_whole = urlsplit(text).scheme in ("http", "https", "mailto")
    except ValueError:
        is_whole = False
    if not is_whole and (not text.startswith("/") or text.startswith("//")):
        raise ValueError(f"{_shown(text)} is neither a path such as /tags/ nor an address that begins with https://")
    return text


def _shown(value: Any) -> str:
    return characters.shortened(_printable(json.dumps(value, ensure_ascii=False, default=str)))


def _printable(text: str) -> str:
    return CONTROL.sub(lambda found: ascii(found[0])[1:-1], text)


PARSERS: dict[str, Callable[[Any], Any]] = {
    "title": _title,
    "base_url": _base_url,
    "language": _language,
    "time_zone": _zone,
    "cname": _host,
    "repository": _link,
    "edit_url": _link_to_file,
    "changes_url": _link_to_file,
    "navigation": _navigation,
    "editor": _editor,
    "pages": _folder,
    "output": _folder,
    "cache": _folder,
    "posts_per_page": _positive,
    "precompress": _forms("gz", "br", "zst"),
    "picture_forms": _forms("avif", "webp"),
    "releases": _positive,
    "words_per_minute": _positive,
    "tags": _one_of("registered", "open"),
    "front_matter": _one_of("strict", "lenient"),
    "fonts": _one_of("own", "system"),
}
CURES = {
    "title": 'Write what the blog is called, such as "Field Notes".',
    "time_zone": 'Write one such as "Europe/Berlin" or "UTC".',
}
