"""How an address becomes an answer: kinds of pages, one snapshot a request, and answers remembered while they hold.

A Kind is a view with its rule and the complete list of its addresses. An
answer is made under a recording; it is given again for as long as its notes
hold in the Library of the moment. Nothing here knows what a page shows.
"""

from __future__ import annotations

import sys
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property, partial, wraps
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote, unquote
from weakref import ReferenceType, ref

from flask import Flask, Request, Response, abort, current_app, g, make_response, request
from flask.testing import FlaskClient
from jinja2 import TemplateNotFound
from werkzeug.exceptions import HTTPException, ServiceUnavailable
from werkzeug.routing import BaseConverter, Rule

from trigpoint.background import NotReadyError, hurry
from trigpoint.file_reading import SETTLING, TRIES, UnsettledError
from trigpoint.library.library import Library
from trigpoint.library.noted import NotedLibrary
from trigpoint.loading.loader import Loader
from trigpoint.notes import Digest, Note, ask, digest_of, first_stale, recording
from trigpoint.program import code_of_site, edition
from trigpoint.settings import Settings
from trigpoint.web.assets import Assets
from trigpoint.web.templating import NotedSettings, template_digest

BYTES = 64_000_000
"""How much of answers is remembered."""

AGAIN_AFTER = 2
"""Seconds after which a reader may ask again for what is being made."""

WAITS = "trigpoint.waits"
"""The key in the environment of a request that says: it waits for whatever must be made."""

Values = Mapping[str, object]
View = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of page: `addresses` lists, for a Library, the values of all its addresses."""

    endpoint: str
    rule: str
    view: View
    addresses: Callable[[Library], Iterable[Values]]


KINDS: list[Kind] = []


def kind(rule: str, addresses: Callable[[Library], Iterable[Values]]) -> Callable[[View], View]:
    """Declare a view as a kind of page; its name is the endpoint."""

    def declare(view: View) -> View:
        KINDS.append(Kind(view.__name__, rule, view, addresses))
        return view

    return declare


def once(library: Library) -> Iterable[Values]:
    """The addresses of a page that there is one of."""
    return ({},)


@dataclass(slots=True)
class Remembered:
    """An answer with its notes; `library` is the last one in which they were seen to hold (and is not kept alive)."""

    body: bytes
    content_type: str
    etag: str
    notes: tuple[Note, ...]
    library: ReferenceType[Library]

    def response(self) -> Response:
        response = Response(self.body, content_type=self.content_type)
        response.set_etag(self.etag)
        return response


@dataclass(frozen=True, slots=True)
class Preview:
    """What an author should know before publishing, and whether there may be more: lines, some of which stand for
    many equal findings, and how many findings these are."""

    errors: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    error_count: int = 0
    warning_count: int = 0
    is_unfinished: bool = False


class Site:
    """What the views of one application share.

    `preview_faults` gives what the preview shows to the author, on the page of a source or "" elsewhere.
    Where `told` is a dictionary, the notes of every answer that is made are put
    into it under its path: so the freezer learns them, and no view knows. `failed` is the file that it could not read.
    """

    def __init__(self, app: Flask, settings: Settings, loader: Loader, assets: Assets) -> None:
        self.app, self.settings, self.loader, self.assets = app, settings, loader, assets
        self.told: dict[str, tuple[Note, ...]] | None = None
        self.failed: OSError | None = None
        self.preview_faults: Callable[[str], Preview] = lambda path: Preview()
        self._remembered: OrderedDict[str, Remembered] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    @cached_property
    def edition(self) -> Digest:
        """The edition of the program, and of the site's own code: app.py and what declares kinds of pages."""
        modules = (self.app.import_name, *(each.view.__module__ for each in KINDS))
        files = {file for name in modules if (file := getattr(sys.modules.get(name), "__file__", None))}
        return digest_of((edition(), code_of_site(map(Path, files), self.settings.root)))

    def again(self, note: Note, library: Library) -> Digest:
        """The digest of the answer that a noted question has now."""
        others: dict[str, Callable[..., object]] = {
            "asset": self.assets.digest,
            "static": self.assets.served,
            "template": lambda name: template_digest(self.app.jinja_env, name),
            "setting": lambda name: getattr(self.settings, name),
            "edition": lambda: self.edition,
            "library": lambda: library.whole,
        }
        if note.name in others:
            return digest_of(others[note.name](*note.arguments))
        return library.again(note)

    def tell(self, path: str, notes: tuple[Note, ...]) -> None:
        if self.told is not None:
            self.told[path] = notes

    def recall(self, path: str, library: Library) -> Remembered | None:
        """The answer remembered for this path, if it is still true."""
        known = self.last(path)
        if known and known.library() is not library:
            if first_stale(known.notes, lambda note: self.again(note, library)):
                return None
            known.library = ref(library)
        return known

    def last(self, path: str) -> Remembered | None:
        """The answer remembered for this path, true or not."""
        with self._lock:
            known = self._remembered.get(path)
            if known:
                self._remembered.move_to_end(path)
            return known

    def forget(self, path: str) -> None:
        """Let go of what is remembered for this path."""
        with self._lock:
            replaced = self._remembered.pop(path, None)
            self._bytes -= len(replaced.body) if replaced else 0

    @property
    def remembered_bytes(self) -> int:
        return self._bytes

    def remember(self, path: str, answer: Remembered) -> None:
        with self._lock:
            replaced = self._remembered.pop(path, None)
            self._bytes += len(answer.body) - (len(replaced.body) if replaced else 0)
            self._remembered[path] = answer
            while self._bytes > BYTES:
                self._bytes -= len(self._remembered.popitem(last=False)[1].body)


