"""Files that programs and hosts of static sites look for by their names. Ordinary addresses, like any page.

Search engines and browsers read the sitemap, robots.txt, llms.txt, the manifest and the icon.

`_headers` and `_redirects` are read by Netlify and Cloudflare Pages, `CNAME`
and `.nojekyll` by GitHub Pages; on other hosts they do no harm, as no link leads
to them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from posixpath import splitext
from urllib.parse import quote

from flask import Response, abort, render_template, url_for

from trigpoint.content.pages import Post
from trigpoint.library.library import Library
from trigpoint.web.feeds import ENTRIES, as_markdown, json_response, xml_response
from trigpoint.web.files.author import file_at, media_type, scripts_and_documents
from trigpoint.web.headers import FILE_POLICY, FOR_GOOD, SVG_POLICY, content_security_policy, headers_of_all
from trigpoint.web.kinds import KINDS, kind, once
from trigpoint.web.site import current_library, current_settings, current_site
from trigpoint.web.templating import iso

HIDDEN = ("_headers", "_redirects", ".nojekyll", "CNAME")
"""What is for hosts alone: a web server of one's own shows none of it."""


@dataclass(frozen=True, slots=True)
class HostRules:
    """What a host of files must say to say what the live server does. Addresses begin with the path of the site and are
    not percent-encoded.

    `always` are headers of every answer. `policy` is that of all documents but `documents`, which are the author's own
    and have `document_policy`; `scripts` are sent as plain text. `kept` never change.
    """

    base_path: str
    always: Mapping[str, str]
    policy: str
    document_policy: str
    documents: tuple[str, ...]
    scripts: tuple[str, ...]
    kept: tuple[str, ...]
    redirects: Mapping[str, str]


def host_rules() -> HostRules:
    """The rules for the site as it is. Wants an application context; what they are made from is noted."""
    library, settings = current_library(), current_settings()
    link, policy = settings.link, content_security_policy(settings)
    scripts, documents = scripts_and_documents(library)
    runs = settings.author_scripts
    return HostRules(
        settings.base_path,
        headers_of_all(settings),
        policy,
        policy if runs else FILE_POLICY,
        tuple(map(link, documents)),
        () if runs else tuple(map(link, scripts)),
        tuple(link(f"/static/{name}") for name in current_site().assets.kept_names()),
        {
            link(written): link(library.redirect(alias) or "/")
            for alias in library.redirects()
            for written in spellings(alias)
        },
    )


def where_wanted(library: Library) -> Iterable[Mapping[str, object]]:
    return ({},) if current_site().settings.host_files else ()


def where_named(library: Library) -> Iterable[Mapping[str, object]]:
    return ({},) if current_site().settings.cname else ()


def where_keyed(library: Library) -> Iterable[Mapping[str, object]]:
    key = current_site().settings.indexnow_key
    return ({"key": key},) if key else ()


@kind("/_headers", where_wanted)
def host_headers() -> Response:
    """The headers of `web/headers.py`, for hosts that would send none."""
    lines = [
        line
        for path, said in header_rules(host_rules(), current_library()).items()
        for line in (path, *(f"  {name}: {value}" for name, value in said.items()))
    ]
    return _file("_headers", "\n".join(lines) + "\n")


def header_rules(rules: HostRules, library: Library) -> dict[str, dict[str, str]]:
    """Headers by paths. A host sends what all rules that match say, in one line: no two say the same header of one
    address. So a policy stands at each kind of page, and not at `/*`, where a drawing would have it besides its own.
    """
    base, page = quote(rules.base_path), {"Content-Security-Policy": rules.policy, "Cache-Control": "no-cache"}
    found = {f"{base}/*": dict(rules.always), f"{base}/*.svg": {"Content-Security-Policy": SVG_POLICY}}
    patterns = [pattern for pattern in page_patterns() if library.authors() or not pattern.startswith("/authors/")]
    found |= {f"{base}{pattern}": page for pattern in patterns}
    covered = re.compile("|".join(re.sub(r":\w+", "[^/]+", pattern) for pattern in patterns))
    own = (each.address for each in library.pages() if not covered.fullmatch(each.address))
    found |= {quote(rules.base_path + address): page for address in own}
    found |= {quote(address): {"Cache-Control": FOR_GOOD} for address in rules.kept}
    documents, scripts = (
        {_as_one(address, rules.base_path) for address in each} for each in (rules.documents, rules.scripts)
    )
    found |= {pattern: {"Content-Security-Policy": rules.document_policy} for pattern in sorted(documents)}
    return found | {pattern: {"Content-Type": media_type("text/plain")} for pattern in sorted(scripts)}


def _as_one(address: str, base_path: str) -> str:
    """The rule for all files with this ending in the same folder of the top, as hosts take few rules: `/posts/*.js`.

    An address that is at the top, stands for a folder, or ends as pages of that folder do has a rule of its own.
    """
    folder, _, below = address.removeprefix(f"{base_path}/").partition("/")
    ending = splitext(below)[1]
    is_taken = any(each.startswith(f"/{folder}/") and each.endswith(ending) for each in page_patterns())
    return quote(address) if not ending or is_taken else f"{quote(f'{base_path}/{folder}')}/*{quote(ending)}"


