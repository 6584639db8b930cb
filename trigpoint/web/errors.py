"""What an address gets that no page has: a redirect where it is an alias, else a page that says so."""

from __future__ import annotations

from functools import partial
from unicodedata import normalize
from urllib.parse import quote

from flask import (
    Flask,
    Response,
    current_app,
    got_request_exception,
    has_request_context,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from markupsafe import escape
from werkzeug.exceptions import HTTPException, InternalServerError, NotFound

from trigpoint.library.clashes import frozen_place
from trigpoint.web.answers import answer_at, has_answer, in_part
from trigpoint.web.failures import fault_of, is_of_machine
from trigpoint.web.files.author import INDEX, file_at
from trigpoint.web.head import head_of_site
from trigpoint.web.middleware import OUTSIDE
from trigpoint.web.site import Preview, current_library, current_settings, current_site, current_words
from trigpoint.web.views import not_found

SENTENCES = {
    400: "The request could not be understood.",
    404: "There is no page at this address.",
    405: "This address can be read, and nothing else.",
    414: "The address is longer than any page's here.",
    416: "The file has no such part.",
    503: "This is being made. Ask for it again in a moment.",
    500: "Something went wrong on our side. It has been noted.",
}

BARE = '<!doctype html>\n<html lang="en">\n<title>{title}</title>\n<p>{sentence}</p>\n'
"""What can be said without a template."""


def register_errors(app: Flask) -> None:
    app.register_error_handler(NotFound, instead_of_not_found)
    app.register_error_handler(HTTPException, plain_error)
    app.register_error_handler(InternalServerError, plain_error)
    got_request_exception.connect(log_in_one_line, app)


def log_in_one_line(app: Flask, exception: Exception, **_: object) -> None:
    """Name the template and line, or the page, before the traceback that Flask logs. A freeze tells of it itself."""
    if has_request_context() and current_site().recorded_notes is None and not is_of_machine(exception):
        app.logger.error("%s", fault_of(current_site(), request.path, exception))


def instead_of_not_found(error: NotFound) -> Response:
    """A redirect for an alias, or for an address in another spelling; else the page of 404."""
    library = current_library()
    for path in dict.fromkeys((request.path, normalize("NFC", request.path))):
        for alias in (path, path + "/"):
            if library.redirect(alias):
                return answer_at(alias, partial(alias_page, alias))
        for address in (path, path + "/", frozen_place(path)):
            if address != request.path and has_answer(address):
                return _moved_to(address, 308 if path == request.path else 301)
    index = request.path + INDEX
    if request.path.endswith("/") and library.file(index):  # As a host does.
        return in_part(answer_at(index, partial(file_at, index[1:])))
    if library.file(f"{request.path}/{INDEX}"):
        return _moved_to(f"{request.path}/", 308)
    return _not_found_page()


def instead_of_outside() -> Response | None:
    """The answer to what was asked past the path of the site: its root leads there, and nothing else is known."""
    if OUTSIDE not in request.environ:
        return None
    if request.path in ("/", current_settings().base_path):
        return make_response(redirect(url_for("listing")))
    return _not_found_page()


def _moved_to(address: str, status: int) -> Response:
    """A redirect from another spelling: without its slash, with the frozen file's name, in another Unicode form."""
    query = request.query_string.decode("latin-1")
    link = current_settings().link(quote(address))
    return make_response(redirect(link + (f"?{query}" if query else ""), status))


def alias_page(alias: str) -> Response:
    """The small page that leads on; live it is a redirect besides. A static host sends the page alone."""
    settings = current_settings()
    link = settings.link(quote(current_library().redirect(alias) or "/"))
    response = make_response(leading_page(link), 301)
    response.headers["Location"] = link
    return response


def error_page(title: str, sentence: str) -> str:
    """The page of an error, in the words of the site."""
    said = current_words().plain
    title, sentence = said(title), said(sentence)
    head = head_of_site(current_settings(), url_for("listing"), title, sentence, robots="noindex")
    return render_template("error.html", title=title, sentence=sentence, head=head, notice="", preview=Preview())


def leading_page(link: str) -> str:
    """The small page that leads on to this link."""
    return render_template("alias.html", target=link, canonical=current_settings().absolute(link))


def plain_error(error: HTTPException) -> Response:
    """The page of any other error. Raised errors of ours are logged by Flask before this."""
    code = error.code or 500
    title, sentence = error.name, SENTENCES.get(code, error.name + ".")
    try:
        page = error_page(title, sentence)
    except Exception:  # The templates may be what went wrong.
        current_app.logger.exception("The page of an error could not be made.")
        page = BARE.format(title=escape(title), sentence=escape(sentence))
    response = make_response(page, code)
    said = error.get_response().headers
    for name in ("Allow", "Content-Range", "Retry-After"):
        if name in said:
            response.headers[name] = said[name]
    return response


def _not_found_page() -> Response:
    """The bytes of /404.html, made once, not once for every address that is not there."""
    response = answer_at("/404.html", not_found)
    response.headers.pop("ETag", None)
    response.status_code = 404
    return response