def current_site() -> Site:
    site = current_app.extensions["trigpoint"]
    assert isinstance(site, Site)
    return site


def current_settings() -> Settings:
    """The settings; each one that a view looks at is noted."""
    return cast(Settings, NotedSettings(current_site().settings))


def current_library() -> Library:
    """The Library of this request, for views: what they read of it is noted."""
    return cast(Library, NotedLibrary(_snapshot()))


def _snapshot() -> Library:
    """The Library of this request: one from start to end."""
    if "library" not in g:
        g.library = current_site().loader.library
    library = g.library
    assert isinstance(library, Library)
    return library


def answered(view: View) -> View:
    """The view, made under a recording, and remembered where it may be."""

    @wraps(view)
    def answer(**values: object) -> Response:
        assert request.url_rule
        return answer_at(request.path, partial(_at_its_address, request.path, request.url_rule, view, values))

    return answer


def is_address(path: str) -> bool:
    """Whether the site has an answer at this path; it is made, if need be, and remembered."""
    views = {each.endpoint: each.view for each in KINDS}
    try:
        rule, values = current_app.url_map.bind("").match(path, return_rule=True)
        if rule.endpoint not in views:
            return False
        answer = answer_at(path, partial(_at_its_address, path, rule, views[rule.endpoint], values))
    except HTTPException:
        return False
    answer.close()
    return answer.status_code == 200


def _at_its_address(path: str, rule: Rule, view: View, values: Values) -> Any:
    """What the view gives, at the one spelling of its address: others (`posts-007.json`) are without number."""
    built = rule.build(values, append_unknown=False)
    if built is None or unquote(built[1]) != path:
        abort(404)
    return view(**values)


def answer_at(path: str, view: Callable[[], Any]) -> Response:
    """The answer at this path. What takes seconds to make is made in the background, for readers.

    Meanwhile they get the answer of the last Library for which it was made, or 503 for a moment.
    """
    with hurry(is_hurried(request)):
        try:
            return _answer_at(path, view)
        except NotReadyError as missing:
            if current_site().loader.begin_missing(missing, _snapshot()).is_done_soon():
                with suppress(NotReadyError):
                    return _answer_at(path, view)
        former = current_site().loader.searchable
        if former and former is not g.library:
            g.library = former
            with suppress(NotReadyError):
                return _answer_at(path, view)
    raise ServiceUnavailable(retry_after=AGAIN_AFTER)


