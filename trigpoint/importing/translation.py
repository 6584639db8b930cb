"""A body of the old site as Markdown of this one: tags of templates, marks of dialects, links, pictures.

Pure: everything that is known of the old site comes in as Places. Nothing in code is touched, but for what a generator
itself took out of it (`raw`). Links to other texts are marks (`places.MARK`) until all files have their names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from trigpoint.importing.dialects import components, expressions, loose, marks, scanning, verbatim
from trigpoint.importing.dialects.breaks import with_breaks
from trigpoint.importing.dialects.embeds import without_embeds
from trigpoint.importing.dialects.inclusions import missing, with_included
from trigpoint.importing.dialects.own_mapping import OwnMapping
from trigpoint.importing.dialects.prose import masked, masked_code
from trigpoint.importing.dialects.snippets import filled
from trigpoint.importing.links import Beside, rewritten
from trigpoint.importing.places import Places
from trigpoint.importing.reading.entries import Entry, Finding
from trigpoint.importing.references import is_address, matching, reference, words_of
from trigpoint.markup.block_grammar import TooDeepError, cleaned
from trigpoint.markup.diagrams import kind_not_drawn
from trigpoint.markup.foreign import mdx, mdx_values, tags
from trigpoint.markup.foreign.calls import Call, comment
from trigpoint.markup.foreign.computed.conditions import Values, without_conditions
from trigpoint.markup.foreign.computed.header_values import are_tags_text
from trigpoint.markup.foreign.computed.values import DEEPEST
from trigpoint.markup.foreign.masking import replaced, without_formulas
from trigpoint.markup.foreign.meanings import by_parameters, citation, figure
from trigpoint.markup.foreign.names import meaning_of
from trigpoint.markup.foreign.platforms import cells
from trigpoint.markup.pairs import pair

LOOP = re.compile(
    r"\{%-?\s*(?P<name>for|tablerow)\b(?:(?!\{%-?\s*(?:for|tablerow)\b).)*?\{%-?\s*end(?P=name)\s*-?%\}", re.S
)
VARIABLE = re.compile(r"\{%-?\s*(?:assign|set)\s+(?P<name>[\w.-]+)\s*=\s*(?P<inside>(?:(?!%\}|\{%).)*?)-?%\}")
CAPTURE = pair(r"\{%-?\s*capture\s+(?P<name>[\w.-]+)\s*-?%\}", r"\{%-?\s*endcapture\s*-?%\}")
COMMENT = pair(
    r"\{%-?\s*(?P<name>comment|css|js|javascript|stylesheet|schema)\b[^%]*%\}", r"\{%-?\s*end(?P=name)\s*-?%\}"
)
NUNJUCKS_COMMENT = re.compile(r"\{#(?![\w-]+\})[^\n]{0,500}?#\}")
"""Liquid shows it, and `## Heading {#id}` is none."""
SILENT = (
    "else",
    "elsif",
    "elseif",
    "when",
    "increment",
    "decrement",
    "continue",
    "break",
    "assign",
    "set",
    "capture",
    "endraw",
    "raw",
    "set_global",
    "extends",
)
LOGIC = ("if", "unless", "case", "with", "block", "filter", "macro", "ifchanged")
LOOPS = ("for", "tablerow", "paginate")


GLOB = re.compile(r"[\w./ -]*\*[\w./* -]*")


@dataclass(frozen=True, slots=True)
class Translated:
    """A body in our Markdown; `files` are to lie beside it: their paths below the source, and their names."""

    body: str
    files: tuple[tuple[str, str], ...]
    cover: str
    findings: tuple[Finding, ...]


def translated(entry: Entry, places: Places, own: OwnMapping, cover: str = "") -> Translated:
    """The entry's body, and the target of its cover as it is to be written ("" where there is no such file)."""
    translation = _Translation(entry, places, own)
    body = translation.body()
    image = translation.cover(cover)
    return Translated(body, tuple(translation.beside.names.items()), image, tuple(translation.findings))


