"""Why a page could not be made, as a Fault: the line of a template, else the address and the file it was made from.

For whoever asks for pages outside of a request: the check, the freeze, the log. A traceback is for programmers;
the author of a blog gets one line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from traceback import walk_tb

from jinja2 import TemplateNotFound, TemplateSyntaxError, UndefinedError

from trigpoint.encoding import EncodingError
from trigpoint.faults import Fault, did_you_mean
from trigpoint.library.library import Library
from trigpoint.theme import shown
from trigpoint.web.site import Site

NO_THREAD = "can't start new thread"
"""How Python says that a thread finds no memory."""


def is_of_machine(error: Exception) -> bool:
    """Whether the machine failed (disk, memory, threads), and not the site: no file of the author is to blame."""
    if isinstance(error, TemplateNotFound):  # Which is an OSError by its bases.
        return False
    return isinstance(error, OSError | MemoryError) or NO_THREAD in str(error)


class RedirectedError(Exception):
    """A view leads on to another address, which no file can do: of what is frozen, aliases alone may."""

    def __init__(self) -> None:
        super().__init__(
            "its view leads on to another address, which no frozen page can do. "
            "Write this one as an alias of the page that it leads to"
        )


def source_of(library: Library, address: str) -> str:
    """The path below pages/ of what stands at this address, or of the page that an alias leads to; "" for neither."""
    page_at, file_at = library.addresses.page_at, library.addresses.file_at
    wanted = library.redirect(address) or address
    below = wanted.removesuffix("index.md")  # The Markdown form of an article.
    return page_at.get(wanted) or page_at.get(below) or file_at.get(wanted, "")


def fault_of(site: Site, address: str, error: Exception) -> Fault:
    """What an author can do about a page that raised this when it was made."""
    if isinstance(error, EncodingError):
        return encoding_fault(site, error)
    template, line, variables = _template_line(error, site)
    source = source_of(site.loader.library, address)
    shown = f"{site.settings.pages}/{source}" if source else ""
    if isinstance(error, TemplateSyntaxError):
        return syntax_fault(site, error)
    if template:
        made_from = f" ({shown})" if shown else ""
        return Fault(
            template,
            line,
            0,
            f"{address}{made_from} can't be made: {_reason(error)}",
            _name_meant(error, variables),
            kind="page-failed",
        )
    if isinstance(error, TemplateNotFound):
        shown = f"templates/{error.name}"
    said = f"{address} can't be made: {_reason(error)}" if shown else _reason(error)
    return Fault(shown or address, 0, 0, said, kind="page-failed")


def syntax_fault(site: Site, error: TemplateSyntaxError) -> Fault:
    """The Fault of a template that can't be compiled."""
    sentence = f"This is no template: {_sentence(error.message)}"
    file = shown(error.filename, site.settings.root) if error.filename else f"templates/{error.name or '?'}"
    return Fault(file, error.lineno, 0, sentence, _meant(site, error.message or ""), kind="template")


def _meant(site: Site, message: str) -> str:
    """A cure that names the filter or test whose name is nearest; "" where the message is of something else."""
    environment = site.app.jinja_env
    known = {"filter": environment.filters, "test": environment.tests}
    found = re.match(r"No (filter|test) named '(\w+)'", message)
    return did_you_mean(found[2], known[found[1]]) if found else ""


def encoding_fault(site: Site, error: EncodingError) -> Fault:
    """The Fault of a template that is not UTF-8."""
    return error.found.fault(shown(error.filename, site.settings.root), "template")


def _reason(error: Exception) -> str:
    if isinstance(error, TemplateNotFound):
        return f"there is no template {error.name}."
    if isinstance(error, RecursionError):
        said = "a template extends or includes itself, or a macro calls itself."
        return f"{said} The theme's own is there as `theme/` and its name."
    if type(error).__module__.startswith(("jinja2", "flask_frozen")) or type(error) in (ValueError, RedirectedError):
        return _sentence(str(error))
    return _sentence(f"{type(error).__name__}: {error}")


def _sentence(text: str | None) -> str:
    said = " ".join((text or "it has an error").split()).rstrip(".")
    return said if said.endswith("?") else f"{said}."


def _name_meant(error: Exception, variables: Iterable[str]) -> str:
    """A cure that names the variable whose name is nearest to one that a template has not; "" for other errors."""
    found = re.match(r"'(\w+)' is undefined", str(error)) if isinstance(error, UndefinedError) else None
    return did_you_mean(found[1], variables) if found else ""


def _template_line(error: Exception, site: Site) -> tuple[str, int, frozenset[str]]:
    """The template and line in which it was raised, the innermost, and the variables there; ("", 0, none) elsewhere."""
    found, templates = ("", 0, frozenset[str]()), site.loader.inputs.overlay("templates")
    for frame, line in walk_tb(error.__traceback__):  # Jinja puts the template's own variables into it.
        name = frame.f_code.co_filename
        if templates.holds(name):
            found = (shown(name, site.settings.root), line, frozenset(frame.f_locals))
    return found
