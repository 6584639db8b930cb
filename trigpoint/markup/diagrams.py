"""Diagrams: Mermaid becomes SVG that the site's own stylesheet colours. The only door to merman.

merman is alpha, and there is no wheel of it for every machine: where it is missing, a diagram stays text, and
that is reported as a warning. What comes of it is cleaned: no `style`, no colours, no ids that another figure has.
"""

from __future__ import annotations

import atexit
import json
import re
from functools import lru_cache
from html import escape
from importlib import import_module
from typing import Any

KINDS = ("flowchart", "graph", "sequenceDiagram", "stateDiagram", "classDiagram", "erDiagram")
"""How a source starts that our stylesheet has colours for."""
OTHER_KINDS = frozenset(
    (
        "C4Component", "C4Container", "C4Context", "C4Deployment", "C4Dynamic", "architecture", "block", "gantt",
        "gitGraph", "journey", "kanban", "mindmap", "packet", "pie", "quadrantChart", "radar", "requirementDiagram",
        "sankey", "timeline", "treemap", "xychart", "zenuml",
    )
)  # fmt: skip
"""Mermaid's other kinds. Source: mermaid.js.org, "Diagram Syntax"; new ones end with `-beta`."""

CONFIG = {
    "theme": "base",
    "look": "classic",
    "htmlLabels": False,
    "flowchart": {"htmlLabels": False, "rankSpacing": 36, "nodeSpacing": 36},
    "class": {"htmlLabels": False},
    "state": {"htmlLabels": False},
}
LONGEST = 50_000
"""Characters of a source."""

FRONT = re.compile(r"\A\s*---\n.*?\n---\s*\n", re.S)
COMMENT = re.compile(r"^\s*%%.*\n?", re.M)
DROPPED = re.compile(
    r"<(style|foreignObject|script|symbol|filter|linearGradient|image|use)\b(?:[^<>]*/>|.*?</\1>)", re.S
)
"""Elements that carry styles, scripts, pictures from elsewhere, and effects."""
ATTRIBUTE = re.compile(r'\s([\w:-]+)="([^"]*)"')
TAG = re.compile(r'<([A-Za-z]+)((?:\s[\w:-]+="[^"]*")*)\s*(/?)>')
KEPT = frozenset(
    (
        "alignment-baseline", "class", "cx", "cy", "d", "dominant-baseline", "dx", "dy", "fill-opacity", "font-size",
        "font-weight", "font-style", "height", "marker-end", "marker-start", "markerHeight", "markerUnits",
        "markerWidth", "orient", "opacity", "points", "preserveAspectRatio", "r", "refX", "refY", "rx", "ry",
        "stroke-dasharray", "stroke-dashoffset", "stroke-linecap", "stroke-linejoin", "stroke-width", "text-anchor",
        "transform", "viewBox", "width", "x", "x1", "x2", "xmlns", "xml:space", "y", "y1", "y2",
    )
)  # fmt: skip
"""Attributes that say a shape or a place. Colours, handlers, links and data are none of them."""

MARKER = re.compile(r'<marker id="([^"]+)".*?</marker>', re.S)
WORD_ENDS = '</tspan><tspan class="text-inner-tspan">'
"""Each word has an element of its own; a line is enough."""
STATE_LABEL = re.compile(r'(<g class="label" transform="translate\()-[\d.]+,')
"""merman puts a state's label at the left of its box; our stylesheet centres it around this place."""
EDGE_LABEL = re.compile(
    r'(<g class="label" transform="translate\()0(,[^"]*"><g><rect class="background" x="0" y="0" width="([\d.]+)"[^>]*>'
    r'<g transform="translate\([\d.]+, )[\d.]+'
)
"""And an arrow's label to the right of it and too low; it belongs onto its middle."""
NUMBER = re.compile(r"-?\d+\.\d{2,}(?:e-?\d+)?")


class UnreadableError(ValueError):
    """The source is no diagram that can be drawn; the text says why."""


@lru_cache(maxsize=1)
def _engine() -> Any:
    """Mermaid in Rust; None on a machine that has no merman."""
    try:
        engine = import_module("merman").MermanEngine(options_json=None, services=None)
    except ImportError:
        return None
    atexit.register(_engine.cache_clear)  # Its library must still be there when it goes.
    return engine


def is_at_hand() -> bool:
    """Whether diagrams can be drawn on this machine."""
    return _engine() is not None


