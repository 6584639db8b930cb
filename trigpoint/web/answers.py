"""How an address becomes a response: made under a recording, and given again for as long as its notes hold.

Nothing here knows what a page shows.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial, wraps
from typing import Any
from urllib.parse import unquote

from flask import Flask, Request, Response, abort, current_app, g, make_response, request
from flask.globals import request_ctx
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException, RequestedRangeNotSatisfiable, ServiceUnavailable
from werkzeug.routing import Rule

from trigpoint.background import NotReadyError, hurry
from trigpoint.file_reading import SETTLING, TRIES, UnsettledError
from trigpoint.notes import Note, ask, recording
from trigpoint.web.failures import is_of_machine
from trigpoint.web.headers import match_any, with_headers
from trigpoint.web.kinds import KINDS, TAKES_UP, AuthorSlug, Folder, Kind, Number, SlashedRule, Values, View
from trigpoint.web.middleware import WAITS, request_of_anybody
from trigpoint.web.response_cache import remembered
from trigpoint.web.site import PROGRAM, Site, current_site, snapshot

AGAIN_AFTER = 2
"""Seconds after which a reader may ask again for what is being made."""


def answered(view: View) -> View:
    """The view, made under a recording, and remembered where it may be."""

    @wraps(view)
    def answer(**values: object) -> Response:
        assert request.url_rule
        return in_part(answer_at(request.path, partial(_at_its_address, request.path, request.url_rule, view, values)))

    return answer


def has_answer(address: str) -> bool:
    """Whether the site has an answer at this address; it is made, if need be, and remembered."""
    views = {each.endpoint: each.view for each in KINDS}
    try:
        rule, values = current_app.url_map.bind("").match(address, return_rule=True)
        if rule.endpoint not in views:
            return False
        answer = answer_at(address, partial(_at_its_address, address, rule, views[rule.endpoint], values))
    except HTTPException:
        return False
    answer.close()
    return answer.status_code == 200


def in_part(response: Response) -> Response:
    """The part that is asked for, where this is a file. Raises RequestedRangeNotSatisfiable.

    A Range of several parts, of another unit or without sense is ignored, as RFC 9110, 14.2 has it. So is one for the
    file of a certain time: it would get parts of two files where an edit kept the time.
    """
    if not response.direct_passthrough:
        return response
    wanted = request.range
    if wanted is None or wanted.units != "bytes" or len(wanted.ranges) != 1 or request.if_range.date:
        request.environ.pop("HTTP_RANGE", None)
    match_any()
    try:
        response.make_conditional(request, accept_ranges=True, complete_length=response.content_length)
    except RequestedRangeNotSatisfiable:
        response.close()
        raise
    return response


def _at_its_address(address: str, rule: Rule, view: View, values: Values) -> Any:
    """What the view gives, at the one spelling of its address: others (`posts-007.json`) are without number."""
    built = rule.build(values, append_unknown=False)
    if built is None or unquote(built[1]) != address:
        abort(404)
    return view(**values)


def answer_at(address: str, view: Callable[[], Any]) -> Response:
    """The answer at this address. What takes seconds to make is made in the background, for readers.

    Meanwhile they get the answer of the last Library for which it was made, or 503 for a moment.
    """
    with hurry(is_hurried(request)):
        try:
            return _recall_or_make(address, view)
        except NotReadyError as missing:
            if current_site().loader.begin_missing(missing, snapshot()).is_done_soon():
                with suppress(NotReadyError):
                    return _recall_or_make(address, view)
        former = current_site().loader.searchable
        if former and former is not g.library:
            g.library = former
            with suppress(NotReadyError):
                return _recall_or_make(address, view)
    raise ServiceUnavailable(retry_after=AGAIN_AFTER)


def _recall_or_make(address: str, view: Callable[[], Any]) -> Response:
    """The answer that is remembered for this address while it holds, else one that is made now.

    Where none can be made (a template is half-written), the last good one is given.
    """
    site = current_site()
    if site.is_preview:
        return _make_settled(address, view)[0]
    known = site.recall(address, snapshot())
    if known:
        site.tell(address, known.notes)
        return known.response()
    try:
        response, notes = _make_settled(address, view)
    except NotReadyError:
        raise
    except HTTPException:
        site.responses.drop(address)  # The page is gone.
        raise
    except Exception as error:
        return _last_good(site, address, error)
    site.tell(address, notes)
    if site.recorded_notes is None and _may_be_remembered(response, notes):  # A freeze asks for each address once.
        site.responses.put(address, remembered(with_headers(site.headers, response), notes, snapshot()))
    return response


def _last_good(site: Site, address: str, error: Exception) -> Response:
    """What readers had at this address before the program or the machine failed; where they had nothing, the failure.

    What the machine did not give a freeze is kept for it: all that Frozen-Flask says is that a page is none.
    """
    before = site.responses.get(address)
    if before:
        site.app.logger.exception("%s could not be made; readers get the last good one.", address)
        return before.response()
    is_freezing = site.recorded_notes is not None
    if is_freezing:
        site.failed = error if is_of_machine(error) else None
    if isinstance(error, UnsettledError) or (is_freezing and site.failed):
        abort(503)
    raise error


def _make_settled(address: str, view: Callable[[], Any]) -> tuple[Response, tuple[Note, ...]]:
    """What the view makes. Where a file is not what the last look found, it is looked again; raises UnsettledError.

    A freeze is of one Library, and does not look again.
    """
    site = current_site()
    for _ in range(TRIES if site.recorded_notes is None else 0):
        try:
            return _make(address, view)
        except UnsettledError:
            time.sleep(SETTLING)
            site.loader.refresh()
            g.library = site.loader.library
    return _make(address, view)


def _make(address: str, view: Callable[[], Any]) -> tuple[Response, tuple[Note, ...]]:
    with recording() as record, _asked_by_anybody(address):
        ask(PROGRAM, (), lambda: current_site().program_digest)
        response = make_response(view())
        if not response.direct_passthrough:
            response.add_etag()  # Which reads a body that is streamed: what is asked for it is noted, too.
    return response, record.notes


@contextmanager
def _asked_by_anybody(address: str) -> Iterator[None]:
    """Meanwhile the request is one that any reader could have sent: an answer for all is made of nothing else."""
    asked = request_ctx.request
    context = current_app.request_context(request_of_anybody(asked.environ, address))
    context.match_request()
    request_ctx.request = context.request
    try:
        yield
    finally:
        request_ctx.request = asked


def _may_be_remembered(response: Response, notes: tuple[Note, ...]) -> bool:
    """A file asks nothing that could tell when it is no longer true. A cookie is for one reader.

    An asset is in memory already, and is given under any digest that a stranger makes up.
    """
    asked = {note.name for note in notes} - {"program", "static"}
    is_for_all = not response.direct_passthrough and "Set-Cookie" not in response.headers
    return response.status_code == 200 and is_for_all and bool(asked)


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
    app.url_map.converters |= {"number": Number, "folder": Folder, "author": AuthorSlug}
    for each in KINDS:
        _take_up(app, each)
    TAKES_UP[app] = _take_up


def _take_up(app: Flask, each: Kind) -> None:
    app.add_url_rule(each.rule, each.endpoint, answered(each.view))
