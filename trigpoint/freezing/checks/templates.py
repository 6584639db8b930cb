"""Checks of the templates: each is compiled, and pages of each kind are rendered.

A small site is made whole but for its drawings; of a large one a page of each sort, so that what raises for an
article with a cover or in a series is found without making ten thousand others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain, islice
from urllib.parse import unquote

from jinja2 import TemplateError, TemplateSyntaxError

from trigpoint.content.pages import Page, Post
from trigpoint.encoding import EncodingError
from trigpoint.faults import Fault
from trigpoint.freezing.checks.host_files import MOST_RULES, rule_faults
from trigpoint.freezing.checks.own_pages import dead_links, type_fault
from trigpoint.freezing.checks.policy import Policy, blocked
from trigpoint.freezing.checks.release import FEED, feed_faults
from trigpoint.freezing.checks.template_resources import resources_of
from trigpoint.freezing.plan import addresses_of
from trigpoint.theme import FOLDERS, shown
from trigpoint.web.errors import error_page, leading_page
from trigpoint.web.failures import RedirectedError, encoding_fault, fault_of, is_of_machine, syntax_fault
from trigpoint.web.kinds import KINDS, Kind, kind_addresses
from trigpoint.web.middleware import WAITS
from trigpoint.web.site import Site
from trigpoint.web.templating import OF_THEME

WHOLE = 200
"""So many addresses of a kind are all asked for."""

DRAWN = frozenset(("cover", "social_card", "variant"))
"""Endpoints whose answers are pictures: they take long, and depend on no template."""

NO_TEMPLATE = (".md", ".toml")
"""How files in templates/ end that are shown as they are, or are tables of words."""


def empty_folders(site: Site) -> Iterator[Fault]:
    """A Fault for each folder without which no page can be made."""
    for name in FOLDERS:
        found = site.loader.inputs.overlay(name)
        if not found.stamps:
            folder = shown(found.layers[-1].folder, site.settings.root)
            cure = "Bring back the one that the engine came with."
            yield Fault(f"{folder}/", 0, 0, "This folder is empty, or not there.", cure, kind="no-folder")


def compile_faults(site: Site) -> Iterator[Fault]:
    """A Fault for each template that can't be compiled, whether a page needs it now or not."""
    look = site.loader.inputs.overlay("templates")
    for name in look.stamps:
        if name.endswith(NO_TEMPLATE):
            continue
        if name.startswith(OF_THEME):
            sentence = f"This file is not read: `{OF_THEME}` stands for the templates of the theme."
            yield Fault(f"templates/{name}", 0, 0, sentence, "Name its folder otherwise.", kind="template")
            continue
        try:
            site.app.jinja_env.get_template(name)
        except TemplateSyntaxError as error:
            yield syntax_fault(site, error)
        except EncodingError as error:
            yield encoding_fault(site, error)
        except (RecursionError, SyntaxError) as error:
            yield Fault(look.shown(name, site.settings.root), 0, 0, *_not_compiled(error), kind="template")
        except (TemplateError, OSError) as error:
            file = look.shown(name, site.settings.root)
            yield Fault(file, 0, 0, f"This template can't be read: {error}.", kind="template")


def _not_compiled(error: RecursionError | SyntaxError) -> tuple[str, str]:
    """Sentence and cure for what Jinja takes for a template and cannot compile: Python nests as the template does."""
    if isinstance(error, SyntaxError) and "too many" not in error.msg:
        return f"This is no template: {error.msg}.", ""
    sentence = "This template can't be read: its blocks, brackets or operators are nested too deeply."
    return sentence, "Put the inner ones into a template of their own."


def blocked_in_templates(site: Site) -> Iterator[Fault]:
    """A warning for each thing that a template itself asks for, and that the site's policy keeps out."""
    settings, environment = site.settings, site.app.jinja_env
    templates = environment.loader
    assert templates
    policy = Policy.of(settings.policy, settings.base_url, settings.author_scripts)
    look = site.loader.inputs.overlay("templates")
    for name in look.stamps:
        if name.endswith(".html"):
            try:
                source = templates.get_source(environment, name)[0]
            except (TemplateError, OSError, EncodingError):  # It is named as a template that can't be read.
                continue
            yield from blocked(resources_of(source), policy, look.shown(name, settings.root))


def page_faults(site: Site) -> Iterator[Fault]:
    """A Fault for each way in which a page can't be made, found in pages of each kind."""
    seen: set[tuple[str, str]] = set()  # One line of a template is reported once, whatever it is filled in for.
    known = frozenset(addresses_of(site))
    found = (fault for kind, address in _samples(site) for fault in _made(site, kind, address, known))
    for fault in chain(found, _made_besides(site)):
        if (fault.place, fault.subject) not in seen:
            seen.add((fault.place, fault.subject))
            yield fault


def _made_besides(site: Site) -> Iterator[Fault]:
    """Of pages that no kind lists: readers meet them when it is too late."""
    made: dict[str, Callable[[], str]] = {
        "The page of an error": lambda: error_page("Not Found", "There is no page at this address."),
        "The page of an alias": lambda: leading_page("/"),
    }
    for name, make in made.items():
        try:
            with site.app.test_request_context("/"):
                make()
        except Exception as error:
            if is_of_machine(error):
                raise
            yield fault_of(site, name, error)


def _made(site: Site, kind: Kind, address: str, known: frozenset[str]) -> Iterator[Fault]:
    try:
        with site.app.test_request_context(address, environ_base={WAITS: "1"}):
            response = site.app.make_response(site.app.dispatch_request())
            path = unquote(address)
            if 300 <= response.status_code < 400:
                raise RedirectedError
            if kind.is_own:
                yield from type_fault(site, kind, path, response.mimetype)
                yield from dead_links(site, kind, path, response.get_data(), known)
            if FEED.fullmatch(path):
                yield from feed_faults(site, path, response.get_data())
            if (name := path.removeprefix("/")) in MOST_RULES:
                yield from rule_faults(name, response.get_data())
            response.close()
    except Exception as error:
        if is_of_machine(error):
            raise
        yield fault_of(site, unquote(address), error)


def _samples(site: Site) -> Iterator[tuple[Kind, str]]:
    with site.app.app_context():
        for each in KINDS:
            if each.endpoint == "file":
                continue
            yield from ((each, address) for address in _of_kind(site, each))


def _of_kind(site: Site, each: Kind) -> Iterator[str]:
    addresses = kind_addresses(site.app, each, site.loader.library)
    few = list(islice(addresses, 1 if each.endpoint in DRAWN else WHOLE + 1))
    if len(few) <= WHOLE:
        yield from few
        return
    rest = [*few, *addresses]
    sorts = {_sort(site, address): address for address in reversed(rest)}
    yield from dict.fromkeys((*sorts.values(), rest[0], rest[-1]))


def _sort(site: Site, address: str) -> tuple[object, ...]:
    """What a template can make a difference by: which fields a page has."""
    library = site.loader.library
    page = library.page_of(library.addresses.page_at.get(unquote(address), ""))
    return _fields(page) if page else ()


def _fields(page: Page) -> tuple[object, ...]:
    shown = (page.cover, page.updated, page.authors, page.lang, page.toc, page.summary, page.described)
    of_post = (page.part, page.tags, page.dated) if isinstance(page, Post) else ()
    has_page = any(author.slug for author in page.authors)
    return (*map(bool, (*shown, *of_post, has_page)), *sorted(page.extra))
