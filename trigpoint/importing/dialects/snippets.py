"""A site's own shortcodes and includes, filled in where they are nothing but HTML with holes.

`{{ include.src }}`, `{{ .Get "src" }}`, `{{ .Inner }}`, `{{ src }}`: a template with logic is left alone. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from trigpoint.importing.dialects.expressions import EXPRESSION, value_of
from trigpoint.markup.foreign.calls import Call
from trigpoint.markup.foreign.computed.conditions import Values, without_conditions

COMMENT = re.compile(
    r"\{%-?\s*comment\s*-?%\}.*?\{%-?\s*endcomment\s*-?%\}|\{\{-?\s*/\*.*?\*/\s*-?\}\}|\{#.*?#\}|<!--.*?-->|\A---\n.*?^---\n",
    re.S | re.M,
)
GET = re.compile(r"\.Get\s+(?:\"(?P<name>[\w-]+)\"|`(?P<tick>[\w-]+)`|(?P<place>\d+))$")
FILTERS = re.compile(
    r"\s*\|\s*(?:markdownify|safeHTML|safeURL|relURL|absURL|htmlUnescape|plainify|\.Page\.RenderString|\$?\.Page\.RenderString|safe|markdown(?:\([^)]*\))?)\b"
)

LONGEST = 20_000
"""Characters of a template that is filled in."""


def filled(template: str, call: Call, values: Mapping[str, str]) -> str | None:
    """The HTML that this template makes of a call, or None where it is more than HTML with holes."""
    template = COMMENT.sub("", template)
    if "{%" in template and len(template) <= LONGEST:
        template = _of_conditions(template, call, values)
    if "{%" in template or len(template) > LONGEST:
        return None
    unknown = False

    def value(found: re.Match[str]) -> str:
        nonlocal unknown
        known = _value(found["inside"].strip(), call, values)
        unknown = unknown or known is None
        return known or ""

    html = EXPRESSION.sub(value, template)
    return None if unknown or "{{" in html else html.strip()


def _of_conditions(template: str, call: Call, values: Mapping[str, str]) -> str:
    """The template with the branches that the parameters decide for; as it is where they do not."""
    given = {**values, **{f"include.{name}": text for name, text in call.named.items()}}
    known = Values(assigned=call.named, site=given, computed=("site.", "page.", "layout.", "theme.", "config."))
    plain, doubts = without_conditions(template, template, known)
    return template if doubts else re.sub(r"\n[ \t]*(?=\n)", "", plain)


def _value(inside: str, call: Call, values: Mapping[str, str]) -> str | None:
    inside = FILTERS.sub("", inside).strip("- ")
    if inside in (".Inner", "body", "content"):
        return call.inner
    if found := GET.match(inside):
        return call.get(int(found["place"]) if found["place"] else (found["name"] or found["tick"]).lower())
    name = inside.removeprefix("include.").split("|")[0].strip()
    if inside.startswith("include."):
        given = {f"include.{key}": text for key, text in call.named.items()}
        given.setdefault(f"include.{name}", "")
        return value_of(inside, {**values, **given})
    if re.fullmatch(r"[a-z_]\w*", inside) and inside in call.named:
        return call.named[inside]
    return value_of(inside, values)
