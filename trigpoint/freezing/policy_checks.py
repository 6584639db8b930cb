"""What an article asks for and the site's Content-Security-Policy blocks: a picture of another host, a frame, a style.

Readers see nothing in its place, and their browser tells only who opens its console. So each is a warning with
its line, judged by the directives that `headers` sends: another policy gives other warnings.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from trigpoint.faults import Fault
from trigpoint.markup.document import Resource

DIRECTIVE = {
    ("img", "src"): "img-src",
    ("img", "srcset"): "img-src",
    ("input", "src"): "img-src",
    ("image", "href"): "img-src",
    ("source", "srcset"): "img-src",
    ("video", "poster"): "img-src",
    ("video", "src"): "media-src",
    ("audio", "src"): "media-src",
    ("source", "src"): "media-src",
    ("track", "src"): "media-src",
    ("iframe", "src"): "frame-src",
    ("frame", "src"): "frame-src",
    ("object", "data"): "object-src",
    ("embed", "src"): "object-src",
    ("script", "src"): "script-src",
    ("script", ""): "script-src",
    ("link", "href"): "style-src",
    ("style", ""): "style-src",
    ("form", "action"): "form-action",
    ("button", "formaction"): "form-action",
    ("input", "formaction"): "form-action",
    ("base", "href"): "base-uri",
}
"""The directive that decides about an element's attribute; "" is what stands inside of the element."""

FALLBACKS = {"frame-src": ("child-src", "default-src"), "form-action": (), "base-uri": ()}
"""What decides where a directive is not in the policy: `default-src`, but for these."""

WORDS = {
    "img-src": ("a picture", "Put the picture beside the article."),
    "media-src": ("a video or sound", "Put the file beside the article, or link to it."),
    "frame-src": ("a frame (`<iframe>`)", "Link to it, perhaps with a picture of it."),
    "object-src": ("an `<object>` or `<embed>`", "Show a picture, or link to the file."),
    "script-src": ("a script", "Take it out: articles of this site work without."),
    "style-src": ("a style of its own", "Take it out, or give it a class that a stylesheet of static/css/ describes."),
    "form-action": ("a form that leads to another host", "Link to a page of that host that has the form."),
    "base-uri": ("a `<base>`", "Take it out, and write whole links."),
}
"""What a directive decides about, and what to do where it says no."""


STATIC = "/static/"


@dataclass(frozen=True, slots=True)
class Policy:
    """A Content-Security-Policy: the sources that each directive allows. `origin` is the site's: scheme and host.

    Where `author_scripts` do not run, those of static/ alone do: others are sent as plain text.
    """

    allowed: Mapping[str, tuple[str, ...]]
    origin: str
    author_scripts: bool = True

    @classmethod
    def of(cls, directives: Iterable[str], base_url: str, author_scripts: bool = True) -> Policy:
        """The policy of these directives, each as it is written: `img-src 'self' data:`."""
        parts = [directive.split() for directive in directives]
        return cls({name.lower(): tuple(sources) for name, *sources in parts}, _origin(base_url), author_scripts)

    def blocks(self, directive: str, target: str) -> bool:
        """Whether this keeps out what is loaded from there; an empty target is something written in the page."""
        sources = self._sources(directive)
        if sources is None:
            return False
        if not target:
            return "'unsafe-inline'" not in sources
        if directive == "script-src" and not self.author_scripts and not urlsplit(target).path.startswith(STATIC):
            return True
        return not any(self._matches(source, target) for source in sources)

    def _sources(self, directive: str) -> tuple[str, ...] | None:
        for name in (directive, *FALLBACKS.get(directive, ("default-src",))):
            if name in self.allowed:
                return self.allowed[name]
        return None

    def _matches(self, source: str, target: str) -> bool:
        """Source: Content Security Policy level 3, 6.7.2.8; ports and paths of sources are left aside."""
        parts = urlsplit(target)
        is_own = (not parts.scheme and not parts.netloc) or _origin(target, self.origin) == self.origin
        if source == "'self'":
            return is_own
        if source.endswith(":"):
            return parts.scheme.lower() == source[:-1].lower()
        scheme, _, host = source.rpartition("://")
        if scheme and scheme.lower() != (parts.scheme or "https").lower():
            return False
        name, wanted = (parts.hostname or "").lower(), host.split("/")[0].split(":")[0].lower()
        return name == wanted or wanted == "*" or (wanted.startswith("*.") and name.endswith(wanted[1:]))


def _origin(address: str, beside: str = "") -> str:
    parts = urlsplit(address)
    scheme = parts.scheme or urlsplit(beside).scheme
    return f"{scheme}://{parts.netloc}".lower() if parts.netloc else ""


def blocked(resources: Iterable[Resource], policy: Policy, path: str) -> Iterator[Fault]:
    """A warning for each of these that the policy keeps out. `path` is of their source, as Faults name it."""
    for resource in resources:
        directive = _directive(resource)
        try:
            is_blocked = policy.blocks(directive, resource.target) if directive else False
        except ValueError:  # No address at all: it is reported as a dead link.
            continue
        if is_blocked:
            yield _fault(resource, directive, path)


def _directive(resource: Resource) -> str:
    if resource.attribute.startswith("on"):
        return "script-src"
    if resource.attribute == "style":
        return "style-src"
    return DIRECTIVE.get((resource.element, resource.attribute), "")


def _fault(resource: Resource, directive: str, path: str) -> Fault:
    what, cure = WORDS[directive]
    host = urlsplit(resource.target).netloc or resource.target
    sentence = f"{_shown(resource, what)}: the site's policy ({directive}) keeps it out."
    return Fault(path, resource.line, 0, sentence, cure, True, KINDS[directive], host)


def _shown(resource: Resource, what: str) -> str:
    if resource.attribute.startswith("on"):
        return f'"{resource.attribute}" runs a script'
    if resource.target:
        return f'"{resource.target}" is {what}'
    written = f'`{resource.attribute}="…"`' if resource.attribute else f"`<{resource.element}>`"
    return f"{written} is {what}"


KINDS = {directive: f"blocked-{directive.removesuffix('-src')}" for directive in WORDS}
"""The kind of the fault that each directive gives."""