class _Translation:
    """One body on its way."""

    def __init__(self, entry: Entry, places: Places, own: OwnMapping) -> None:
        self.entry, self.places, self.own = entry, places, own
        self.dialects = frozenset(places.site.dialects)
        self.beside = Beside()
        self.findings: list[Finding] = []
        self.values: dict[str, str] = {**places.site.values, **_page_values(entry), **own.values}

    def body(self) -> str:
        entry = self.entry
        text = cleaned(entry.body)
        if entry.markup == "html":
            text = _markdown_of(text)
        text = re.sub("[\ue0f0-\ue0ff\x00-\x08]", "", text)
        if self.dialects & {"liquid", "hugo", "mkdocs"}:
            text = self._with_included(text)
        is_computed = cells.is_computed(entry.path)
        text = self._computed(text) if is_computed else text
        if are_tags_text("".join(f"{name}: {value}\n" for name, value in entry.fields.items())):
            text = verbatim.veiled(text)
        text = verbatim.resolved(loose.panes_read(text), self.dialects)
        if self.dialects & {"pelican", "mkdocs", "nikola"}:
            text = marks.codehilite(text)
        if mdx.is_mdx(text, entry.path) or "mdx" in self.dialects:
            text = mdx_values.with_fences(mdx.without_programs(mdx.with_imported(mdx.with_labels(text))))
            text = components.resolved(text, masked, self._unknown_component)
            text = mdx.resolved(text)
        elif entry.markup == "markdown":
            text = self._without_components(text)
        text = self._templates(text)
        text = loose.read(self._marks(text), self.dialects)
        text = loose.with_figures(text) if is_computed else text
        if "pelican" in self.dialects and "{%" in text:
            text = replaced(text, tags.REST, self._left_over)
        if "<" in text:
            text = without_embeds(text, masked_code(text), self._embed)
            text = marks.substituted(text, masked(text), marks.ANCHOR, "<a id=")
        text = rewritten(text, masked(text), entry, self.places, self.beside, self.findings.append)
        if loose.WIKI.search(text):  # `[[` alone stands in much code, and the blocks of a text are dear.
            text = loose.without_wiki_links(text)
        text = LEADING.sub(_behind_its_line, verbatim.unveiled(text))
        for found in DIAGRAM.finditer(text) if "mermaid" in text else ():
            if kind := kind_not_drawn(found["source"]):
                self._report("diagram-kind", kind)
        return with_breaks(text) if "breaks" in self.dialects else text

    def cover(self, written: str) -> str:
        if not written:
            return ""
        path = expressions.EXPRESSION.sub(
            lambda found: expressions.value_of(found["inside"].strip(), self.values) or "", written
        )
        if fetched := self.places.fetched(path):
            return self.beside.name(fetched)
        place = self.places.place(path, self.entry)
        return self.beside.name(place.file) if place.file else ""

    def _with_included(self, text: str) -> str:
        text = with_included(text, self.entry.path, self.places.folder)
        for name in missing(text) if "mkdocs" in self.dialects else ():
            self._report("dead-reference", name)
        return text

    def _computed(self, text: str) -> str:
        """A text of Quarto or knitr, its code as fences; what that code printed or drew is not known."""
        execute = self.entry.fields.get("execute")
        said = execute if isinstance(execute, dict) else {}
        if cells.has_output(text):
            self._report("output", "")
        return loose.computed(text, "false" in (said.get("echo"), said.get("include")))

    def _templates(self, text: str) -> str:
        if "{" not in text:
            return text
        has_liquid = bool(self.dialects & {"liquid", "nunjucks", "hexo"})
        if has_liquid and ("{%" in text or "{#" in text):
            text = self._variables(text)
        if has_liquid and "{{" in text:
            text = expressions.replaced(text, masked(text), self.values, self._unknown_value)
        forms = [form for form, dialects in FORMS.items() if self.dialects & dialects]
        if forms and ("{%" in text or "{{" in text):
            text = scanning.replaced(text, masked(text), forms, self._meaning)
        return text

    def _variables(self, text: str) -> str:
        """The text without comments, loops and assignments; what these give names is remembered."""
        text = marks.substituted(text, masked(text), COMMENT)
        if self.dialects & {"nunjucks", "hexo"}:
            text = marks.substituted(text, masked(text), NUNJUCKS_COMMENT)
        text = self._without_branches(self._without_loops(text))
        for pattern in (VARIABLE, CAPTURE):
            for found in pattern.finditer(masked(text)):
                written = text[found.start("inside") : found.end("inside")].strip()
                value = expressions.value_of(written, self.values) if pattern is VARIABLE else self._captured(written)
                if value is not None:
                    self.values[found["name"]] = value
            text = marks.substituted(text, masked(text), pattern)
        return text

    def _captured(self, written: str) -> str:
        """What a capture holds, with the values that it mentions."""
        return expressions.replaced(written, masked(written), self.values, self._unknown_value)

    def _without_loops(self, text: str) -> str:
        """Loops go over what only their generator knew."""
        for _ in range(DEEPEST if "{%" in text else 0):
            pieces, at = [], 0
            for found in LOOP.finditer(masked(text)):
                self._report("template-logic", found["name"])
                pieces += [text[at : found.start()], comment(text[found.start() : found.end()])]
                at = found.end()
            if not pieces:
                break
            text = "".join([*pieces, text[at:]])
        return text

    def _without_branches(self, text: str) -> str:
        """One branch of each condition: the one that the header and the configuration decide for, else the first."""
        if "{%" not in text:
            return text
        fields, prose = self.entry.fields, masked(text)
        texts = {name: value for name, value in fields.items() if isinstance(value, str)}
        assigned = {name: value for name, value in _assigned(text, prose, self.values) if value is not None}
        known = Values(texts, frozenset(fields), assigned, self.values, self.places.site.computed)
        text, doubts = without_conditions(text, prose, known)
        for _, shown in doubts:
            self._report("template-branch", shown)
        return text

    def _left_over(self, text: str, found: re.Match[str]) -> str | None:
        """A comment for a tag that nobody knows, where no template language reads them all."""
        if not found["tag"] or not tags.is_sure(text, found):
            return None
        self._report("shortcode", found["tag"])
        return comment(text[slice(*found.span())])

    def _marks(self, text: str) -> str:
        text = marks.boxes(text, masked(text))
        for contents in (marks.TOC, marks.EMPTY_CONTENTS):
            text = marks.substituted(text, masked(text), contents)
        if "<!--" in text or "truncate" in text:
            text = marks.substituted(text, masked_code(text), marks.MORE, "<!--more-->")
        if "endtab" in text:
            text = marks.hexo_tabs(text, masked_code(text))
        if "kramdown" in self.dialects:
            for pattern in (marks.NO_TOC, marks.KRAMDOWN_COMMENT, marks.KRAMDOWN):
                text = marks.substituted(text, masked(text), pattern)
            text = marks.kramdown_math(text, masked_code(text))
        if "\\\\" in text:
            text = marks.mathjax(text, masked(text))
        if "mkdocs" in self.dialects:
            text = marks.tabs(text, masked(text))
            text = marks.keys(text, masked(text))
            for pattern in (marks.MATERIAL_ICON, marks.ANNOTATE):
                text = marks.substituted(text, masked(text), pattern)
        if "emoji" in self.dialects and ":" in text:
            text = marks.emoji(text, without_formulas(masked(text)))
        if self.dialects & {"hugo", "plain"} and "{" in text:
            text = marks.substituted(text, masked(text), marks.BLOCK_ATTRIBUTES, r"\g<margin>{: \g<inside>}")
        if "==" in text:
            text = marks.substituted(text, without_formulas(masked(text)), marks.MARKED, r"<mark>\g<text></mark>")
        return text

    def _meaning(self, call: Call) -> str:
        name = call.name.lower()
        if (mapped := self.own.meaning(call)) is not None:
            return mapped
        if name in SILENT:
            return ""
        if name in LOOPS and self.dialects & {"liquid", "nunjucks", "hexo"}:
            return self._lost(call, "template-logic")
        if name in LOGIC and call.is_pair and self.dialects & {"liquid", "nunjucks", "hexo"}:
            self._report("template-logic", call.name)
            return call.inner
        if name in INCLUDES and call.positional and self.dialects & {"liquid", "nunjucks", "hexo"}:
            return self._included(call)
        found = reference(call, self.entry, self.places, self.values)
        if found is None and is_address(name) and not (name == "link" and call.is_pair):
            self._report("dead-reference", call.get("path", 0))
            return call.get("path", "page", 0) or "#"
        if found is None and name in ("post_link", "internal_link") and (words := words_of(call)):
            self._report("dead-reference", call.get(0))
            return f"{comment(call.written)}{words}"
        return found if found is not None else self._meant(call)

    def _meant(self, call: Call) -> str:
        meaning = meaning_of(call.name)
        if meaning is citation:
            self._report("citation", call.name)
            return citation(call, self.places.site.citations) or ""
        found = meaning(call) if meaning else None
        if found is None and (snippet := self._snippet(call.name)) is not None:
            found = filled(snippet, call, self.values)
        if found is None and (found := self._listed(call) or by_parameters(call)) is not None:
            self._report("shortcode-guessed", call.name, is_loss=False)
        return found if found is not None else self._lost(call, "shortcode")

    def _listed(self, call: Call) -> str:
        """The pictures that a parameter names by a pattern (`images/*`)."""
        pattern = next((value for value in (*call.named.values(), *call.positional) if GLOB.fullmatch(value)), "")
        return "\n\n".join(figure(path, "") for path in matching(pattern, self.entry, self.places))

    def _included(self, call: Call) -> str:
        """An include is a tag of the file's name."""
        name, *rest = call.positional
        inner = replace(call, name=name, positional=tuple(rest))
        if (mapped := self.own.meaning(inner)) is not None:
            return mapped
        found = reference(inner, self.entry, self.places, self.values) if name in ("gallery", "gallery.html") else None
        return found if found is not None else self._meant(inner)

    def _snippet(self, name: str) -> str | None:
        snippets = self.places.site.snippets
        return snippets.get(name, snippets.get(f"{name}.html", snippets.get(name.lower())))

    def _lost(self, call: Call, kind: str) -> str:
        """A comment for the author; what stood between the tags stays."""
        self._report(kind, call.name)
        if kind == "template-logic" or not call.is_pair or not call.inner.strip():
            return comment(call.written + (call.raw + "…" if call.is_pair else ""))
        return (
            f"{comment(call.written)}\n\n{call.inner.strip(chr(10))}\n"
            if "\n" in call.inner
            else f"{comment(call.written)}{call.inner}"
        )

    def _unknown_value(self, written: str, is_in_address: bool) -> str:
        inside = written.strip("{}- ")
        if self.dialects & {"plain", "pelican"} and not re.match(
            r"(?:site|page|post|layout|config|include)\.|content$", inside
        ):
            return written
        self._report("template-value", inside.split("|")[0].strip()[:40])
        return "" if is_in_address else comment(written)

    def _without_components(self, text: str) -> str:
        """The text without the components that stand in Markdown which is no MDX."""
        if not mdx.CAPITAL.search(text):
            return text
        try:
            for name in sorted({tag["name"] for tag in mdx.plain_tags(text) if not mdx.is_known(tag["name"])}):
                self._report("component", name)
            return mdx.with_components(text)
        except TooDeepError:
            return text

    def _unknown_component(self, name: str, written: str, said: str) -> str:
        self._report("shortcode-guessed" if said else "component", name, is_loss=not said)
        return said or comment(written)

    def _embed(self, kind: str, name: str, at: int) -> None:
        self._report(kind, name, is_loss=False)

    def _report(self, kind: str, name: str, is_loss: bool = True) -> None:
        line = self.entry.line + self._line_of(name)
        self.findings.append(Finding(kind, name, self.entry.path, line, is_loss))

    def _line_of(self, name: str) -> int:
        at = self.entry.body.find(name) if name else -1
        return self.entry.body.count("\n", 0, at) if at >= 0 else 0


