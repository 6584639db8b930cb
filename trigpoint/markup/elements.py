"""The names of HTML's elements and attributes, and what an author's own tags need before they are HTML. Pure.

A tag of a name that HTML does not know is shown by no browser: `List<String>` in prose would be read as "List".
"""

from __future__ import annotations

import re

VOID = frozenset(("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"))
NAMES = (
    "a abbr acronym address applet article aside audio b basefont bdi bdo bgsound big blink blockquote body "
    "button canvas caption center cite code colgroup command data datalist dd del details dfn dialog dir div dl "
    "dt em fieldset figcaption figure font footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup html i "
    "iframe ins isindex kbd keygen label legend li listing main map mark marquee menu menuitem meter nav nobr "
    "noembed noframes noscript object ol optgroup option output p param picture plaintext portal pre progress q "
    "rb rp rt rtc ruby s samp script search section select selectedcontent slot small span strike strong style "
    "sub summary sup svg table tbody td template textarea tfoot th thead time title tr tt u ul var video xmp "
)
NAMES_WITHIN = (
    "animate animatemotion animatetransform circle clippath cursor defs desc discard ellipse fedropshadow filter "
    "foreignobject g glyph hatch hatchpath hkern image line lineargradient marker mask mesh metadata mpath path "
    "pattern polygon polyline radialgradient rect set solidcolor stop switch symbol text textpath tref tspan use "
    "view vkern feblend fecolormatrix fecomponenttransfer fecomposite feconvolvematrix fediffuselighting "
    "fedisplacementmap feflood fefunca fefuncb fefuncg fefuncr fegaussianblur feimage femerge femergenode "
    "femorphology feoffset fepointlight fespecularlighting fespotlight fetile feturbulence annotation "
    "annotation-xml maction math menclose merror mfenced mfrac mi mmultiscripts mn mo mover mpadded mphantom "
    "mprescripts mroot mrow ms mspace msqrt mstyle msub msubsup msup mtable mtd mtext mtr munder munderover "
    "semantics "
)
HTML = VOID | frozenset(NAMES.split())
WITHIN = frozenset(NAMES_WITHIN.split())
"""Elements of SVG and MathML, which mean something within `<svg>` and `<math>` only."""
HIDING = frozenset(
    (
        "audio", "canvas", "datalist", "head", "iframe", "math", "noembed", "noframes", "noscript", "object",
        "plaintext", "script", "select", "style", "svg", "template", "textarea", "title", "video", "xmp",
    )
)  # fmt: skip
"""Elements of which browsers do not show the text, or not as text."""
LEVELS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
SVG_HREF = frozenset(("href", "xlink:href"))
HOLDERS = {
    "a": SVG_HREF,
    "area": frozenset(("href",)),
    "audio": frozenset(("src",)),
    "blockquote": frozenset(("cite",)),
    "button": frozenset(("formaction",)),
    "del": frozenset(("cite",)),
    "embed": frozenset(("src",)),
    "feimage": SVG_HREF,
    "form": frozenset(("action",)),
    "iframe": frozenset(("src",)),
    "image": SVG_HREF,
    "img": frozenset(("src", "srcset", "longdesc")),
    "input": frozenset(("src", "formaction")),
    "ins": frozenset(("cite",)),
    "link": frozenset(("href", "imagesrcset")),
    "object": frozenset(("data",)),
    "q": frozenset(("cite",)),
    "script": frozenset(("src",)),
    "source": frozenset(("src", "srcset")),
    "track": frozenset(("src",)),
    "use": SVG_HREF,
    "video": frozenset(("src", "poster")),
}
"""The elements that have addresses, and the attributes that hold them. Source: HTML Standard, index of attributes."""
LEADING = frozenset(("href", "xlink:href", "cite", "action", "formaction", "longdesc"))
"""The attributes of HOLDERS that lead elsewhere; the others show something in the page."""
CANDIDATES = frozenset(("srcset", "imagesrcset"))
"""The attributes that hold several addresses, each for a width or a screen."""
OF_DRAWINGS = frozenset(("feimage", "image", "use"))
"""Elements of drawings: what begins with # is a part of the same drawing there, whatever shows it."""
LOADING = frozenset(("src", "srcset", "poster", "data", "action", "formaction", "href"))
"""The attributes that a policy is asked about, as what they name is loaded, or sent to."""
FOLLOWED = frozenset(("a", "area"))
"""Elements whose `href` is followed by readers, not loaded by browsers."""
SHOWN = frozenset(("img", "picture", "source", "video", "audio", "track"))
"""Elements that show a file of this site, which any policy of ours allows."""
OUTER = re.compile(r"</?(?:svg|math)\b", re.I)
TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9-]*)")
OPEN = re.compile(
    r"<(?P<tag>script|style|textarea|title|xmp|iframe|noembed|noframes|plaintext)\b(?P<attributes>[^<>]*)>", re.I
)
SELF_CLOSED = re.compile(
    r"""(?P<skip><(?P<raw>script|style|pre|textarea|svg|math)\b.*?(?:</(?P=raw)\s*>|\Z)|<!--.*?(?:-->|\Z))"""
    r"""|<(?P<tag>[A-Za-z][\w-]*)(?P<attributes>(?:\s+[A-Za-z_:][\w.:-]*(?:\s*=\s*(?:[^\s"'=<>`]+|'[^']*'|"[^"]*"))?)*+)\s*/>""",
    re.S | re.I,
)
"""`<div/>`: HTML ignores the slash, and the element would hold all that comes after it."""


