"""Kinds of pages: a view, its rule, and the complete list of its addresses."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from inspect import unwrap
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote
from weakref import WeakKeyDictionary

from flask import Flask
from werkzeug.routing import BaseConverter, Rule

from trigpoint.background import NotReadyError
from trigpoint.faults import Fault
from trigpoint.library.library import Library
from trigpoint.theme import shown

Values = Mapping[str, object]
View = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of page: `addresses` lists, for a Library, the values of all its addresses."""

    endpoint: str
    rule: str
    view: View
    addresses: Callable[[Library], Iterable[Values]]

    @property
    def is_own(self) -> bool:
        """Whether the site declares it, and not the engine."""
        return self.view.__module__.partition(".")[0] != __name__.partition(".")[0]

    def place(self, root: Path) -> tuple[str, int]:
        """The file and line of its view, as Faults name them."""
        code = unwrap(self.view).__code__
        return shown(code.co_filename, root), code.co_firstlineno


class AddressError(Exception):
    """A kind of page has no list of addresses, or lists one that no page can have; `fault` names its view."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


KINDS: list[Kind] = []

TAKES_UP: WeakKeyDictionary[Flask, Callable[[Flask, Kind], None]] = WeakKeyDictionary()
"""How each application takes up a kind that is declared after it was made: an app.py may have either order."""


def kind(rule: str, addresses: Callable[[Library], Iterable[Values]]) -> Callable[[View], View]:
    """Declare a view as a kind of page; its name is the endpoint. Raises ValueError where another has name or rule."""

    def declare(view: View) -> View:
        declared = Kind(view.__name__, rule, view, addresses)
        for other in KINDS:
            if declared.endpoint == other.endpoint:
                raise ValueError(f'the view of {other.rule} is called "{other.endpoint}". Give this one another name')
            if rule == other.rule:
                raise ValueError(f'the view "{other.endpoint}" is at {rule} already. Give this one another rule')
        KINDS.append(declared)
        for app, take_up in TAKES_UP.items():
            with suppress(AssertionError):  # It answers requests already, so it is another site's.
                take_up(app, declared)
        return view

    return declare


def once(library: Library) -> Iterable[Values]:
    """The addresses of a page that there is one of."""
    return ({},)


class Number(BaseConverter):
    """A number of a page, in the one form that has an address: no sign, no leading zero, ASCII digits."""

    regex = "[1-9][0-9]{0,5}"
    part_isolating = True

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


class Folder(BaseConverter):
    """A path that ends with a slash."""

    regex = "(?:[^/]+/)+"
    weight = 150
    part_isolating = False

    def to_python(self, value: str) -> str:
        return value[:-1]

    def to_url(self, value: str) -> str:
        return quote(value, safe="!$&'()*+,/:;=@") + "/"


class AuthorSlug(BaseConverter):
    """The slug of an author. A kind of page that a site has of its own below /authors/ comes before the engine's."""

    weight = 110  # That of a part of another kind is 100; the lighter one is tried first.
    part_isolating = True


class SlashedRule(Rule):
    """A rule whose last slash must be asked for.

    Werkzeug would answer `/posts/pic.png` with a redirect to `/posts/pic.png/`, as if an article's slash had been
    forgotten, before it looks for another rule: a file. Who does forget a slash is led on where there is no answer
    (`errors`). So the last part is no static one here, which alone Werkzeug adds.
    """

    def compile(self) -> None:
        super().compile()
        last = self._parts[-1]
        if self.rule != "/" and last.static and last.content == "":
            self._parts[-1] = replace(last, static=False, content=r"\Z")


def all_addresses(app: Flask, library: Library) -> tuple[str, ...]:
    """Every address of the site, as `url_for` writes it, each once; the aliases last."""
    with app.app_context():
        built = [address for each in KINDS for address in kind_addresses(app, each, library)]
    return (*dict.fromkeys(built), *map(quote, library.redirects()))


def kind_addresses(app: Flask, each: Kind, library: Library) -> Iterator[str]:
    """The addresses of one kind, as `url_for` writes them. Wants an application context. Raises AddressError."""
    (rule,) = app.url_map.iter_rules(each.endpoint)
    try:
        for values in each.addresses(library):
            is_whole = rule.arguments <= values.keys()
            built = (
                rule.build(values, append_unknown=False) if is_whole else None
            )  # As `url_for` does, without a request.
            if built is None:
                raise LookupError(f"{each.rule} is not made of {dict(values)}")
            if IMPOSSIBLE.search(unquote(built[1])):
                raise LookupError(f"{unquote(built[1])!r} is no address that a page can have, on every host")
            yield built[1]
    except (OSError, MemoryError, NotReadyError):
        raise
    except Exception as error:
        raise AddressError(_fault(app, each, error)) from error


IMPOSSIBLE = re.compile(r"//|/\.\.?(?:/|\Z)|[\\\x00-\x1f\x7f]")
"""What makes two addresses of one, or leads out of the folder of a release."""


def _fault(app: Flask, each: Kind, error: Exception) -> Fault:
    said = str(error) if type(error) is LookupError else f"{type(error).__name__}: {error}"
    sentence = f'The addresses of the view "{each.endpoint}" can\'t be listed: {said}.'
    return Fault(*each.place(Path(app.root_path)), 0, sentence, kind="page-failed")