def _answer_at(path: str, view: Callable[[], Any]) -> Response:
    """The answer that is remembered for this path while it holds, else one that is made now.

    Where none can be made (a template is half-written), the last good one is given.
    """
    site, library = current_site(), _snapshot()
    if site.app.debug:
        return _made_again(view)[0]
    known = site.recall(path, library)
    if known:
        site.tell(path, known.notes)
        return known.response()
    try:
        response, notes = _made_again(view)
        library = _snapshot()
        site.tell(path, notes)
    except NotReadyError:
        raise
    except HTTPException:
        site.forget(path)  # The page is gone.
        raise
    except Exception as error:  # A fault of the program or the machine costs this answer, if readers had none before.
        before = site.last(path)
        if before is None:
            site.failed = None
            if isinstance(error, OSError) and not isinstance(error, TemplateNotFound):  # Which is one by its bases.
                site.failed = error
            if site.failed and (site.told is not None or isinstance(error, UnsettledError)):
                abort(503)
            raise
        site.app.logger.exception("%s could not be made; readers get the last good one.", path)
        return before.response()
    if site.told is None and _may_be_remembered(response, notes):  # A freeze asks for each address once.
        etag = response.get_etag()[0] or ""
        site.remember(path, Remembered(response.get_data(), response.content_type or "", etag, notes, ref(library)))
    return response


def _made_again(view: Callable[[], Any]) -> tuple[Response, tuple[Note, ...]]:
    """What the view makes. Where a file is not what the last look found, it is looked again; raises UnsettledError.

    A freeze is of one Library, and does not look again.
    """
    site = current_site()
    for _ in range(TRIES if site.told is None else 0):
        try:
            return _made(view)
        except UnsettledError:
            time.sleep(SETTLING)
            site.loader.refresh()
            g.library = site.loader.library
    return _made(view)


def _made(view: Callable[[], Any]) -> tuple[Response, tuple[Note, ...]]:
    with recording() as record:
        ask("edition", (), lambda: current_site().edition)
        response = make_response(view())
    if not response.direct_passthrough:
        response.add_etag()
    return response, record.notes


def _may_be_remembered(response: Response, notes: tuple[Note, ...]) -> bool:
    """A file asks nothing that could tell when it is no longer true.

    An asset is in memory already, and is given under any digest that a stranger makes up.
    """
    asked = {note.name for note in notes} - {"edition", "static"}
    return response.status_code == 200 and not response.direct_passthrough and bool(asked)


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


def is_hurried(asked: Request) -> bool:
    """Whether a server's thread is held while this is answered."""
    return WAITS not in asked.environ


class WaitingClient(FlaskClient):
    """The application's test client, with which a site is frozen, too: it holds no thread of a server."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.environ_base[WAITS] = "1"


def register_kinds(app: Flask) -> None:
    app.test_client_class = WaitingClient
    app.url_rule_class = SlashedRule
    app.url_map.converters |= {"number": Number, "folder": Folder}
    for each in KINDS:
        app.add_url_rule(each.rule, each.endpoint, answered(each.view))


def all_addresses(app: Flask, library: Library) -> tuple[str, ...]:
    """Every address of the site, as `url_for` writes it, each once; the aliases last."""
    with app.app_context():
        built = [address for each in KINDS for address in kind_addresses(app, each, library)]
    return (*dict.fromkeys(built), *map(quote, library.redirects()))


def kind_addresses(app: Flask, each: Kind, library: Library) -> Iterator[str]:
    """The addresses of one kind, as `url_for` writes them. Wants an application context."""
    (rule,) = app.url_map.iter_rules(each.endpoint)
    for values in each.addresses(library):
        built = rule.build(values, append_unknown=False)  # As `url_for` does, without what it adds of a request.
        assert built, (each.endpoint, values)
        yield built[1]