def page_patterns() -> Iterator[str]:
    """The rules of pages and feeds as `_headers` writes them: `/posts/:slug/`."""
    for each in KINDS:
        pattern = VARIABLE.sub(r":\1", each.rule)
        if "<" not in pattern and pattern.endswith(PAGE_ENDINGS):
            yield pattern


VARIABLE = re.compile(r"(?<=/)<(?:(?:number|int|author):)?(\w+)>(?=/)")
PAGE_ENDINGS = ("/", ".html", ".xml")


@kind("/_redirects", where_wanted)
def host_redirects() -> Response:
    """Every alias with the address that has taken its place: a true redirect, where the page alone would lead on."""
    lines = [f"{quote(alias)} {quote(target)} 301\n" for alias, target in host_rules().redirects.items()]
    return _file("_redirects", "".join(lines))


def spellings(alias: str) -> tuple[str, ...]:
    """How hosts are asked for an alias: one that was a file (`/index.xml/`) without the slash, too."""
    return (alias.rstrip("/"), alias) if alias.endswith("/") and "." in alias.split("/")[-2] else (alias,)


@kind("/.nojekyll", where_wanted)
def no_jekyll() -> Response:
    """Tells GitHub Pages to take the folder as it is."""
    return _file(".nojekyll", "")


@kind("/CNAME", where_named)
def host_name() -> Response:
    return _typed(current_settings().cname + "\n") if current_settings().cname else file_at("CNAME")


def _file(name: str, text: str) -> Response:
    """Our file of this name, or the author's where the settings turn ours off."""
    return _typed(text) if current_settings().host_files else file_at(name)


def _typed(text: str) -> Response:
    """Without an ending a host knows no better than this type; both worlds say the same."""
    return Response(text, content_type="application/octet-stream")


@kind("/sitemap.xml", once)
def sitemap() -> Response:
    return xml_response(render_template("sitemap.xml", entries=_sitemap_entries()))


@kind("/robots.txt", once)
def robots() -> Response:
    """What search engines may read: the author's own file, where there is one."""
    if current_library().file("/robots.txt"):
        return file_at("robots.txt")
    text = render_template("robots.txt", sitemap=current_settings().absolute(url_for("sitemap")))
    return Response(text, mimetype="text/plain")


@kind("/<key>.txt", where_keyed)
def index_key(key: str) -> Response:
    """The key that changes are announced with, as its owner publishes it; a text of the author's comes before."""
    if key != current_settings().indexnow_key or current_library().file(f"/{key}.txt"):
        return file_at(f"{key}.txt")
    return Response(key, mimetype="text/plain")


@kind("/llms.txt", once)
def llms() -> Response:
    library, settings = current_library(), current_settings()

    def markdown_url(post: Post) -> str:
        return settings.absolute(url_for("markdown_version", slug=post.slug))

    posts = library.newest(ENTRIES * 10)
    text = render_template(
        "llms.txt", posts=posts, pages=library.pages(), markdown_url=markdown_url, as_markdown=as_markdown
    )
    return Response(text, mimetype="text/plain")


@kind("/site.webmanifest", once)
def manifest() -> Response:
    settings = current_settings()
    icon = current_site().assets.asset("images/favicon.svg")
    icons = (
        [{"src": url_for("static", filename=icon.address_name), "type": "image/svg+xml", "sizes": "any"}]
        if icon
        else []
    )
    return json_response(
        {
            "name": settings.title,
            "short_name": settings.title,
            "description": settings.description,
            "lang": settings.language,
            "start_url": url_for("listing"),
            "display": "browser",
            "icons": icons,
        },
        "application/manifest+json",
    )


@kind("/favicon.ico", once)
def favicon() -> Response:
    """The icon where programs look for one that read no page: the author's own file, where there is one."""
    if current_library().file("/favicon.ico"):
        return file_at("favicon.ico")
    icon = current_site().assets.asset("images/favicon.ico") or abort(404)
    return Response(icon.content, content_type=icon.media_type)


def _sitemap_entries() -> list[dict[str, str]]:
    library, settings = current_library(), current_settings()
    posts = library.every_post()
    entries = [(url_for("listing"), max((post.updated or post.date for post in posts), default=None))]
    entries += [(settings.link(post.address), post.updated or post.date) for post in posts]
    entries += [(settings.link(page.address), page.updated) for page in library.pages()]
    entries += [
        (url_for("tag", slug=each.tag.slug), library.newest_tagged(each.tag.slug, 1)[0].date) for each in library.tags()
    ]
    entries += [
        (url_for("written_by", slug=each.author.slug), library.newest_by(each.author.slug, 1)[0].date)
        for each in library.authors()
    ]
    return [{"address": settings.absolute(link), "modified": iso(moment) if moment else ""} for link, moment in entries]