def kind_not_drawn(source: str) -> str:
    """The kind of this source where it is one of Mermaid's that is not drawn; else ""."""
    word = re.match(r"[\w-]+", _bare(source))
    kind = word[0].removesuffix("-beta") if word else ""
    return kind if kind in OTHER_KINDS else ""


def _bare(source: str) -> str:
    return COMMENT.sub("", FRONT.sub("", source)).strip()


@lru_cache(maxsize=128)
def svg(source: str, name: str) -> str:
    """The drawing of a Mermaid source; `name` is what its ids start with. Raises UnreadableError."""
    bare = _bare(source)
    if not bare.startswith(KINDS):
        raise UnreadableError(f"only these are drawn: {', '.join(KINDS)}")
    if len(source) > LONGEST:
        raise UnreadableError("it is too long")
    config = json.dumps({"config": CONFIG})
    try:
        drawn: str = _engine().render_svg(f"---\n{config}\n---\n{bare}\n", json.dumps({"svg": {"diagram_id": name}}))
    except Exception as error:  # merman's own kinds of error; a mistake in a source is the usual one.
        raise UnreadableError(_reason(error)) from error
    return _cleaned(drawn)


def figure(drawing: str, source: str, title: str) -> str:
    """The figure of a drawing, with its source for who cannot see it, or wants to copy it."""
    caption = f"<figcaption>{escape(title)}</figcaption>" if title else ""
    label = escape(f"Diagram: {title}" if title else "Diagram")
    text = f'<pre tabindex="0"><code>{escape(source, quote=False)}\n</code></pre>'
    return (
        f'<figure class="diagram" aria-label="{label}"><div class="diagram-box" tabindex="0">{drawing}</div>'
        f"<details><summary>Diagram as text</summary>{text}</details>{caption}</figure>"
    )


def _reason(error: Exception) -> str:
    said = str(getattr(error, "message", "") or error).split("\n")[0].strip()
    return said.partition("): ")[2] or said[:200]


def _cleaned(drawn: str) -> str:
    """The SVG as our pages may hold it."""
    drawn = DROPPED.sub("", drawn[drawn.index("<svg") :])
    drawn = MARKER.sub(lambda found: found[0] if f"url(#{found[1]})" in drawn else "", drawn)
    drawn = TAG.sub(_tag, drawn).replace(WORD_ENDS, "")
    if 'class="statediagram"' in drawn:
        drawn = STATE_LABEL.sub(r"\g<1>0,", drawn)
        drawn = EDGE_LABEL.sub(lambda found: f"{found[1]}{float(found[3]) / -2}{found[2]}0", drawn)
    drawn = NUMBER.sub(lambda found: f"{float(found[0]):.1f}".removesuffix(".0"), drawn)
    while (emptied := re.sub(r"<g(?: [^<>]*)?></g>|<g(?: [^<>]*)?/>", "", drawn)) != drawn:
        drawn = emptied
    return drawn


def _tag(found: re.Match[str]) -> str:
    name, attributes, closed = found.groups()
    written = dict(ATTRIBUTE.findall(attributes))
    style = dict(part.split(":", 1) for part in written.pop("style", "").split(";") if ":" in part)
    for key, value in style.items():
        key = key.strip()
        if key in KEPT and key not in ("width", "height"):
            written[key] = value.replace("!important", "").strip()
    kept = {key: value for key, value in written.items() if key in KEPT and value not in ("", "normal")}
    kept |= {key: "none" for key in ("fill", "stroke") if (style.get(key) or written.get(key, "")).strip() == "none"}
    if "class" in kept:
        kept["class"] = " ".join(dict.fromkeys(kept["class"].split()))
    if name == "circle":
        kept = {key: value for key, value in kept.items() if key not in ("width", "height")}
    if name == "marker":
        kept["id"] = written["id"]
    if name == "svg":
        kept = _frame(kept)
    return "<" + name + "".join(f' {key}="{value}"' for key, value in kept.items()) + closed + ">"


def _frame(kept: dict[str, str]) -> dict[str, str]:
    """The outermost tag: as large as what it shows, and an image to who hears it."""
    if "viewBox" not in kept:
        return kept
    _, _, width, height = kept["viewBox"].split()
    size = {"width": str(round(float(width))), "height": str(round(float(height)))}
    return {"viewBox": kept["viewBox"], **size, "class": kept.get("class", ""), "role": "img", "aria-label": "Diagram"}
