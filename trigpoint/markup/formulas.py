"""Formulas: LaTeX becomes MathML, which browsers show without a script. The only door to math-core.

A formula that cannot be read is shown as it was typed, and its fault is reported with its line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from html import escape

from math_core import LatexError, LatexToMathML

from trigpoint.fault_list import BodyFaults
from trigpoint.markup.inline.plain_mathml import formulas_in, plain_mathml

STYLE = re.compile(r'(?: class="([^"]*)")? style="([^"]*)"')
CLASSES = {
    "text-align:left": "math-start",
    "text-align:right": "math-end",
    "padding-left:0": "math-close-start",
    "padding-right:0": "math-close-end",
    "padding-left:1em": "math-apart",
    "width:50%": "math-half",
    "width:100%": "math-whole",
    "border-left:0.05em solid currentcolor": "math-line-left",
    "border-right:0.05em solid currentcolor": "math-line-right",
    "border-top:0.05em solid currentcolor": "math-line-top",
    "border-bottom:0.05em solid currentcolor": "math-line-bottom",
    "border-left:0.05em dashed currentcolor": "math-line-left",
    "border-right:0.05em dashed currentcolor": "math-line-right",
    "border-top:0.05em dashed currentcolor": "math-line-top",
    "border-bottom:0.05em dashed currentcolor": "math-line-bottom",
}
"""Styles that math-core writes, and the classes of ours that say the same: the site's policy allows no `style`."""

MATH = re.compile(r"<math\b[^>]*>.*?<annotation[^>]*>(.*?)</annotation></semantics></math>", re.S)
CONVERTER = LatexToMathML(annotation=True, fancy_error=False)


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula as HTML, and as it was typed."""

    html: str
    typed: str

    @property
    def plain(self) -> str:
        """In plain characters; where it is none, as it was typed."""
        return next(map(plain_mathml, formulas_in(self.html)), self.typed)


def in_line(tex: str, line: int, findings: BodyFaults) -> Formula:
    """A formula in a line of text."""
    made = _told(tex, False, line, findings)
    typed = f"${tex}$"
    if not made:
        return Formula(f'<code class="math-wrong">{escape(typed, quote=False)}</code>', typed)
    return Formula(f'<span class="formula">{made}</span>', typed)


def displayed(tex: str, line: int, findings: BodyFaults) -> Formula:
    """A formula on a line of its own, in a box that scrolls where it is wide; it may stand inside of a paragraph."""
    made = _told(tex, True, line, findings)
    typed = f"$${tex}$$"
    shown = made or f'<code class="math-wrong">{escape(typed, quote=False)}</code>'
    return Formula(f'<span class="math" role="group" aria-label="Formula" tabindex="0">{shown}</span>', typed)


def plain(tex: str) -> str:
    """A formula in plain characters, for titles and excerpts: `x² + y₁`, `(a + b)/2`."""
    try:
        return Formula(mathml(tex.strip(), display=False), tex).plain
    except LatexError:
        return f"${tex}$"


def text_of(html: str) -> str:
    """The HTML with the LaTeX of each formula in its place."""
    return MATH.sub(r"\1", html) if "<math" in html else html


def _told(tex: str, display: bool, line: int, findings: BodyFaults) -> str:
    """The MathML; "" where there is none, with the fault reported."""
    try:
        return mathml(tex.strip(), display)
    except LatexError as error:
        at, _, said = str(error).partition(": ")
        before = len(tex) - len(tex.lstrip()) + (int(at) if at.isdecimal() else 0)
        sentence = f"This formula cannot be read: {said[:1].lower()}{said[1:]}"
        cure = "Mend it; a dollar sign that starts no formula is written `\\$`."
        findings.doubt(line + tex.count("\n", 0, before), sentence, cure, "formula")
        return ""


@lru_cache(maxsize=512)
def mathml(tex: str, display: bool) -> str:
    """The MathML of this LaTeX, which stands in it as an annotation. Raises LatexError."""
    return STYLE.sub(_classes, CONVERTER.convert_with_local_state(tex, displaystyle=display))


def _classes(found: re.Match[str]) -> str:
    declared = [re.sub(r"\s*:\s*", ":", each.strip()) for each in found[2].split(";")]
    names = [found[1] or "", *(CLASSES.get(each, "") for each in declared)]
    colour = next((each[6:] for each in declared if each.startswith("color:")), "")
    classes = " ".join(filter(None, names))
    return (f' class="{classes}"' if classes else "") + (f' mathcolor="{colour}"' if colour else "")
