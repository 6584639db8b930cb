"""MathML as plain characters, for titles, summaries and the search: `x² + y₁`, `(a + b)/2`. Pure."""

from __future__ import annotations

import re
import xml.etree.ElementTree as etree
from collections.abc import Iterator

FORMULA = re.compile(r"<math(?=[\s>]).*?</math>", re.S)
ENTITY = re.compile(r"&(?!lt;|gt;|amp;|#)\w+;")
"""What XML does not know: signs that nobody sees, such as `&ApplyFunction;`."""
RELATIONS = frozenset("=<>≤≥≠≈≡∼∝∈→⇒+−±×")
"""Signs with space around them."""
RAISED = str.maketrans("0123456789+−=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ")
LOWERED = str.maketrans("0123456789+−=()aeoxhklmnpstijruv", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₒₓₕₖₗₘₙₚₛₜᵢⱼᵣᵤᵥ")


def formulas_in(html: str) -> Iterator[str]:
    """The MathML of each formula in this HTML."""
    return (found[0] for found in FORMULA.finditer(html))


def plain_mathml(formula: str) -> str:
    """A `<math>` element as text; of one that its author wrote by a rule of his own, the text of its elements."""
    try:
        text = _plain(etree.fromstring(ENTITY.sub("", formula)))
    except (etree.ParseError, IndexError, RecursionError):
        text = re.sub(r"<annotation(?=[\s>]).*?</annotation>|<[^>]*>", " ", ENTITY.sub("", formula), flags=re.S)
        text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return " ".join(text.split())


def _plain(node: etree.Element) -> str:
    inner, tag = [_plain(child) for child in node], node.tag.rpartition("}")[2]
    match tag:
        case "semantics":
            return inner[0]
        case "msup" | "msub":
            return inner[0].rstrip() + _script(inner[1], *SCRIPTS[tag])
        case "msubsup" | "munderover":
            both = _script(inner[1], *SCRIPTS["msub"]) + _script(inner[2], *SCRIPTS["msup"])
            return f" {inner[0]}{both} " if tag == "munderover" else inner[0] + both
        case "mfrac":
            return f"{_grouped(inner[0])}/{_grouped(inner[1])}"
        case "msqrt":
            return f"√{_grouped(''.join(inner))}"
    text = "".join(inner) or (node.text or "").strip()
    is_apart = text in RELATIONS if tag == "mo" else tag == "mi" and len(text) > 1
    return f" {text} " if is_apart else text


SCRIPTS: dict[str, tuple[str, dict[int, int]]] = {"msup": ("^", RAISED), "msub": ("_", LOWERED)}


def _script(text: str, mark: str, letters: dict[int, int]) -> str:
    """Small letters where there are some for each sign, else `^(…)`."""
    bare = text.replace(" ", "")
    return bare.translate(letters) if all(ord(char) in letters for char in bare) else f"{mark}{_grouped(bare)}"


def _grouped(text: str) -> str:
    text = text.strip()
    return text if text.isalnum() or text.startswith("√") else f"({text})"