COMMENT = re.compile(
    r"""<!--.*?(?:-->|(?P<open>\Z))|<(?P<raw>script|style|textarea|title|xmp|iframe)\b.*?(?:</(?P=raw)\s*>|\Z)"""
    r"""|<[A-Za-z](?>(?:[^<>"']|"[^"]*"|'[^']*')*)>""",
    re.S | re.I,
)
"""A comment, and what may hold its signs without being one: raw text, and a tag."""


def open_comment(html: str) -> int:
    """Where a comment starts in this HTML that nothing closes; -1 where there is none."""
    if html.rfind("<!--") <= html.rfind("-->"):
        return -1
    return next((found.start() for found in COMMENT.finditer(html) if found["open"] is not None), -1)


def name_of(tag: str) -> str:
    """The name of a tag's element, in small letters; "" for a comment."""
    found = TAG.match(tag)
    return found[1].lower() if found else ""


def is_known(name: str, draws: bool) -> bool:
    """Whether a browser knows the element of this name, or may learn it (`x-y`), or its tag has none (a comment).

    `draws` says that `<svg>` or `<math>` stands in the same text.
    """
    return not name or "-" in name or name in HTML or (draws and name in WITHIN)


def opened_and_closed(html: str) -> str:
    """The HTML with an end tag for each `<div/>` whose slash HTML would not heed."""
    return SELF_CLOSED.sub(_with_end, html) if "/>" in html else html


def unhidden(html: str) -> str:
    """The HTML so that no start tag of an element that hides all behind it stays open.

    One without attributes is shown as text, for it is spoken of; one that loads something is closed at once.
    """
    ends: dict[str, int] = {}

    def mended(found: re.Match[str]) -> str:
        name = found["tag"].lower()
        if name not in ends:
            ends[name] = html.lower().rfind(f"</{name}")
        if ends[name] >= found.end():
            return found[0]
        if not found["attributes"].strip():
            return found[0].replace("<", "&lt;")
        return f"{found[0]}</{name}>" if "src" in found["attributes"] else found[0]

    return OPEN.sub(mended, html)


def _with_end(found: re.Match[str]) -> str:
    if found["skip"] or found["tag"].lower() in VOID:
        return found[0]
    return f"<{found['tag']}{found['attributes']}></{found['tag']}>"
