"""What an article asks for and the site's Content-Security-Policy blocks: a picture of another host, a frame, a style.

Readers see nothing in its place, and their browser tells only who opens its console. So each is a warning with
its line, judged by the directives that `headers` sends: another policy gives other warnings.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from trigpoint.faults import Fault
from trigpoint.freezing.checks.leaks import path_on_site
from trigpoint.markup.document import Resource
from trigpoint.policy import USES, AllowedHosts, matches
from trigpoint.web.headers import directives

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
    ("(css)", "src"): "img-src",
    ("(font)", "src"): "font-src",
    ("(stylesheet)", "src"): "style-src",
    ("(module)", "src"): "script-src",
}
"""The directive that decides about an element's attribute; "" is what stands inside of the element, and in brackets
what asset_resources.py finds."""

FALLBACKS = {"frame-src": ("child-src", "default-src"), "form-action": (), "base-uri": ()}
"""What decides where a directive is not in the policy: `default-src`, but for these."""

WORDS = {
    "img-src": ("a picture", "Put the picture beside the article."),
    "font-src": ("a font", "Put the font into static/fonts/."),
    "media-src": ("a video or sound", "Put the file beside the article, or link to it."),
    "frame-src": ("a frame (`<iframe>`)", "Link to it, perhaps with a picture of it."),
    "object-src": ("an `<object>` or `<embed>`", "Show a picture, or link to the file."),
    "script-src": ("a script", "Take it out, or put it into a file of static/."),
    "style-src": ("a style of its own", "Take it out, or give it a class that a stylesheet of static/css/ describes."),
    "form-action": ("a form that leads to another host", "Link to a page of that host that has the form."),
    "base-uri": ("a `<base>`", "Take it out, and write whole links."),
}
"""What a directive decides about, and what to do where it says no."""


WORDS_OF_ASSETS = {
    "(css)": ("a picture", "Put the picture into static/images/."),
    "(stylesheet)": ("a stylesheet", "Put the stylesheet into static/css/."),
    "(module)": ("a script", "Put the script into static/js/."),
}

STATIC = "/static/"
USE = {f"{use}-src": use for use in USES} | {"form-action": "form"}
"""The list of `[policy]` that widens a directive."""


@dataclass(frozen=True, slots=True)
class Policy:
    """The site's Content-Security-Policy: the sources that each directive allows, and the lists of `[policy]` in it.

    Where `author_scripts` do not run, those of static/ alone do: others of the site are sent as plain text.
    """

    sources: Mapping[str, tuple[str, ...]]
    allowed: AllowedHosts
    base_url: str
    author_scripts: bool = True

    @classmethod
    def of(cls, allowed: AllowedHosts, base_url: str, author_scripts: bool = True) -> Policy:
        """The policy of a site that allows these hosts."""
        parts = [directive.split() for directive in directives(allowed)]
        return cls({name: tuple(sources) for name, *sources in parts}, allowed, base_url, author_scripts)

    def blocks(self, directive: str, target: str) -> bool:
        """Whether this keeps out what is loaded from there; an empty target is something written in the page."""
        sources = self._sources(directive)
        if sources is None:
            return False
        if not target:
            return "'unsafe-inline'" not in sources
        if self.is_own(target):
            return "'self'" not in sources or (directive == "script-src" and not self._runs(target))
        return not any(matches(source, target) for source in sources if not source.startswith("'"))

    def is_own(self, target: str) -> bool:
        """Whether a target is of the site's host. Raises ValueError where it is no address."""
        parts, own = urlsplit(target), urlsplit(self.base_url)
        if not parts.scheme and not parts.netloc:
            return True
        return (parts.scheme.lower() or own.scheme, parts.netloc.lower()) == (own.scheme, own.netloc)

    def line_to_allow(self, directive: str, target: str) -> str:
        """The line of site.toml, below `[policy]`, with which this would be allowed; "" where none would do."""
        use = USE.get(directive, "")
        if not use or (not target and use != "style") or (target and self.is_own(target)):
            return ""
        parts = urlsplit(target)
        if target and not parts.netloc:
            return ""
        source = f"{parts.scheme or 'https'}://{parts.netloc}".lower() if target else "'unsafe-inline'"
        return f"{use} = {json.dumps([*getattr(self.allowed, use), source])}"

    def _runs(self, script: str) -> bool:
        return self.author_scripts or path_on_site(script, self.base_url).startswith(STATIC)

    def _sources(self, directive: str) -> tuple[str, ...] | None:
        for name in (directive, *FALLBACKS.get(directive, ("default-src",))):
            if name in self.sources:
                return self.sources[name]
        return None


def blocked(resources: Iterable[Resource], policy: Policy, path: str) -> Iterator[Fault]:
    """A warning for each of these that the policy keeps out. `path` is of their source, as Faults name it."""
    for resource in resources:
        directive = _directive(resource)
        try:
            is_blocked = policy.blocks(directive, resource.target) if directive else False
        except ValueError:  # No address at all: it is reported as a dead link.
            continue
        if is_blocked:
            yield _fault(resource, directive, path, policy)


def _directive(resource: Resource) -> str:
    if resource.attribute.startswith("on"):
        return "script-src"
    if resource.attribute == "style":
        return "style-src"
    return DIRECTIVE.get((resource.element, resource.attribute), "")


def _fault(resource: Resource, directive: str, path: str, policy: Policy) -> Fault:
    what, cure = WORDS_OF_ASSETS.get(resource.element) or WORDS[directive]
    if line := policy.line_to_allow(directive, resource.target):
        cure = f"{cure} Or allow it in site.toml, below [policy]: {line}"
    elif directive == "script-src" and resource.target:
        cure = f"{cure} Or let it run: author_scripts = true in site.toml"
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