DIAGRAM = re.compile(
    r"^[ \t>]*(?P<fence>```+|~~~+)[ \t]*\{?\.?mermaid\b[^\n]*\n(?P<source>(?:(?![ \t>]*(?P=fence))[^\n]*\n)*)", re.M
)
"""A fence of Mermaid."""
LEADING = re.compile(
    r"^(?P<margin>[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*)(?P<comments>(?:<!-- import: [^\n]*?-->[ \t]*)+)"
    r"(?P<rest>(?!<!--)\S[^\n]*?)(?P<end>[ \t]*)$",
    re.M,
)
"""A comment of ours before a text in its line: Markdown would take that whole line for HTML."""


def _behind_its_line(found: re.Match[str]) -> str:
    return f"{found['margin']}{found['rest']} {found['comments'].rstrip()}{found['end']}"


FORMS = {"liquid": {"liquid", "nunjucks", "hexo"}, "hugo": {"hugo", "nikola"}, "zola": {"zola"}}
INCLUDES = ("include", "include_relative", "include_cached", "render", "partial", "include_absolute")


def _assigned(text: str, prose: str, values: Mapping[str, str]) -> Iterator[tuple[str, str | None]]:
    """The names that a text gives values to, with these values."""
    for found in VARIABLE.finditer(prose):
        yield found["name"], expressions.value_of(text[slice(*found.span("inside"))].strip(), values)


def _markdown_of(html: str) -> str:
    from trigpoint.importing.dialects.html_to_markdown import markdown  # Its library is installed for imports alone.

    return markdown(html)


def _page_values(entry: Entry) -> Mapping[str, str]:
    texts = {name: value for name, value in entry.fields.items() if isinstance(value, str)}
    return {
        **{f"page.{name}": value for name, value in texts.items()},
        **({"title": texts["title"]} if "title" in texts else {}),
        "page.url": entry.address, "page.date": texts.get("date", entry.date), "page.fileSlug": entry.name,
        "page.id": entry.address,
    }  # fmt: skip
